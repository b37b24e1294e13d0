"""The functions of days: three calendars that are never mixed, and every deadline's edge."""

from datetime import date

import duckdb
import pytest

from queries import reference
from tests.conftest import YEAR_2026, Given

#: Rule: when its clock starts and the last day, counted by hand on a calendar of 2026
#: and 2027.  A rule of queries/reference/deadline.csv without a line here fails.
EDGES = {
    # 23 Oct is 1; 26-30 Oct are 2 to 6; 2-5 Nov are 7 to 10: half term has working days
    "PEP_INITIATE": ("2026-10-22", "2026-11-05"),
    # 16-19 March are 1 to 4, 22-25 are 5 to 8; Good Friday and Easter Monday do not count
    "PEP_COMPLETE": ("2027-03-15", "2027-04-14"),
    "PEP_REVIEW": ("2027-01-04", "2027-03-25"),
    "CARE_PLAN": ("2026-11-02", "2026-11-16"),
    # 31 October and 1 November are a weekend, and count: three calendar days
    "RETURN_INTERVIEW": ("2026-10-30", "2026-11-02"),
    # 15-18 Dec, 21-24 Dec: 8; 29-31 Dec: 11; 4-8 and 11-14 Jan: 20
    "LAC_REVIEW_1": ("2026-12-14", "2027-01-14"),
    # 21-23 Sep... 19 Oct: 20
    "PEP_JOINED": ("2026-09-21", "2026-10-19"),
    "LAC_REVIEW_2": ("2026-11-30", "2027-02-28"),
    "LAC_REVIEW_N": ("2026-08-31", "2027-02-28"),
    "SW_VISIT_1": ("2026-12-24", "2026-12-31"),
    "SW_VISIT_N": ("2026-11-20", "2027-01-01"),
    # 24 Dec is 1; 29-31 Dec are 2 to 4; 4 Jan is 5
    "PLACEMENT_PLAN": ("2026-12-23", "2027-01-04"),
    "IHA": ("2026-11-02", "2026-11-30"),
    "RHA_U5": ("2024-02-29", "2024-08-29"),
    "RHA_5PLUS": ("2024-02-29", "2025-02-28"),
    # the day before Good Friday: Tuesday after Easter Monday
    "REFERRAL_DECISION": ("2027-03-25", "2027-03-30"),
    # 3-6 Nov: 4, then 5 a week to 18 Dec: 34; 21-24: 38; 29-31: 41; 4-7 Jan: 45
    "CF_ASSESSMENT": ("2026-11-02", "2027-01-07"),
    "ICPC": ("2026-11-02", "2026-11-23"),
    "CORE_GROUP_1": ("2026-11-20", "2026-12-04"),
    "RCPC_1": ("2026-08-31", "2026-11-30"),
    "RCPC_N": ("2026-12-31", "2027-06-30"),
    "EHC_DECIDE_ASSESS": ("2026-01-05", "2026-02-16"),
    "EHC_ADVICE": ("2026-11-20", "2027-01-01"),
    "EHC_REFUSE_PLAN": ("2026-01-05", "2026-04-27"),
    "EHC_DRAFT_COMMENT": ("2026-12-20", "2027-01-04"),
    "EHC_FINAL": ("2026-01-05", "2026-05-25"),
    "EHC_AR_MEETING": ("2026-11-20", "2027-11-20"),
    "EHC_AR_REPORT": ("2026-12-18", "2027-01-01"),
    "EHC_AR_DECISION": ("2026-12-01", "2026-12-29"),
    "EHC_AR_FINAL": ("2026-12-01", "2027-01-26"),
    "EHC_AR_YEAR": ("2026-11-20", "2027-11-20"),
    "EHC_PHASE_TRANSFER": ("2026-09-01", "2027-02-15"),
    # 23 Oct is 1, half term has no school day, 2-5 Nov are 2 to 5
    "REGISTER_N": ("2026-10-22", "2026-11-05"),
    "SUSPENSION_AP": ("2026-11-09", "2026-11-16"),
    "SUSPENSION_NOTIFY": ("2026-10-23", "2026-11-02"),
    # 9 Sep to 23 Oct: 33, to 10 Nov: 40, to 17 Nov: 45
    "SUSPENSION_LIMIT": ("2026-09-08", "2026-11-17"),
    # 20-23 Oct: 4; 2-6 Nov: 9; 9-13: 14; 16: 15
    "SUSPENSION_GB": ("2026-10-19", "2026-11-16"),
    "CP_FILE_TRANSFER": ("2026-10-23", "2026-11-06"),
    "PUPIL_RECORD_TRANSFER": ("2026-12-18", "2027-01-22"),
    "SDQ_YEARLY": ("2026-02-28", "2027-02-28"),
    "DENTAL_YEARLY": ("2028-02-29", "2029-02-28"),
}


