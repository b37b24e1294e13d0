"""stg_choice: one kind of data that was given by choice."""

from tests.conftest import Answer, Given


def test_the_newest_source_counts(given: Given, answer: Answer) -> None:
    """The newest source knows that it was taken back."""
    given(
        raw_choice="""
        pupil | choice_date | item | taken_back_date | source_id
        ------+-------------+------+-----------------+----------
        P1    | 2026-09-07  | sdq  |                 | 1
        P1    | 2026-09-07  | sdq  | 2026-11-02      | 2        """
    )
    found = answer("stg_choice", by="pupil", columns="taken_back_date", as_at=None)
    assert found == {"P1": "2026-11-02"}
