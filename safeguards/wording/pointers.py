"""A search of a text for marks that may point to a child: names, numbers, days, places, figures.

These are pure functions.  Nothing is kept here: each finding is shown to the person who writes,
beside the words.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from safeguards.wording import personal_patterns
from safeguards.wording.names import IsName, find_names

#: The message for each kind.  If two findings overlap, only the kind that is first here is shown.
MESSAGES = {
    "number of a child": "This looks like a pupil number. Remove the number.",
    "date of birth": "Is this a date of birth? If so, remove the date.",
    "phone": "This looks like a phone number or a pupil number. Remove the number.",
    "e-mail": "This is an e-mail address. Remove the address.",
    "postcode": "This looks like a postcode. Do not name homes or places here.",
    "child": "This is the name of a child here. Remove the name.",
    "code name": "This looks like a child's code name. Remove the code name.",
    "name": "Is this a child's name? If so, remove the name.",
    "figure": "Leave out the number: the report gives those that cannot identify a child.",
    "suspension": "Part One says nothing of suspensions: leave this out.",
    "one child": "This could identify a child. Write about all the children, or leave this out.",
    "place": "Is this a place? Do not name homes, schools or towns here.",
}
#: The kinds that a line about one child never holds.
ALWAYS_REFUSED: frozenset[str] = frozenset(
    ("number of a child", "date of birth", "phone", "e-mail", "postcode")
)
#: The kinds that it holds only if the writer confirms that they name nobody.
_TO_CONFIRM: frozenset[str] = frozenset(("child", "name", "place"))
#: A question about a word's style comes last, and points to nobody.
_RANK = {kind: rank for rank, kind in enumerate((*MESSAGES, "word"))}


@dataclass(frozen=True, order=True)
class Finding:
    """One place to look at: text[start:end], and a message that says what is wrong and what to do.

    The message never repeats the text.
    """

    start: int
    end: int
    kind: str
    message: str

    @property
    def question(self) -> str:
        """Return the message without what to do about it."""
        return re.split(r"(?<=[.?]) ", self.message)[0]


def check_line(text: str, is_name: IsName, *, as_at: date | None = None) -> tuple[Finding, ...]:
    """Return the findings that a line about one child must not have, in the order of the text.

    They are of the kinds in ALWAYS_REFUSED, or a child, name or place, which the writer may confirm
    to name nobody.  The rest is as in `find_pointers`; a birthday without its day does not count.
    """
    findings = [
        finding
        for finding in find_pointers(text, is_name, as_at=as_at)
        if finding.kind in ALWAYS_REFUSED | _TO_CONFIRM
        and (finding.kind != "date of birth" or re.search(r"\d", text[finding.start : finding.end]))
    ]
    return tuple(sorted(drop_overlapping(findings)))


def find_pointers(text: str, is_name: IsName, *, as_at: date | None = None) -> list[Finding]:
    """Find all marks that may point to a child; findings may overlap.

    `is_name` says whether a folded word is part of a name on the school's roll.  `as_at` is the day
    of the text.  Dates of four years and more before it are asked about; without it, every date
    that has a year.
    """
    findings: list[Finding] = []
    for line in re.finditer(r"[^\n]+", text):  # "children: 3" is two sentences
        findings += [
            build_finding("figure", line.start() + first, line.start() + last)
            for first, last in personal_patterns.find_child_counts(line.group())
        ]
    return [*findings, *_personal(text, as_at), *_children(text, is_name)]


def build_finding(kind: str, start: int, end: int) -> Finding:
    """Return a finding of a kind that may point to a child."""
    return Finding(start, end, kind, MESSAGES[kind])


def _personal(text: str, as_at: date | None) -> Iterator[Finding]:
    by_sense = {
        "date of birth": personal_patterns.find_birth_dates(text, as_at=as_at),
        "phone": personal_patterns.find_phone_numbers(text),
        "code name": personal_patterns.find_handles(text),
    }
    for kind in MESSAGES:
        if kind in personal_patterns.PATTERNS:
            by_sense[kind] = personal_patterns.find_by_pattern(kind, text)
        yield from (build_finding(kind, *span) for span in by_sense.get(kind, ()))


def _children(text: str, is_name: IsName) -> Iterator[Finding]:
    """Yield the names on the school's roll; those that may be a word are only asked about."""
    for start, end, is_certain in find_names(text, is_name):
        yield build_finding("child" if is_certain else "name", start, end)


def drop_overlapping(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the findings that do not overlap one of a higher rank."""
    kept: list[Finding] = []
    for finding in sorted(set(findings), key=lambda finding: (_RANK[finding.kind], finding)):
        if not any(other.start < finding.end and finding.start < other.end for other in kept):
            kept.append(finding)
            yield finding
