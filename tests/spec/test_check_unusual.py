"""check_unusual: rows that are seldom so, and were taken."""

from tests.conftest import Answer, Given


def test_a_doubt_is_listed_and_a_fault_is_not(given: Given, answer: Answer) -> None:
    """The row of a fault was left out, and stands in check_left_out."""
    given(
        raw_source="""
        source_id | file_name
        ----------+----------
        1         | sdq.csv  """,
        raw_flagged_row="""
        source_id | pupil | row_number | column_name | fault             | is_left_out
        ----------+-------+------------+-------------+-------------------+------------
        1         | P1    | 5          | informant   | own form under 11 | false
        1         | P1    | 6          | total       | out of range      | true       """,
    )
    found = answer("check_unusual", by="row_number", columns="file_name doubt", as_at=None)
    assert found == {5: {"file_name": "sdq.csv", "doubt": "own form under 11"}}
