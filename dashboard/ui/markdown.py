r"""Text from data among our own words: shown as it was written, whatever is in it.

Streamlit reads markdown in texts, labels, options, table cells, tooltips and messages.  In
a value from data that could draw a picture from elsewhere, a link, a formula or a colour.

A backslash keeps a sign from being read.  Some things are looked for after that, in the
plain words: addresses, icons and smileys by :name:, arrows.  Between their signs goes a
word joiner (U+2060), which nobody sees.
"""

import re

#: Control characters and line ends, which could begin a list, a heading or a block of code.
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
#: What comes before a sign that begins a list, a heading or a line under one.
_READ_FIRST = re.compile(r"^(?:\d+(?=[.)](?:\s|$))|(?=[-+](?:\s|$)|[#=]))")


def escape(text: str) -> str:
    """`text` for any place where Streamlit reads markdown; line ends become spaces.

    It may stand in the middle of a line of our own, at its head, or in `:small[...]`.
    """
    flat = _BREAKS.sub(" ", text).strip()
    for found in _PARSED_AFTER_ESCAPES:
        flat = found.sub(rf"\1{_JOINER}", flat)
    return _READ_FIRST.sub(r"\g<0>\\", _READ_ANYWHERE.sub(r"\\\g<0>", flat))
