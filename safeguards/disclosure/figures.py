"""What a report says in figures: as it was printed, and for the reports that come after it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from safeguards.disclosure.settings import Settings

#: What is added up: sessions, and pounds of pupil premium plus.
MISSED, SUSPENDED, PLANNED, SPENT = "missed", "suspended", "planned", "spent"


@dataclass(frozen=True)
class Term:
    """A term of an academic year: "2026/27" and "autumn"."""

    year: str
    name: str


@dataclass(frozen=True)
class Roll:
    """Children of a group on the day, and those who came and left in its academic year.

    None stands for fewer than are told, but some.
    """

    children: int | None
    arrived: int | None
    left: int | None


@dataclass(frozen=True)
class Slice:
    """A sum over days that no other sum is of, from one day to another each.

    base: the sessions in which the school was open to the group.
    """

    what: str
    days: tuple[tuple[date, date], ...]
    value: int
    base: int


@dataclass(frozen=True)
class Sum:
    """A sum of a term, or of a year so far.

    value: None where it is held back.  held_back: terms of which some or all is not in it.
    since: its first day, where days before the term are in it that no report had told.
    """

    value: int | None
    base: int = 0
    held_back: tuple[str, ...] = ()
    since: date | None = None


@dataclass(frozen=True)
class Spent:
    """The pounds of a year that were spent by a day, told once a year; None where held back."""

    value: int | None
    by: date


@dataclass(frozen=True)
class Duty:
    """What became of a duty in a term or a year, and how many are open from before it.

    due: the sum of the five after it.  unrecorded: those of which no record tells either way.
    """

    kind: str
    due: int = 0
    in_time: int = 0
    late: int = 0
    not_done: int = 0
    to_come: int = 0
    unrecorded: int = 0
    open_before: int = 0

    @property
    def is_kept(self) -> bool:
        """Whether nothing was late, is not done, or is open from before."""
        return not (self.late or self.not_done or self.unrecorded or self.open_before)


@dataclass(frozen=True)
class Duties:
    """The duties of a term or a year, by kind.

    quality: how many PEP meetings that were held have which word of the authority's; "" is
    the key of those without one.
    """

    kinds: Mapping[str, Duty]
    quality: Mapping[str, int]


@dataclass(frozen=True)
class Rate:
    """What a group's absence is set beside: a share of sessions, 0 to 1, to a tenth of a per cent.

    line: whose it is, "whole school" or a national line.  year: of which academic year.
    """

    line: str
    year: str
    share: float


@dataclass(frozen=True)
class Figures:
    """All that the reports of a term may say in figures.

    roll: by group.  is_counted: whether there are enough children looked after for duties in
    figures.  sums, year: by what is added up.  slices: what was told for the first time.
    rates: None where it is too early in the year for a share of sessions.  missing: terms of
    the year without a register.  year_duties, spent: of an annual report, None else.
    """

    term: Term
    day: date
    roll: Mapping[str, Roll]
    is_counted: bool
    sums: Mapping[str, Sum]
    year: Mapping[str, Sum]
    slices: tuple[Slice, ...]
    duties: Duties
    rates: tuple[Rate, ...] | None = None
    missing: tuple[str, ...] = ()
    year_duties: Duties | None = None
    spent: Spent | None = None
    settings: Settings = field(default_factory=Settings)
