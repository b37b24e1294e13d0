"""int_school_register_day: a school that lags behind others is asked up to its own day."""

from tests.conftest import Answer, Given


def test_a_late_school_ends_where_its_register_does(given: Given, answer: Answer) -> None:
    """The others, and one without any register, are asked up to register_day."""
    given(
        calendar="""
        school_key | start      | end
        -----------+------------+-----------
        1          | 2026-11-09 | 2026-11-20
        2          | 2026-11-09 | 2026-11-20
        3          | 2026-11-09 | 2026-11-20""",
        register="""
        school_key | pupil | start      | marks
        -----------+-------+------------+------
        1          | P1    | 2026-11-09 | /*10
        2          | P2    | 2026-11-09 | /*5  """,
    )
    days = answer(
        "int_school_register_day",
        register_day="2026-11-18",
        by="school_key",
        columns="register_day last_day",
    )
    assert {school: tuple(each.values()) for school, each in days.items()} == {
        1: ("2026-11-18", "2026-11-18"),
        2: ("2026-11-13", "2026-11-13"),
        3: ("2026-11-18", None),
    }
