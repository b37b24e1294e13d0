"""pupil_week_attendance: a child's sessions in a whole week."""

from tests.conftest import Answer, Given


def test_a_week_runs_from_monday_to_sunday(given: Given, answer: Answer) -> None:
    """A week is whole whatever day is asked for; its rate is absent over possible."""
    given(
        register=r"""
        pupil | start      | marks
        ------+------------+--------------------
        P1    | 2026-09-10 | /\ /N I\ ##
        P2    | 2026-09-07 | ## Y4,Y4           """
    )
    names = "possible_sessions absent_sessions absence_rate"
    found = answer("pupil_week_attendance", columns=names, as_at=None)
    assert {key: tuple(row.values()) for key, row in found.items()} == {
        ("P1", "2026-09-07"): (2 + 2, 1, 1 / 4),
        ("P1", "2026-09-14"): (2, 1, 1 / 2),
        ("P2", "2026-09-07"): (0, 0, None),
    }


def test_a_weeks_year(given: Given, answer: Answer) -> None:
    """A week belongs to the academic year of its first mark, one over the turn too."""
    given(
        register=r"""
        pupil | start      | marks
        ------+------------+------
        P1    | 2026-07-31 | /\ /\
        P2    | 2024-07-31 | /\ /\ """
    )
    assert answer("pupil_week_attendance", columns="academic_year", as_at=None) == {
        ("P1", "2026-07-27"): "2025/26",
        ("P1", "2026-08-03"): "2026/27",
        ("P2", "2024-07-29"): "2023/24",
    }
