"""The parts of Today that the day's duties and reasons make: lists of children, not numbers."""

import polars as pl
import streamlit as st

from dashboard.text import changes, duty_tables, rules, scores, words
from dashboard.text import duties as plan_words
from dashboard.ui import components
from dashboard.ui.markdown import escape
from queries import read
from queries.rows import NeedsALook
from safeguards.access import access

#: Children shown before "Show all".
_FIRST = 4
#: Statuses of `duty`: the day has passed, is near, or is not there.
PAST_STATUSES = changes.PAST_STATUSES
_COMING_STATUSES = ("due soon", "booked")
UNKNOWN_STATUSES = ("cannot be known", "not recorded")


def fetch_reasons(session: access.Session) -> pl.DataFrame:
    """needs_a_look by year group and handle, each reason in words with the figures of its rule.

    A reason out of data that the role does not see is not there.
    """
    hidden = [
        rule["rule"]
        for rule in read.load_attention_rules().to_dicts()
        if not session.has_category(rule["category"])
    ]
    looks = read.fetch_attention_reasons(session).filter(~pl.col("rule").is_in(hidden))
    return rules.add_reasons(looks, rules.list_figures(read.fetch_thresholds(session)))


def select_near_duties(duties: pl.DataFrame) -> pl.DataFrame:
    """The open duties with a day near: past ones, those due soon and those booked."""
    return group_duties(duties.filter(pl.col("status").is_in([*PAST_STATUSES, *_COMING_STATUSES])))


def group_duties(duties: pl.DataFrame) -> pl.DataFrame:
    """Duties of one child, rule and status as one row with their number and first day."""
    return (
        duties.group_by("pupil_id", "rule", "status", maintain_order=True)
        .agg(pl.all().first(), number=pl.len())
        .sort("next_date", "year_group", "handle", nulls_last=True, maintain_order=True)
    )


def format_headline(looks: pl.DataFrame, near: pl.DataFrame) -> str:
    """The first sentence of Today."""
    past = near.filter(pl.col("status").is_in(PAST_STATUSES)).height
    return plan_words.format_headline(looks["pupil_id"].n_unique(), near.height - past, past)


def render_needs_a_look(session: access.Session, looks: pl.DataFrame, near: pl.DataFrame) -> None:
    """The children with an open reason, by year group and handle."""
    st.header("Needs a look")
    shown = looks.filter(~pl.col("is_closed"))
    groups = shown.partition_by("pupil_id", maintain_order=True)
    if not groups:
        coming = near.filter(pl.col("next_date") >= session.as_at)
        nearest = read.get_first_row(read.MemberDuty, coming)
        st.markdown(escape(plan_words.describe_no_reasons(nearest)))
    actions = read.fetch_last_actions(session)
    figures = rules.list_figures(read.fetch_thresholds(session))
    rule_of = {row["rule"]: row for row in read.load_attention_rules().to_dicts()}
    more = len(groups) > _FIRST and st.toggle(f"Show all {len(groups)} children", key="all-looks")
    for group in groups if more else groups[:_FIRST]:
        rows = read.list_rows(NeedsALook, group)
        child = rows[0]
        text = (
            f"{plan_words.describe_reasons(group['reason'])} "
            f"{plan_words.describe_last_action(actions.get(child['pupil_id']))}"
        )
        text_column = components.render_child_row(
            child["pupil_id"],
            child["handle"],
            f"{words.format_year_group(child['year_group'])}. {text}",
            "look",
        )
        with text_column.expander("Why is this here?", key=f"why-{child['handle']}"):
            for row in rows:
                st.markdown(escape(rules.describe_rule(rule_of[row["rule"]], figures)))
    if hidden := looks.filter(pl.col("is_closed")).height:
        components.render_small_text(plan_words.describe_closed_reasons(hidden))


def render_changes(
    session: access.Session, looks: pl.DataFrame, duties: pl.DataFrame, members: pl.DataFrame
) -> None:
    """What is new since this person's last visit, child by child.

    Nothing is drawn for a first visit, nor while the data have not moved on.
    """
    day = session.find_last_seen_day("today")
    if day is None or day >= session.as_at:
        return
    then = session.copy_as_at(day)
    found = pl.concat(
        [
            changes.find_reason_changes(fetch_reasons(then), looks, members),
            changes.find_duty_changes(read.fetch_duties(then), duties, day),
        ]
    ).sort("year_group", "handle", nulls_last=True, maintain_order=True)
    st.header("Since you last looked")
    components.render_small_text(
        f"Data then: to {words.format_short_day(day)}. "
        "A record that came late counts for the day it is about."
    )
    if found.is_empty():
        st.markdown("Nothing new.")
        return
    here = found.filter(pl.col("change") != changes.DEPARTED)
    groups = here.partition_by("pupil_id", maintain_order=True)
    more = len(groups) > _FIRST and st.toggle(
        f"Show all {len(groups)} children with something new", key="all-since"
    )
    for group in groups if more else groups[:_FIRST]:
        text = changes.describe_changes(read.list_rows(changes.Change, group))
        components.render_child_row(group["pupil_id"][0], group["handle"][0], text, "since")
    if departures := changes.describe_departures(found):
        st.markdown(escape(departures))


def render_due(near: pl.DataFrame) -> None:
    """What is due in the school days that count as soon, and what has passed, by date."""
    days = read.get_due_soon_days()
    st.header(f"Due in the next {days} school days")
    if near.is_empty():
        st.markdown("Nothing is due, and no date has passed.")
        return
    components.render_small_text(
        "By date. Dates that have passed come first, with who holds the next step."
    )
    components.render_table(
        duty_tables.tabulate_duties(near), alt="Dates by day", max_rows=components.MAX_TABLE_ROWS
    )


def render_unknown(duties: pl.DataFrame) -> None:
    """The worklist: what no record tells, in words."""
    unknown = group_duties(duties.filter(pl.col("status").is_in(UNKNOWN_STATUSES)))
    st.header("Not recorded yet")
    if unknown.is_empty():
        st.markdown("Every date can be known from the records.")
        return
    components.render_small_text(
        "Each asks for one record. A letter, a call or the next file can bring it."
    )
    components.render_table(
        duty_tables.tabulate_unknown(unknown),
        alt="What is not recorded",
        max_rows=components.MAX_TABLE_ROWS,
    )


def render_good_news(session: access.Session, week: pl.DataFrame) -> None:
    """A full week in school; and for roles that may see them, scores and meetings."""
    whole = week.filter(
        (pl.col("absent_sessions") == 0)
        & (pl.col("possible_sessions") > 0)
        & (pl.col("not_recorded_sessions") == 0)
    )
    counted = week.filter(pl.col("possible_sessions") > 0)
    lines = [plan_words.describe_full_week(whole.height, counted.height)]
    first = session.as_at.replace(day=1)
    if session.has_category("plans"):
        on_time = read.fetch_peps(session).filter(
            (pl.col("pep_date") >= first) & pl.col("is_on_time")
        )
        lines.append(plan_words.describe_peps_on_time(on_time["handle"].to_list()))
    if session.has_category("wellbeing"):
        lines += scores.describe_lower_scores(
            read.fetch_sdq(session).filter(pl.col("sdq_date") >= first)
        )
    st.header("Good news")
    found = [line for line in lines if line]
    st.markdown("\n".join(f"- {escape(line)}" for line in found) or "The week has only begun.")
