"""stg_offending: one conviction or youth caution."""

from tests.conftest import Answer, Given


def test_the_newest_source_counts(given: Given, answer: Answer) -> None:
    """The same caution in two sources is one; a conviction of the day is another."""
    given(
        raw_offending="""
        pupil | offending_date | kind          | source_id
        ------+----------------+---------------+----------
        P1    | 2026-10-05     | youth caution | 1
        P1    | 2026-10-05     | youth caution | 2
        P1    | 2026-10-05     | conviction    | 1        """
    )
    found = answer("stg_offending", by="kind", columns="offending_date", as_at=None)
    assert found == {"youth caution": "2026-10-05", "conviction": "2026-10-05"}
