"""int_look_week: what adds up over school weeks."""

from tests.conftest import YEAR_2026, Answer, Given


def test_over_ten_and_seven_school_weeks(given: Given, answer: Answer) -> None:
    """G, N, O and U are unauthorised; half term is no week, and an eleventh week is out."""
    given(
        calendar=YEAR_2026,
        register=r"""
        pupil | start      | marks
        ------+------------+-----------------
        P1    | 2026-09-04 | OO
        P1    | 2026-09-14 | GN OU I\
        P1    | 2026-11-20 | O\
        P2    | 2026-09-25 | C2,C2
        P2    | 2026-10-02 | C2,C2
        P2    | 2026-10-09 | /,C2
        P2    | 2026-11-20 | /,C2     """,
    )
    found = answer("int_look_week", by="pupil rule", columns="figure")
    assert found[("P1", "unauthorised_sessions")] == 5
    # the last seven weeks began on 28 September
    assert found[("P2", "part_time_timetable")] == 3


def test_marks_of_a_timetable_that_nobody_recorded(given: Given, answer: Answer) -> None:
    """From the first day to the last it is on record; one for another place is none."""
    given(
        calendar=YEAR_2026,
        register=r"""
        pupil | start      | marks
        ------+------------+-----------
        P1    | 2026-11-17 | /,C2 /,C2
        P2    | 2026-11-17 | /,C2 /,C2
        P3    | 2026-11-17 | /,C2 /,C2""",
        raw_provision="""
        pupil | provision_date | end_date   | kind
        ------+----------------+------------+----------------------
        P1    | 2026-11-17     | 2026-11-18 | part-time timetable
        P2    | 2026-11-18     |            | part-time timetable
        P3    | 2026-09-02     |            | alternative provision""",
    )
    found = answer("int_look_week", by="pupil rule", columns="figure")
    assert [found[child, "no_timetable"] for child in ("P1", "P2", "P3")] == [0, 1, 2]


def test_a_school_that_records_no_timetable_is_asked_for_none(given: Given, answer: Answer) -> None:
    """Nothing is missing that is not kept."""
    given(
        calendar=YEAR_2026,
        register=r"""
        pupil | start      | marks
        ------+------------+------
        P1    | 2026-11-17 | /,C2 """,
    )
    assert answer("int_look_week", by="pupil rule", columns="figure")["P1", "no_timetable"] == 0
