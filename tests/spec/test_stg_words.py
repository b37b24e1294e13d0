"""stg_words: one line in a child's own words."""

from tests.conftest import Answer, Given


def test_a_line_that_was_taken_out(given: Given, answer: Answer) -> None:
    """The child wished it away, and no view has it from then on."""
    given(
        raw_words="""
        pupil | words_date | line                 | taken_out_date | source_id
        ------+------------+----------------------+----------------+----------
        P1    | 2026-10-05 | tell me first        |                | 1
        P1    | 2026-10-05 | break is loud        |                | 1
        P1    | 2026-10-05 | break is loud        | 2026-11-02     | 2
        P1    | 2026-11-21 | I am proud           |                | 1        """
    )
    found = answer("stg_words", by="line", columns="words_date", as_at=None)
    assert found == {"tell me first": "2026-10-05", "I am proud": "2026-11-21"}
