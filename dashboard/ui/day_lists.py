"""The parts of Today that the day's duties and reasons make: lists of children, not numbers."""

from typing import Any

import polars as pl
import streamlit as st

from dashboard.text import changes, duty_tables, scores, words
from dashboard.text import duties as plan_words
from dashboard.ui import components
from dashboard.ui.markdown import plain
from queries import read
from safeguards.access import access

#: Children shown before "Show all".
_FIRST = 4
#: Statuses of `duty`: the day has passed, is near, or is not there.
PAST = changes.PAST
_COMING = ("due soon", "booked")
UNKNOWN = ("cannot be known", "not recorded")


def upcoming(duties: pl.DataFrame) -> pl.DataFrame:
    """The open duties with a day near: past ones, those due soon and those booked."""
    return grouped(duties.filter(pl.col("status").is_in([*PAST, *_COMING])))


def grouped(duties: pl.DataFrame) -> pl.DataFrame:
    """Duties of one child, rule and status as one row with their number and first day."""
    return (
        duties.group_by("pupil_id", "rule", "status", maintain_order=True)
        .agg(pl.all().first(), number=pl.len())
        .sort("next_date", "year_group", "handle", nulls_last=True, maintain_order=True)
    )


def headline(looks: pl.DataFrame, near: pl.DataFrame) -> str:
    """The first sentence of Today."""
    past = near.filter(pl.col("status").is_in(PAST)).height
    return plan_words.headline(looks["pupil_id"].n_unique(), near.height - past, past)


def needs_a_look(held: access.Session, looks: pl.DataFrame, near: pl.DataFrame) -> None:
    """The children with an open reason, by year group and handle."""
    st.header("Needs a look")
    shown = looks.filter(~pl.col("is_closed"))
    groups = shown.partition_by("pupil_id", maintain_order=True)
    if not groups:
        coming = near.filter(pl.col("next_date") >= held.as_at)
        nearest = coming.row(0, named=True) if coming.height else None
        st.markdown(plain(plan_words.nothing_to_look_at(nearest)))
    actions = {row["pupil_id"]: row for row in read.last_actions(held).to_dicts()}
    rules = {row["rule"]: row for row in read.look_rules().to_dicts()}
    more = len(groups) > _FIRST and st.toggle(f"Show all {len(groups)} children", key="all-looks")
    for group in groups if more else groups[:_FIRST]:
        rows = group.to_dicts()
        child = rows[0]
        said = f"{plan_words.reasons(rows)} {_acted(actions.get(child['pupil_id']))}"
        beside = components.child_row(
            child["pupil_id"],
            child["handle"],
            f"{words.year_group(child['year_group'])}. {said}",
            "look",
        )
        with beside.expander("Why is this here?", key=f"why-{child['handle']}"):
            for row in rows:
                st.markdown(plain(plan_words.why(rules[row["rule"]])))
    if hidden := looks.filter(pl.col("is_closed")).height:
        components.quiet(plan_words.closed(hidden))


def since_last_looked(
    held: access.Session, looks: pl.DataFrame, duties: pl.DataFrame, members: pl.DataFrame
) -> None:
    """What is new since this person's last visit, child by child.

    Nothing is drawn for a first visit, nor while the data have not moved on.
    """
    day = held.last_looked("today")
    if day is None or day >= held.as_at:
        return
    then = held.at(day)
    found = pl.concat(
        [
            changes.looks(read.looks(then), looks, members),
            changes.duties(read.duties(then), duties, day),
        ]
    ).sort("year_group", "handle", nulls_last=True, maintain_order=True)
    st.header("Since you last looked")
    components.quiet(
        f"Data then: to {words.short_day(day)}. "
        "A record that came late counts for the day it is about."
    )
    if found.is_empty():
        st.markdown("Nothing new.")
        return
    here = found.filter(pl.col("change") != changes.LEFT)
    groups = here.partition_by("pupil_id", maintain_order=True)
    more = len(groups) > _FIRST and st.toggle(
        f"Show all {len(groups)} children with something new", key="all-since"
    )
    for group in groups if more else groups[:_FIRST]:
        said = changes.said(group.to_dicts())
        components.child_row(group["pupil_id"][0], group["handle"][0], said, "since")
    if left := changes.left(found):
        st.markdown(plain(left))


def due(near: pl.DataFrame) -> None:
    """What is due in the school days that count as soon, and what has passed, by date."""
    days = read.soon_school_days()
    st.header(f"Due in the next {days} school days")
    if near.is_empty():
        st.markdown("Nothing is due, and no date has passed.")
        return
    components.quiet("By date. Dates that have passed come first, with who holds the next step.")
    components.table(duty_tables.duties(near), alt="Dates by day", most=components.LONG_TABLE)


def cannot_be_known(duties: pl.DataFrame) -> None:
    """The worklist: what no record tells, in words."""
    unknown = grouped(duties.filter(pl.col("status").is_in(UNKNOWN)))
    st.header("Not recorded yet")
    if unknown.is_empty():
        st.markdown("Every date can be known from the records.")
        return
    components.quiet("Each asks for one record. A letter, a call or the next file can bring it.")
    components.table(
        duty_tables.unknown(unknown), alt="What is not recorded", most=components.LONG_TABLE
    )


def good_news(held: access.Session, week: pl.DataFrame) -> None:
    """A full week in school; and for roles that may see them, scores and meetings."""
    whole = week.filter(
        (pl.col("absent_sessions") == 0)
        & (pl.col("possible_sessions") > 0)
        & (pl.col("not_recorded_sessions") == 0)
    )
    counted = week.filter(pl.col("possible_sessions") > 0)
    lines = [plan_words.full_week(whole.height, counted.height)]
    first = held.as_at.replace(day=1)
    if held.sees("plans"):
        on_time = read.peps(held).filter((pl.col("pep_date") >= first) & pl.col("is_on_time"))
        lines.append(plan_words.pep_on_time(on_time["handle"].to_list()))
    if held.sees("wellbeing"):
        lines += scores.came_down(read.sdq(held).filter(pl.col("sdq_date") >= first))
    st.header("Good news")
    found = [line for line in lines if line]
    st.markdown("\n".join(f"- {plain(line)}" for line in found) or "The week has only begun.")


def _acted(row: dict[str, Any] | None) -> str:
    return plan_words.last_action(row)
