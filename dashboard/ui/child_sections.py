"""The parts of a child's page about duties, dates, scores and the sheet for a meeting."""

from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from dashboard import charts
from dashboard.text import duties as plan_words
from dashboard.text import duty_tables, sentences, tables, words
from dashboard.text import scores as score_words
from dashboard.ui import components
from dashboard.ui.day_lists import PAST, UNKNOWN, grouped
from dashboard.ui.markdown import plain
from queries import read
from safeguards.access import access

#: A timeline goes back to the start of the school year before this one.
_YEARS_BACK = 1
_SEPTEMBER = 9
#: For so many days the page says who has looked.
_LOOKED_DAYS = 28
_HEALTH_RULES = ("IHA", "RHA_U5", "RHA_5PLUS", "DENTAL_YEARLY")
_STEPS = {
    "requested_date": "assessment asked for",
    "plan_date": "plan issued",
    "last_review_date": "plan reviewed",
}


def of(rows: pl.DataFrame, pupil_id: str) -> pl.DataFrame:
    """The rows of one child."""
    return rows.filter(pl.col("pupil_id") == pupil_id)


def look_and_action(held: access.Session, pupil_id: str) -> None:
    """Why the child needs a look, if it does, and what somebody last did."""
    rows = of(read.looks(held), pupil_id).filter(~pl.col("is_closed")).to_dicts()
    if rows:
        st.markdown(f"**Needs a look:** {plain(plan_words.reasons(rows))}")
    last = of(read.last_actions(held), pupil_id)
    said = plan_words.last_action(last.row(0, named=True) if last.height else None)
    st.markdown(plain(said))


def dates(duties: pl.DataFrame) -> None:
    """The child's open duties, as a tile and by date."""
    is_open = grouped(duties.filter(pl.col("status") != "done"))
    past = is_open.filter(pl.col("status").is_in(PAST)).height
    st.header("Plans and dates")
    if is_open.is_empty():
        st.markdown("No date is open for this child.")
        return
    with st.container(horizontal=True):
        st.metric("Dates open", str(is_open.height), border=True)
        st.metric("Of these, passed", str(past), border=True)
    known = is_open.filter(~pl.col("status").is_in(UNKNOWN))
    if known.height:
        rows = duty_tables.duties(known, of_one_child=True)
        components.table(rows, alt="Dates of this child by day")
    for row in is_open.filter(pl.col("status").is_in(UNKNOWN)).to_dicts():
        st.markdown(plain(f"{plan_words.duty(row)}: {plan_words.status(row)}."))


def timeline(held: access.Session, child: dict[str, Any], duties: pl.DataFrame, year: str) -> None:
    """Two school years of periods and dates, with the lanes that the role may see."""
    first = date(int(year[:4]) - _YEARS_BACK, _SEPTEMBER, 1)
    drawn = charts.timeline(
        read.child_periods(held, child["pupil_id"]),
        _events(held, child["pupil_id"], duties),
        handle=child["handle"],
        first=first,
        last=held.as_at,
    )
    if drawn:
        st.header("What has happened?")
        components.figure(drawn, "timeline")


def scores(held: access.Session, pupil_id: str) -> None:
    """The child's scores in words, newest first."""
    st.header("Wellbeing")
    found = of(read.sdq(held), pupil_id)
    if found.is_empty():
        st.markdown("No SDQ yet. Ask the social worker: carers fill it in.")
        return
    components.quiet("A higher score means more difficulties. A change is by the same person.")
    components.table(
        duty_tables.scores(found.sort("sdq_date", maintain_order=True)), alt="Scores of this child"
    )


