r"""Text from data, shown as it was written next to our own words.

Streamlit reads markdown in texts, labels, options, table cells, tooltips and messages.  A
value from data could then draw a picture from elsewhere, a link, a formula or a colour.

A backslash escapes a sign.  Streamlit looks for some patterns after that, in the plain text:
addresses, icons and emoji by :name:, and arrows.  A word joiner (U+2060), which is invisible,
separates their signs.
"""

import re

#: Control characters and line ends, which could start a list, a heading or a block of code.
_BREAKS = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")
_JOINER = "\u2060"
_PARSED_AFTER_ESCAPES = (
    re.compile(r"(?i)(https?)(?=:)"),
    re.compile(r"(?i)(www)(?=\.)"),
    re.compile(r"(\S)(?=@)"),
    re.compile(r"(:)(?=[\w+-]+:|material[/_])"),
    re.compile(r"([<>~=-])(?=[->=])"),
)
_READ_ANYWHERE = re.compile(r"[\\`*_\[\]{}<>~$&|]|:(?=[^\W\d]|:)")
#: The position of a sign that starts a list, a heading or a line under one.
_READ_FIRST = re.compile(r"^(?:\d+(?=[.)](?:\s|$))|(?=[-+](?:\s|$)|[#=]))")


def escape(text: str) -> str:
    """Escape `text` for any place where Streamlit reads markdown. Line ends become spaces.

    It can be in the middle or at the start of a line of our own, or in `:small[...]`.
    """
    flat = _BREAKS.sub(" ", text).strip()
    for pattern in _PARSED_AFTER_ESCAPES:
        flat = pattern.sub(rf"\1{_JOINER}", flat)
    return _READ_FIRST.sub(r"\g<0>\\", _READ_ANYWHERE.sub(r"\\\g<0>", flat))
