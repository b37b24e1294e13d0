"""int_newest_load: of each school the one load that says where its data end."""

from tests.conftest import Answer, Given


def test_it_is_the_schools_last_one_wherever_it_ends(given: Given, answer: Answer) -> None:
    """By its number: neither the clock of a load nor how far it goes makes it the newest.

    A school that is late moves nobody else's day.
    """
    given(
        raw_load="""
        school_key | load_id | loaded_at           | data_until
        -----------+---------+---------------------+-----------
        1          | 1       | 2026-11-13 16:00:00 | 2026-11-13
        1          | 3       | 2026-11-12 09:00:00 | 2026-11-11
        1          | 2       | 2026-11-14 09:00:00 | 2026-11-12
        2          | 4       | 2026-11-14 10:00:00 | 2026-11-06"""
    )
    found = answer("int_newest_load", by="load_id", columns="data_until", as_at=None)
    assert found == {3: "2026-11-11", 4: "2026-11-06"}


def test_before_the_first_load_there_is_none(answer: Answer) -> None:
    """Nothing stands in for it."""
    assert answer("int_newest_load", by="load_id", columns="data_until", as_at=None) == {}
