"""int_group_stay: when a child was both on the roll and in a group of the pages."""

from tests.conftest import Answer, Given


def test_a_stay_is_where_care_and_roll_meet(given: Given, answer: Answer) -> None:
    """P1 came with care begun, P2 left before it, P3's stays overlap, P4 is in need."""
    given(
        raw_enrolment="""
        pupil | entry_date | leaving_date
        ------+------------+-------------
        P1    | 2026-09-02 |
        P2    | 2025-09-02 | 2026-01-09
        P3    | 2025-09-02 | 2026-07-21
        P3    | 2026-04-01 | 2026-05-01
        P4    | 2025-09-02 |           """,
        raw_care_episode="""
        pupil | status                  | start_date | end_date
        ------+-------------------------+------------+-----------
        P1    | looked after            | 2024-01-08 | 2026-11-02
        P1    | previously looked after | 2026-11-02 |
        P2    | looked after            | 2026-01-10 |
        P3    | looked after            | 2026-05-04 |
        P4    | in need                 | 2024-01-08 |           """,
    )
    assert answer("int_group_stay", columns="end_date") == {
        ("P1", "looked after", "2026-09-02"): "2026-11-02",
        ("P1", "previously looked after", "2026-11-02"): None,
        ("P3", "looked after", "2026-05-04"): "2026-07-22",
        ("P4", "has a social worker", "2025-09-02"): None,
    }
