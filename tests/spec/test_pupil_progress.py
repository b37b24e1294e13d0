"""pupil_progress: steps since a child's own start, beside those of the class."""

from tests.conftest import Answer, Given

_COLUMNS = "assessments start_date start_step steps class_steps"


def test_steps_are_counted_from_the_childs_own_start(given: Given, answer: Answer) -> None:
    """A child behind the class may make as many steps as it; nothing ahead of the day counts."""
    given(
        raw_assessment="""
        pupil | assessment_date | subject | step | class_step
        ------+-----------------+---------+------+-----------
        P1    | 2025-12-12      | reading | 5    | 9
        P1    | 2026-03-20      | reading | 5    | 10
        P1    | 2026-11-20      | reading | 8    | 12
        P1    | 2026-11-21      | reading | 20   | 20
        P1    | 2026-07-10      | maths   | 7    | 11
        P2    | 2026-07-10      | maths   | 9    |
        P2    | 2026-11-20      | maths   | 8    | 12         """
    )
    found = answer("pupil_progress", columns=_COLUMNS)
    assert found == {
        ("P1", "reading"): {
            "assessments": 3,
            "start_date": "2025-12-12",
            "start_step": 5,
            "steps": 3,
            "class_steps": 3,
        },
        ("P1", "maths"): {
            "assessments": 1,
            "start_date": "2026-07-10",
            "start_step": 7,
            "steps": 0,
            "class_steps": 0,
        },
        ("P2", "maths"): {
            "assessments": 2,
            "start_date": "2026-07-10",
            "start_step": 9,
            "steps": -1,
            "class_steps": None,
        },
    }


def test_before_the_first_assessment_there_is_no_row(given: Given, answer: Answer) -> None:
    """Nothing recorded is no progress of 0."""
    given(
        raw_assessment="""
        pupil | assessment_date | subject | step | class_step
        ------+-----------------+---------+------+-----------
        P1    | 2026-11-20      | science | 5    | 9          """
    )
    assert answer("pupil_progress", as_at="2026-11-19") == {}
