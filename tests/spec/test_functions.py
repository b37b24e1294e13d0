"""The functions of days: three calendars that are never mixed; each deadline is in duties.txt."""

import re

from tests.conftest import YEAR_2026, Answer, Given
from tests.support.small_store import SmallStore

#: A call of each function with the calendar of 2026/27, and what it gives.
CALLS = """
-- 10 days after the Thursday before half term are another day in each calendar
calendar_due_date(2026-10-22, 10, 'calendar days') = 2026-11-01
day_after(1, 'working days', 2026-10-22, 10)  = 2026-11-05
day_after(1, 'school days', 2026-10-22, 10)   = 2026-11-12
-- neither weekends nor England's bank holidays count, nor the day itself
day_after(1, 'working days', 2027-03-25, 1)  = 2027-03-30  -- over Good Friday and Easter Monday
day_after(1, 'working days', 2027-03-26, 1)  = 2027-03-30  -- on Good Friday itself
day_after(1, 'working days', 2027-03-26, 20) = 2027-04-26
day_after(1, 'working days', 2026-12-12, 1)  = 2026-12-14  -- a Saturday counts from the Monday
day_after(1, 'working days', 2026-12-12, 20) = 2027-01-13
day_after(1, 'working days', 2026-12-13, 20) = 2027-01-13  -- and so does a Sunday
day_after(1, 'working days', 2026-12-11, 20) = 2027-01-13  -- and so does the Friday before them
day_after(1, 'working days', 2026-12-24, 1)  = 2026-12-29  -- Boxing Day, a Saturday, kept on Monday
day_after(1, 'working days', 2026-12-25, 2)  = 2026-12-30
day_after(1, 'working days', 2027-12-24, 1)  = 2027-12-29  -- Christmas, a Saturday, kept on Monday
day_after(1, 'working days', 2022-09-16, 1)  = 2022-09-20  -- the Queen's funeral
-- only the school's own days count; beyond its calendar there is no answer
day_after(1, 'school days', 2026-10-22, 1) = 2026-10-23
day_after(1, 'school days', 2026-10-23, 1) = 2026-11-02  -- over half term
day_after(1, 'school days', 2026-10-28, 1) = 2026-11-02  -- from within it
day_after(1, 'school days', 2026-12-18, 1) = 2027-01-04
day_after(1, 'school days', 2027-04-30, 1) = 2027-05-04
day_after(1, 'school days', 2026-08-01, 1) = 2026-09-02  -- before the calendar begins
day_after(1, 'school days', 2027-07-20, 1) = 2027-07-21
day_after(1, 'school days', 2027-07-20, 2) = null  -- where it has ended
day_after(2, 'school days', 2026-10-23, 1) = 2026-11-09  -- another school has another half term
-- half a day of a suspension is a day of it
suspension_days(1) = 1
suspension_days(4) = 2
suspension_days(5) = 3
-- a school's own calendar, or the one of working days; no other unit has one
calendar_key(7, 'school days')  = 7
calendar_key(7, 'working days') = 0
calendar_key(7, 'weeks')        = null
-- the same day of the month, or its last day where the month is shorter
calendar_due_date(2024-02-29, 12, 'months') = 2025-02-28
calendar_due_date(2024-02-29, 48, 'months') = 2028-02-29
add_months(2024-02-29, -6) = 2023-08-29
calendar_due_date(2023-08-29, 6, 'months')  = 2024-02-29
calendar_due_date(2023-08-31, 6, 'months')  = 2024-02-29
calendar_due_date(2024-08-31, 6, 'months')  = 2025-02-28
calendar_due_date(2026-11-30, 3, 'months')  = 2027-02-28
calendar_due_date(2026-12-31, 6, 'months')  = 2027-06-30
-- 15 February is that of the academic year: it may lie before its start, and has passed then
calendar_due_date(2026-09-01, 1, '15 February') = 2027-02-15
calendar_due_date(2027-02-16, 1, '15 February') = 2027-02-15
-- 31 March is the first from that day on
calendar_due_date(2027-03-31, 1, '31 March') = 2027-03-31
calendar_due_date(2027-04-01, 1, '31 March') = 2028-03-31
-- with the first day or without it
period_last_day(2025-10-01, 12, 'months', true)  = 2026-09-30
period_last_day(2023-03-01, 12, 'months', true)  = 2024-02-29
period_last_day(2024-02-29, 12, 'months', true)  = 2025-02-28
period_last_day(2026-11-20, 12, 'months', false) = 2027-11-20
-- it knows no other calendar
calendar_due_date(2026-11-02, 5, 'working days') = null
calendar_due_date(2026-11-02, 5, 'school days')  = null
calendar_due_date(2026-11-02, 5, 'terms')        = null
-- that of the day's academic year, which may lie ahead in August
first_of_september(2026-08-01) = 2026-09-01
first_of_september(2027-07-31) = 2026-09-01
first_of_september(2026-12-31) = 2026-09-01
-- the first of August, whichever month the day is in
academic_year_first_day(2026-08-01) = 2026-08-01
academic_year_first_day(2027-07-31) = 2026-08-01
academic_year_first_day(2026-12-31) = 2026-08-01
-- whole weeks: the seventh day after is the first of them
weeks_between(2026-11-02, 2026-11-08) = 0
weeks_between(2026-11-02, 2026-11-09) = 1
weeks_between(2026-11-02, 2027-03-22) = 20
-- longer than a week, and begun from 15 March to 20 April
may_be_easter_break(2027-03-25, 2027-04-12) = true
may_be_easter_break(2027-03-25, 2027-03-30) = false  -- the bank holidays alone
may_be_easter_break(2024-03-15, 2024-03-23) = true
may_be_easter_break(2024-03-15, 2024-03-22) = false  -- a week is none
may_be_easter_break(2024-03-14, 2024-04-02) = false
may_be_easter_break(2038-04-20, 2038-05-04) = true
may_be_easter_break(2038-04-21, 2038-05-04) = false
spring_ends_by(2027-01-04) = 2027-04-20
is_weekend(2026-11-20) = false
is_weekend(2026-11-21) = true
is_weekend(2026-11-22) = true
is_weekend(2026-11-23) = false
-- each day of 31 years once, of which 8 are leap years
len(every_day()) = 11323
len(list_distinct(every_day())) = 11323
-- the first day counts, the end does not; null leaves a side open
is_in_period(2026-11-20, 2026-11-20, 2026-11-21) = true
is_in_period(2026-11-20, 2026-11-19, 2026-11-20) = false
is_in_period(2026-11-20, 2026-11-21, null)       = false
is_in_period(2026-11-20, null, 2026-11-21)       = true
is_in_period(2026-11-20, null, null)             = true
-- pages say "has a social worker": only the safeguarding lead sees which of the two
get_cohort('looked after')            = looked after
get_cohort('previously looked after') = previously looked after
get_cohort('in need')                 = has a social worker
get_cohort('on a protection plan')    = has a social worker
-- either assessment is the same duty; what else is checked is one of its own
get_health_subject('initial assessment') = health assessment
get_health_subject('review assessment')  = health assessment
get_health_subject('dental check')       = dental check
get_health_subject('immunisations')      = immunisations
get_health_subject('optician')           = optician
-- the year turns on 1 August, and is written as schools write it
academic_year_start(2026-07-31) = 2025
academic_year_start(2026-08-01) = 2026
academic_year(2026-07-31) = 2025/26
academic_year(2026-08-01) = 2026/27
academic_year(2027-01-01) = 2026/27
academic_year(2028-02-29) = 2027/28
academic_year(1999-12-31) = 1999/00
academic_year(2009-02-28) = 2008/09
academic_year(2099-12-31) = 2099/00
-- the Monday of the day's week, also over the turn of the year
week_start(2026-11-16) = 2026-11-16
week_start(2026-11-22) = 2026-11-16
week_start(2027-01-01) = 2026-12-28
-- the rule that held on the day; null where none did
threshold('persistent_absence', 2026-11-20)::double = 0.1
threshold('persistent_absence', 2015-08-31)::double = null
threshold('persistent_absence', 2015-09-01)::double = 0.1
threshold('days_to_explain_n', 2024-08-18)::double = null
threshold('days_to_explain_n', 2024-08-19)::double = 5.0
threshold('weeks_before_rates', 1990-01-01)::double = 6.0
threshold('no such rule', 2026-11-20)::double = null
"""


