"""The school itself, its days, and the weekly totals of all its children."""

import polars as pl

from queries.contract.model.categories import build_category
from queries.contract.model.category import Table
from queries.contract.model.shape import Export, RowRule

#: school_key in a school's home, whatever the school's number: one that is put right moves nothing.
ONLY_SCHOOL = 1
#: school_key of what is no school's, as of a child without a place; others have their URN.
NO_SCHOOL = 0

_ABSENT = ("authorised_absent_sessions", "unauthorised_absent_sessions")

SCHOOL = Export(
    name="school.csv", grain="One row, for the school itself.", key=("school_id",), required=True
)

CALENDAR = Export(
    name="calendar.csv",
    grain="One row for each day, at least for every weekday of the years with marks.",
    key=("date",),
    required=True,
)

#: Typed in place of the calendar, which is made of it; the store keeps the days alone.
TERMS = Export(
    name="terms.csv",
    grain="One row for each half of a term, INSET day and closed day.",
    key=("first_day",),
    note="Days outside term, weekends and bank holidays count as holidays without a row.",
)

WHOLE_SCHOOL_WEEKLY = Export(
    name="whole_school_weekly.csv",
    grain="One row for each school week, for schools that cannot export the whole register.",
    key=("week_start",),
    note="These totals are used for weeks in which attendance.csv does not cover the whole school.",
    rules=(
        RowRule("week_start", "not a Monday", pl.col("week_start").dt.weekday() != 1),
        RowRule(
            "possible_sessions",
            "more absent than possible",
            pl.sum_horizontal(_ABSENT, ignore_nulls=False) > pl.col("possible_sessions"),
            _ABSENT,
        ),
    ),
)

SCHOOL_ITSELF = build_category("the school", SCHOOL, Table("raw_school", key=(), knows_pupil=False))
DAYS = build_category(
    "the school's days",
    CALENDAR,
    Table("raw_calendar_day", knows_pupil=False, staged={"is_school_day": "kind = 'school day'"}),
)
WEEKS = build_category(
    "the whole school's weeks",
    WHOLE_SCHOOL_WEEKLY,
    Table(
        "raw_school_week",
        knows_pupil=False,
        made={"school_days": "integer"},
        staged={"absent_sessions": " + ".join(_ABSENT)},
    ),
)
