"""Read dates in the form that a mapping names, if a table has a form of its own."""

import re
from datetime import date
from typing import Literal

from intake.map.labels import parse_serial
from queries.contract.model.dates import parse_date, parse_month_first

#: The order of the figures of dates; "as written" if each can be read in only one way.
DateForm = Literal[
    "as written",
    "day first",
    "month first",
    "day first, two figures of the year",
    "month first, two figures of the year",
    "numbers of a spreadsheet",
]
_SHORT_YEAR = re.compile(r"([0-9]{1,2}[-/.][0-9]{1,2}[-/.])([0-9]{2})")
_LAST_OF_THIS_CENTURY = 69


def parse_in_form(text: str, form: DateForm) -> date | None:
    """Return the date that a text is in a form, or None if it is none.

    Years of two figures from 00 to 69 are in this century.
    """
    text = text.strip()
    if form == "numbers of a spreadsheet":
        return parse_serial(text)
    if "two figures" in form and (match := _SHORT_YEAR.fullmatch(text)):
        century = 20 if int(match[2]) <= _LAST_OF_THIS_CENTURY else 19
        text = f"{match[1]}{century}{match[2]}"
    parsed = parse_date(text)
    if form.startswith("month first") and (parsed is None or parsed[1] == "day first"):
        return parse_month_first(text)
    return parsed[0] if parsed else None


def has_short_year(text: str) -> bool:
    """Say whether a date has a year of two figures."""
    return _SHORT_YEAR.fullmatch(text.strip()) is not None