#: As views count on from a day in one of the two calendars that have numbers.
_DAY_AFTER = """
create or replace macro day_after(school, unit, day, days) as (
    select max(ends.calendar_date)
    from (select calendar_key(school, unit) as school_key, day as started_on) as starts
    asof inner join int_day as begun
        on starts.school_key = begun.school_key and started_on >= begun.calendar_date
    inner join int_day as ends
        on begun.school_key = ends.school_key and begun.day_number + days = ends.day_number
)
"""


def test_each_call_gives_what_the_table_says(
    case: SmallStore, given: Given, answer: Answer
) -> None:
    """A day on each side of every edge."""
    given(
        calendar=YEAR_2026,
        raw_calendar_day="""
        school_key | calendar_date
        -----------+--------------
        2          | 2026-10-23
        2          | 2026-11-09   """,
    )
    answer("int_day", as_at=None)
    case.connection.execute(_DAY_AFTER)
    lines = [line.partition("--")[0] for line in CALLS.splitlines()]
    calls = [line.split(" = ") for line in lines if line]
    wrong = {}
    for call, expected in calls:
        query = re.sub(r"(?<!')(\d{4}-\d\d-\d\d)", r"date '\1'", call)
        row = case.connection.execute(f"select ({query})::varchar").fetchone()
        if row != (None if expected.strip() == "null" else expected.strip(),):
            wrong[call] = row
    assert wrong == {}
    assert len(calls) > 80


