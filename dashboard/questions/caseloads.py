"""Questions about where children in care are: caseloads, homes, and those without a school."""

import polars as pl

from dashboard.questions.question import (
    Question,
    fetch_caseloads,
    join_children,
    name_advisers,
    tell_if,
)
from dashboard.text import words
from queries import read
from safeguards.access import access

#: The moves of a child that are counted, by heading.
_MOVES = {
    "Moves of home": "moves",
    "Moves of school": "schools",
    "New social workers": "social_workers",
}


def _fetch_without_place(session: access.Session) -> pl.DataFrame:
    return name_advisers(session, read.fetch_without_place(session))


def _fetch_moves(session: access.Session) -> pl.DataFrame:
    return join_children(session, read.fetch_care_histories(session))


def _count_caseloads(rows: pl.DataFrame) -> str:
    """Count the children on roll, whom other pages count too, and those without a place."""
    without = rows["cohort"].null_count()
    on_roll = words.format_count(rows.height - without, "child")
    return f"{on_roll}, and {without:,} with no school place" if without else on_roll


def _sum_moves(rows: pl.DataFrame) -> str:
    return " ".join(f"{head}: {rows[name].sum():,}." for head, name in _MOVES.items())


def _tell_last_school(row: read.Row) -> str:
    if not row["last_school"]:
        return "never had a place here"
    return f"{row['last_school']}, until {words.format_table_day(row['last_place_ended_on'])}"


NO_PLACE = Question(
    title="No school place",
    purpose="Children in care who are on no school's roll, and for how long.",
    category="care",
    has_school=False,
    fetch=_fetch_without_place,
    columns={
        "Adviser": "adviser",
        "Authority": "authority",
        "Last school": _tell_last_school,
        "Calendar days without": "days_without",
        "In its place": lambda row: row["provision"] or "nothing recorded",
        "Where they live": "home_kind",
    },
)
QUESTIONS = (
    NO_PLACE,
    Question(
        title="Caseloads",
        purpose="Who is in whose caseload; of children in care under which order, where and "
        "since when.",
        category="care",
        fetch=fetch_caseloads,
        columns={
            "Adviser": "adviser",
            "Care status": words.describe_groups,
            "Authority": tell_if("authority", "is_looked_after"),
            "Order": tell_if("legal_status", "is_looked_after"),
            "Home": tell_if("home_kind", "is_looked_after"),
            "Home since": tell_if("home_since", "is_looked_after"),
            "In care since": tell_if("looked_after_since", "is_looked_after"),
        },
        describe_count=_count_caseloads,
        note="Home since: the day on which the child came to this home. A change of the order "
        "alone is no new home.",
    ),
    Question(
        title="Moved",
        purpose="Who changed home, school or social worker.",
        category="care",
        fetch=_fetch_moves,
        only=tuple(_MOVES.values()),
        columns={
            "Moves of home": "moves",
            "Last move of home": tell_if("last_moved_on", "last_moved_on"),
            "Moves of school": "schools",
            "New social workers": "social_workers",
        },
        describe_sums=_sum_moves,
        note="Counted over the last {history_months}. A change of school in the first "
        "{school_start_months} of the school year (from 1 August) is not counted. Children "
        "start school then, or go on to the next one, and national figures leave these months "
        "out too. A move of home is a change of where the child lives, without short breaks.",
    ),
)
