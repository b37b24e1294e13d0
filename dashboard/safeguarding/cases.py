"""Where each child in need or on a plan stands, and what is next with whom to ring."""

from collections.abc import Sequence

import polars as pl
import streamlit as st

from dashboard.text import standing, words
from dashboard.text.standing import DutyDate
from dashboard.ui import actions, names, rows
from dashboard.ui.markdown import escape
from queries import read
from safeguards.access import access

#: Lines of what is due before the rest is only counted.
_MOST = 15
_ORDINALS = {2: "second", 3: "third"}


def format_headline(cases: pl.DataFrame, dates: Sequence[DutyDate]) -> str:
    """The title: how many are on a plan, and what is overdue."""
    on_plan = cases.filter(pl.col("plan_since").is_not_null()).height
    past = sum(each.is_past for each in dates)
    first = f"{words.capitalise(words.format_count(on_plan, 'child'))} on a protection plan"
    if not past:
        return f"{first}, nothing is overdue"
    return f"{first}, {words.format_count(past, 'date')} {words.pluralise(past, 'is')} overdue"


def render_cases(session: access.Session, cases: pl.DataFrame, dates: Sequence[DutyDate]) -> None:
    """A row a child whose case is open; those that are closed in one line."""
    is_open = cases.filter(pl.col("stage") != "closed")
    st.header(f"Where each child stands ({is_open.height})", anchor=False)
    if is_open.is_empty():
        st.markdown("No step of an open case is recorded up to this day.")
    else:
        rows.render_heads("case", "Child", "Year", "How things stand", "Next, and whom to ring")
    with st.container(key="list-cases"):
        for row in read.list_rows(read.LeadCase, is_open):
            own = [each for each in dates if each.pupil_id == row["pupil_id"]]
            _render_case(session, row, own)
    closed = read.list_rows(read.LeadCase, cases.filter(stage="closed"))
    if closed:
        told = "; ".join(
            f"{names.call(row['pupil_id'], row['handle'])} ({_describe_closing(row, session)})"
            for row in closed
        )
        st.markdown(escape(f"Closed: {told}."))


def render_other_dates(
    session: access.Session, cases: pl.DataFrame, dates: Sequence[DutyDate]
) -> None:
    """What is due to children without an open case, the overdue first; nothing if nothing is."""
    listed = set(cases.filter(pl.col("stage") != "closed")["pupil_id"])
    near = [
        each for each in standing.select_near(dates, session.as_at) if each.pupil_id not in listed
    ]
    if not near:
        return
    st.header(f"Due to other children ({len(near)})", anchor=False)
    near.sort(key=lambda each: not each.is_past)
    for place, each in enumerate(near[:_MOST]):
        with rows.open_row("due", f"protection-{place}"):
            rows.render_cells(
                rows.format_status(each.state, names.call(each.pupil_id, each.handle)),
                rows.format_cell(each.name, "what"),
                rows.format_cell(words.capitalise(each.text), "how"),
                rows.format_cell(describe_whom_to_ring(each), "quiet who"),
            )
    if len(near) > _MOST:
        st.markdown(f"And {len(near) - _MOST} more.")


def render_child(session: access.Session, pupil_id: str, handle: str, *, is_member: bool) -> None:
    """The link to a child's page; the name or code alone where no page shows the child."""
    if is_member:
        rows.render_child_link(session, pupil_id, handle)
    else:
        st.markdown(escape(words.capitalise(names.call(pupil_id, handle))))


def describe_case(row: read.LeadCase, session: access.Session) -> str:
    """How things stand, in a sentence: "On a plan since 3 Mar for neglect, the second plan"."""
    parts = [words.capitalise(row["stage"])]
    if row["plan_since"]:
        day = words.format_near_day(row["plan_since"], session.as_at)
        parts = [f"On a plan since {day}"]
        if row["abuse"]:
            parts.append(f"for {row['abuse'].lower()}")
        if row["plans"] > 1:
            parts.append(f"the {_ORDINALS.get(row['plans'], str(row['plans']) + 'th')} plan")
    if row["referred_date"]:
        day = words.format_near_day(row["referred_date"], session.as_at)
        parts.append(f"referred {day}{', again within a year' * bool(row['is_re_referral'])}")
    met = max(filter(None, (row["last_core_group_date"], row["last_review_date"])), default=None)
    if row["plan_since"] and met:
        parts.append(f"last met {words.format_near_day(met, session.as_at)}")
    return ", ".join(parts)


def describe_whom_to_ring(each: DutyDate) -> str:
    """Whom to ring about a date: who holds it."""
    return f"Ring: {each.holder.lower()}" if not each.holder.startswith("School") else "School"


def _render_case(session: access.Session, row: read.LeadCase, dates: Sequence[DutyDate]) -> None:
    following = standing.find_strongest(dates)
    told = "Nothing is outstanding"
    if following:
        others = [each for each in standing.select_near(dates, session.as_at) if each != following]
        told = ". ".join(
            f"{each.name}, {each.text}. {describe_whom_to_ring(each)}"
            for each in (following, *others)
        )
    with rows.open_row("case", row["handle"]):
        render_child(session, row["pupil_id"], row["handle"], is_member=row["is_member"])
        rows.render_cells(
            rows.format_year(row["pupil_id"], row["year_group"]),
            rows.format_cell(describe_case(row, session), "what"),
            rows.format_labelled("Next", rows.format_status(following.state, told))
            if following
            else rows.format_cell(told, "quiet", "Next"),
        )
        actions.render_log_button(session, "safeguarding", row["pupil_id"], row["handle"])


def _describe_closing(row: read.LeadCase, session: access.Session) -> str:
    day = row["closed_date"]
    parts = [words.format_near_day(day, session.as_at) if day else f"day {words.NOT_RECORDED}"]
    return ", ".join([*parts, *([row["closure_reason"].lower()] if row["closure_reason"] else [])])
