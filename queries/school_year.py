"""The school year of a day, and the year of age by which children go into year groups.

Two years begin in a school, and the code for them is only here and in
`functions/academic_year_start.sql`:

- A **school year** begins on 1 August.  It begins with the first term that begins after July
  (Education Act 1996, section 579): some schools' terms begin in late August, none ends in it.
  A year is known by the calendar year in which it begins: 2026 for 2026/27.
- A **year of age** begins on 1 September.  A child's year group follows from the age on
  31 August, whenever the school's own term begins.
"""

from datetime import date
from typing import TypeVar

import polars as pl

_AUGUST, _SEPTEMBER = 8, 9
_MONTHS = 12

_Number = TypeVar("_Number", int, pl.Expr)


def get_school_year(day: date) -> int:
    """Return the calendar year in which the school year of a day begins."""
    return _count_years(day.year, day.month, _AUGUST)


def get_age_year(day: date) -> int:
    """Return the calendar year in which the year of age of a day begins."""
    return _count_years(day.year, day.month, _SEPTEMBER)


def build_school_year(day: pl.Expr) -> pl.Expr:
    """Return `get_school_year` of a column of dates; null for a null."""
    return _count_years(day.dt.year(), day.dt.month(), _AUGUST)


def build_age_year(day: pl.Expr) -> pl.Expr:
    """Return `get_age_year` of a column of dates; null for a null."""
    return _count_years(day.dt.year(), day.dt.month(), _SEPTEMBER)


def get_first_day(school_year: int | str) -> date:
    """Return the first day of a school year, given as 2026 or as 2026/27."""
    return date(int(f"{school_year}"[:4]), _AUGUST, 1)


def get_last_day_of_age_year(age_year: int) -> date:
    """Return the 31 August with which a year of age ends."""
    return date(age_year + 1, _AUGUST, 31)


def place_in_school_year(school_year: int, month: int, day: int) -> date:
    """Return the day of this month and number in a school year.

    A ValueError means that the month has no such day in that year.
    """
    return date(school_year + (month < _AUGUST), month, day)


def _count_years(year: _Number, month: _Number, first_month: int) -> _Number:
    """Return the calendar year of the newest `first_month` up to a month."""
    return (year * _MONTHS + month - first_month) // _MONTHS
