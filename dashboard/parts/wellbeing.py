"""The parts of Wellbeing: how scores have changed, the newest of each child, and health checks.

Scores are of strengths and difficulties. Health and dental checks have a row a child in care and
a column a check.
"""

import polars as pl
import streamlit as st
from markupsafe import Markup

from dashboard.charts import catalogue as charts
from dashboard.text import duty_tables, recurring, rules, scores, standing, words
from dashboard.ui import components, rows
from queries import read
from queries.read import Row
from safeguards.access import access


def render_changes(session: access.Session, found: pl.DataFrame) -> None:
    """A chart for each kind of form with two scores by one person, or words in its place."""
    scored = found.drop_nulls("total")
    if scored.is_empty():
        st.header("How scores have changed", anchor=False)
        components.render_no_rows(
            session,
            "sdq.csv",
            "No SDQ yet",
            "each child's last two scores, a chart for each kind of form",
            "Ask the social worker: carers fill it in.",
        )
    for informant in scores.INFORMANTS:
        bands = read.load_sdq_bands(informant)
        drawn = components.draw(charts.draw_score_slope, found, informant, bands)
        children = scored.filter(informant=informant)["pupil_id"].n_unique()
        if drawn:
            components.render_figure(drawn, f"slope-{informant}")
        elif children:
            st.markdown(scores.describe_single_scores(informant, children))


def render_newest(members: pl.DataFrame, found: pl.DataFrame) -> None:
    """The children in care with the carer's newest score, or why there is none."""
    in_care = members.filter("is_looked_after")
    if in_care.is_empty():
        return
    lately = f"in the last {rules.format_deadline('SDQ_YEARLY')}"
    st.header(f"Scores by the carer {lately}", anchor=False)
    recent = duty_tables.tabulate_newest_scores(in_care.to_dicts(), found.filter("is_of_the_year"))
    components.render_table(recent, alt=f"Scores {lately}")


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
    checks = health.to_dicts()
    subjects = list(dict.fromkeys(row["subject"] for row in checks))
    rows.render_heads("check", "Child", "Year", *map(words.capitalise, subjects))
    children: dict[str, dict[str, Row]] = {}
    for row in checks:
        children.setdefault(row["pupil_id"], {})[row["subject"]] = row
    with st.container(key="list-checks"):
        for own in children.values():
            _render_checks_of(session, own, subjects)
    components.render_small_text(" · ".join(standing.list_marks()))


def _render_checks_of(session: access.Session, own: dict[str, Row], subjects: list[str]) -> None:
    first = next(iter(own.values()))
    with rows.open_row("check", first["handle"]):
        rows.render_child_link(session, first["pupil_id"], first["handle"])
        cells = [
            _format_check(words.capitalise(subject), own.get(subject), session)
            for subject in subjects
        ]
        rows.render_cells(rows.format_year(first["pupil_id"], first["year_group"]), *cells)


def _format_check(head: str, row: Row | None, session: access.Session) -> Markup:
    if row is None:
        return rows.format_cell(words.NOTHING, "none", head)
    state = recurring.find_check_state(row, session.as_at)
    return rows.format_labelled(head, rows.format_status(state.state, state.text))
