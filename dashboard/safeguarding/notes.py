"""Notes of concern that are open, what comes of them, and times at which a child was missing."""

from datetime import date, timedelta

import polars as pl
import streamlit as st

from dashboard.safeguarding.cases import render_child
from dashboard.text import tables, words
from dashboard.ui import components, concerns, names, rows, tab
from dashboard.ui.markdown import escape
from queries import read
from safeguards.access import access

_PAGE = "safeguarding"
#: The note whose dialog is open.
_OPEN = "note-open"
_CLOSE, _WAIT = "Close it", "Look again on another day"
#: How far back times missing are listed.
_YEAR = timedelta(days=365)
_LEAVERS = {
    "handle": "Who",
    "care_leaver_date": "Told for",
    "in_touch": "In touch",
    "activity": "Does",
    "accommodation": "Lives",
}
_SHOWN = {
    "handle": "Child",
    "missing_date": "First missing",
    "kind": "Kind",
    "back_date": "Came back",
    "interview": "Talk",
}


def render_notes(session: access.Session, notes: pl.DataFrame) -> None:
    """A row for each open note, those past their day first."""
    is_open = notes.filter(pl.col("closed_date").is_null()).sort(
        "is_past", descending=True, maintain_order=True
    )
    past = int(is_open["is_past"].sum())
    told = f", {past} past the day to look again" if past else ""
    st.header(f"Open notes of concern ({is_open.height}{told})", anchor=False)
    if is_open.is_empty():
        st.markdown("No note is open. To raise one, choose Log beside a child.")
        return
    rows.render_heads("note", "Child", "Day", "What was noticed", "Look again")
    with st.container(key="list-notes"):
        for place, row in enumerate(read.list_rows(read.LeadConcern, is_open)):
            _render_note(session, row, place)


def render_dialog(session: access.Session) -> None:
    """What came of a note, while that is asked for."""
    row: read.LeadConcern | None = st.session_state.get(_OPEN)
    if row is not None:
        child = escape(names.call(row["pupil_id"], row["handle"], with_class=True))
        title = f"What came of the note: {child}"
        st.dialog(title, on_dismiss=_close)(lambda: _render_fields(session, row))()


def render_missing(session: access.Session) -> None:
    """Times missing of a year, with the talk that is offered afterwards."""
    times = read.fetch_times_missing(session)
    lately = times.filter(pl.col("missing_date") > session.as_at - _YEAR)
    st.header(f"Missing in the last year ({lately.height})", anchor=False)
    if lately.is_empty():
        st.markdown("No time is recorded.")
        return
    called = names.call_rows(lately).select(*_SHOWN).rename(_SHOWN)
    components.render_table(
        tables.tabulate_plain_rows(called),
        alt="Times missing, the newest first",
        max_rows=components.MAX_TABLE_ROWS,
    )


def render_leavers(session: access.Session) -> None:
    """What was told last of each young person of the school who has left care."""
    told = names.call_rows(read.fetch_care_leavers(session)).unique(
        "pupil_id", keep="first", maintain_order=True
    )
    st.header(f"Young people who have left care ({told.height})", anchor=False)
    if told.is_empty():
        st.markdown("Nothing has been told of one.")
        return
    shown = told.select(*_LEAVERS).rename(_LEAVERS)
    components.render_table(
        tables.tabulate_plain_rows(shown),
        alt="Young people who have left care, as told last",
        max_rows=components.MAX_TABLE_ROWS,
    )


def _render_note(session: access.Session, row: read.LeadConcern, place: int) -> None:
    mark = "▲ " if row["is_past"] else ""
    again = row["follow_up_date"]
    day = f"{mark}{words.format_near_day(again, session.as_at)}" if again else words.NOTHING
    what = f"{row['kind']}: {row['line']} ({row['level_of_concern']}; {row['raised_by']})"
    with rows.open_row("note", str(place)):
        render_child(session, row["pupil_id"], row["handle"], is_member=row["is_member"])
        rows.render_cells(
            rows.format_cell(words.format_near_day(row["concern_date"], session.as_at), "when"),
            rows.format_cell(what, "what"),
            rows.format_cell(day, "again", "Look again"),
        )
        st.button(
            f"Settle *the note on {escape(names.call(row['pupil_id'], row['handle']))}*",
            key=f"settle-{place}",
            on_click=_open,
            args=(row,),
        )


def _render_fields(session: access.Session, row: read.LeadConcern) -> None:
    st.markdown(escape(f"{row['kind']}: {row['line']}"))
    done = st.pills(
        "What was done?",
        concerns.list_done(),
        format_func=words.capitalise,
        default=row["done"],
        key=_key("done"),
    )
    what = st.segmented_control(
        "And now?", [_CLOSE, _WAIT], default=_CLOSE, required=True, key=_key("now")
    )
    label = "Closed on" if what == _CLOSE else "Look again on"
    day = st.date_input(label, session.as_at, format="DD/MM/YYYY", key=_key(label))
    if st.button("Save", type="primary", key=_key("save")):
        _settle(session, row, done or "", day, is_closed=what == _CLOSE)


def _settle(
    session: access.Session, row: read.LeadConcern, done: str, day: date, *, is_closed: bool
) -> None:
    wrong = concerns.record_outcome(
        session,
        _PAGE,
        row,
        done=done,
        follow_up=row["follow_up_date"] if is_closed else day,
        closed=day if is_closed else None,
    )
    for text in wrong:
        st.error(escape(text))
    if not wrong:
        _close()
        tab.forget_widgets()
        st.rerun()


def _open(row: read.LeadConcern) -> None:
    st.session_state[_OPEN] = row


def _close() -> None:
    st.session_state.pop(_OPEN, None)


def _key(field: str) -> str:
    return tab.build_widget_key(f"note-{field}")
