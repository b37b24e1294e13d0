"""Records that change by steps: each line of a sealed file is one step of one record.

A step names its record and the values that are new; dates are told by names in `_on`.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any


def stamp_step(step: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """A step as it is sealed, with the moment at which it was written."""
    dates = {name: day.isoformat() for name, day in step.items() if isinstance(day, date)}
    at = now.astimezone(UTC).isoformat(timespec="milliseconds")
    return {"written_at": at, **step, **dates}


def merge_steps(lines: Iterable[Mapping[str, Any]], name: str) -> list[dict[str, Any]]:
    """The values of each record as its steps have left them, in the order of the first steps.

    name: of the value that says which record a step is of.
    """
    found: dict[str, dict[str, Any]] = {}
    for line in lines:
        step = _parse_step(line)
        found.setdefault(step[name], {}).update(step)
    return list(found.values())


def _parse_step(line: Mapping[str, Any]) -> dict[str, Any]:
    """A step with its dates as dates, less the moment at which it was written."""
    return {
        name: date.fromisoformat(value) if name.endswith("_on") and value else value
        for name, value in line.items()
        if name != "written_at"
    }
