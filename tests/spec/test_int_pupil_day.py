"""int_pupil_day: a child's sessions on a day."""

from tests.conftest import Answer, Given

COUNTS = (
    "possible_sessions attended_sessions authorised_absent_sessions"
    " unauthorised_absent_sessions late_sessions"
)


def test_a_day_has_up_to_two_sessions_of_each_kind(given: Given, answer: Answer) -> None:
    """Each half is counted by its own code; L is late and attended, U is absence."""
    given(
        register=r"""
        pupil | start      | marks
        ------+------------+------
        P1    | 2026-09-07 | /\
        P2    | 2026-09-07 | LU
        P3    | 2026-09-07 | C2,N
        P4    | 2026-09-07 | D,Y4
        P5    | 2026-09-07 | /-   """
    )
    found = answer("int_pupil_day", by="pupil", columns=COUNTS, as_at=None)
    assert {pupil: tuple(counts.values()) for pupil, counts in found.items()} == {
        "P1": (1 + 1, 1 + 1, 0, 0, 0),
        "P2": (1 + 1, 1, 0, 1, 1),
        "P3": (1 + 1, 0, 1, 1, 0),
        "P4": (0, 0, 0, 0, 0),
        "P5": (1, 1, 0, 0, 0),
    }