def _day(db: duckdb.DuckDBPyConnection, query: str, **values: object) -> str | None:
    row = db.execute(f"select ({query})::varchar", values).fetchone()
    assert row is not None
    return None if row[0] is None else str(row[0])


def test_every_deadline_has_an_edge() -> None:
    """No rule without a day worked out by hand, and no day without its rule."""
    assert set(EDGES) == set(reference.read("deadline")["rule"])


@pytest.mark.parametrize("rule", EDGES)
def test_the_last_day_of_every_deadline(
    db: duckdb.DuckDBPyConnection, given: Given, rule: str
) -> None:
    """due_date( is the last day in time, by the calendar that the rule's unit names."""
    started, last = EDGES[rule]
    given(calendar=YEAR_2026)
    query = """
        select due_date(1, $day::date, amount, unit) from ref_deadline where rule = $rule"""
    if rule == "PEP_REVIEW":
        # a term is the school's own: int_term knows its end, due_date( does not
        assert _day(db, query, day=started, rule=rule) is None
        query = "select last_day from int_term where first_day = $day::date and $rule <> ''"
    assert _day(db, query, day=started, rule=rule) == last


def test_three_calendars_give_three_days(db: duckdb.DuckDBPyConnection, given: Given) -> None:
    """10 days after the Thursday before half term are another day in each calendar."""
    given(calendar=YEAR_2026)
    units = ("calendar days", "working days", "school days")
    query = "due_date(1, '2026-10-22'::date, 10, $unit)"
    assert [_day(db, query, unit=unit) for unit in units] == [
        "2026-11-01",
        "2026-11-05",
        "2026-11-12",
    ]


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        ("2027-03-25", 1, "2027-03-30"),  # over Good Friday and Easter Monday
        ("2027-03-26", 1, "2027-03-30"),  # on Good Friday itself
        ("2027-03-26", 20, "2027-04-26"),
        ("2026-12-12", 1, "2026-12-14"),  # a Saturday counts from the Monday
        ("2026-12-12", 20, "2027-01-13"),
        ("2026-12-13", 20, "2027-01-13"),  # and so does a Sunday
        ("2026-12-11", 20, "2027-01-13"),  # and so does the Friday before them
        ("2026-12-24", 1, "2026-12-29"),  # Boxing Day on a Saturday is kept on Monday
        ("2026-12-25", 2, "2026-12-30"),
        ("2027-12-24", 1, "2027-12-29"),  # Christmas on a Saturday is kept on Monday
        ("2022-09-16", 1, "2022-09-20"),  # the Queen's funeral
    ],
)
def test_working_day_after(db: duckdb.DuckDBPyConnection, start: str, days: int, last: str) -> None:
    """Neither weekends nor England's bank holidays count, nor the day itself."""
    query = "working_day_after($day::date, $days::integer)"
    assert _day(db, query, day=start, days=days) == last


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        ("2026-10-22", 1, "2026-10-23"),
        ("2026-10-23", 1, "2026-11-02"),  # over half term
        ("2026-10-28", 1, "2026-11-02"),  # from within it
        ("2026-12-18", 1, "2027-01-04"),
        ("2027-04-30", 1, "2027-05-04"),
        ("2026-08-01", 1, "2026-09-02"),  # before the calendar begins
        ("2027-07-20", 1, "2027-07-21"),
        ("2027-07-20", 2, None),  # where it has ended
    ],
)
def test_school_day_after(
    db: duckdb.DuckDBPyConnection, given: Given, start: str, days: int, last: str | None
) -> None:
    """Only the school's own days count; beyond its calendar there is no answer."""
    given(calendar=YEAR_2026)
    query = "school_day_after(1, $day::date, $days::integer)"
    assert _day(db, query, day=start, days=days) == last


@pytest.mark.parametrize(
    ("start", "sessions", "last"),
    [
        ("2026-10-22", 1, "2026-10-22"),
        ("2026-10-22", 4, "2026-10-23"),
        ("2026-10-22", 5, "2026-11-02"),
        ("2026-10-24", 2, "2026-11-02"),
        ("2027-07-21", 3, None),
    ],
)
def test_suspension_last_day(
    db: duckdb.DuckDBPyConnection, given: Given, start: str, sessions: int, last: str | None
) -> None:
    """Half a day is a day of it; only school days count."""
    given(calendar=YEAR_2026)
    query = "suspension_last_day(1, $day::date, $sessions::integer)"
    assert _day(db, query, day=start, sessions=sessions) == last


