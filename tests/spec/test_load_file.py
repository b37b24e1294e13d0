"""load_file: what a load read from a file."""

from tests.conftest import Answer, Given


def test_rows_kept_and_rows_of_other_children(given: Given, answer: Answer) -> None:
    """Each file has its load's time, what was kept, and how many rows were out of scope."""
    given(
        raw_source="""
        source_id | load_id | file_name      | rows_read | rows_kept | rows_out_of_scope
        ----------+---------+----------------+-----------+-----------+------------------
        1         | 1       | roll.csv       | 280       | 24        | 256
        2         | 2       | attendance.csv | 900       | 70        | 830              """,
        raw_load="""
        load_id | loaded_at           | data_until
        --------+---------------------+-----------
        1       | 2026-11-13 16:00:00 | 2026-11-13
        2       | 2026-11-20 16:00:00 | 2026-11-20""",
    )
    names = "loaded_at file_name rows_kept rows_out_of_scope"
    found = answer("load_file", columns=names, as_at=None)
    assert {source: tuple(row.values()) for source, row in found.items()} == {
        1: ("2026-11-13 16:00:00", "roll.csv", 24, 256),
        2: ("2026-11-20 16:00:00", "attendance.csv", 70, 830),
    }


def test_a_refused_file_is_listed_with_its_faults(given: Given, answer: Answer) -> None:
    """A file keeps its count of faults, its blank marks and its dates, refused or not."""
    given(
        raw_source="""
        source_id | is_refused | problem_count | blank_marks | first_date | last_date
        ----------+------------+---------------+-------------+------------+-----------
        1         | false      | 0             | 5           |            |
        2         | true       | 3             | 0           | 2026-09-01 | 2026-11-20"""
    )
    names = "is_refused problem_count blank_marks first_date last_date"
    found = answer("load_file", columns=names, as_at=None)
    assert {source: tuple(row.values()) for source, row in found.items()} == {
        1: (False, 0, 5, None, None),
        2: (True, 3, 0, "2026-09-01", "2026-11-20"),
    }
