"""What of a text a paper can show."""

import re
import unicodedata

#: Control, format, surrogate, private and unassigned characters: XML, PDF/UA and eyes need none.
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
#: Joiners within words of some scripts, which are letters to their readers.
_JOINERS = "\u200c\u200d"


def to_printable(text: str) -> str:
    """`text` on one line, without what cannot be printed, blanks at its ends and double blanks."""
    kept = "".join(
        char if unicodedata.category(char) not in _UNPRINTABLE or char in _JOINERS else _gap(char)
        for char in text
    )
    # a non-breaking space is kept: a date in a cell must not break
    return re.sub(r"[ \u2028\u2029]+", " ", kept).strip()


def _gap(char: str) -> str:
    return " " if char.isspace() else ""
