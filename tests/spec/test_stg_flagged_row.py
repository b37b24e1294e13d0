"""stg_flagged_row: a fault of a row that was left out of its file."""

from tests.conftest import Answer, Given


def test_a_row_may_tell_neither_its_child_nor_its_day(given: Given, answer: Answer) -> None:
    """The dates are then those of its file, and a whole row that is broken has no column."""
    given(
        raw_flagged_row="""
        source_id | pupil | row_number | column_name | fault       | first_date | last_date
        ----------+-------+------------+-------------+-------------+------------+-----------
        1         | P1    | 5          | code        | not allowed | 2026-11-16 | 2026-11-16
        1         |       | 9          |             | broken row  | 2026-09-01 | 2026-11-20"""
    )
    names = "column_name fault first_date last_date"
    assert answer("stg_flagged_row", by="row_number", columns=names, as_at=None) == {
        5: {
            "column_name": "code",
            "fault": "not allowed",
            "first_date": "2026-11-16",
            "last_date": "2026-11-16",
        },
        9: {
            "column_name": None,
            "fault": "broken row",
            "first_date": "2026-09-01",
            "last_date": "2026-11-20",
        },
    }
