"""pupil_permanence: one decision or order for good, by the day asked for."""

from tests.conftest import Answer, Given


def test_what_is_told_by_the_day(given: Given, answer: Answer) -> None:
    """The page says by which order, from its own day on."""
    given(
        raw_permanence="""
        pupil | permanence_date | event          | reason
        ------+-----------------+----------------+-------
        P1    | 2025-03-03      | plan given up  | RD2
        P1    | 2026-11-20      | adoption order |
        P2    | 2026-11-21      | adoption order |       """
    )
    found = answer("pupil_permanence", by="event", columns="pupil reason")
    assert found == {
        "Adoption order made": {"pupil": "P1", "reason": None},
        "Plan for adoption given up": {
            "pupil": "P1",
            "reason": "The Court did not make a placement order",
        },
    }