def pep_sheet(held: access.Session, child: dict[str, Any], year: str) -> None:
    """One page to print and copy from into any authority's form, by handle."""
    pupil_id = child["pupil_id"]
    components.quiet(
        f"Facts up to {words.short_day(held.as_at)}. Copy them into the authority's form. "
        "Keep the paper with the child's file."
    )
    years = read.child_years(held, pupil_id).filter(pl.col("academic_year") == year)
    st.subheader("Attendance this school year")
    st.markdown(words.sentence(words.missed(child["absent_sessions"], child["possible_sessions"])))
    if years.height:
        now = years.row(0, named=True)
        late = words.count(now["late_sessions"], "session")
        unauthorised = words.count(now["unauthorised_absent_sessions"], "session")
        st.markdown(f"Not authorised: {unauthorised}. Late: {late}.")
    st.subheader("Suspensions this school year")
    away = read.child_suspensions(held, pupil_id).filter(pl.col("academic_year") == year)
    if away.is_empty():
        st.markdown("No suspension is recorded.")
    else:
        components.table(duty_tables.suspensions(away), alt="Suspensions this school year")
    if held.sees("wellbeing"):
        st.subheader("Last SDQ")
        newest = of(read.sdq(held), pupil_id).group_by("informant", maintain_order=True).last()
        lines = [f"- {plain(score_words.score(row))}" for row in newest.to_dicts()]
        st.markdown("\n".join(lines) or "No SDQ yet. Ask the social worker.")
    st.subheader("Last PEP and its targets")
    meetings = of(read.peps(held), pupil_id).filter(pl.col("outcome") == "held")
    if meetings.is_empty():
        st.markdown("No PEP is recorded yet.")
    else:
        newest = meetings.tail(1)
        components.table(duty_tables.peps(newest).drop("Child"), alt="Last PEP")
        components.quiet("The targets themselves are in the last paper: only their number is held.")


def seen_by(held: access.Session, child: dict[str, Any]) -> None:
    """Who may see the child's page and, for the safeguarding lead, who has."""
    title = "Who can see this child, and who has looked"
    lines = sentences.who_may_see(is_restricted=child["is_restricted"])
    # the log is read only while somebody wants to know
    with st.expander(title, key="who-looked", on_change="rerun") as part:
        st.markdown("\n".join(f"- :small[{line}]" for line in lines))
        if not held.may("child", "audit"):
            components.quiet("Each look is written down. The safeguarding lead can read it.")
        elif part.open:
            components.quiet(
                f"Who opened this page in the last {_LOOKED_DAYS} days. "
                "Lists and figures of several children are not counted here."
            )
            rows = tables.looks(held.looks(child["pupil_id"], _LOOKED_DAYS))
            components.table(rows, alt="Who has looked at this child")


def _events(held: access.Session, pupil_id: str, duties: pl.DataFrame) -> list[charts.Event]:
    """What the role may see of the dates in a child's life at school."""
    events = [
        _event("Suspension", row["suspension_date"], words.count(row["sessions"], "session"))
        for row in read.child_suspensions(held, pupil_id).to_dicts()
    ]
    if held.sees("plans"):
        held_ones = of(read.peps(held), pupil_id).filter(pl.col("outcome") == "held")
        events += [_event("PEP", row["pep_date"], "held") for row in held_ones.to_dicts()]
        for row in of(read.ehcps(held), pupil_id).to_dicts():
            events += [
                _event("EHCP", row[column], said) for column, said in _STEPS.items() if row[column]
            ]
    if held.sees("health"):
        done = duties.filter(pl.col("rule").is_in(_HEALTH_RULES) & (pl.col("status") == "done"))
        events += [
            _event("Health", row["done_date"], row["name"].lower()) for row in done.to_dicts()
        ]
    if held.sees("wellbeing"):
        scored = of(read.sdq(held), pupil_id).filter(pl.col("total").is_not_null())
        events += [
            _event("SDQ", row["sdq_date"], f"{row['total']}, {score_words.short_band(row)}")
            for row in scored.to_dicts()
        ]
    return events


def _event(lane: str, day: date, said: str) -> charts.Event:
    return charts.Event(lane, day, f"{words.short_day(day)}, {said}")
