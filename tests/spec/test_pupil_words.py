"""pupil_words: a child's own words by the day asked for."""

from tests.conftest import Answer, Given


def test_not_on_any_day(given: Given, answer: Answer) -> None:
    """A line that was taken out is not there before its day either, nor is one of tomorrow.

    A line is there from its own day on.
    """
    given(
        raw_words="""
        pupil | words_date | line                 | taken_out_date | source_id
        ------+------------+----------------------+----------------+----------
        P1    | 2026-10-05 | tell me first        |                | 1
        P1    | 2026-10-05 | break is loud        |                | 1
        P1    | 2026-10-05 | break is loud        | 2026-11-02     | 2
        P1    | 2026-11-21 | I am proud           |                | 1        """
    )
    found = answer("pupil_words", as_at="2026-10-05", by="line", columns="setting")
    assert found == {"tell me first": "PEP"}
