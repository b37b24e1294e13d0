"""Wellbeing: whether life is getting easier, and who has a score and a health check."""

import polars as pl
import streamlit as st

from dashboard import charts
from dashboard.text import duty_tables, recurring, rules, words
from dashboard.text import scores as score_words
from dashboard.ui import components, tab
from queries import read

session = tab.enter("wellbeing")
st.title("Wellbeing")
members = read.fetch_members(session)
if members.is_empty():
    components.render_no_children()
    st.stop()
components.render_small_text(words.spell_out_terms("SDQ"))
scores, coverage = read.fetch_sdq(session), read.fetch_sdq_coverage(session)

st.header("Who has a score")
if coverage:
    st.metric(
        "Children with a carer's score",
        f"{coverage['scored_children']} of {coverage['children']}",
        border=True,
        width="content",
    )
st.markdown(score_words.describe_coverage(coverage))

st.header("Scores and how they moved")
if scores.filter(pl.col("total").is_not_null()).is_empty():
    components.render_no_rows(
        session,
        "sdq.csv",
        "No SDQ yet",
        "each child's last two scores, a chart for each kind of form",
        "Ask the social worker: carers fill it in.",
    )
for informant in score_words.INFORMANTS:
    drawn = charts.draw_score_slope(scores, informant, read.load_sdq_bands(informant))
    scored = scores.filter((pl.col("informant") == informant) & pl.col("total").is_not_null())
    if drawn:
        components.render_figure(drawn, f"slope-{informant}")
    elif scored.height:
        st.markdown(score_words.describe_single_scores(informant, scored["pupil_id"].n_unique()))

in_care = members.filter("is_looked_after")
if in_care.height:
    lately = f"in the last {rules.format_deadline('SDQ_YEARLY')}"
    st.subheader(f"Scores by the carer {lately}")
    recent = duty_tables.tabulate_newest_scores(
        read.list_rows(read.Member, in_care), scores.filter("is_of_the_year")
    )
    components.render_table(
        recent,
        alt=f"Scores {lately}",
    )

st.header("Health and dental checks")
health = read.fetch_health(session)
known = health.filter(pl.col("state") != "not recorded")
if in_care.is_empty():
    st.markdown("No child is looked after now, so no check is asked for.")
elif known.is_empty():
    components.render_no_rows(
        session,
        "health.csv",
        "No health check is recorded yet",
        "health assessments, dental checks, immunisations and the optician",
        "Ask the looked-after children nurse for the dates.",
    )
else:
    shapes = charts.draw_unit_shapes(recurring.tabulate_check_states(health))
    if shapes:
        components.render_figure(shapes, "checks")
