"""What a report is made from: the day, the school, and the figures that may be told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from dashboard.text import words
from safeguards.disclosure import GroupFigures, Limits, Release

Kind = Literal["termly", "annual", "nil"]

KINDS: Final[tuple[Kind, ...]] = ("termly", "annual", "nil")
KIND_WORDS: Final[Mapping[Kind, str]] = {
    "termly": "Termly report",
    "annual": "Annual report",
    "nil": "Nil return",
}


@dataclass(frozen=True)
class Facts:
    """Of one report, before anybody has written in it.

    term_from: the first day of its term, by which drafts are kept.  lines: report_line by
    line.  may_say_rates: whether the year has had school weeks enough for a share of its
    sessions.  limits: the gate's settings.  letter: what a
    child of a case study is called, another in each report.  last: the figures of the
    report before; None for the first.
    """

    kind: Kind
    school: str
    as_at: date
    academic_year: str
    term: str
    term_from: date
    release: Release
    lines: Mapping[str, Mapping[str, Any]]
    may_say_rates: bool
    limits: Limits
    letter: str
    last: Release | None = None

    @property
    def term_words(self) -> str:
        """Autumn term 2026."""
        return f"{words.capitalise(self.term)} term {self.term_from.year}"

    def get_group(self, name: str) -> GroupFigures:
        """What may be told of one group."""
        return self.release.groups[name]
