"""int_pupil_leaving: the last day on the roll, once every stay has ended."""

from tests.conftest import Answer, Given


def test_a_child_has_left_once_every_stay_has_ended(given: Given, answer: Answer) -> None:
    """The last of two stays counts; an open one, however early, means that it may be here."""
    given(
        raw_enrolment="""
        pupil | entry_date | leaving_date
        ------+------------+-------------
        P1    | 2022-09-01 | 2024-07-19
        P1    | 2025-09-01 | 2026-02-13
        P2    | 2022-09-01 |
        P2    | 2025-09-01 | 2026-02-13
        P3    | 2025-09-01 |             """
    )
    found = answer("int_pupil_leaving", columns="leaving_date")
    assert found == {"P1": "2026-02-13", "P2": None, "P3": None}
