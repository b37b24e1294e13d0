"""The words check of what people write in the report: what may point to a child, what to say.

Pure functions.  Nothing is forbidden here and nothing is kept: each finding is shown to the
person who writes, beside the words.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date

from dashboard.text.plain_words import BANNED_FOR_PEOPLE, MAX_SENTENCE_WORDS
from safeguards.wording.pointers import (
    MESSAGES,
    Finding,
    Kind,
    drop_overlapping,
    find_pointers,
    find_sentence_spans,
)

_CHILD = re.compile(r"\b(?:child(?:ren)?|pupils?|boys?|girls?)\b", re.IGNORECASE)
_SHARE = re.compile(r"%|\bper ?cent\b|\bpercentages?\b", re.IGNORECASE)
#: Up to four words from a share on, none of which ends a clause.
_WHOSE = r"(?:\s+[\w'\u2019-]+){0,3}?\s+(?:child(?:ren)?|pupils?|boys?|girls?)\b"
_OF_CHILDREN = re.compile(rf"(?:{_SHARE.pattern}){_WHOSE}(?!['\u2019])", re.IGNORECASE)


def check_text(
    text: str, *, names: Collection[str] | None = None, as_at: date | None = None
) -> tuple[Finding, ...]:
    """What is to be looked at in a text that somebody wrote, in the order of the text.

    names, as_at: as of `find_pointers`; as_at is the report's day.
    """
    found = find_pointers(text, names=names, as_at=as_at)
    for start, end in find_sentence_spans(text):
        for check in (_words, _length, _shares):
            found += check(text[start:end], start)
    return tuple(sorted(drop_overlapping(found)))


def _words(sentence: str, start: int) -> Iterator[Finding]:
    for pattern, instead in BANNED_FOR_PEOPLE.items():
        for match in re.finditer(f"(?i:{pattern})", sentence):
            yield _build_finding(match, start, "word", f'Say "{instead}".')


def _length(sentence: str, start: int) -> Iterator[Finding]:
    number = len(sentence.split())
    if number > MAX_SENTENCE_WORDS:
        message = (
            f"{number} words in one sentence. Make two: at most {MAX_SENTENCE_WORDS} words in each."
        )
        yield Finding(start, start + len(sentence), "sentence", message)


def _shares(sentence: str, start: int) -> Iterator[Finding]:
    """A share in a sentence about children, unless its base is sessions."""
    is_of_sessions = "session" in sentence.lower() and not _OF_CHILDREN.search(sentence)
    if _CHILD.search(sentence) and not is_of_sessions:
        message = 'No percentages of children. Say "3 of 12", or use the table of the report.'
        for match in _SHARE.finditer(sentence):
            yield _build_finding(match, start, "percentage", message)


def _build_finding(match: re.Match[str], start: int, kind: Kind, message: str) -> Finding:
    return Finding(start + match.start(), start + match.end(), kind, message)


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
        if each.kind in MESSAGES and fold_place(text, each) not in ticks
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
