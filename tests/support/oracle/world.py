"""What a made-up school holds, as plain facts: the reference reads them, worlds draws them."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.support.oracle.rules import Rules


@dataclass(frozen=True)
class Pupil:
    """A child in scope."""

    school: int
    key: int
    pupil_id: str
    handle: str


@dataclass(frozen=True)
class Stay:
    """A time on roll; `last_day` is on it, None while it lasts."""

    pupil: int
    first_day: date
    last_day: date | None
    year_group: int
    year_group_date: date

    def holds(self, day: date) -> bool:
        """Whether the child is on roll on `day`."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True)
class Episode:
    """A period of one status; `end` is the first day that it no longer holds."""

    pupil: int
    status: str
    start: date | None
    known_since: date | None
    end: date | None
    legal_status: str | None = None
    home: str | None = None

    @property
    def counts_from(self) -> date:
        """The start, or the day from which it was known."""
        day = self.start or self.known_since
        assert day is not None
        return day

    @property
    def is_short_break(self) -> bool:
        """V3 and V4 stand outside the national figures."""
        return self.legal_status in ("V3", "V4")

    def holds(self, day: date) -> bool:
        """Whether it holds on `day`."""
        return self.counts_from <= day and (self.end is None or day < self.end)


@dataclass(frozen=True)
class Mark:
    """What the register says of one child in one session."""

    pupil: int
    day: date
    half: str
    code: str


@dataclass(frozen=True)
class SchoolWeek:
    """The whole school's sessions in the week of a Monday."""

    school: int
    monday: date
    possible: int
    authorised: int
    unauthorised: int


@dataclass(frozen=True)
class Sdq:
    """A questionnaire's total and impact, or the code of the reason why there is none."""

    pupil: int
    day: date
    informant: str
    total: int | None
    reason: str | None = None


@dataclass(frozen=True)
class Check:
    """A health event of a kind: done, booked or not done."""

    pupil: int
    day: date
    kind: str
    outcome: str
    band: str
    next_due: date | None = None


@dataclass(frozen=True)
class Step:
    """A step of an Education, Health and Care Plan."""

    pupil: int
    day: date
    event: str


@dataclass(frozen=True)
class Meeting:
    """A PEP meeting, held or booked."""

    pupil: int
    day: date
    outcome: str


@dataclass(frozen=True)
class Suspension:
    """A suspension or exclusion by its first day."""

    pupil: int
    day: date
    category: str
    sessions: int


@dataclass(frozen=True)
class Action:
    """What somebody logged, once for each rule that listed the child."""

    pupil: int
    day: date
    number: str
    kind: str
    rule: str | None
    figure: int | None
    follow_up: date | None = None
    corrects: str | None = None


@dataclass(frozen=True)
class World:
    """Everything that a load knows; `calendar` maps school and day to a kind."""

    data_until: date
    pupils: list[Pupil] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    episodes: list[Episode] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    calendar: dict[tuple[int, date], str] = field(default_factory=dict)
    weeks: list[SchoolWeek] = field(default_factory=list)
    sdqs: list[Sdq] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)
    suspensions: list[Suspension] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    #: Rows of the plain tables, by the name of the raw_ table.
    plain: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    rules: Rules = field(default_factory=Rules)

    def list_standing(self) -> list[Action]:
        """The actions that no other corrects."""
        corrected = {action.corrects for action in self.actions}
        return [action for action in self.actions if action.number not in corrected]
