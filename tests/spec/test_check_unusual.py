"""check_unusual: rows that are seldom so, and were taken."""

from tests.conftest import Answer, Given


def test_a_doubt_is_listed_and_a_fault_is_not(given: Given, answer: Answer) -> None:
    """The row of a fault was left out, and stands in check_left_out.

    A doubt about a row of no child of the roll is listed too.
    """
    given(
        raw_source="""
        source_id | file_name
        ----------+----------
        1         | sdq.csv  """,
        raw_flagged_row="""
        source_id | pupil | row_number | fault             | is_left_out | first_date | last_date
        ----------+-------+------------+-------------------+-------------+------------+-----------
        1         | P1    | 5          | own form under 11 | false       | 2026-11-16 | 2026-11-17
        1         | P1    | 6          | out of range      | true        | 2026-11-16 | 2026-11-16
        1         |       | 7          | before its time   | false       | 2026-11-16 | 2026-11-16
        """,
    )
    names = "file_name doubt first_date last_date"
    found = answer("check_unusual", by="row_number", columns=names, as_at=None)
    assert {row: tuple(each.values()) for row, each in found.items()} == {
        5: ("sdq.csv", "own form under 11", "2026-11-16", "2026-11-17"),
        7: ("sdq.csv", "before its time", "2026-11-16", "2026-11-16"),
    }
