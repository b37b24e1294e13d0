"""pupil_assessment: teacher assessments by the day asked for."""

from tests.conftest import Answer, Given


def test_the_child_beside_its_class(given: Given, answer: Answer) -> None:
    """Where most of the class is may be unknown; an assessment of tomorrow is not there."""
    given(
        raw_assessment="""
        pupil | assessment_date | step | class_step
        ------+-----------------+------+-----------
        P1    | 2025-07-11      | 9    | 11
        P1    | 2026-11-20      | 13   |
        P1    | 2026-11-21      | 14   | 15        """
    )
    found = answer("pupil_assessment", by="assessment_date", columns="step class_step")
    assert found == {
        "2025-07-11": {"step": 9, "class_step": 11},
        "2026-11-20": {"step": 13, "class_step": None},
    }
