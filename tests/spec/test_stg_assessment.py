"""stg_assessment: one teacher assessment of a subject."""

from tests.conftest import Answer, Given


def test_a_step_that_was_put_right(given: Given, answer: Answer) -> None:
    """Of a subject on a day the newest source counts."""
    given(
        raw_assessment="""
        pupil | assessment_date | subject | step | source_id
        ------+-----------------+---------+------+----------
        P1    | 2026-07-10      | reading | 12   | 1
        P1    | 2026-07-10      | reading | 13   | 2
        P1    | 2026-07-10      | maths   | 9    | 1        """
    )
    found = answer("stg_assessment", by="subject", columns="step", as_at=None)
    assert found == {"reading": 13, "maths": 9}
