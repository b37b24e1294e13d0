"""check_closed_day_mark: a mark that counts on a day that is no school day."""

from tests.conftest import Answer, Given


def test_only_marks_that_count_and_only_closed_days(given: Given, answer: Answer) -> None:
    """# and Y4 on a closed day are in order; / and I there are listed, to the day asked for."""
    given(
        raw_calendar_day="""
        calendar_date | kind
        --------------+-----------
        2026-10-23    | school day
        2026-10-26    | holiday
        2026-10-27    | INSET
        2026-10-28    | closed    """,
        register="""
        pupil | start      | marks
        ------+------------+--------------------
        P1    | 2026-10-23 | /I #/ Y4,I L- /-   """,
    )
    assert answer("check_closed_day_mark", as_at="2026-10-28", columns="code") == {
        ("P1", "2026-10-26", "PM"): "/",
        ("P1", "2026-10-27", "PM"): "I",
        ("P1", "2026-10-28", "AM"): "L",
    }


def test_a_day_that_the_calendar_lacks_is_no_school_day(given: Given, answer: Answer) -> None:
    """Another school's calendar does not open a day for this one."""
    given(
        raw_calendar_day="""
        school_key | calendar_date | kind
        -----------+---------------+-----------
        2          | 2026-09-07    | school day""",
        register="""
        school_key | pupil | start      | marks
        -----------+-------+------------+------
        1          | P1    | 2026-09-07 | /-
        2          | P2    | 2026-09-07 | /-   """,
    )
    assert set(answer("check_closed_day_mark", by="pupil")) == {"P1"}
