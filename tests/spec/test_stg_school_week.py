"""stg_school_week: the whole school's sessions in a week."""

from tests.conftest import Answer, Given


def test_absence_is_both_kinds(given: Given, answer: Answer) -> None:
    """The school's absent sessions are those with leave and those without."""
    given(
        raw_school_week="""
    week_start | possible_sessions | authorised_absent_sessions | unauthorised_absent_sessions
    -----------+-------------------+----------------------------+-----------------------------
    2026-09-07 | 2800              | 90                         | 31
    2026-09-14 | 0                 | 0                          | 0                           """
    )
    assert answer("stg_school_week", columns="absent_sessions", as_at=None) == {
        "2026-09-07": 90 + 31,
        "2026-09-14": 0,
    }
