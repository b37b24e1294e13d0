"""The words check of what people write in the report: what may point to a child, what to say.

Pure functions.  Nothing is forbidden here and nothing is kept: each finding is shown to the
person who writes, beside the words.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Literal

from dashboard.report.check import name_list, personal_patterns
from dashboard.text.plain_words import BANNED_FOR_PEOPLE, MAX_SENTENCE_WORDS, find_sentence_spans

Kind = Literal[
    "child",
    "name",
    "number of a child",
    "date of birth",
    "phone",
    "e-mail",
    "postcode",
    "one child",
    "figure",
    "place",
    "percentage",
    "word",
    "sentence",
]

_MESSAGES: dict[Kind, str] = {
    "child": "This is the name of a child at this school. Take it out.",
    "name": "Is this a child's name? If it is, take it out.",
    "number of a child": "This looks like the number of a child. Take it out.",
    "date of birth": "Is this a date of birth? If it is, take it out.",
    "phone": "This looks like a phone number, or the number of a child. Take it out.",
    "e-mail": "This is an e-mail address. Take it out.",
    "postcode": "This looks like a postcode. Take it out: no homes or places in a report.",
    "figure": "Figures about children come from the report, so that none points to a child.",
    "one child": "This may point to one child. Say it of all of them, or leave it out.",
    "place": "Is this a place? No homes, schools or towns in a report.",
    "percentage": 'No percentages of children. Say "3 of 12", or use the table of the report.',
    "sentence": "{number} words in one sentence. Make two: at most {longest} words in each.",
    "word": 'Say "{instead}".',
}
#: What is asked about for its style, and points to nobody.
_STYLE: frozenset[Kind] = frozenset(("percentage", "sentence", "word"))
#: Where two findings lie over each other, the first of these kinds is told.
_RANK: dict[str, int] = {kind: rank for rank, kind in enumerate(_MESSAGES)}

_CHILD = re.compile(r"\b(?:child(?:ren)?|pupils?|boys?|girls?)\b", re.IGNORECASE)
_SHARE = re.compile(r"%|\bper ?cent\b|\bpercentages?\b", re.IGNORECASE)
#: Up to four words from a share on, none of which ends a clause.
_WHOSE = r"(?:\s+[\w'\u2019-]+){0,3}?\s+(?:child(?:ren)?|pupils?|boys?|girls?)\b"
_OF_CHILDREN = re.compile(rf"(?:{_SHARE.pattern}){_WHOSE}(?!['\u2019])", re.IGNORECASE)


@dataclass(frozen=True, order=True)
class Finding:
    """One thing to look at: text[start:end], what is wrong with it and what to do.

    The message never repeats what was written.
    """

    start: int
    end: int
    kind: Kind
    message: str


def check_text(
    text: str, *, names: Collection[str] | None = None, as_at: date | None = None
) -> tuple[Finding, ...]:
    """What is to be looked at in a text that somebody wrote, in the order of the text.

    names: what the school's children are called, while a name card is open; None otherwise.
    as_at: the report's day; dates of four years and more before it are asked about, and
    every date that has a year where it is not given.
    """
    found: list[Finding] = []
    for start, end in find_sentence_spans(text):
        sentence = text[start:end]
        for check in (_words, _length, _shares, _check_names):
            found += [_shift(each, start) for each in check(sentence)]
    for line in re.finditer(r"[^\n]+", text):  # "children: 3" is two sentences
        found += [_shift(each, line.start()) for each in _figures(line.group())]
    found += _personal(text, as_at)
    found += _children(text, names or ())
    return tuple(sorted(_drop_overlapping(found)))


def _build_finding(kind: Kind, start: int, end: int, **values: object) -> Finding:
    return Finding(start, end, kind, _MESSAGES[kind].format(**values))


def _shift(finding: Finding, by: int) -> Finding:
    return Finding(finding.start + by, finding.end + by, finding.kind, finding.message)


def _words(sentence: str) -> Iterator[Finding]:
    for pattern, instead in BANNED_FOR_PEOPLE.items():
        for match in re.finditer(f"(?i:{pattern})", sentence):
            yield _build_finding("word", *match.span(), instead=instead)


def _length(sentence: str) -> Iterator[Finding]:
    number = len(sentence.split())
    if number > MAX_SENTENCE_WORDS:
        yield _build_finding(
            "sentence", 0, len(sentence), number=number, longest=MAX_SENTENCE_WORDS
        )


def _shares(sentence: str) -> Iterator[Finding]:
    """A share in a sentence about children, unless its base is sessions."""
    is_of_sessions = "session" in sentence.lower() and not _OF_CHILDREN.search(sentence)
    if _CHILD.search(sentence) and not is_of_sessions:
        for match in _SHARE.finditer(sentence):
            yield _build_finding("percentage", *match.span())


def _figures(line: str) -> Iterator[Finding]:
    for start, end in personal_patterns.find_child_counts(line):
        yield _build_finding("figure", start, end)


def _check_names(sentence: str) -> Iterator[Finding]:
    for start, end in name_list.find_names(sentence):
        yield _build_finding("name", start, end)


def _personal(text: str, as_at: date | None) -> Iterator[Finding]:
    finders: dict[Kind, Callable[[str], Iterator[tuple[int, int]]]] = {
        "number of a child": personal_patterns.find_upns,
        "date of birth": partial(personal_patterns.find_birth_dates, as_at=as_at),
        "phone": personal_patterns.find_phone_numbers,
        "e-mail": personal_patterns.find_email_addresses,
        "postcode": personal_patterns.find_postcodes,
        "one child": personal_patterns.find_single_children,
        "place": personal_patterns.find_places,
    }
    for kind, find in finders.items():
        for start, end in find(text):
            yield _build_finding(kind, start, end)


def _children(text: str, names: Collection[str]) -> Iterator[Finding]:
    """The names of the school's own children: whole words, however written.

    Where a name is a word of English as well, the word in small letters is only asked about.
    """
    for name in {each.strip() for each in names} - {""}:
        for match in _pattern(name).finditer(text):
            is_word = (
                match.group() == name.lower()
                and name_list.fold_word(name) in _list_ambiguous_names()
            )
            yield _build_finding("name" if is_word else "child", *match.span("name"))


def _list_ambiguous_names() -> Collection[str]:
    return name_list.load_ambiguous_names().keys()


def _pattern(name: str) -> re.Pattern[str]:
    """A name in either spelling of its accents, with any hyphen, apostrophe and ending."""
    forms = {unicodedata.normalize(form, name) for form in ("NFC", "NFD")}
    spelled = "|".join(_spelling_pattern(form) for form in sorted(forms))
    return re.compile(
        rf"(?<![^\W_])(?P<name>{spelled})(?:['\u2019]s?|e?s['\u2019]?)?(?![^\W_])", re.IGNORECASE
    )


def _spelling_pattern(name: str) -> str:
    letters = {"-": "[-\u2010\u2011\u2013]", "\u2010": "[-\u2010\u2011\u2013]"}
    letters |= dict.fromkeys("'\u2019\u2018", "['\u2019\u2018]")
    parts = ("".join(letters.get(sign, re.escape(sign)) for sign in part) for part in name.split())
    return r"\s+".join(parts)


def _drop_overlapping(found: list[Finding]) -> Iterator[Finding]:
    """The findings less those that lie within another of a higher rank; a sentence hides none."""
    kept: list[Finding] = []
    for each in sorted(set(found), key=lambda one: (_RANK[one.kind], one)):
        others = (other for other in kept if other.kind != "sentence")
        if each.kind == "sentence" or not any(
            other.start < each.end and each.start < other.end for other in others
        ):
            kept.append(each)
            yield each


def find_open(
    text: str,
    ticks: Collection[str],
    *,
    names: Collection[str] | None = None,
    as_at: date | None = None,
) -> tuple[Finding, ...]:
    """The places that may point to a child, and that nobody has ticked."""
    return tuple(
        each
        for each in check_text(text, names=names, as_at=as_at)
        if each.kind not in _STYLE and fold_place(text, each) not in ticks
    )


def keep_ticks(text: str, ticks: Iterable[str]) -> frozenset[str]:
    """Those of the ticks that are about words of this text."""
    folded = _fold(text)
    return frozenset(each for each in ticks if each in folded)


def fold_place(text: str, finding: Finding) -> str:
    """The words of a place, as a tick remembers them."""
    return _fold(text[finding.start : finding.end])


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())
