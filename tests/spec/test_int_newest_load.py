"""int_newest_load: the one load that says where the data end."""

from tests.conftest import Answer, Given


def test_it_is_the_last_one_wherever_it_ends(given: Given, answer: Answer) -> None:
    """By its number: neither the clock of a load nor how far it goes makes it the newest."""
    given(
        raw_load="""
        load_id | loaded_at           | data_until
        --------+---------------------+-----------
        1       | 2026-11-13 16:00:00 | 2026-11-13
        3       | 2026-11-12 09:00:00 | 2026-11-11
        2       | 2026-11-14 09:00:00 | 2026-11-12"""
    )
    found = answer("int_newest_load", by="load_id", columns="data_until", as_at=None)
    assert found == {3: "2026-11-11"}


def test_before_the_first_load_there_is_none(answer: Answer) -> None:
    """Nothing stands in for it."""
    assert answer("int_newest_load", by="load_id", columns="data_until", as_at=None) == {}
