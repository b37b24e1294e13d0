"""A child of the made-up school, and the dated periods of care that the school knows."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property, lru_cache
from itertools import pairwise

from synthetic.calendar import (
    advance_to_school_day,
    build_register,
    compute_academic_year,
    list_school_days,
)
from synthetic.population.people import Person
from synthetic.population.personas import LOOKED_AFTER, NO_STATUS, Persona
from synthetic.population.story import Story, open_stream

#: How many of 29 classes have no visit in a year, one and so on; the halves of a day of each.
_VISITS, _HALVES = (2, 6, 8, 7, 4, 2), ((0, 1), (0, 1), (0,), (1,))
#: Shares of schools that take these years away, and for how many days; of children who stay behind.
_RESIDENTIAL, _LONG, _STAYS_BEHIND = {5: 0.25, 6: 0.75}, (2, 3, 3, 3, 5), 0.1
#: A trip lies so far inside the year, out of the months of tests, so far from the next, and not
#: after a break; how often it begins on each day of the week.
_INSIDE, _LAST_GROUP, _TESTS, _LAST_MONTHS = 12, 6, (5,), (5, 6, 7)
_APART, _BREAK, _TRIPS_BEGIN = 10, 4, (2, 3, 4, 4, 4)
#: Most children of the last year visit one of so many next schools, between these days.
_MOVES_UP, _NEXT_SCHOOLS, _FROM, _UNTIL, _MOVE_UP = 0.92, 4, (6, 16), (7, 14), (1, 1, 2, 2, 3)
_VISIT, _AT_NEXT_SCHOOL = "V", "B"
_DAY = timedelta(days=1)


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


@dataclass(frozen=True)
class CarePeriod:
    """A time in care without a break: from `start` up to, not on, `end`."""

    start: date
    end: date
    authority: str
    is_start_known: bool


@dataclass(frozen=True)
class Child:
    """One child and one stay at the school.

    `leaving` is the day on which the child will in truth leave, known to the school or
    not.  `cohort` is the year in which the child's year 3 starts, `seed` that of the school.
    """

    seed: int
    upn: str
    person: Person
    born: date
    cohort: int
    letter: str
    entry: date
    leaving: date
    story: Story
    persona: Persona
    episodes: tuple[Episode, ...] = ()
    former_upn: str | None = None

    @cached_property
    def moves(self) -> tuple[date, ...]:
        """The days in care on which the child came to another home, first to last.

        Where only the legal status changes, the child stays.
        """
        return tuple(
            after.first_day
            for before, after in pairwise(self.episodes)
            if before.status == after.status == LOOKED_AFTER
            and before.end == after.first_day
            and not (before.home == after.home and before.legal_status != after.legal_status)
        )

    @cached_property
    def care_periods(self) -> tuple[CarePeriod, ...]:
        """The times in care of which the school has records, first to last.

        A time that was over before the child came to the school has left none; the end of
        one that goes on is the day after the child leaves.
        """
        day_after = date.fromordinal(self.leaving.toordinal() + 1)
        periods: list[CarePeriod] = []
        for each in self.episodes:
            end, first = min(each.end or date.max, day_after), each.first_day
            if each.status != LOOKED_AFTER or first >= end:
                continue
            start, is_known = first, each.start is not None
            if periods and periods[-1].end == first:
                before = periods.pop()
                start, is_known = before.start, before.is_start_known
            periods.append(CarePeriod(start, end, each.authority or "", is_known))
        return tuple(period for period in periods if period.end > self.entry)

    @cached_property
    def upheavals(self) -> tuple[date, ...]:
        """The days of a new home and of a new status."""
        starts = {each.first_day for each in self.episodes}
        changed = {
            after.first_day
            for before, after in pairwise(self.episodes)
            if before.status == after.status and before.end == after.first_day
        }
        return tuple(sorted(starts - changed | set(self.moves)))

    def get_episode(self, day: date) -> Episode | None:
        """The episode of a day, if there is one."""
        for episode in self.episodes:
            if episode.first_day <= day < (episode.end or date.max):
                return episode
        return None

    def get_status(self, day: date) -> str:
        """The care status on a day, NO_STATUS if none."""
        episode = self.get_episode(day)
        return episode.status if episode else NO_STATUS

    def is_with_family(self, day: date) -> bool:
        """Whether the child lives with its own family on a day, or with one that adopted it."""
        now = self.get_episode(day)
        return now is None or now.status != LOOKED_AFTER or now.home == "with parents"

    def compute_year_group(self, day: date) -> int:
        """The National Curriculum year on a day on roll, 0 for Reception."""
        return 3 + compute_academic_year(day) - self.cohort

    def compute_age(self, day: date) -> int:
        """Whole years of age on a day."""
        had_birthday = (day.month, day.day) >= (self.born.month, self.born.day)
        return day.year - self.born.year - (not had_birthday)

    def list_visits(self, start: int) -> dict[tuple[date, int], str]:
        """The days and halves of an academic year for which the child is out, and their codes."""
        return _list_visits(self.seed, start, 3 + start - self.cohort, self.letter, self.upn)

    def list_trip_days(self, start: int) -> frozenset[date]:
        """List the days of an academic year on which the child is out, with its class or alone."""
        return _list_trip_days(self.seed, start, 3 + start - self.cohort, self.letter, self.upn)

    def find_day_in(self, day: date) -> date:
        """Find the first school day on or after `day` on which the class is not out."""
        while (day := advance_to_school_day(day)) in self.list_trip_days(
            compute_academic_year(day)
        ):
            day += _DAY
        return day


@lru_cache(maxsize=2**14)
def _list_visits(
    seed: int, start: int, group: int, letter: str, upn: str
) -> dict[tuple[date, int], str]:
    """List those of the child's class but for days away without it, and days at the next school."""
    trips = _choose_trips(seed, start, group, letter)
    is_last = group == _LAST_GROUP
    if not is_last and all(len(trip) == 1 for trip, _ in trips):
        return {(day, half): _VISIT for trip, halves in trips for day in trip for half in halves}
    rng = open_stream(seed, "visits", upn, start)
    visits = {
        (day, half): _VISIT
        for trip, halves in trips
        if len(trip) == 1 or rng.random() >= _STAYS_BEHIND
        for day in trip
        for half in halves
    }
    if is_last and rng.random() < _MOVES_UP:
        days = list_school_days(date(start + 1, *_FROM), date(start + 1, *_UNTIL))
        there = open_stream(seed, "next school", start, rng.randrange(_NEXT_SCHOOLS))
        long = there.choice(_MOVE_UP)
        at = there.randrange(len(days) - long)
        visits |= {(day, half): _AT_NEXT_SCHOOL for day in days[at : at + long] for half in (0, 1)}
    return visits