def test_another_schools_days_do_not_count(db: duckdb.DuckDBPyConnection, given: Given) -> None:
    """Two schools have two half terms."""
    given(
        raw_calendar_day="""
        school_key | calendar_date
        -----------+--------------
        1          | 2026-10-26
        2          | 2026-11-02   """
    )
    query = "school_day_after($school::integer, '2026-10-23'::date, 1)"
    assert [_day(db, query, school=school) for school in (1, 2)] == ["2026-10-26", "2026-11-02"]


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2024-02-29", 6, "2024-08-29"),
        ("2023-08-29", 6, "2024-02-29"),
        ("2023-08-31", 6, "2024-02-29"),
        ("2024-08-31", 6, "2025-02-28"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-12-31", 6, "2027-06-30"),
    ],
)
def test_calendar_due_date_in_months(
    db: duckdb.DuckDBPyConnection, start: str, months: int, last: str
) -> None:
    """The same day of the month, or its last day where the month is shorter."""
    query = "calendar_due_date($day::date, $months::integer, 'months')"
    assert _day(db, query, day=start, months=months) == last


def test_calendar_due_date_knows_no_other_calendar(db: duckdb.DuckDBPyConnection) -> None:
    """Working days, school days and terms are not its own."""
    for unit in ("working days", "school days", "terms"):
        query = "calendar_due_date('2026-11-02'::date, 5, $unit)"
        assert _day(db, query, unit=unit) is None


@pytest.mark.parametrize(
    ("start", "last"), [("2026-09-01", "2027-02-15"), ("2027-02-16", "2027-02-15")]
)
def test_15_february_is_that_of_the_academic_year(
    db: duckdb.DuckDBPyConnection, start: str, last: str
) -> None:
    """It may lie before its start: then the day has passed."""
    query = "calendar_due_date($day::date, 1, '15 February')"
    assert _day(db, query, day=start) == last


@pytest.mark.parametrize(
    ("day", "september"),
    [("2026-08-01", "2026-09-01"), ("2027-07-31", "2026-09-01"), ("2026-12-31", "2026-09-01")],
)
def test_first_of_september(db: duckdb.DuckDBPyConnection, day: str, september: str) -> None:
    """That of the day's academic year, which may lie ahead in August."""
    assert _day(db, "first_of_september($day::date)", day=day) == september


@pytest.mark.parametrize(
    ("day", "first_day"),
    [("2026-08-01", "2026-08-01"), ("2027-07-31", "2026-08-01"), ("2026-12-31", "2026-08-01")],
)
def test_academic_year_first_day(db: duckdb.DuckDBPyConnection, day: str, first_day: str) -> None:
    """The first of August, whichever month the day is in."""
    assert _day(db, "academic_year_first_day($day::date)", day=day) == first_day


@pytest.mark.parametrize(
    ("last_day", "weeks"), [("2026-11-08", 0), ("2026-11-09", 1), ("2027-03-22", 20)]
)
def test_weeks_between(db: duckdb.DuckDBPyConnection, last_day: str, weeks: int) -> None:
    """Whole weeks: the seventh day after is the first of them."""
    query = "weeks_between('2026-11-02'::date, $day::date)"
    assert _day(db, query, day=last_day) == str(weeks)


@pytest.mark.parametrize(
    ("last_day", "next_day", "is_easter"),
    [
        ("2027-03-25", "2027-04-12", "true"),
        ("2027-03-25", "2027-03-30", "false"),  # the bank holidays alone
        ("2024-03-15", "2024-03-23", "true"),
        ("2024-03-15", "2024-03-22", "false"),  # a week is none
        ("2024-03-14", "2024-04-02", "false"),
        ("2038-04-20", "2038-05-04", "true"),
        ("2038-04-21", "2038-05-04", "false"),
    ],
)
def test_may_be_easter_break(
    db: duckdb.DuckDBPyConnection, last_day: str, next_day: str, is_easter: str
) -> None:
    """Longer than a week, and begun from 15 March to 20 April."""
    query = "may_be_easter_break($last_day::date, $next_day::date)"
    assert _day(db, query, last_day=last_day, next_day=next_day) == is_easter


def test_days_of_the_week_and_of_the_year(db: duckdb.DuckDBPyConnection) -> None:
    """is_weekend( is Saturday and Sunday; spring_ends_by( is 20 April; every_day( is each once."""
    weekend = [_day(db, f"is_weekend('2026-11-{day}'::date)") for day in (20, 21, 22, 23)]
    assert weekend == ["false", "true", "true", "false"]
    assert _day(db, "spring_ends_by('2027-01-04'::date)") == "2027-04-20"
    years, leap_days = 2040 - 2010 + 1, 8
    assert _day(db, "len(every_day())") == str(365 * years + leap_days)


