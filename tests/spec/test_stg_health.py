"""stg_health: a health event, and the duty that it does."""

from tests.conftest import Answer, Given


def test_an_initial_and_a_review_assessment_do_one_duty(given: Given, answer: Answer) -> None:
    """The other kinds do one each."""
    given(
        raw_health="""
        pupil | kind               | health_date
        ------+--------------------+------------
        P1    | initial assessment | 2025-10-06
        P1    | review assessment  | 2026-10-05
        P1    | dental check       | 2026-10-05 """
    )
    found = answer("stg_health", by="kind", columns="subject", as_at=None)
    assert found["initial assessment"] == found["review assessment"] != found["dental check"]
