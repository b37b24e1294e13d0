"""Taking a faulty row off the list where nobody can mend it; who did so is on record."""

import polars as pl
import streamlit as st

from dashboard.text import words
from dashboard.ui import tab
from dashboard.ui.markdown import escape
from intake.build import entries
from intake.build.flagged import count_alike
from intake.problems import IntakeError
from safeguards.access import access

#: What was kept, said once more after the page has run again.
_MESSAGE = "waive-said"
_HINT = (
    "The row stays out of every figure. Mend it in the school's system if you can: then the next "
    "load takes it. Rows of a file with the same fault, of the same child and day, go together: "
    "those that are listed now, and later ones too. Who took it off the list, when and why is kept."
)


def render_message() -> None:
    """That a row was taken off, once, after the page has run again."""
    if message := st.session_state.pop(_MESSAGE, None):
        st.success(message)


def render_waiver(session: access.Session, found: pl.DataFrame) -> None:
    """The form below the rows of check_left_out, for a role that may."""
    if not session.is_allowed("data_check", "waive_row") or found.is_empty():
        return
    rows = list(found.with_columns(alike=count_alike(found)).iter_rows(named=True))
    with (
        st.expander("Take a row off this list"),
        st.form(tab.build_widget_key("waive"), border=False),
    ):
        st.markdown(_HINT)
        place = st.selectbox(
            "Which row?",
            range(len(rows)),
            format_func=lambda number: _name_row(rows[number]),
            key=tab.build_widget_key("waive-row"),
        )
        reason = st.selectbox(
            "Why?",
            entries.WAIVER_REASONS,
            index=None,
            placeholder="Choose one",
            key=tab.build_widget_key("waive-why"),
        )
        if st.form_submit_button("Take it off"):
            if reason is None:
                st.warning("Choose why.")
            else:
                _waive(session, rows[place], reason)


def _waive(session: access.Session, row: dict[str, object], reason: str) -> None:
    try:
        entries.waive_row(
            session,
            source_id=int(str(row["source_id"])),
            row_number=int(str(row["row_number"])),
            column_name=str(row["column_name"] or ""),
            fault=str(row["fault"]),
            reason=reason,
        )
    except IntakeError as error:
        st.warning(escape(str(error)))
        return
    count = words.format_count(int(str(row["alike"])), "row")
    st.session_state[_MESSAGE] = f"{count} taken off the list."
    st.rerun()


def _name_row(row: dict[str, object]) -> str:
    column = f", {row['column_name']}" if row["column_name"] else ""
    more = f" ({row['alike']} rows go)" if row["alike"] != 1 else ""
    return f"{row['file_name']}, row {row['row_number']}{column}: {row['fault']}{more}"
