"""int_protection_event: steps that were taken, of children on roll."""

from tests.conftest import Answer, Given


def test_what_was_taken_by_the_day(given: Given, answer: Answer) -> None:
    """A booking is no step, nor is one of tomorrow or of a child who has left."""
    given(
        raw_enrolment="""
        pupil | leaving_date
        ------+-------------
        P1    |
        P2    | 2026-10-16  """,
        raw_protection="""
        pupil | protection_date | event
        ------+-----------------+------------------
        P1    | 2026-11-20      | core group
        P1    | 2026-11-21      | core group
        P1    | 2026-11-20      | conference booked
        P2    | 2026-09-07      | referral         """,
    )
    found = answer("int_protection_event", columns="stage")
    assert found == {("P1", "2026-11-20", "core group"): "on a plan"}
