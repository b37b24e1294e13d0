"""stg_intervention: one kind of help in place."""

from tests.conftest import Answer, Given


def test_help_that_has_ended(given: Given, answer: Answer) -> None:
    """The newest source knows its end."""
    given(
        raw_intervention="""
        pupil | intervention_date | kind    | end_date   | source_id
        ------+-------------------+---------+------------+----------
        P1    | 2026-09-21        | reading |            | 1
        P1    | 2026-09-21        | reading | 2026-11-09 | 2        """
    )
    found = answer("stg_intervention", by="kind", columns="end_date", as_at=None)
    assert found == {"reading": "2026-11-09"}
