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
    names = "school_name phase national_phase load_id data_until"
    assert answer("school_load", by="school_key", columns=names) == {
        1: {
            "school_name": "Larkfield",
            "phase": "junior",
            "national_phase": "primary",
            "load_id": 2,
            "data_until": "2026-11-12",
        }
    }


def test_a_school_is_behind_by_its_own_school_days(given: Given, answer: Answer) -> None:
    """Those before the day asked for, since its last register: one is no reason to ask for it.

    A closure is no school day; a school without any register has no number.
    """
    given(
        raw_school="""
        school_key | school_id | school_name
        -----------+-----------+------------
        1          | 1         | Ash
        2          | 2         | Elm
        3          | 3         | Fir
        4          | 4         | Oak        """,
        raw_load="""
        school_key | load_id | loaded_at           | data_until
        -----------+---------+---------------------+-----------
        1          | 1       | 2026-11-13 16:00:00 | 2026-11-13
        2          | 2       | 2026-11-13 16:00:00 | 2026-11-13
        3          | 3       | 2026-11-16 16:00:00 | 2026-11-16
        4          | 4       | 2026-11-13 16:00:00 | 2026-11-13""",
        calendar="""
        school_key | start      | end
        -----------+------------+-----------
        1          | 2026-11-09 | 2026-11-27
        2          | 2026-11-09 | 2026-11-16
        3          | 2026-11-09 | 2026-11-27
        4          | 2026-11-09 | 2026-11-27""",
        register="""
        school_key | pupil | start      | marks
        -----------+-------+------------+------
        1          | P1    | 2026-11-09 | /*5
        2          | P2    | 2026-11-09 | /*5
        3          | P3    | 2026-11-09 | /*6  """,
    )
    found = answer(
        "school_load",
        as_at="2026-11-18",
        register_day="2026-11-16",
        by="school_name",
        columns="days_behind is_behind",
    )
    assert {name: tuple(each.values()) for name, each in found.items()} == {
        "Ash": (2, True),
        "Elm": (1, False),
        "Fir": (1, False),
        "Oak": (None, True),
    }
