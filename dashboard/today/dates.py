"""What is due, by when it hurts: overdue, this week, and the next four weeks.

On a phone the last of these is folded, by the style sheet, until its switch is on.
"""

from collections.abc import Sequence

import streamlit as st

from dashboard.text import standing, words
from dashboard.text.standing import DutyDate
from dashboard.ui import rows
from safeguards.access import access

#: Lines of one span; a school with more looks at Plans and dates.
_MOST = 15


def render_dates(session: access.Session, dates: Sequence[DutyDate]) -> None:
    """The near dates in three spans, each with its number; `dates` are by day."""
    past, week, later = standing.split_by_span(dates, session.as_at)
    end = session.as_at + standing.NEAR
    spans = (
        ("▲ Overdue", past),
        (f"◆ Next {words.format_count(standing.WEEK.days, 'day')}", week),
        (f"◆ Then to {words.format_near_day(end, session.as_at)}", later),
    )
    for number, (title, span) in enumerate(spans):
        with st.container(key=f"span-{number}"):
            st.header(f"{title} ({len(span)})", anchor=False)
            if not span:
                st.markdown("Nothing.")
            elif span is later:
                st.toggle(f"Show {words.format_count(len(span), 'date')}", key="fold-later")
            for place, each in enumerate(span[:_MOST]):
                _render_date(session, each, f"{number}-{place}")
            if len(span) > _MOST:
                st.markdown(f"And {len(span) - _MOST} more.")


def _render_date(session: access.Session, each: DutyDate, key: str) -> None:
    what = each.name
    if each.state in (standing.BOOKED, standing.BOOKED_LATE):
        what = f"{what}, {each.text.rpartition(', ')[2]}"
    day = words.format_near_day(each.day, session.as_at) if each.day else words.NOTHING
    with rows.open_row("date", key):
        rows.render_child_link(session, each.pupil_id, each.handle)
        rows.render_cells(
            rows.format_cell(day, "when"),
            rows.format_cell(what, "what"),
            rows.format_cell(each.holder.partition(",")[0], "quiet who", "For"),
        )
