"""A child of the made-up school, and the periods of care that the school knows."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

from synthetic.calendar import compute_academic_year
from synthetic.population.groups import LOOKED_AFTER, NO_HABIT, NO_STATUS
from synthetic.population.people import Person
from synthetic.population.story import Story


@dataclass(frozen=True)
class Episode:
    """A period of one status, home and legal status, from `start` up to the day before `end`.

    `start` is None if nobody knows it, and then `known_since` is given.
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
        """Return the first day from which the status is known to hold."""
        day = self.start or self.known_since
        if day is None:
            raise ValueError("an episode needs a start or a day since when it is known")
        return day


@dataclass(frozen=True)
class CarePeriod:
    """A time in care without a break, from `start` up to the day before `end`."""

    start: date
    end: date
    authority: str


@dataclass(frozen=True)
class Child:
    """A child with one stay at the school.

    `leaving` is the day on which the child will really leave, whether the school knows it or not.
    `cohort` is the year in which the child starts year 3.
    """

    upn: str
    person: Person
    born: date
    cohort: int
    letter: str
    entry: date
    leaving: date
    story: Story
    episodes: tuple[Episode, ...] = ()
    former_upn: str | None = None
    habit: str = NO_HABIT

    @cached_property
    def care_periods(self) -> tuple[CarePeriod, ...]:
        """Return the times in care that the school has records of, first to last.

        The school has none of a time that was over before the child came.  A time that goes on ends
        on the day after the child leaves.
        """
        day_after = date.fromordinal(self.leaving.toordinal() + 1)
        periods: list[CarePeriod] = []
        for episode in self.episodes:
            end, first = min(episode.end or date.max, day_after), episode.first_day
            if episode.status != LOOKED_AFTER or first >= end:
                continue
            start = first
            if periods and periods[-1].end == first:
                start = periods.pop().start
            periods.append(CarePeriod(start, end, episode.authority or ""))
        return tuple(period for period in periods if period.end > self.entry)

    @cached_property
    def upheavals(self) -> tuple[date, ...]:
        """Return the days of a new home or status, but not of a new legal status alone."""
        stays = {
            now.first_day
            for before, now in pairwise(self.episodes)
            if (before.status, before.home, before.end) == (now.status, now.home, now.first_day)
            and before.legal_status != now.legal_status
        }
        return tuple(sorted({episode.first_day for episode in self.episodes} - stays))

    def get_episode(self, day: date) -> Episode | None:
        """Return the episode of a day, or None."""
        for episode in self.episodes:
            if episode.first_day <= day < (episode.end or date.max):
                return episode
        return None

    def get_status(self, day: date) -> str:
        """Return the care status on a day, or NO_STATUS."""
        episode = self.get_episode(day)
        return episode.status if episode else NO_STATUS

    def is_with_family(self, day: date) -> bool:
        """Return whether the child lives with their own or an adoptive family on a day."""
        now = self.get_episode(day)
        return now is None or now.status != LOOKED_AFTER or now.home == "with parents"

    def compute_year_group(self, day: date) -> int:
        """Return the National Curriculum year on a day on roll.  0 is Reception."""
        return 3 + compute_academic_year(day) - self.cohort

    def compute_age(self, day: date) -> int:
        """Return the age in whole years on a day."""
        had_birthday = (day.month, day.day) >= (self.born.month, self.born.day)
        return day.year - self.born.year - (not had_birthday)
