"""pupil_this_week: a child's sessions in the week of the day asked for, up to that day."""

from tests.conftest import Answer, Given

NAMES = "possible_sessions absent_sessions late_sessions not_recorded_sessions"


def test_from_monday_to_the_day(given: Given, answer: Answer) -> None:
    """Last week and the days still to come are left out; a blank is counted apart."""
    given(
        calendar="""
        start      | end
        -----------+-----------
        2026-09-07 | 2026-09-18""",
        register=r"""
        pupil | start      | marks
        ------+------------+---------------------
        P1    | 2026-09-07 | II*5 LN -I /\ II II
        P2    | 2026-09-07 | /\*5 ## -- D\      """,
    )
    found = answer("pupil_this_week", as_at="2026-09-16", columns=NAMES)
    assert {pupil: tuple(row.values()) for pupil, row in found.items()} == {
        "P1": (2 + 1 + 2, 1 + 1, 1, 1),
        "P2": (1, 0, 0, 2),
    }


def test_in_a_holiday_nobody_has_a_row(given: Given, answer: Answer) -> None:
    """A week without a mark or a school day has no row, not a row of noughts."""
    given(
        calendar="""
        start      | end        | kind
        -----------+------------+-----------
        2026-10-19 | 2026-10-23 | school day
        2026-10-26 | 2026-10-30 | holiday   """,
        register=r"""
        pupil | start      | marks
        ------+------------+------
        P1    | 2026-10-19 | /\*5 """,
    )
    assert answer("pupil_this_week", as_at="2026-10-28") == {}
