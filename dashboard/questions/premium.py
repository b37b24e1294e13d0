"""Questions about pupil premium plus."""

import polars as pl

from dashboard.questions.question import (
    Question,
    SchoolQuestion,
    fetch_caseloads,
    name_advisers,
    tell_part,
    tell_term,
)
from dashboard.text import standing, words
from queries import read
from safeguards.access import access


def _fetch_premium(session: access.Session) -> pl.DataFrame:
    """Return a row for each child and term, including children without a place and leavers."""
    children = [fetch_caseloads(session), read.fetch_former_members(session)]
    known = pl.concat(children, how="diagonal_relaxed").unique("pupil_id", keep="first")
    names = ("pupil_id", "year_group", "days_without", "last_place_ended_on")
    rows = read.fetch_pupil_premium(session).drop("year_group")
    return rows.join(known.select(names), on="pupil_id", how="left", maintain_order="left")


def _fetch_unpaid(session: access.Session) -> pl.DataFrame:
    """Return the children in care without premium this year; in an authority, only its own."""
    year = read.fetch_academic_year(session)
    paid = read.fetch_pupil_premium(session).filter(academic_year=year)
    in_care = read.fetch_members(session).filter("is_looked_after")
    if session.home_of == "authority":
        in_care = in_care.filter(~pl.col("pupil_id").is_in(standing.find_others(session)))
    return name_advisers(session, in_care.join(paid, on="pupil_id", how="anti"))


def _sum_premium(rows: pl.DataFrame) -> str:
    row = rows.select(pl.selectors.numeric().sum()).row(0, named=True)
    in_peps = f"{row['in_pep']:,} of {words.format_count(row['sums'], 'amount')}"
    planned = words.format_pounds(row["planned"])
    return f"{planned} planned. Spent: {_tell_spent(row)}. Named in a PEP: {in_peps}."


def _tell_planned(row: read.Row) -> str:
    return words.format_pounds(row["planned"])


def _tell_spent(row: read.Row) -> str:
    return words.format_spent(row["spent"], row["unspent_sums"], row["sums"])


BY_CHILD = Question(
    title="Pupil premium by child",
    purpose="Pupil premium plus by child and term: what it was for, what was planned and spent.",
    category="learning",
    table="raw_premium",
    fetch=_fetch_premium,
    columns={
        "Term": tell_term,
        "For": "kinds",
        "Planned": _tell_planned,
        "Spent": _tell_spent,
        "Named in a PEP": tell_part("in_pep", "sums"),
    },
    describe_sums=_sum_premium,
)
UNPAID = Question(
    title="No pupil premium",
    purpose="Children in care for whom no pupil premium plus is recorded in this school year.",
    category="learning",
    table="raw_premium",
    fetch=_fetch_unpaid,
    columns={"Adviser": "adviser", "In care since": "looked_after_since"},
    note="Of a Virtual School these are the children whom it looks after itself.",
)
QUESTIONS = (
    SchoolQuestion(
        title="Pupil premium",
        purpose="Pupil premium plus by school and term: what was planned and spent.",
        category="learning",
        table="raw_premium",
        fetch=read.fetch_school_premium,
        columns={
            "Term": tell_term,
            "Amounts": "sums",
            "Planned": _tell_planned,
            "Spent": _tell_spent,
            "Named in a PEP": tell_part("in_pep", "sums"),
        },
    ),
    BY_CHILD,
    UNPAID,
)
