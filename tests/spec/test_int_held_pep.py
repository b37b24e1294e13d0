"""int_held_pep: a meeting that was held by the day asked for."""

from tests.conftest import Answer, Given


def test_held_by_then(given: Given, answer: Answer) -> None:
    """Neither a booked meeting nor one that is still to come."""
    given(
        raw_pep="""
        pupil | pep_date   | outcome
        ------+------------+--------
        P1    | 2026-11-20 | held
        P2    | 2026-11-21 | held
        P3    | 2026-11-20 | booked """
    )
    assert set(answer("int_held_pep")) == {("P1", "2026-11-20")}
