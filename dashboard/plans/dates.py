"""The list of dates: Child, What, When, Who, with filters that stay in the address."""

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup

from dashboard.plans import calendar_file
from dashboard.text import standing, words
from dashboard.text.standing import DutyDate
from dashboard.ui import components, rows
from queries import read
from safeguards.access import access

#: What can be asked of the list, each with the states that it holds.
_STATUSES = {
    "Overdue": standing.PAST,
    "Due": (standing.DUE, standing.BOOKED),
    "Later": (standing.UP_TO_DATE,),
    "Not recorded": (standing.NOT_RECORDED,),
}
#: What is listed until somebody asks: all but the later ones.
_FIRST = ("Overdue", "Due", "Not recorded")


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
    states = [state for status in statuses or _FIRST for state in _STATUSES[status]]
    shown = [
        each
        for each in dates
        if each.state in states
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


def _render_calendar(session: access.Session) -> None:
    duties = session.select_visible(read.fetch_duties(session))
    to_come = calendar_file.select_upcoming(duties, session.as_at)
    components.render_download(
        session,
        "plans",
        "Make a calendar file of the dates ahead",
        lambda: calendar_file.serialise_calendar(to_come, session.as_at),
        name=calendar_file.NAME,
        mime=calendar_file.MIME,
        disabled=to_come.is_empty(),
    )
    components.render_small_text("The file holds codes and no names, for your school calendar.")


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
    "SUSPENSION": "Suspension",
}
