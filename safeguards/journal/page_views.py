"""Who looked at what, and when, as the lines of the access log say."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

#: Characters of a text that a line keeps.
MAX_TEXT_LENGTH = 200


@dataclass(frozen=True)
class PageView:
    """A day on which somebody viewed a child's page, in a role; the day is one of UTC."""

    day: date
    actor: str
    role: str


def find_last_view(
    newest_first: Iterable[bytes], actor: str, page: str, *, before: date
) -> datetime | None:
    """When a person last viewed a page on a day before that one, in whatever role; UTC.

    A day is one of UTC.  A line that is no whole record says nothing.
    """
    wanted: dict[str, object] = {
        "event": "view",
        "actor": actor[:MAX_TEXT_LENGTH],
        "page": page[:MAX_TEXT_LENGTH],
    }
    # most lines are of other people and pages, and reading a record costs far more than this
    marks = [json.dumps(wanted[name]).encode("ascii") for name in ("actor", "page")]
    for line in newest_first:
        if all(mark in line for mark in marks):
            at = _parse_time(line, wanted)
            if at is not None and at.date() < before:
                return at
    return None


def _parse_time(line: bytes, wanted: dict[str, object]) -> datetime | None:
    """When the record of a line was written; None if it is none or says something else."""
    try:
        record = json.loads(line)
        if not wanted.items() <= record.items():
            return None
        return datetime.fromisoformat(record["at"]).astimezone(UTC)
    except (ValueError, TypeError, AttributeError, KeyError):
        return None


def find_views(lines: Iterable[bytes], pupil_id: str, *, since: date) -> tuple[PageView, ...]:
    """Who viewed this child's page from a day on: once a day, person and role, newest day first.

    A line that is no whole record says nothing.
    """
    mark = json.dumps(pupil_id).encode("ascii")
    found = set()
    for line in lines:
        at = _parse_time(line, {"event": "view", "pupil_ids": [pupil_id]}) if mark in line else None
        if at is not None and at.date() >= since:
            record = json.loads(line)
            found.add(PageView(at.date(), str(record.get("actor")), str(record.get("role"))))
    return tuple(sorted(found, key=lambda look: (-look.day.toordinal(), look.actor, look.role)))
