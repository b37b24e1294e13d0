"""Scores of strengths and difficulties: how they have changed, and the newest of each child."""

import polars as pl
import streamlit as st

from dashboard import charts
from dashboard.text import duty_tables, rules
from dashboard.text import scores as score_words
from dashboard.ui import components
from queries import read
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
    for informant in score_words.INFORMANTS:
        bands = read.load_sdq_bands(informant)
        drawn = components.draw(charts.draw_score_slope, found, informant, bands)
        children = scored.filter(informant=informant)["pupil_id"].n_unique()
        if drawn:
            components.render_figure(drawn, f"slope-{informant}")
        elif children:
            st.markdown(score_words.describe_single_scores(informant, children))


def render_newest(members: pl.DataFrame, found: pl.DataFrame) -> None:
    """The children in care with the carer's newest score, or why there is none."""
    in_care = members.filter("is_looked_after")
    if in_care.is_empty():
        return
    lately = f"in the last {rules.format_deadline('SDQ_YEARLY')}"
    st.header(f"Scores by the carer {lately}", anchor=False)
    recent = duty_tables.tabulate_newest_scores(
        read.list_rows(read.Member, in_care), found.filter("is_of_the_year")
    )
    components.render_table(recent, alt=f"Scores {lately}")
