"""The functions of days: three calendars that are never mixed; each deadline is in duties.txt."""

import re
from pathlib import Path

from tests.conftest import YEAR_2026, Answer, Given
from tests.support.small_store import SmallStore

#: Calls of the functions, and what each gives.
CALLS = Path(__file__).parents[1] / "golden" / "functions.txt"


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
    lines = [line.partition("--")[0] for line in CALLS.read_text("utf-8").splitlines()]
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
