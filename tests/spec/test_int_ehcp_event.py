"""int_ehcp_event: a step taken by the day asked for, of a child on roll."""

from tests.conftest import Answer, Given


def test_steps_taken_by_then(given: Given, answer: Answer) -> None:
    """No booking, no step to come, nobody who has left."""
    given(
        raw_ehcp="""
        pupil | ehcp_date  | event
        ------+------------+--------------
        P1    | 2026-11-20 | requested
        P1    | 2026-11-21 | advice asked
        P1    | 2026-11-18 | review booked
        P2    | 2026-01-12 | requested    """,
        raw_enrolment="""
        pupil | leaving_date
        ------+-------------
        P1    |
        P2    | 2026-11-19  """,
    )
    assert set(answer("int_ehcp_event")) == {("P1", "2026-11-20", "requested")}
