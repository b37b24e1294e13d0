"""The school itself, its days, and the weekly totals of all its children."""

import polars as pl

from queries.contract.model.category import Category, Table
from queries.contract.model.shape import Column, Export, RowRule

#: school_key in a school's home, whatever the school's number: one that is put right moves nothing.
ONLY_SCHOOL = 1
#: school_key of what is no school's, as of a child without a place; others have their URN.
NO_SCHOOL = 0

_ABSENT = ("authorised_absent_sessions", "unauthorised_absent_sessions")

SCHOOL = Export(
    name="school.csv",
    grain="One row: the school itself.",
    key=("school_id",),
    required=True,
    columns=(
        Column(
            "school_id",
            "text",
            "The school's Department for Education number, 7 digits.",
            pattern=r"[0-9A-Z]{3,10}",
            example="0019999",
        ),
        Column("name", "text", "The school's name.", pattern=r".{1,80}", stored_as="school_name"),
        Column(
            "phase",
            "code",
            "The ages that the school teaches.",
            allowed=("infant", "junior", "primary", "secondary", "all-through", "special"),
            sql_type="varchar",
        ),
    ),
)

CALENDAR = Export(
    name="calendar.csv",
    grain="One row for each day: at least every weekday of the years that the marks cover.",
    key=("date",),
    required=True,
    columns=(
        Column("date", "date", "The day.", stored_as="calendar_date"),
        Column(
            "kind",
            "code",
            "school day: children are expected. INSET: staff only. holiday: weekends, "
            "school and bank holidays. closed: shut on a day that was planned as a "
            "school day.",
            allowed=("school day", "INSET", "holiday", "closed"),
        ),
    ),
)

#: Typed in place of the calendar, which is made of it; the store keeps the days alone.
TERMS = Export(
    name="terms.csv",
    grain="One row for each half of a term, INSET day and closed day.",
    key=("first_day",),
    note="Days outside term, weekends and bank holidays count as holidays without a row.",
    columns=(
        Column(
            "kind",
            "code",
            "term: children are expected from the first to the last day. INSET: staff only. "
            "closed: shut on a day that was planned as a school day.",
            allowed=("term", "INSET", "closed"),
        ),
        Column("first_day", "date", "The first day."),
        Column(
            "last_day",
            "date",
            "The last day; blank for one day alone.",
            required=False,
            must_be_named=True,
        ),
    ),
)

WHOLE_SCHOOL_WEEKLY = Export(
    name="whole_school_weekly.csv",
    grain="One row for each school week, for schools that cannot export the whole register.",
    key=("week_start",),
    note="Used for weeks when attendance.csv does not have the whole school.",
    columns=(
        Column("week_start", "date", "The Monday of the week."),
        Column(
            "possible_sessions",
            "whole number",
            "Possible sessions, for all children together.",
            sql_type="integer",
        ),
        Column(
            "authorised_absent_sessions",
            "whole number",
            "Of these, missed and authorised.",
            sql_type="integer",
        ),
        Column(
            "unauthorised_absent_sessions",
            "whole number",
            "Of these, missed and not authorised.",
            sql_type="integer",
        ),
    ),
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

SCHOOL_ITSELF = Category(
    name="the school",
    role_category="load",
    export=SCHOOL,
    table=Table("raw_school", key=(), knows_pupil=False),
)
DAYS = Category(
    name="the school's days",
    role_category="load",
    export=CALENDAR,
    table=Table(
        "raw_calendar_day", knows_pupil=False, staged={"is_school_day": "kind = 'school day'"}
    ),
)
WEEKS = Category(
    name="the whole school's weeks",
    role_category="attendance",
    export=WHOLE_SCHOOL_WEEKLY,
    table=Table(
        "raw_school_week",
        knows_pupil=False,
        made={"school_days": "integer"},
        staged={"absent_sessions": " + ".join(_ABSENT)},
    ),
)
