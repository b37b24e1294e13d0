"""Divide cells that hold several marks: the two of a day, or those of a week.

These are pure functions of text.  They return None for a cell that cannot be divided for certain.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

HALVES = ("AM", "PM")
SCHOOL_DAYS, WEEK_DAYS = 5, 7
_CLOSED = "#"
#: Codes of two signs. A figure never stands alone, so they cannot be mistaken for two codes.
_MARK = re.compile(r"[CJY][1-9]|.")
_SEPARATORS = re.compile(r"\s*[,;|]\s*|\s+")


def split_marks(text: str, number: int | None = None) -> list[str] | None:
    """Return the marks of a cell, "" for an empty place; None if there are not `number` of them."""
    text = text.strip()
    if not text:
        return [""] * (number or 0)
    if _SEPARATORS.search(text):
        marks = _SEPARATORS.split(text)
    else:
        marks = [match[0] for match in _MARK.finditer(text)]
        if number and len(text) == number:
            marks = list(text)
    return marks if number in (None, len(marks)) else None


def split_week(text: str) -> list[str] | None:
    """Return the fourteen marks of a week from Monday morning on, or None if in doubt.

    If ten or fewer are there, the rest are blank; if more, the rest are a closed weekend.
    """
    marks = split_marks(text)
    if marks is None or len(marks) > 2 * WEEK_DAYS:
        return None
    if len(marks) <= 2 * SCHOOL_DAYS:
        return [*marks, *[""] * (2 * WEEK_DAYS - len(marks))]
    if len(marks) < 2 * WEEK_DAYS and marks[-1] != _CLOSED:
        return None
    return [*marks, *[_CLOSED] * (2 * WEEK_DAYS - len(marks))]


def split_cell(text: str, layout: str) -> list[str] | None:
    """Return the marks of a cell in a layout, or None if it cannot be divided for certain."""
    if layout == "a day a column":
        return split_marks(text, 2)
    if layout in ("a week a row", "a week a column"):
        return split_week(text)
    return [text]


def list_sessions(start: date, marks: Sequence[str]) -> Iterator[tuple[date, str, str]]:
    """Yield the day, the half and the mark for marks from a day on, two a day."""
    for place, mark in enumerate(marks):
        yield start + timedelta(place // 2), HALVES[place % 2], mark