@lru_cache(maxsize=2**14)
def _list_trip_days(seed: int, start: int, group: int, letter: str, upn: str) -> frozenset[date]:
    return frozenset(day for day, _ in _list_visits(seed, start, group, letter, upn))


@lru_cache(maxsize=2**12)
def _choose_trips(
    seed: int, start: int, group: int, letter: str
) -> list[tuple[list[date], tuple[int, ...]]]:
    """Choose the days and halves of each visit of a class in a year, and of its days away."""
    of_class = open_stream(seed, "trips", start, group, letter)
    of_year = open_stream(seed, "away", group, start)
    goes_away = open_stream(seed, "away", group).random() < _RESIDENTIAL.get(group, 0)
    (visits,) = of_class.choices(range(len(_VISITS)), _VISITS)
    chosen: list[tuple[list[date], tuple[int, ...]]] = []
    too_near: set[date] = set()
    for rng in [of_year] * goes_away + [of_class] * visits:
        is_away = rng is of_year
        long, halves = (rng.choice(_LONG), (0, 1)) if is_away else (1, rng.choice(_HALVES))
        trips = [
            trip
            for trip in _list_possible_trips(start, long, is_last=group == _LAST_GROUP)
            if trip[0] not in too_near
        ]
        weights = [_TRIPS_BEGIN[trip[0].weekday()] for trip in trips]
        (trip,) = rng.choices(trips, weights)
        chosen.append((trip, halves))
        too_near |= {trip[0] + days * _DAY for days in range(-_APART, _APART + 1)}
    return chosen


@cache
def _list_possible_trips(start: int, long: int, *, is_last: bool) -> list[list[date]]:
    """List the days on which a class can be out for so `long` in a year: not after a break."""
    register = build_register(start)
    days = register.open_days[_INSIDE:-_INSIDE]
    return [
        trip
        for before, *trip in (days[at - 1 : at + long] for at in range(1, len(days) - long + 1))
        if (trip[-1] - trip[0]).days < long
        and (trip[0] - before).days < _BREAK
        and trip[0].month not in (_LAST_MONTHS if is_last else _TESTS)
        and register.afternoon.keys().isdisjoint(trip)
    ]
