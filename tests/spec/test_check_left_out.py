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
        source_id | pupil | row_number | column_name | fault
        ----------+-------+------------+-------------+------------
        1         | P1    | 5          | code        | not allowed
        2         |       | 3          | upn         | UPN form   """,
    )
    found = answer("check_left_out", by="row_number", columns="file_name pupil_key", as_at=None)
    assert {row: each["file_name"] for row, each in found.items()} == {
        5: "attendance.csv",
        3: "sdq.csv",
    }
    assert found[3]["pupil_key"] is None
