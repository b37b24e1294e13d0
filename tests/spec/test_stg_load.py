"""stg_load: a load, and the day up to which its marks go."""

from tests.conftest import Answer, Given


def test_a_load_says_how_far_its_marks_go(given: Given, answer: Answer) -> None:
    """A load has the time at which it was made and the day up to which its marks go."""
    given(
        raw_load="""
        load_id | loaded_at           | data_until
        --------+---------------------+-----------
        1       | 2026-11-13 16:00:00 | 2026-11-12
        2       | 2026-11-20 16:00:00 | 2026-11-20"""
    )
    assert answer("stg_load", as_at=None) == {
        1: {"school_key": 1, "loaded_at": "2026-11-13 16:00:00", "data_until": "2026-11-12"},
        2: {"school_key": 1, "loaded_at": "2026-11-20 16:00:00", "data_until": "2026-11-20"},
    }
