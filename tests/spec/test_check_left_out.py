"""check_left_out: rows of files that were left out for a fault."""

from tests.conftest import Answer, Given


def test_each_fault_is_listed_with_its_file_and_row(given: Given, answer: Answer) -> None:
    """Whoever the row is about, and whether or not that can be told."""
    given(
        raw_source="""
        source_id | file_name
        ----------+---------------
        1         | attendance.csv
        2         | sdq.csv       """,
        raw_flagged_row="""
        source_id | pupil | row_number | column_name | fault       | first_date | last_date
        ----------+-------+------------+-------------+-------------+------------+-----------
        1         | P1    | 5          | code        | not allowed | 2026-11-16 | 2026-11-16
        2         |       | 3          | upn         | UPN form    | 2026-09-01 | 2026-11-20""",
    )
    names = "file_name pupil_key first_date last_date"
    found = answer("check_left_out", by="row_number", columns=names, as_at=None)
    assert {row: tuple(each.values()) for row, each in found.items()} == {
        5: ("attendance.csv", 1, "2026-11-16", "2026-11-16"),
        3: ("sdq.csv", None, "2026-09-01", "2026-11-20"),
    }
