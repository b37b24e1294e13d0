"""stg_premium: one sum of pupil premium plus."""

from tests.conftest import Answer, Given


def test_what_was_spent_since(given: Given, answer: Answer) -> None:
    """The newest source knows what was spent."""
    given(
        raw_premium="""
        pupil | premium_date | kind  | planned | spent | source_id
        ------+--------------+-------+---------+-------+----------
        P1    | 2026-09-30   | tutor | 450     |       | 1
        P1    | 2026-09-30   | tutor | 450     | 225   | 2        """
    )
    found = answer("stg_premium", by="kind", columns="spent", as_at=None)
    assert found == {"tutor": 225}
