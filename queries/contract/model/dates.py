"""The forms in which a date may be written: those that can be read in one way only."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Literal

#: "named" has the month in letters, so it may be mixed with either of the others.
DateForm = Literal["year first", "day first", "named"]

#: Other years are typing mistakes, such as 0206, though the day exists.
_YEARS = range(1900, 2100)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NO_TIME = r"(?:[ T]00:00(?::00(?:\.0+)?)?)?"
_YEAR_FIRST = re.compile(rf"([0-9]{{4}})([-/.])([0-9]{{1,2}})\2([0-9]{{1,2}}){_NO_TIME}")
_DAY_FIRST = re.compile(rf"([0-9]{{1,2}})([-/.])([0-9]{{1,2}})\2([0-9]{{4}}){_NO_TIME}")
_NAMED = re.compile(rf"([0-9]{{1,2}})[- ]?([A-Za-z]{{3,9}})[- ]?([0-9]{{4}}){_NO_TIME}")
_NAMED_YEAR_FIRST = re.compile(rf"([0-9]{{4}})-([A-Za-z]{{3}})-([0-9]{{1,2}}){_NO_TIME}")
_NAMES = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december", "sept", *_MONTHS),
)


def parse_date(text: str) -> tuple[date, DateForm] | None:
    """Return the date and the form in which it is written; None if there is no such date.

    2026-11-13, 13/11/2026 and 13 Nov 2026 are read, each with other signs between and without
    leading zeros, and with a time of midnight.
    """
    if match := _YEAR_FIRST.fullmatch(text):
        return _build(match[1], match[3], match[4], "year first")
    if match := _DAY_FIRST.fullmatch(text):
        return _build(match[4], match[3], match[1], "day first")
    if match := _NAMED.fullmatch(text):
        return _build(match[3], str(parse_month(match[2])), match[1], "named")
    if match := _NAMED_YEAR_FIRST.fullmatch(text):
        return _build(match[1], str(parse_month(match[2])), match[3], "named")
    return None


def parse_month_first(text: str) -> date | None:
    """Return the date that a text is if its month comes before its day: 11/13/2026."""
    match = _DAY_FIRST.fullmatch(text)
    parsed = _build(match[4], match[1], match[3], "day first") if match else None
    return parsed[0] if parsed else None


def find_month_first(texts: Iterable[str]) -> list[str]:
    """Return the texts from one source that may have the month first, if one must and all may."""
    forms = {text: parse_date(text) for text in texts}
    must = [text for text, parsed in forms.items() if not parsed and parse_month_first(text)]
    may = [text for text, parsed in forms.items() if parsed and parsed[1] == "day first"]
    return [*must, *may] if must and all(map(parse_month_first, may)) else []


def _build(year: str, month: str, day: str, form: DateForm) -> tuple[date, DateForm] | None:
    if int(year) not in _YEARS:
        return None
    try:
        return date(int(year), int(month), int(day)), form
    except ValueError:
        return None


def parse_month(name: str) -> int:
    """Return the number of a month in letters; 0, which is none, for any other word."""
    return _MONTHS.index(name.casefold()[:3]) + 1 if name.casefold() in _NAMES else 0
