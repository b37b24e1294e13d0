"""An English school calendar, calculated for any academic year and the same every time.

An academic year is named by the year in which it starts: 2026 is 2026/27, from 1 September 2026 to
31 August 2027.  There is no clock and no seed.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property, lru_cache
from typing import Literal

Kind = Literal["school day", "INSET", "holiday", "closed"]

MONDAY, THURSDAY, FRIDAY, SATURDAY = 0, 3, 4, 5
SEPTEMBER = 9
_DAY = timedelta(days=1)

#: A time that always contains a school day.
_LONGER_THAN_SUMMER = timedelta(weeks=10)

#: The number of planned school days in a year, and of days for the staff alone.
_TERM_DAYS, _INSET_DAYS = 190, 5

#: England's single extra bank holidays, and the moved ones by their usual day.
_GIVEN_ONCE = (date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8))
_MOVED = {date(2020, 5, 4): date(2020, 5, 8), date(2022, 5, 30): date(2022, 6, 2)}

#: The codes for a whole site that closes unexpectedly changed on 19 August 2024.
_FIRST_YEAR_OF_NEW_CODES = 2024
PLANNED_CLOSURE = "#"


@dataclass(frozen=True)
class Register:
    """The days of one academic year with marks, first to last.

    `whole_day` has the code of each day on which nobody could attend, and `afternoon` the code of
    each day on which nobody could attend after midday.  `open_days` are all days outside
    `whole_day`.
    """

    start: int
    days: tuple[date, ...]
    whole_day: dict[date, str]
    afternoon: dict[date, str]

    @cached_property
    def places(self) -> dict[date, int]:
        """Return the place of each day."""
        return {day: place for place, day in enumerate(self.days)}

    @cached_property
    def open_days(self) -> tuple[date, ...]:
        """Return the days on which children were expected, first to last."""
        return tuple(day for day in self.days if day not in self.whole_day)

    def list_sessions(self, day: date, count: int) -> list[tuple[int, int]]:
        """Return the next `count` sessions with children expected, from the open day `day` on.

        A session is its place in `days` and its half, 0 or 1.  There are fewer if the year ends
        first.  An odd number begins with the afternoon, unless the school is closed then.
        """
        begin = self.places[day]
        sessions = [
            (place, half)
            for place, later in enumerate(self.days[begin : begin + count + 3], start=begin)
            for half in (0, 1)
            if later not in self.whole_day and not (half and later in self.afternoon)
        ]
        return sessions[count % 2 == 1 and day not in self.afternoon :][:count]


def compute_academic_year(day: date) -> int:
    """Return the year in which the academic year that holds `day` starts."""
    return day.year if day.month >= SEPTEMBER else day.year - 1


def compute_easter_sunday(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876)."""
    golden = year % 19
    century = year // 100
    moon = (19 * golden + century - century // 4 - (8 * century + 13) // 25 + 15) % 30
    moon -= moon // 28 * (1 - 29 // (moon + 1) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    offset = moon - weekday
    month = 3 + (offset + 40) // 44
    return date(year, month, offset + 28 - 31 * (month // 4))


@lru_cache(maxsize=64)
def list_bank_holidays(year: int) -> frozenset[date]:
    """Return England's bank holidays in a calendar year, with substitute days."""
    easter = compute_easter_sunday(year)
    usual = {easter - 2 * _DAY, easter + _DAY, _on_or_after(date(year, 5, 1), MONDAY)}
    usual |= {_last_monday(year, 5), _last_monday(year, 8)}
    for day in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        later = (day + n * _DAY for n in range(4))
        usual.add(next(day for day in later if day.weekday() < SATURDAY and day not in usual))
    once = {day for day in _GIVEN_ONCE if day.year == year}
    return frozenset({_MOVED.get(day, day) for day in usual} | once)


@cache
def build_planned_calendar(start: int) -> dict[date, Kind]:
    """Return the planned kind of every day from 1 September to 31 August.

    The year has 190 school days and 5 INSET days, and the last of these ends the summer term.  On
    the polling day in May the hall is a polling station, so the school is `closed`.
    """
    first, last = date(start, 9, 1), date(start + 1, 8, 31)
    free = _free_days(start)
    working = [d for d in _days(first, last) if d.weekday() < SATURDAY and d not in free]
    working = working[: _TERM_DAYS + 1 + _INSET_DAYS]
    spring, summer = _spring_monday(start), _last_monday(start + 1, 5) + 7 * _DAY
    opens = [next(d for d in working if d >= monday) for monday in (spring, summer)]
    kinds: dict[date, Kind] = dict.fromkeys(_days(first, last), "holiday")
    kinds |= dict.fromkeys(working, "school day")
    kinds[_on_or_after(date(start + 1, 5, 1), THURSDAY)] = "closed"
    kinds |= dict.fromkeys([*working[:2], *opens, working[-1]], "INSET")
    return kinds


def compute_unplanned_closure(start: int) -> date:
    """Return the day of the year on which the whole site shut without warning.

    The heating fails in November of even years; in odd years there is snow.
    """
    snow = _spring_monday(start) + (7 * (1 + start % 4) + start % 5) * _DAY
    return snow if start % 2 else _last_monday(start, 10) + 17 * _DAY


def build_calendar(first: int, last: int, until: date) -> dict[date, Kind]:
    """Return the kind of every day of the academic years `first` to `last`, in order of date.

    It has unplanned closures only up to `until`: nobody knows of later ones yet.
    """
    kinds: dict[date, Kind] = {}
    for start in range(first, last + 1):
        kinds |= build_planned_calendar(start)
        closure = compute_unplanned_closure(start)
        if closure <= until:
            kinds[closure] = "closed"
    return kinds


@cache
def build_register(start: int) -> Register:
    """Return the days with marks of one academic year, as they are known when it is over."""
    planned = build_planned_calendar(start)
    days = tuple(day for day, kind in planned.items() if kind in ("school day", "closed"))
    polls = [day for day, kind in planned.items() if kind == "closed"]
    shut = "Y4" if start >= _FIRST_YEAR_OF_NEW_CODES else "Y"
    return Register(
        start=start,
        days=days,
        whole_day={polls[0]: PLANNED_CLOSURE, compute_unplanned_closure(start): shut},
        afternoon={max(day for day in days if day.year == start): PLANNED_CLOSURE},
    )


@cache
def list_terms(start: int) -> tuple[tuple[date, ...], ...]:
    """Return the open days of autumn, spring and summer, as they are known when the year is over.

    Autumn ends at Christmas, spring with the week before Good Friday's.
    """
    easter = compute_easter_sunday(start + 1)
    days = build_register(start).open_days
    return (
        tuple(day for day in days if day.year == start),
        tuple(day for day in days if day.year > start and day < easter),
        tuple(day for day in days if day > easter),
    )


@lru_cache(maxsize=2**14)
def advance_to_school_day(day: date) -> date:
    """Return the first day on or after `day` on which children were expected."""
    return list_school_days(day, day + _LONGER_THAN_SUMMER)[0]


def list_school_days(first: date, last: date) -> tuple[date, ...]:
    """Return the days from `first` to `last` on which children were expected."""
    days: tuple[date, ...] = ()
    for start in range(compute_academic_year(first), compute_academic_year(last) + 1):
        days += build_register(start).open_days
    return days[bisect_left(days, first) : bisect_right(days, last)]


@lru_cache(maxsize=2**14)
def advance_to_working_day(day: date) -> date:
    """Return the first working day on or after `day`."""
    while not _is_working_day(day):
        day += _DAY
    return day


@lru_cache(maxsize=2**16)
def add_working_days(day: date, days: int) -> date:
    """Return the day so many working days after `day`, or before it if `days` is negative."""
    for _ in range(abs(days)):
        day += _DAY if days > 0 else -_DAY
        while not _is_working_day(day):
            day += _DAY if days > 0 else -_DAY
    return day


@cache
def _is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in list_bank_holidays(day.year)


def compute_week_date(start: int, week: int, weekday: int) -> date:
    """Return the date of a weekday (Monday 0) in week 1, 2, ... of the academic year.

    Week 1 contains 1 September.  Holiday weeks count too.
    """
    first = date(start, 9, 1)
    return first + (7 * (week - 1) + weekday - first.weekday()) * _DAY


def _free_days(start: int) -> frozenset[date]:
    """Return the weekdays of the academic year without school, except the summer holiday."""
    spring, half_autumn = _spring_monday(start), _on_or_after(date(start, 10, 22), MONDAY)
    half_spring = _on_or_after(date(start + 1, 2, 12), MONDAY)
    good_friday = compute_easter_sunday(start + 1) - 2 * _DAY
    easter_monday_before = good_friday - 4 * _DAY
    half_summer = _last_monday(start + 1, 5)
    free: set[date] = set()
    for monday, weeks in (
        (half_autumn, 1),
        (spring - 14 * _DAY, 2),
        (half_spring, 1),
        (easter_monday_before, 2),
        (half_summer, 1),
    ):
        free |= set(_days(monday, monday + (7 * weeks - 1) * _DAY))
    return frozenset(free) | list_bank_holidays(start) | list_bank_holidays(start + 1)


def _spring_monday(start: int) -> date:
    """Return the Monday on which the spring term opens, unless it is a bank holiday."""
    return _on_or_after(date(start + 1, 1, 2), MONDAY)


def _days(first: date, last: date) -> list[date]:
    return [first + n * _DAY for n in range((last - first).days + 1)]


def _on_or_after(day: date, weekday: int) -> date:
    return day + (weekday - day.weekday()) % 7 * _DAY


def _last_monday(year: int, month: int) -> date:
    """Return the last Monday of any month but December."""
    return _on_or_after(date(year, month + 1, 1), MONDAY) - 7 * _DAY
