"""stg_missing: one time missing."""

from tests.conftest import Answer, Given


def test_a_child_who_came_back(given: Given, answer: Answer) -> None:
    """The newest source knows the day on which the child came back."""
    given(
        raw_missing="""
        pupil | missing_date | kind | back_date  | source_id
        ------+--------------+------+------------+----------
        P1    | 2026-10-11   | A    |            | 1
        P1    | 2026-10-11   | A    | 2026-10-12 | 2        """
    )
    found = answer("stg_missing", columns="back_date", as_at=None)
    assert found == {("P1", "2026-10-11"): "2026-10-12"}
