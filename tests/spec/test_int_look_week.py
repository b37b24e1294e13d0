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
