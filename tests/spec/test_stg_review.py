"""stg_review: one review of care."""

from tests.conftest import Answer, Given


def test_a_booking_that_was_held(given: Given, answer: Answer) -> None:
    """The newest source counts, so the booking gives way to what came of it."""
    given(
        raw_review="""
        pupil | review_date | outcome | has_school_report | source_id
        ------+-------------+---------+-------------------+----------
        P1    | 2026-10-07  | booked  |                   | 1
        P1    | 2026-10-07  | held    | true              | 2        """
    )
    found = answer("stg_review", columns="outcome", as_at=None)
    assert found == {("P1", "2026-10-07"): "held"}
