"""int_in_care: a child on roll and looked after on the day asked for."""

from tests.conftest import Answer, Given


def test_on_roll_and_in_care(given: Given, answer: Answer) -> None:
    """Neither a child who left, nor one in need, nor one on short breaks."""
    given(
        raw_care_episode="""
        pupil | status       | start_date | known_since | end_date   | legal_status
        ------+--------------+------------+-------------+------------+-------------
        P1    | looked after | 2025-01-06 |             | 2025-06-02 | C1
        P1    | looked after | 2025-06-02 |             |            | C2
        P2    | looked after |            | 2025-01-06  |            |
        P3    | in need      | 2025-01-06 |             |            |
        P4    | looked after | 2025-01-06 |             |            | V3
        P5    | looked after | 2025-01-06 |             | 2026-11-20 |
        P6    | looked after | 2025-01-06 |             |            |             """,
        raw_enrolment="""
        pupil | entry_date | leaving_date
        ------+------------+-------------
        P1    | 2024-09-03 |
        P2    | 2025-09-02 |
        P3    | 2024-09-03 |
        P4    | 2024-09-03 |
        P5    | 2024-09-03 |
        P6    | 2024-09-03 | 2026-11-19  """,
    )
    found = answer("int_in_care", columns="counts_from is_start_known entry_date")
    assert {pupil: tuple(row.values()) for pupil, row in found.items()} == {
        "P1": ("2025-01-06", True, "2024-09-03"),
        "P2": ("2025-01-06", False, "2025-09-02"),
    }