def test_pool_sessions(case: SmallStore, given: Given, answer: Answer) -> None:
    """Each of the six counts is added up by itself; int_pupil_day has one row a day."""
    given(
        register=r"""
        pupil | start      | marks
        ------+------------+----------------
        P1    | 2026-11-02 | /\ L\ I\ G\ XX """
    )
    assert len(answer("int_pupil_day")) == 5
    query = "select unnest(pool_sessions(days)) from int_pupil_day as days"
    cursor = case.connection.execute(query)
    names = [column[0].removesuffix("_sessions") for column in cursor.description or ()]
    assert dict(zip(names, cursor.fetchone() or (), strict=True)) == {
        "possible": 8,
        "attended": 6,
        "authorised_absent": 1,
        "unauthorised_absent": 1,
        "absent": 2,
        "late": 1,
    }


def test_join_periods(case: SmallStore) -> None:
    """Periods that meet or overlap are one; a gap of a day makes two; labels stay apart."""
    query = """
        with periods as (
            select
                1 as pupil_key,
                unnest(['a', 'a', 'a', 'b']) as label,
                unnest([1, 3, 9, 3])::integer + date '2026-01-01' as counts_from,
                unnest([false, true, true, true]) as is_start_known,
                unnest([3, 5, null, 4])::integer + date '2026-01-01' as end_date
        )
        select
            label,
            counts_from - date '2026-01-01',
            is_start_known,
            end_date - date '2026-01-01'
        from join_periods('periods')
        order by all
    """
    assert case.connection.execute(query).fetchall() == [
        ("a", 1, False, 5),
        ("a", 9, True, None),
        ("b", 3, True, 4),
    ]


def test_every_day_has_one_academic_year(case: SmallStore) -> None:
    """Both functions turn on the same day, in each of forty years."""
    found = case.connection.execute(
        """
        select count(*) from range('2000-01-01'::date, '2040-01-01'::date, interval 1 day) as t(day)
        where academic_year(day)
            <> academic_year_start(day) || '/' || right((academic_year_start(day) + 1)::text, 2)
        """
    ).fetchone()
    assert found == (0,)
