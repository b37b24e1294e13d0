"""no_school_place: who is looked after and on no roll, and for how long."""

from tests.conftest import Answer, Given


def test_days_run_from_the_last_place_or_from_care(given: Given, answer: Answer) -> None:
    """Who is on a roll has no row, nor has who is not looked after, or not yet."""
    given(
        raw_pupil="""
        pupil | school_key
        ------+-----------
        P1    | 1
        P2    | 1
        P3    | 0
        P4    | 1
        P5    | 0
        P6    | 0         """,
        raw_school="""
        school_key | school_id | school_name
        -----------+-----------+------------
        1          | 1         | Elm
        2          | 2         | Oak        """,
        raw_enrolment="""
        school_key | pupil | entry_date | leaving_date | year_group | year_group_date
        -----------+-------+------------+--------------+------------+----------------
        1          | P1    | 2024-09-02 |              | 4          | 2026-11-20
        2          | P2    | 2024-09-02 | 2026-10-21   | 5          | 2026-10-21
        1          | P2    | 2023-09-04 | 2024-07-19   | 2          | 2024-07-19
        1          | P4    | 2022-09-02 | 2026-07-17   | 6          | 2026-07-17     """,
        raw_care_episode="""
        pupil | start_date | known_since | home   | authority | status       | legal_status
        ------+------------+-------------+--------+-----------+--------------+-------------
        P1    | 2025-01-06 |             | foster | Northmoor | looked after | C2
        P2    | 2025-01-06 |             | foster | Northmoor | looked after | C2
        P3    | 2026-11-02 |             |        | Southmoor | looked after |
        P4    |            | 2026-09-07  |        |           | looked after |
        P5    | 2026-11-23 |             |        |           | looked after |
        P6    | 2025-01-06 |             |        |           | in need      |             """,
        raw_provision="""
        pupil | provision_date | kind
        ------+----------------+----------------------
        P2    | 2026-10-26     | alternative provision""",
    )
    found = answer(
        "no_school_place",
        as_at="2026-11-20",
        columns="looked_after_since last_place_ended_on days_without authority home_kind provision",
    )
    assert {child: tuple(row.values())[:4] for child, row in found.items()} == {
        "P2": ("2025-01-06", "2026-10-21", 30, "Northmoor"),
        "P3": ("2026-11-02", None, 18, "Southmoor"),
        "P4": (None, "2026-07-17", 74, None),
    }
    names = "year_group last_school legal_status home_since"
    last = answer("no_school_place", as_at="2026-11-20", columns=names)
    assert {child: tuple(row.values()) for child, row in last.items()} == {
        "P2": (5, "Oak", "Full care order", "2025-01-06"),
        "P3": (None, None, None, "2026-11-02"),
        "P4": (7, "Elm", None, None),
    }
    assert found["P2"]["provision"] == "alternative provision"
    assert found["P2"]["home_kind"] is not None
