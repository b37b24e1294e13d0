"""stg_source: a file that a load read."""

from tests.conftest import Answer, Given


def test_a_refused_file_is_listed_with_its_faults(given: Given, answer: Answer) -> None:
    """A file keeps its count of faults and its dates, refused or not."""
    given(
        raw_source="""
        source_id | file_name      | is_refused | problem_count | first_date | last_date
        ----------+----------------+------------+---------------+------------+-----------
        1         | roll.csv       | false      | 0             |            |
        2         | attendance.csv | true       | 3             | 2026-09-01 | 2026-11-20"""
    )
    names = "file_name is_refused problem_count last_date"
    assert answer("stg_source", columns=names, as_at=None) == {
        1: {"file_name": "roll.csv", "is_refused": False, "problem_count": 0, "last_date": None},
        2: {
            "file_name": "attendance.csv",
            "is_refused": True,
            "problem_count": 3,
            "last_date": "2026-11-20",
        },
    }
