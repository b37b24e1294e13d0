"""stg_test: one test or check."""

from tests.conftest import Answer, Given


def test_a_score_that_came_later(given: Given, answer: Answer) -> None:
    """The newest source counts: the child took it after all."""
    given(
        raw_test="""
        pupil | test_date  | test   | score | outcome | source_id
        ------+------------+--------+-------+---------+----------
        P1    | 2026-06-10 | tables |       | A       | 1
        P1    | 2026-06-10 | tables | 19    |         | 2        """
    )
    found = answer("stg_test", columns="score", as_at=None)
    assert found == {("P1", "tables", "2026-06-10"): 19}
