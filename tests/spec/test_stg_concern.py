"""stg_concern: one note of concern."""

from tests.conftest import Answer, Given


def test_a_note_that_was_closed_is_the_same_note(given: Given, answer: Answer) -> None:
    """Of two rows about one note the newest source counts; another line is another note."""
    given(
        raw_concern="""
        pupil | concern_date | line               | closed_date | source_id
        ------+--------------+--------------------+-------------+----------
        P1    | 2026-11-10   | sat alone at break |             | 1
        P1    | 2026-11-10   | sat alone at break | 2026-11-16  | 2
        P1    | 2026-11-10   | no coat            |             | 1        """
    )
    found = answer("stg_concern", by="line", columns="closed_date", as_at=None)
    assert found == {"sat alone at break": "2026-11-16", "no coat": None}
