"""stg_permanence: one decision or order for good."""

from tests.conftest import Answer, Given


def test_the_newest_source_counts(given: Given, answer: Answer) -> None:
    """The newest source knows why."""
    given(
        raw_permanence="""
        pupil | permanence_date | event         | reason | source_id
        ------+-----------------+---------------+--------+----------
        P1    | 2026-03-02      | plan given up |        | 1
        P1    | 2026-03-02      | plan given up | RD3    | 2
        P1    | 2025-03-03      | matched       |        | 1        """
    )
    found = answer("stg_permanence", by="event", columns="reason", as_at=None)
    assert found == {"plan given up": "RD3", "matched": None}
