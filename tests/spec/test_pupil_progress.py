"""pupil_progress: steps since a child's own start, beside those of the class."""

from tests.conftest import Answer, Given


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
    found = answer("pupil_progress", columns="assessments steps class_steps")
    assert {key: tuple(row.values()) for key, row in found.items()} == {
        ("P1", "reading"): (3, 8 - 5, 12 - 9),
        ("P1", "maths"): (1, 0, 0),
        ("P2", "maths"): (2, 8 - 9, None),
    }
    names = "start_date start_step start_class_step newest_date newest_step newest_class_step"
    found = answer("pupil_progress", columns=names)
    assert {key: tuple(row.values()) for key, row in found.items()} == {
        ("P1", "reading"): ("2025-12-12", 5, 9, "2026-11-20", 8, 12),
        ("P1", "maths"): ("2026-07-10", 7, 11, "2026-07-10", 7, 11),
        ("P2", "maths"): ("2026-07-10", 9, None, "2026-11-20", 8, 12),
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
