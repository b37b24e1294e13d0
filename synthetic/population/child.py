"""A child of the made-up school, and the dated periods of care that the school knows."""

from dataclasses import dataclass
from datetime import date

from synthetic.calendar import compute_academic_year
from synthetic.population.people import Person
from synthetic.population.personas import NO_STATUS, Persona


@dataclass(frozen=True)
class Episode:
    """A period of one status, home and legal status: from `start` up to, not on, `end`.

    `start` is None where nobody knows it; then `known_since` is given.
    """

    status: str
    start: date | None
    end: date | None = None
    authority: str | None = None
    legal_status: str | None = None
    home: str | None = None
    known_since: date | None = None

    @property
    def first_day(self) -> date:
        """The first day from which the status is known to hold."""
        day = self.start or self.known_since
        if day is None:
            raise ValueError("an episode needs a start or a day since when it is known")
        return day

    def is_active_on(self, day: date) -> bool:
        """Whether the period holds on `day`."""
        return self.first_day <= day and (self.end is None or day < self.end)


@dataclass(frozen=True)
class Child:
    """One child and one stay at the school.

    `leaving` is the day on which the child will in truth leave, known to the school or
    not.  `cohort` is the year in which the child's year 3 starts.  `rank` (0 to 1) is
    the child's place among its group by absence.
    """

    upn: str
    person: Person
    born: date
    cohort: int
    letter: str
    entry: date
    leaving: date
    rank: float
    persona: Persona
    episodes: tuple[Episode, ...] = ()

    def get_status(self, day: date) -> str:
        """The care status on a day, NO_STATUS if none."""
        for episode in self.episodes:
            if episode.is_active_on(day):
                return episode.status
        return NO_STATUS

    def compute_year_group(self, day: date) -> int:
        """The National Curriculum year, 3 to 6, on a day on roll."""
        return 3 + compute_academic_year(day) - self.cohort
