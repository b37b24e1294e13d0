"""Wellbeing: how scores have changed, the newest score of each child, and health checks.

The scores are those of the SDQ.  Health and dental checks have a row for each child in care and a
column for each check.
"""

from dataclasses import replace

import polars as pl
import streamlit as st

from dashboard.charts.figure import Figure
from dashboard.charts.slope import draw_score_slope
from dashboard.text import cells, duty_tables, recurring, rules, scores, standing, words
from dashboard.ui import components, lists, names, tab
from queries import read
from safeguards.access import access, recall


def render() -> None:
    """Draw the page."""
    session = tab.enter("wellbeing")
    if components.render_no_children(session, "wellbeing"):
        return
    own = components.render_place_choice(session)
    coverage = read.fetch_sdq_coverage(session, own)
    title = components.say_whose(session, scores.format_headline(coverage))
    components.render_title("wellbeing", title)
    st.markdown(scores.describe_coverage(coverage))

    all_scores = _list_scores(session, own)
    scored = all_scores.drop_nulls("total")["pupil_id"].n_unique()
    if components.say_too_many(session, scored, "scores"):
        _render_newest(session, own)
    else:
        left, right = st.columns(2, gap="large")
        with left:
            _render_changes(session, own, all_scores)
        with right:
            _render_newest(session, own)
    _render_checks(session, own)
    components.render_small_text(words.spell_out_terms("SDQ"))


def _render_changes(session: access.Session, own: read.Own, all_scores: pl.DataFrame) -> None:
    """Draw a chart for each kind of form with two scores by one person, or words instead."""
    scored = all_scores.drop_nulls("total")
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
        drawn = _draw_changes(session, own, informant)
        children = scored.filter(informant=informant)["pupil_id"].n_unique()
        if drawn:
            components.render_figure(drawn, f"slope-{informant}")
        elif children:
            st.markdown(scores.describe_single_scores(informant, children))


@names.share_while_hidden
def _draw_changes(session: access.Session, own: read.Own, informant: str) -> Figure | None:
    return draw_score_slope(_list_scores(session, own), informant, read.load_sdq_bands(informant))


def _render_newest(session: access.Session, own: read.Own) -> None:
    """Draw the children in care with the carer's newest score, or why there is none."""
    recent = _tabulate_newest(session, own)
    if recent.is_empty():
        return
    lately = f"in the last {rules.format_deadline('SDQ_YEARLY')}"
    st.header(f"Scores by the carer {lately}", anchor=False)
    components.render_cards(recent, alt=f"Scores {lately}")


@names.share_while_hidden
def _list_scores(session: access.Session, own: read.Own) -> pl.DataFrame:
    return names.call_rows(read.select_own(read.fetch_sdq(session), own))


@names.share_while_hidden
def _tabulate_newest(session: access.Session, own: read.Own) -> pl.DataFrame:
    in_care = read.select_own(read.fetch_members(session).filter("is_looked_after"), own)
    scored = _list_scores(session, own).filter("is_of_the_year")
    return duty_tables.tabulate_newest_scores(names.call_rows(in_care).to_dicts(), scored)


def _render_checks(session: access.Session, own: read.Own) -> None:
    """Draw how each check of each child stands, or what is missing if no check was loaded."""
    health = read.select_own(read.fetch_health(session), own)
    st.header("Health and dental checks", anchor=False)
    if health.is_empty():
        st.markdown("No child is looked after now, so no check is due.")
        return
    if health["last_outcome"].is_null().all() and health["booked_date"].is_null().all():
        components.render_no_rows(
            session,
            "health.csv",
            "No health check is recorded yet",
            "health assessments, dental checks, immunisations and the optician",
            "Ask the looked-after children nurse for the dates.",
        )
        return
    subjects = health["subject"].unique(maintain_order=True)
    heads = (lists.CHILD, lists.YEAR, *map(words.capitalise, subjects))
    rows = lists.select_rows(_list_checks(session), own)
    group = lists.Group(rows, label="Health and dental checks")
    lists.render_list(session, "checks", "check", heads, [group])
    components.render_small_text(" · ".join(standing.list_marks()))


@recall.share
def _list_checks(session: access.Session) -> list[lists.Row]:
    """Return a row for each child, with the checks in the order of the first child's."""
    dates: dict[str, list[standing.DutyDate]] = {}
    for duty in standing.fetch_dates(session):
        dates.setdefault(duty.pupil_id, []).append(duty)
    rows: dict[str, lists.Row] = {}
    for row in read.fetch_health(session).to_dicts():
        pupil_id = row["pupil_id"]
        child = lists.Row((), (pupil_id, row["handle"]), row["year_group"])
        state = recurring.find_check_state(row, dates.get(pupil_id, ()), session.as_at)
        before = rows.get(pupil_id, child)
        cell = cells.format_status(state.state, state.text)
        rows[pupil_id] = replace(before, cells=(*before.cells, cell))
    return list(rows.values())
