"""The parts of Plans and dates: the list of dates, its calendar file, and the papers.

The filters of the list stay in the address: Child, What, When, Who. The calendar file has what
is due by handle, never by name or code. The papers are where each Education, Health and Care
Plan is, and the newest PEPs.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256

import polars as pl
import streamlit as st
from icalendar import Calendar, Event
from markupsafe import Markup

from dashboard.text import duty_tables, rules, standing, words
from dashboard.text.standing import DutyDate
from dashboard.ui import components, names, rows
from queries import read
from safeguards.access import access

#: What can be asked of the list.
_STATUSES = ("Overdue", "Due", "Later", "Not recorded")
#: What is listed until somebody asks: all but the later ones.
_FIRST = ("Overdue", "Due", "Not recorded")
_CALENDAR_NAME = "dates.ics"
_CALENDAR_MIME = "text/calendar"


def render_dates(session: access.Session, dates: Sequence[DutyDate]) -> None:
    """The title with its figure, the filters, and a line a date."""
    past = [each for each in dates if each.is_past]
    ours = sum(_is_ours(each) for each in past)
    number = words.capitalise(words.format_count(len(past), "date"))
    is_are = words.pluralise(len(past), "is")
    told = f", {ours or 'none'} of them for school to do" if past else ""
    components.render_title("plans", f"{number} {is_are} overdue{told}")
    with st.container(key="filters", horizontal=True, vertical_alignment="top", gap="medium"):
        statuses = components.render_filters("Status", list(_STATUSES), "status")
        holders = components.render_filters(
            "Who", sorted({each.holder for each in dates}), "holder"
        )
        known = sorted({_find_kind(each) for each in dates})
        kinds = components.render_filters("What", known, "kind")
    shown = [
        each
        for each in dates
        if _find_status(each) in (statuses or _FIRST)
        and (not holders or each.holder in holders)
        and (not kinds or _find_kind(each) in kinds)
    ]
    shown.sort(key=lambda each: (not each.is_past, each.state == standing.NOT_RECORDED))
    if not shown:
        st.markdown("No date matches.")
    else:
        rows.render_heads("plan", "Child", "What", "When", "Who")
    with st.container(key="list-dates"):
        for place, each in enumerate(shown):
            _render_date(session, each, str(place))
    components.render_small_text(" · ".join(standing.list_marks()))
    _render_calendar(session)


def _render_date(session: access.Session, each: DutyDate, key: str) -> None:
    when = Markup('<span class="cell when">{}</span>').format(
        rows.format_status(each.state, words.capitalise(each.text))
    )
    with rows.open_row("plan", key):
        rows.render_child_link(session, each.pupil_id, each.handle)
        rows.render_cells(
            rows.format_cell(each.name, "what"),
            when,
            rows.format_cell(each.holder, "quiet who", "For"),
        )


def _find_status(each: DutyDate) -> str:
    """Under which of `_STATUSES` it is listed; one that is booked late is due until its day."""
    if each.is_past:
        return "Overdue"
    return {standing.UP_TO_DATE: "Later", standing.NOT_RECORDED: "Not recorded"}.get(
        each.state, "Due"
    )


def _is_ours(each: DutyDate) -> bool:
    return each.holder.startswith("School")


def _find_kind(each: DutyDate) -> str:
    """A word for a group of rules, as people ask for them."""
    prefix = each.rule.partition("_")[0]
    return _KINDS.get(prefix, "Attendance")


_KINDS = {
    "PEP": "PEP",
    "IHA": "Health",
    "RHA": "Health",
    "DENTAL": "Health",
    "SDQ": "SDQ",
    "EHC": "EHCP",
    "LAC": "Review of care",
    "SUSPENSION": "Suspension",
}


def _render_calendar(session: access.Session) -> None:
    duties = session.select_visible(read.fetch_duties(session))
    to_come = select_upcoming(duties, session.as_at)
    components.render_download(
        session,
        "plans",
        "Make a calendar file of the dates ahead",
        lambda: serialise_calendar(to_come, session.as_at),
        name=_CALENDAR_NAME,
        mime=_CALENDAR_MIME,
        disabled=to_come.is_empty(),
    )
    components.render_small_text("The file holds codes and no names, for your school calendar.")


def select_upcoming(duties: pl.DataFrame, as_at: date) -> pl.DataFrame:
    """The rows of queries.read.duties that a calendar can hold: open, with a day to come."""
    return duties.filter(
        ~pl.col("status").is_in(standing.ENDED_STATUSES) & (pl.col("next_date") >= as_at)
    )


def serialise_calendar(duties: pl.DataFrame, as_at: date) -> bytes:
    """The file for rows of `select_upcoming`: an all-day entry each, the same bytes each time.

    An entry keeps its UID while its duty is the same one, so that a newer file moves it
    and does not add a second.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//lac-monitor//dates//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", words.APP)
    stamp = datetime.combine(as_at, time(), UTC)
    for row in duties.to_dicts():
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


def render_ehcps(session: access.Session) -> None:
    """The stage of each plan."""
    st.header("Education, Health and Care Plans", anchor=False)
    plans = read.fetch_ehcps(session)
    if plans.is_empty():
        components.render_no_rows(
            session, "ehcp.csv", "No child has a step of a plan", "the stage of each plan"
        )
        return
    components.render_small_text(
        f"The law gives {rules.format_deadline('EHC_FINAL')} from the request to the final plan."
    )
    components.render_table(
        duty_tables.tabulate_ehcps(names.call_rows(plans)), alt="Plans by child"
    )


def render_peps(session: access.Session) -> None:
    """The newest meeting of each child, and how good its paper is."""
    st.header("Personal education plans", anchor=False)
    newest = (
        read.fetch_peps(session)
        .filter(pl.col("outcome") == "held")
        .group_by("pupil_id", maintain_order=True)
        .last()
    )
    if newest.is_empty():
        components.render_no_rows(
            session, "pep.csv", "No PEP is recorded yet", "each child's newest meeting"
        )
        return
    components.render_small_text(
        "The newest meeting of each child. Quality is the local authority's own word."
    )
    components.render_table(
        duty_tables.tabulate_peps(names.call_rows(newest)), alt="Newest PEP of each child"
    )
