"""Numbers in text, and what kind of thing each one numbers."""

import re
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["count", "date", "label", "money", "word"]


@dataclass(frozen=True)
class Said:
    """A piece of text and where a reader finds it, for instance "alt text"."""

    where: str
    text: str


@dataclass(frozen=True)
class Number:
    """A number in a text.

    `kind` is "word" for "three", "date" for a part of a date, a year or a time, "money" for
    pounds, "label" for the number of a table, page, section, year group or key stage, and
    "count" for every other one.  `value` is 0 or more, with decimals as printed.
    """

    value: float
    kind: Kind
    said: Said


_UNITS: Final = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS: Final = {
    **{unit: number for number, unit in enumerate(_UNITS)},
    **{ten: 10 * number for number, ten in enumerate(_TENS, 2)},
    **{
        f"{ten}-{unit}": 10 * tens + units
        for tens, ten in enumerate(_TENS, 2)
        for units, unit in enumerate(_UNITS[:10])
        if units
    },
}
_MONTH: Final = (
    "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
_LABELS: Final = "Tables?|Figures?|Charts?|Sections?|Annex|[Pp]ages?|Years?|Key Stage|KS|Part|Step"
_DIGITS: Final = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SPANS: Final[tuple[tuple[Kind, str], ...]] = (
    ("date", rf"\b\d{{1,2}} (?:to|and|or) \d{{1,2}} {_MONTH}(?: \d{{4}})?\b"),
    ("date", rf"\b\d{{1,2}} {_MONTH}(?: \d{{4}})?\b|\b{_MONTH} \d{{4}}\b"),
    ("date", r"\b\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z?)?\b|\b\d{1,2}:\d{2}\b"),
    ("date", r"\b(?:19|20)\d{2}(?:(?:/|-|\u2013| to )(?:(?:19|20)\d{2}|\d{2}))?\b"),
    ("money", rf"£ ?(?:{_DIGITS})"),
    (
        "label",
        rf"\b(?:{_LABELS}) ?\d+(?:(?:, | and | or | to | of |\u2013|-)\d+)*\b",
    ),
    ("label", r"^\d+(?:\.\d+)*\.? (?=[A-Z])|^\d+\.$"),  # a heading's own, an item's
    ("label", r"^\d+ rows?\. Columns:"),  # how large a table is, for who hears it
    ("label", r"\bPart (?:One|Two)\b"),
    ("word", r"(?i)\b(?:" + "|".join(sorted(_WORDS, key=len, reverse=True)) + r")\b"),
    ("count", _DIGITS),
)


def numbers_of(said: Said) -> list[Number]:
    """Every number in a text, in the order of their kinds."""
    found: list[Number] = []
    left = said.text
    for kind, pattern in _SPANS:
        for span in re.findall(pattern, left):
            for digits in [span] if kind == "word" else re.findall(_DIGITS, span):
                plain = digits.replace(",", "").lower()
                value = _WORDS[plain] if kind == "word" else float(plain)
                found.append(Number(value, kind, said))
        left = re.sub(pattern, " | ", left)
    return found
