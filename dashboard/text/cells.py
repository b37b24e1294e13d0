"""Cells of lists: texts, and parts with a class in the style sheet."""

from collections.abc import Mapping
from typing import Any

from dashboard.text import standing, words

#: A cell: a text, or the result of `style`.
Part = str | dict[str, Any]


def style(kind: str, *parts: Part, **marks: Any) -> dict[str, Any]:
    """Return a cell, or a part of one, with a class in the style sheet.

    marks: `hidden` from screen readers, `left` in per cent, `height` in pixels, `more` as the text
    on a phone, `meaning` of letters.
    """
    return {"kind": kind, "parts": parts, **marks}


def format_status(state: str, text: str) -> dict[str, Any]:
    """Return a state as its shape and its words, so that colour alone tells nothing."""
    shape = style("shape", standing.SHAPES[state], hidden=True)
    kind = "status past" if state == standing.OVERDUE else "status"
    return style(kind, shape, f" {text}")


def build_attendance(child: Mapping[str, Any]) -> dict[str, Any]:
    """Return a child's attendance in a column, with a mark if they are persistently absent.

    child: a row with the columns of `pupil_attendance`.
    """
    is_marked = child["is_persistent_absentee"] and not child["is_too_early"]
    rate, _, missed = words.describe_attendance(child).partition(" (")
    count = missed.removesuffix(" missed)").replace("none", "0")
    more = style("second quiet", count, more=f"{count} missed") if count else ""
    return style("figure", f"{'▼ ' if is_marked else ''}{rate} ", more)
