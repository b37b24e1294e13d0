"""The school's own cases beside what was published for England, with its year.

A measure that nobody published is not set beside anything, and of a group of children no
percentage is said.
"""

from collections.abc import Iterator
from datetime import date

import polars as pl
import streamlit as st

from dashboard.text import words
from dashboard.ui.markdown import escape
from queries import read, reference
from safeguards.access import access

#: Of `national_line`: the measure, and what is said of so many in a hundred.
_ENGLAND = {
    "re-referral": "came within a year of another",
    "second plan": "were not the first",
    "reviews on time": "had each review on time",
}


def render_nation(session: access.Session, cases: pl.DataFrame, duties: pl.DataFrame) -> None:
    """A line a measure: the school's own first, then England's newest."""
    own = describe_own_cases(cases, duties, session.as_at)
    lines = [
        f"- {escape(' '.join(filter(None, (own.get(measure), england))))}"
        for measure, england in describe_england(session)
    ]
    if lines:
        st.header("Beside England", anchor=False)
        st.markdown("\n".join(lines))


def describe_own_cases(cases: pl.DataFrame, duties: pl.DataFrame, as_at: date) -> dict[str, str]:
    """What the school's own cases say of each measure that they say anything of."""
    referred = cases.filter(pl.col("referrals") > 0)
    on_plan = cases.filter(pl.col("plan_since").is_not_null())
    reviews = _select_reviews(duties, as_at)
    found = {}
    if referred.height:
        again = referred.filter("is_re_referral").height
        found["re-referral"] = (
            f"Here {again} of {words.format_count(referred.height, 'child')} referred in the last "
            "year had been referred in the year before."
        )
    if on_plan.height:
        repeat = on_plan.filter(pl.col("plans") > 1).height
        found["second plan"] = (
            f"Here {repeat} of {words.format_count(on_plan.height, 'child')} on a plan had one "
            "before."
        )
    if reviews.height:
        held = reviews.filter(pl.col("done_date") <= pl.col("due_date")).height
        conferences = words.format_count(reviews.height, "review conference")
        found["reviews on time"] = f"Here {held} of {conferences} of the last year came in time."
    return found


def describe_england(session: access.Session) -> Iterator[tuple[str, str]]:
    """Each measure with England's newest line and whom it counts."""
    for measure, what in _ENGLAND.items():
        for row in read.fetch_national_lines(session, measure).head(1).to_dicts():
            whose = f"England, {row['academic_year']}, {row['scope']}"
            yield measure, f"{whose}: {row['rate'] * 100:g} in 100 {what}."


def _select_reviews(duties: pl.DataFrame, as_at: date) -> pl.DataFrame:
    """The review conferences whose last day came in the last year."""
    rules = reference.read("deadline").filter(done_by="review conference held")
    return duties.filter(
        pl.col("rule").is_in(rules["rule"].to_list())
        & pl.col("due_date").is_between(pl.lit(as_at).dt.offset_by("-1y"), as_at, closed="right")
    )
