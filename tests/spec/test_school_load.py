"""school_load: a school and its newest load."""

from tests.conftest import Answer, Given


def test_the_newest_load_is_the_last_one_made(given: Given, answer: Answer) -> None:
    """The newest load is shown even where its marks go less far than an older one's."""
    given(
        raw_school="""
        school_key | school_id | school_name
        -----------+-----------+------------
        1          | 001/2001  | Larkfield  """,
        raw_load="""
        load_id | loaded_at           | data_until
        --------+---------------------+-----------
        1       | 2026-11-13 16:00:00 | 2026-11-13
        2       | 2026-11-14 09:00:00 | 2026-11-12""",
    )
    names = "school_name phase load_id data_until days_behind"
    assert answer("school_load", by="school_key", columns=names, as_at=None) == {
        1: {
            "school_name": "Larkfield",
            "phase": "junior",
            "load_id": 2,
            "data_until": "2026-11-12",
            "days_behind": 0,
        }
    }
