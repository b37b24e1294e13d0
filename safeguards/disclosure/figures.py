"""The figures of a report, and those that later reports must know of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from safeguards.disclosure.settings import Settings


@dataclass(frozen=True)
class Period:
    """A term of a school year, or the whole year.

    Attributes:
        year: "2026/27".
        term: "autumn", "spring" or "summer"; "" for the year.

    """

    year: str
    term: str = ""


@dataclass(frozen=True)
class Roll:
    """The children of a group on the report's day, and those who came and left in its year.

    A null stands for some, but fewer than the report gives.
    """

    children: int | None
    arrived: int | None
    left: int | None


@dataclass(frozen=True)
class Totals:
    """The totals of a whole period that may be told.  A null may not be told.

    Attributes:
        period: The period. Its last day is over.
        missed: Sessions that the children looked after missed, of `sessions`.
        sessions: Sessions in which the school was open to them.
        school_missed: Sessions that the whole school missed, of `school_sessions`. Only their
            share is told.
        planned: Pounds of pupil premium plus that were planned, with pence; a report rounds them.
        spent: How much of `planned` was spent, in words; for a year only.
        is_corrected: Whether the register or the amounts were corrected since this was told.
    """

    period: Period
    missed: int | None = None
    sessions: int = 0
    school_missed: int | None = None
    school_sessions: int = 0
    planned: float | None = None
    spent: str = ""
    is_corrected: bool = False

    @property
    def school_share(self) -> float | None:
        """Return the share of sessions that the whole school missed, 0 to 1; None if untold."""
        return None if self.school_missed is None else self.school_missed / self.school_sessions


@dataclass(frozen=True)
class Duty:
    """The outcomes of a duty in a period, and how many are open from before it.

    `due` is the sum of the five after it.  `unrecorded` are those whose outcome no record shows.
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
        """Say whether nothing was late, is not done, or is open from before."""
        return not (self.late or self.not_done or self.unrecorded or self.open_before)


@dataclass(frozen=True)
class Duties:
    """The duties of a period, by kind.

    `quality` counts the PEP meetings that were held, by the authority's grade; "" has none yet.
    """

    kinds: Mapping[str, Duty]
    quality: Mapping[str, int]


@dataclass(frozen=True)
class Figures:
    """All that a report may say in figures.

    Attributes:
        period: The period of the report.
        day: The day up to which its facts go.
        is_over: Whether that is the period's last day. Only then does the period have totals.
        roll: The roll by group.
        is_counted: Whether so many children were looked after at some time of the period that
            duties may be told in figures.
        has_children: Whether anybody was looked after at some time of the period.
        totals: Those of each whole term of the year up to the day, the oldest first.
        duties: Those of the period.
        peps_by_term: The PEP meetings of each term of the period's year up to the day, if enough
            children were looked after in each.
        days_without_marks: School days of the year's whole terms that have no register, by term.
    """

    period: Period
    day: date
    is_over: bool
    roll: Mapping[str, Roll]
    is_counted: bool
    has_children: bool
    totals: tuple[Totals, ...]
    duties: Duties
    peps_by_term: Mapping[str, Duty] = field(default_factory=dict)
    days_without_marks: Mapping[str, int] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
