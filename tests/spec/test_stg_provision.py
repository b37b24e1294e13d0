"""stg_provision: one part-time timetable, or time of alternative provision."""

from tests.conftest import Answer, Given


def test_an_end_that_was_agreed(given: Given, answer: Answer) -> None:
    """The newest source knows the last day."""
    given(
        raw_provision="""
        pupil | provision_date | end_date   | source_id
        ------+----------------+------------+----------
        P1    | 2026-09-14     |            | 1
        P1    | 2026-09-14     | 2026-12-18 | 2        """
    )
    found = answer("stg_provision", by="provision_date", columns="end_date", as_at=None)
    assert found == {"2026-09-14": "2026-12-18"}
