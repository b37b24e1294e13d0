"""pupil_development: one developmental check, by the day asked for."""

from tests.conftest import Answer, Given


def test_what_is_told_by_the_day(given: Given, answer: Answer) -> None:
    """A check of long ago stays; one ahead of the day is not there."""
    given(
        raw_development="""
        pupil | development_date | outcome
        ------+------------------+---------------
        P1    | 2022-10-05       | not up to date
        P2    | 2026-11-21       | up to date     """
    )
    found = answer("pupil_development", by="pupil", columns="outcome")
    assert found == {"P1": "not up to date"}
