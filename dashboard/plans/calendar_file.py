"""A calendar file of dates that are due: by handle, never by name or code."""

from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256

import polars as pl
from icalendar import Calendar, Event

from dashboard.text import standing, words
from queries.read import MemberDuty, list_rows

NAME = "dates.ics"
MIME = "text/calendar"


def select_upcoming(duties: pl.DataFrame, as_at: date) -> pl.DataFrame:
    """The rows of queries.read.duties that a calendar can hold: open, with a day to come."""
    return duties.filter(
        ~pl.col("status").is_in(standing.ENDED_STATUSES) & (pl.col("next_date") >= as_at)
    )


def serialise_calendar(duties: pl.DataFrame, as_at: date) -> bytes:
    """The file for rows of `upcoming`: an all-day entry each, the same bytes each time.

    An entry keeps its UID while its duty is the same one, so that a newer file moves it
    and does not add a second.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//lac-monitor//dates//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", words.APP)
    stamp = datetime.combine(as_at, time(), UTC)
    for row in list_rows(MemberDuty, duties):
        day = row["next_date"]
        if day is None:
            continue
        event = Event()
        event.add("uid", _uid(row["pupil_id"], row["rule"], row["started_on"]))
        event.add("dtstamp", stamp)
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(1))
        event.add("summary", f"{row['name']}: {row['handle']}")
        status = words.capitalise(standing.describe(row, as_at))
        event.add("description", f"{status}. For {words.HOLDERS[row['holder']]}.")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _uid(pupil_id: str, rule: str, started_on: date) -> str:
    key = f"{pupil_id}|{rule}|{started_on.isoformat()}".encode("ascii")
    return f"{sha256(key).hexdigest()[:32]}@lac-monitor"
