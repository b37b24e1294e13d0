"""load_file: what a load read from a file."""

from tests.conftest import Answer, Given


def test_rows_taken_and_rows_of_other_children(given: Given, answer: Answer) -> None:
    """Each file has its load's time, and its rows taken, not shown and left out."""
    given(
        raw_source="""
        source_id | load_id | file_name | rows_read | rows_taken | rows_not_shown | rows_left_out
        ----------+---------+-----------+-----------+------------+----------------+--------------
        1         | 1       | roll.csv  | 280       | 24         | 256            | 0
        2         | 2       | pep.csv   | 900       | 70         | 827            | 3
        """,
        raw_load="""
        load_id | loaded_at           | data_until
        --------+---------------------+-----------
        1       | 2026-11-13 16:00:00 | 2026-11-13
        2       | 2026-11-20 16:00:00 | 2026-11-20""",
    )
    names = "loaded_at file_name rows_taken rows_not_shown rows_left_out"
    found = answer("load_file", columns=names, as_at=None)
    assert {source: tuple(row.values()) for source, row in found.items()} == {
        1: ("2026-11-13 16:00:00", "roll.csv", 24, 256, 0),
        2: ("2026-11-20 16:00:00", "pep.csv", 70, 827, 3),
    }


def test_a_refused_file_is_listed_with_its_faults(given: Given, answer: Answer) -> None:
    """A file keeps its count of faults, its dates and how many rows were refused."""
    given(
        raw_source="""
        source_id | is_refused | problem_count | rows_refused | first_date | last_date
        ----------+------------+---------------+--------------+------------+-----------
        1         | false      | 0             | 0            |            |
        2         | true       | 3             | 25           | 2026-09-01 | 2026-11-20"""
    )
    names = "is_refused problem_count rows_refused first_date last_date"
    found = answer("load_file", columns=names, as_at=None)
    assert {source: tuple(row.values()) for source, row in found.items()} == {
        1: (False, 0, 0, None, None),
        2: (True, 3, 25, "2026-09-01", "2026-11-20"),
    }
