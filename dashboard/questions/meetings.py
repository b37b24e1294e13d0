"""Questions about plans: PEP meetings, overdue steps and EHCPs."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import polars as pl

from dashboard.questions.question import (
    Question,
    SchoolQuestion,
    fetch_schools,
    tell_part,
    tell_term,
)
from dashboard.text import duties, standing, words
from dashboard.text.cells import Part, format_status
from queries import read
from safeguards.access import access

#: Stages of an EHCP at which nobody need act any more.
_ENDED_STAGES = {"refused": "Refused", "ceased": "Ended"}
#: The heading of the steps that an authority's Virtual School takes with a school.
_WITH_SCHOOL = "Us with the school"


def _fetch_school_peps(session: access.Session, own: read.Own) -> pl.DataFrame:
    """Return a row a school, with the grades of the latest plans of its children in care."""
    names = read.fetch_school_names(session)
    name = pl.col("pupil_id").replace_strict(names, default=None, return_dtype=pl.String)
    newest = read.select_own(read.fetch_newest_peps(session), own).filter("is_looked_after")
    grades = newest.group_by(school_name=name).agg(grades="quality")
    return fetch_schools(session, own).join(
        grades, on="school_name", how="left", maintain_order="left"
    )


def _fetch_overdue(session: access.Session, own: read.Own) -> pl.DataFrame:
    """Return the overdue counts; an authority has those with a school of its own children apart.

    Only those of children whom another authority looks after stay in `school_and_social_worker`.
    """
    rows, key = read.fetch_overdue_counts(session, own), ("school_key", "academic_year", "term")
    if session.home_of != "authority":
        return rows
    others, both = standing.find_others(session), "school_and_social_worker"
    part = read.fetch_overdue_counts(session, others if own is None else others & own)
    rows = rows.join(part.select(*key, theirs=both), on=key, how="left", maintain_order="left")
    theirs = pl.col("theirs").fill_null(0)
    return rows.with_columns((pl.col(both) - theirs).alias("with_school"), theirs.alias(both))


def _fetch_peps(session: access.Session) -> pl.DataFrame:
    """Return the newest meeting of each child, children in care first.

    First of these are those who had none, then those with one overdue.  Other children are listed
    only if they had one.
    """
    steps, newest = standing.find_steps(session, "PEP"), read.fetch_newest_peps(session)
    children = read.fetch_members(session).join(
        newest.drop("handle", "year_group", "is_looked_after"),
        on="pupil_id",
        how="left",
        maintain_order="left",
    )
    next_steps = [steps.get(pupil_id) for pupil_id in children["pupil_id"]]
    states = [step.state if step else "" for step in next_steps]
    when = [words.capitalise(step.text) if step else words.NOTHING for step in next_steps]
    had_one, in_care = pl.col("pep_date").is_not_null(), pl.col("is_looked_after")
    rows = children.with_columns(
        pl.Series("state", states, pl.String), pl.Series("when", when, pl.String)
    )
    order = (~in_care, had_one, pl.col("state") != standing.OVERDUE)
    return rows.filter(in_care | had_one).sort(*order, maintain_order=True)


def _fetch_ehcps(session: access.Session) -> pl.DataFrame:
    """Return each plan with the date that is overdue or next, as on Plans and dates.

    They are ordered by who must act, our own authority first.
    """
    members = read.fetch_members(session)
    authorities = dict(members.select("pupil_id", "authority").iter_rows())
    marks = {True: " (our own)", False: " (another)", None: " (not said which)"}
    authority = words.capitalise(words.HOLDERS_BRIEFLY["authority"])
    steps = standing.find_steps(session, "EHC")

    def describe_step(pupil_id: str) -> tuple[str, ...]:
        step = steps.get(pupil_id)
        if step is None:
            return "Nobody", "", words.NOTHING, words.NOTHING
        holder = step.holder
        if holder == authority:
            holder += marks[session.is_own_authority(authorities.get(pupil_id))]
        return holder, step.state, step.name, words.capitalise(step.text)

    rows = read.fetch_ehcps(session)
    holders = pl.Enum([*(f"{authority}{mark}" for mark in marks.values()), "School", "Nobody"])
    schema: dict[str, Any] = {
        "waits_on": holders,
        "state": pl.String,
        "step": pl.String,
        "when": pl.String,
    }
    next_steps = pl.DataFrame(map(describe_step, rows["pupil_id"]), schema, orient="row")
    return rows.hstack(next_steps).sort("waits_on", maintain_order=True)


def _count_ehcps(rows: pl.DataFrame) -> str:
    """Count plans and requests, without those that came to nothing."""
    plans = rows.filter(stage="plan").height
    requests = rows.filter(~pl.col("stage").is_in(["plan", *_ENDED_STAGES])).height
    return f"{words.format_count(plans, 'plan')} and {words.format_count(requests, 'request')}"


def _sum_ehcps(rows: pl.DataFrame) -> str:
    holders, stages = Counter(rows["waits_on"].to_list()), Counter(rows["stage"].to_list())
    waiting = ", ".join(f"{holder} {number:,}" for holder, number in holders.items())
    past = rows.filter(state=standing.OVERDUE).height
    ended = "".join(
        f" {name}: {stages[stage]:,}." for stage, name in _ENDED_STAGES.items() if stages[stage]
    )
    return f"Who must act next: {waiting}. Overdue: {past:,}.{ended}"


def _describe_grades(grades: Iterable[str | None]) -> str:
    """Say how many plans have each grade: "Good 3, fair 1"."""
    counts = sorted(Counter(grades).items(), key=lambda item: (item[0] is None, item[0]))
    return words.capitalise(
        ", ".join(f"{grade or words.NOT_RECORDED} {number}" for grade, number in counts)
    )


def _sum_peps(rows: pl.DataFrame) -> str:
    held = rows.filter("is_looked_after").drop_nulls("pep_date")
    return f"Quality in care: {_describe_grades(held['quality']) or words.NOTHING}."


def _tell_latest_meeting(row: read.Row) -> str:
    if not row["pep_date"]:
        return duties.describe_no_pep(row)
    return words.capitalise(duties.describe_meeting(row))


def _tell_quality(row: read.Row) -> str:
    return duties.describe_pep_quality(row) if row["pep_date"] else words.NOTHING


def _tell_when(row: read.Row) -> Part:
    return format_status(row["state"], row["when"]) if row["state"] else str(row["when"])


QUESTIONS = (
    SchoolQuestion(
        title="PEPs by school",
        purpose="Meetings held, first PEPs in time and the quality of plans, by school.",
        category="plans",
        table="raw_pep",
        fetch=_fetch_school_peps,
        only=("meetings_owed",),
        columns={
            "PEP of the term held": tell_part("meetings_held", "meetings_owed"),
            "First PEP in time": tell_part("first_in_time", "first_owed"),
            "Quality": lambda row: _describe_grades(row["grades"] or ()),
        },
        note="PEP of the term: of the children in care, by the latest meeting that was due. First "
        "PEP: due {PEP_COMPLETE} after care began, in this school year. Quality: the authority's "
        "own grade of each child's latest PEP, in its own words.",
    ),
    SchoolQuestion(
        title="Overdue by school",
        purpose="What is past its deadline and not done, by school, by term and by who must act.",
        category="duty",
        fetch=_fetch_overdue,
        of_authority=(_WITH_SCHOOL,),
        opens="Overdue",
        columns={
            "Term": tell_term,
            "School must act": "school",
            _WITH_SCHOOL: "with_school",
            "School with social worker": "school_and_social_worker",
            "Social worker": "social_worker",
            "Local authority": "authority",
            "Health": "health",
            "Missed": "missed",
        },
        note="By the term in which each step was due, and for whom it is, as on Today. School with "
        "social worker: for children whom another authority looks after. Several late steps of one "
        "kind count once for a child. Missed steps can no longer be done: each is counted here, "
        "and none on Today. Choose a school to see its overdue dates.",
    ),
    Question(
        title="PEPs",
        purpose="The latest PEP meeting of each child, and how good its plan is.",
        category="plans",
        table="raw_pep",
        fetch=_fetch_peps,
        columns={
            "Care status": words.describe_groups,
            "Latest meeting": _tell_latest_meeting,
            "When": _tell_when,
            "Quality": _tell_quality,
        },
        describe_sums=_sum_peps,
        note="Children in care come first, also those whom another authority looks after: those "
        "without a meeting, then those with one that is overdue. Others are listed if they had "
        "one.",
    ),
    Question(
        title="EHCPs",
        purpose="How far each plan has got, and who must act next.",
        category="plans",
        table="raw_ehcp",
        fetch=_fetch_ehcps,
        columns={
            "Must act": "waits_on",
            "Next step": "step",
            "When": _tell_when,
            "Stage": lambda row: words.capitalise(duties.describe_stage(row)),
            "Weeks": lambda row: words.capitalise(duties.describe_weeks(row)),
        },
        describe_count=_count_ehcps,
        describe_sums=_sum_ehcps,
        note="The step is the one that is overdue, or else the next, as on Plans and dates. Our "
        "own authority comes first. Files do not say which authority keeps a plan: it is taken to "
        "be the one that looks after the child. Weeks are counted from the request, as far as it "
        "is recorded.",
    ),
)
