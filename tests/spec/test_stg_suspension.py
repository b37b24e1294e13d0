"""stg_suspension: one child and first day of a suspension."""

from tests.conftest import Answer, Given


def test_sessions_are_half_days(given: Given, answer: Answer) -> None:
    """A day and a half is three sessions."""
    given(
        raw_suspension="""
        pupil | suspension_date | category | sessions | reason
        ------+-----------------+----------+----------+-------
        P1    | 2026-10-05      | SUSP     | 3        | BU    """
    )
    assert answer("stg_suspension", columns="sessions", as_at=None) == {("P1", "2026-10-05"): 3}
