"""The form in which a child of the cast is written down: relative days, marks by the week."""

from dataclasses import dataclass
from datetime import date

from synthetic.calendar import FRIDAY, SEPTEMBER, build_register, compute_week_date
from synthetic.population.child import Child, Episode
from synthetic.population.people import Person, build_upn
from synthetic.population.personas import Persona
from synthetic.subjects.records import NO_RECORDS, Records

#: The marks of this many weeks of the current year are laid down below, for 2026/27 up
#: to 20 November; later ones are drawn, and so are those of earlier years.
PLANNED_WEEKS = 12

#: The academic year in which the records of the cast are dated.
RECORDS_YEAR = 2026

#: So many school days that a reason is never found.
REASON_NEVER_KNOWN = 999

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")


@dataclass(frozen=True)
class Day:
    """A day of the calendar year that lies `years` after the academic year's start."""

    years: int
    month: int
    day: int

    def to_date(self, start: int) -> date:
        """The date, where the current academic year starts in `start`."""
        return date(start + self.years, self.month, self.day)


@dataclass(frozen=True)
class Week:
    """A day of a week of the current academic year; week 1 holds 1 September."""

    week: int
    weekday: str

    def to_date(self, start: int) -> date:
        """The date, where the current academic year starts in `start`."""
        return compute_week_date(start, self.week, _WEEKDAYS.index(self.weekday))


@dataclass(frozen=True)
class Marks:
    """The same code on days of some weeks; other marks are those of a child present.

    `reason_after`: school days until a mark of N is replaced by `code`.
    """

    code: str
    weeks: tuple[int, ...]
    days: str
    halves: str = "AM PM"
    reason_after: int = 0


@dataclass(frozen=True)
class CastEpisode:
    """A care episode in relative days; `start` None stands for unknown."""

    status: str
    start: Day | None
    end: Day | None = None
    authority: str | None = None
    legal_status: str | None = None
    home: str | None = None
    known_since: Day | None = None

    def to_episode(self, start: int) -> Episode:
        """The dated episode, where the current academic year starts in `start`."""
        return Episode(
            status=self.status,
            start=self.start.to_date(start) if self.start else None,
            end=self.end.to_date(start) if self.end else None,
            authority=self.authority,
            legal_status=self.legal_status,
            home=self.home,
            known_since=self.known_since.to_date(start) if self.known_since else None,
        )


@dataclass(frozen=True)
class CastMember:
    """One child of the cast.

    `digits` are the last 12 characters of the pupil number.  `entry` None stands for
    the first day of year 3, `leaving` None for the last of year 6.  The `records` have
    the dates of FIRST_TOLD, and move with the academic year.
    """

    story: str
    digits: str
    forename: str
    surname: str
    sex: str
    year_group: int
    letter: str
    birthday: tuple[int, int]
    rank: float
    persona: Persona
    episodes: tuple[CastEpisode, ...]
    marks: tuple[Marks, ...]
    records: Records = NO_RECORDS
    entry: Day | Week | None = None
    leaving: Day | Week | None = None
    preferred: str | None = None

    @property
    def upn(self) -> str:
        """The pupil number, the same in every school."""
        return build_upn(self.digits)

    def to_child(self, start: int) -> Child:
        """The child, where the current academic year starts in `start`."""
        cohort = start + 3 - self.year_group
        month, day = self.birthday
        return Child(
            upn=self.upn,
            person=Person(
                surname=self.surname,
                forename=self.forename,
                preferred=self.preferred,
                sex=self.sex,
                address=f"{day} Quarry Lane",
                postcode=f"ZZ99 {self.year_group}{self.letter}{self.letter}",
            ),
            born=date(cohort - (8 if month >= SEPTEMBER else 7), month, day),
            cohort=cohort,
            letter=self.letter,
            entry=self.entry.to_date(start) if self.entry else build_register(cohort).open_days[0],
            leaving=self.leaving.to_date(start)
            if self.leaving
            else build_register(cohort + 3).days[-1],
            rank=self.rank,
            persona=self.persona,
            episodes=tuple(episode.to_episode(start) for episode in self.episodes),
        )

    def build_planned_marks(self, start: int) -> dict[tuple[date, str], tuple[str, int]]:
        """Code and days until the reason is known, by day and half, where not present.

        Of two lines that speak of one mark, the first holds.
        """
        marks: dict[tuple[date, str], tuple[str, int]] = {}
        for line in self.marks:
            for week in line.weeks:
                for weekday in line.days.split():
                    for half in line.halves.split():
                        day = Week(week, weekday).to_date(start)
                        marks.setdefault((day, half), (line.code, line.reason_after))
        return marks


def compute_last_planned_day(start: int) -> date:
    """The last day whose marks the cast fixes."""
    return compute_week_date(start, PLANNED_WEEKS, FRIDAY)
