"""stg_development: one developmental check."""

from tests.conftest import Answer, Given


def test_the_newest_source_counts(given: Given, answer: Answer) -> None:
    """The newest source counts."""
    given(
        raw_development="""
        pupil | development_date | outcome           | source_id
        ------+------------------+-------------------+----------
        P1    | 2022-10-05       | not up to date    | 1
        P1    | 2022-10-05       | up to date        | 2        """
    )
    found = answer("stg_development", by="pupil", columns="outcome", as_at=None)
    assert found == {"P1": "up to date"}
