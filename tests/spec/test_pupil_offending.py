"""pupil_offending: one conviction or youth caution, by the day asked for."""

from tests.conftest import Answer, Given


def test_what_is_told_by_the_day(given: Given, answer: Answer) -> None:
    """What lies ahead of the day is not there."""
    given(
        raw_offending="""
        pupil | offending_date | kind
        ------+----------------+--------------
        P1    | 2026-11-20     | conviction
        P2    | 2026-11-21     | youth caution"""
    )
    found = answer("pupil_offending", by="pupil", columns="kind")
    assert found == {"P1": "conviction"}
