"""stg_substance: one finding of substance misuse."""

from tests.conftest import Answer, Given


def test_the_newest_source_counts(given: Given, answer: Answer) -> None:
    """The newest source knows that help was taken up."""
    given(
        raw_substance="""
        pupil | substance_date | has_help | is_help_offered | source_id
        ------+----------------+---------------+--------------+----------
        P1    | 2026-10-05     | false         | false        | 1
        P1    | 2026-10-05     | true          |              | 2        """
    )
    found = answer("stg_substance", by="pupil", columns="has_help", as_at=None)
    assert found == {"P1": True}