@pytest.mark.parametrize(
    ("first_day", "end_date", "is_in"),
    [
        ("2026-11-20", "2026-11-21", True),
        ("2026-11-19", "2026-11-20", False),
        ("2026-11-21", None, False),
        (None, "2026-11-21", True),
        (None, None, True),
    ],
)
def test_is_in_period(
    db: duckdb.DuckDBPyConnection, first_day: str | None, end_date: str | None, is_in: bool
) -> None:
    """The first day counts, the end does not; null leaves a side open."""
    query = "select is_in_period(date '2026-11-20', $first_day::date, $end_date::date)"
    period = {"first_day": first_day, "end_date": end_date}
    assert db.execute(query, period).fetchone() == (is_in,)


def test_get_cohort(db: duckdb.DuckDBPyConnection) -> None:
    """Pages say "has a social worker": only the safeguarding lead sees which of the two."""
    each = "unnest(enum_range(null::care_episode_status)) as each"
    query = f"select each, get_cohort(each) from (select {each})"
    assert dict(db.execute(query).fetchall()) == {
        "looked after": "looked after",
        "previously looked after": "previously looked after",
        "in need": "has a social worker",
        "on a protection plan": "has a social worker",
    }


def test_get_health_subject(db: duckdb.DuckDBPyConnection) -> None:
    """Either assessment is the same duty; what else is checked is one of its own."""
    query = """
        select kind, get_health_subject(kind)
        from (select unnest(enum_range(null::health_kind)) as kind)
    """
    assert dict(db.execute(query).fetchall()) == {
        "initial assessment": "health assessment",
        "review assessment": "health assessment",
        "dental check": "dental check",
        "immunisations": "immunisations",
        "optician": "optician",
    }


def test_pool_sessions(db: duckdb.DuckDBPyConnection, given: Given) -> None:
    """Each of the six counts is added up by itself; int_pupil_day has one row a day."""
    given(
        register=r"""
        pupil | start      | marks
        ------+------------+----------------
        P1    | 2026-11-02 | /\ L\ I\ G\ XX """
    )
    query = "select unnest(pool_sessions(days)) from int_pupil_day as days"
    cursor = db.execute(query)
    names = [column[0].removesuffix("_sessions") for column in cursor.description or ()]
    assert dict(zip(names, cursor.fetchone() or (), strict=True)) == {
        "possible": 8,
        "attended": 6,
        "authorised_absent": 1,
        "unauthorised_absent": 1,
        "absent": 2,
        "late": 1,
    }


def test_join_periods(db: duckdb.DuckDBPyConnection) -> None:
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
    assert db.execute(query).fetchall() == [
        ("a", 1, False, 5),
        ("a", 9, True, None),
        ("b", 3, True, 4),
    ]


def test_threshold_of_a_setting(db: duckdb.DuckDBPyConnection) -> None:
    """The settings that these views stand on."""
    names = ("action_closes_days", "transfer_year_group", "check_months")
    values = [
        _day(db, "threshold($name, '2026-11-20'::date)::integer", name=name) for name in names
    ]
    assert values == ["20", "6", "12"]


def test_as_at_must_be_set(db: duckdb.DuckDBPyConnection) -> None:
    """as_at( raises without a day, and is that day with one."""
    db.execute("set variable as_at = '2026-11-20'::date")
    assert db.execute("select as_at()").fetchone() == (date(2026, 11, 20),)
    db.execute("reset variable as_at")
    with pytest.raises(duckdb.Error, match="as_at is not set"):
        db.execute("select as_at()").fetchall()


@pytest.mark.parametrize(("day", "first"), [("2026-07-31", 2025), ("2026-08-01", 2026)])
def test_academic_year_start(db: duckdb.DuckDBPyConnection, day: str, first: int) -> None:
    """academic_year_start( turns on 1 August."""
    assert _day(db, "academic_year_start($day::date)", day=day) == str(first)


@pytest.mark.parametrize(
    ("day", "written"),
    [
        ("2026-07-31", "2025/26"),
        ("2026-08-01", "2026/27"),
        ("2027-02-28", "2026/27"),
        ("2028-02-29", "2027/28"),
        ("1999-12-31", "1999/00"),
        ("2009-08-31", "2009/10"),
    ],
)
def test_academic_year(db: duckdb.DuckDBPyConnection, day: str, written: str) -> None:
    """academic_year( is written as schools write it."""
    assert _day(db, "academic_year($day::date)", day=day) == written


def test_every_day_has_one_academic_year(db: duckdb.DuckDBPyConnection) -> None:
    """Both functions turn on the same day, in each of forty years."""
    found = db.execute(
        """
        select count(*) from range('2000-01-01'::date, '2040-01-01'::date, interval 1 day) as t(day)
        where academic_year(day)
            <> academic_year_start(day) || '/' || right((academic_year_start(day) + 1)::text, 2)
        """
    ).fetchone()
    assert found == (0,)
