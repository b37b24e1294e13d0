"""Read headings of a register that are days, sessions or weeks: 06/09/2024 AM, Mon 2 Sep.

These are pure functions of text.  What a heading leaves out, such as the year, stays open. If the
name of a day does not agree with its date, that is an error, and nothing is corrected.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from queries.contract.model.dates import parse_month
from queries.school_year import place_in_school_year

#: How the figures of a date are read. "named" has the month in letters; "year first": 2026-11-13.
Order = Literal["day first", "month first", "year first", "named"]

_HALVES = {"am": "AM", "morning": "AM", "pm": "PM", "afternoon": "PM"}
_HALF = re.compile(r"\b(a\.?m\.?|p\.?m\.?|morning|afternoon)(?![a-z])")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)(?:day|s|sday|nesday|r|rs|rsday|urday)?\b")
_WEEK = re.compile(r"^(?:w/?[cb]|week (?:commencing|beginning|starting))\b:?")
_BETWEEN = " ,;:()-\u00a0"
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_FIGURES = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})(?:[-/.]([0-9]{4}|[0-9]{2}))?")
_NAMED = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?[- ]?([a-z]{3,9})(?:[-, ]+([0-9]{4}|[0-9]{2}))?")
_SERIAL, _FIRST_SERIAL = re.compile(r"[45][0-9]{4}"), date(1899, 12, 30)
_CENTURY = 2000
_TWO_FIGURES = 100
_MOST_DAYS_BETWEEN = 4
_WEEK_LENGTH = 7


@dataclass(frozen=True)
class Label:
    """The parts of a heading; None for those that it leaves open.

    first and second: the figures as they stand, which are day and month or month and day. If the
    form leaves no doubt, day and month.  half: AM, PM or "".  weekday: 0 is Monday.
    """

    first: int | None
    second: int | None
    year: int | None
    half: str
    weekday: int | None
    is_week: bool
    is_figures: bool

    @property
    def pattern(self) -> str:
        """Return the kind of heading without its day, by which a mapping is recognised."""
        kind = "week" if self.is_week else "day" if self.first else ""
        year = "" if self.year or not self.first else " without year"
        name = " with name" if self.weekday is not None else ""
        return f"<{kind}{year}{name}{' session' if self.half else ''}>"


def parse_label(text: str) -> Label | None:
    """Read the days and sessions of a heading. Return None if it says anything else."""
    rest = text.strip().casefold()
    is_week = _WEEK.match(rest) is not None
    rest = _WEEK.sub("", rest)
    half = weekday = None
    if match := _HALF.search(rest):
        half = _HALVES[match[1].replace(".", "")]
        rest = f"{rest[: match.start()]} {rest[match.end() :]}"
    if match := _WEEKDAY.search(rest):
        weekday = _WEEKDAYS.index(match[1])
        rest = f"{rest[: match.start()]} {rest[match.end() :]}"
    rest = rest.strip(_BETWEEN)
    if not rest:
        is_alone = half is not None and weekday is None and not is_week
        return Label(None, None, None, half or "", None, is_week, False) if is_alone else None
    figures = _parse_figures(rest)
    if figures is None:
        return None
    first, second, year, is_figures = figures
    return Label(first, second, year, half or "", weekday, is_week, is_figures)


def resolve_label(label: Label, order: Order, school_year: int | None) -> date | None:
    """Return the day of a label; None if it has none, or one that does not exist.

    Args:
        label: The parts of a heading.
        order: The order of day and month, if both are figures.
        school_year: The calendar year in which it begins, for a label without a year.

    """
    if label.first is None or label.second is None:
        return None
    is_turned = label.is_figures and order == "month first"
    day, month = (label.second, label.first) if is_turned else (label.first, label.second)
    try:
        if label.year is not None:
            return date(label.year, month, day)
        return None if school_year is None else place_in_school_year(school_year, month, day)
    except ValueError:
        return None


def resolve_all(
    labels: Sequence[Label], order: Order, school_year: int | None
) -> list[date] | None:
    """Return the days of headings, or None if one is no day, or its weekday does not match."""
    days = []
    for label in labels:
        day = resolve_label(label, order, school_year)
        if day is None or label.weekday not in (None, day.weekday()):
            return None
        days.append(day)
    return days


def find_order(labels: Sequence[Label]) -> Order | None:
    """Return the order of the figures in dates, if the dates show it, or None if in doubt.

    labels: headings with years.  The days of a register follow one another: they are in order, and
    most gaps are short.
    """
    if not any(label.is_figures for label in labels):
        return "named"
    days = {order: dates for order in _ORDERS if (dates := resolve_all(labels, order, None))}
    orderly = [order for order, dates in days.items() if len(days) == 1 or _is_orderly(dates)]
    return orderly[0] if len(orderly) == 1 else None


_ORDERS: tuple[Order, ...] = ("day first", "month first")


def _is_orderly(days: list[date]) -> bool:
    gaps = [(after - before).days for before, after in pairwise(sorted(set(days)))]
    short = sum(gap <= _MOST_DAYS_BETWEEN or gap == _WEEK_LENGTH for gap in gaps)
    return bool(gaps) and days == sorted(days) and short * 2 >= len(gaps)


def parse_serial(text: str) -> date | None:
    """Return the day of a spreadsheet's own number for it, from 2009 to 2064, or None."""
    return _FIRST_SERIAL + timedelta(int(text)) if _SERIAL.fullmatch(text) else None


def _parse_figures(text: str) -> tuple[int, int, int | None, bool] | None:
    """Return two figures, the year, and whether the two may be in either order, or None."""
    if day := parse_serial(text):
        return day.day, day.month, day.year, False
    if match := _YEAR_FIRST.fullmatch(text):
        return int(match[3]), int(match[2]), int(match[1]), False
    if match := _FIGURES.fullmatch(text):
        return int(match[1]), int(match[2]), _parse_year(match[3]), True
    if (match := _NAMED.fullmatch(text)) and (month := parse_month(match[2])):
        return int(match[1]), month, _parse_year(match[3]), False
    return None


def _parse_year(text: str | None) -> int | None:
    if text is None:
        return None
    return int(text) + (_CENTURY if int(text) < _TWO_FIGURES else 0)
