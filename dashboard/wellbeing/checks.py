"""Health and dental checks: a row a child in care and a column a check."""

import streamlit as st
from markupsafe import Markup

from dashboard.text import recurring, standing, words
from dashboard.ui import components, rows
from queries import read
from safeguards.access import access


def render_checks(session: access.Session) -> None:
    """Where each child stands in each check, and what is missing where nothing was loaded."""
    health = read.fetch_health(session)
    st.header("Health and dental checks", anchor=False)
    if health.is_empty():
        st.markdown("No child is looked after now, so no check is asked for.")
        return
    if (health["state"] == "not recorded").all():
        components.render_no_rows(
            session,
            "health.csv",
            "No health check is recorded yet",
            "health assessments, dental checks, immunisations and the optician",
            "Ask the looked-after children nurse for the dates.",
        )
        return
    checks = read.list_rows(recurring.MemberHealth, health)
    subjects = list(dict.fromkeys(row["subject"] for row in checks))
    rows.render_heads("check", "Child", "Year", *map(words.capitalise, subjects))
    children: dict[str, dict[str, recurring.MemberHealth]] = {}
    for row in checks:
        children.setdefault(row["pupil_id"], {})[row["subject"]] = row
    with st.container(key="list-checks"):
        for own in children.values():
            _render_child(session, own, subjects)
    components.render_small_text(" · ".join(standing.list_marks()))


def _render_child(
    session: access.Session, own: dict[str, recurring.MemberHealth], subjects: list[str]
) -> None:
    first = next(iter(own.values()))
    with rows.open_row("check", first["handle"]):
        rows.render_child_link(session, first["pupil_id"], first["handle"])
        cells = [
            _format_check(words.capitalise(subject), own.get(subject), session)
            for subject in subjects
        ]
        rows.render_cells(rows.format_year(first["pupil_id"], first["year_group"]), *cells)


def _format_check(head: str, row: recurring.MemberHealth | None, session: access.Session) -> Markup:
    if row is None:
        return rows.format_cell(words.NOTHING, "none", head)
    state = recurring.find_check_state(row, session.as_at)
    return rows.format_labelled(head, rows.format_status(state.state, state.text))
