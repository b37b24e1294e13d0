"""former_member: who left, and whose care ended."""

import pytest

from tests.conftest import Answer, Given


@pytest.fixture
def told(given: Given) -> None:
    """P1 is here; P2 left; P3's care ended; P4 did neither yet; P5 was never in a group here."""
    given(
        raw_enrolment="""
        pupil | entry_date | leaving_date | year_group
        ------+------------+--------------+-----------
        P1    | 2024-09-02 |              | 4
        P2    | 2023-09-04 | 2025-07-18   | 4
        P2    | 2025-09-01 | 2026-11-20   | 5
        P3    | 2024-09-02 |              | 3
        P4    | 2024-09-02 | 2026-12-18   | 6
        P5    | 2026-09-01 |              | 4           """,
        raw_care_episode="""
        pupil | status       | start_date | end_date
        ------+--------------+------------+-----------
        P1    | looked after | 2024-01-08 |
        P2    | looked after | 2024-01-08 |
        P3    | looked after | 2024-01-08 | 2026-03-02
        P3    | in need      | 2026-03-02 | 2026-11-16
        P4    | looked after | 2024-01-08 |
        P5    | looked after | 2024-01-08 | 2026-08-31""",
    )


@pytest.mark.usefixtures("told")
def test_why_and_since_when(answer: Answer) -> None:
    """Of several stays and groups the last end counts; a period ends before its end date."""
    columns = "why ended_on leaving_date year_group"
    found = answer("former_member", as_at="2026-11-23", columns=columns)
    assert {pupil: tuple(row.values()) for pupil, row in found.items()} == {
        "P2": ("left", "2026-11-21", "2026-11-20", 5),
        "P3": ("care ended", "2026-11-16", None, 3),
    }


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    ("as_at", "expected"),
    [
        ("2024-01-08", set()),
        ("2025-07-18", set()),
        ("2025-07-19", {"P2"}),  # the summer between two stays
        ("2025-09-01", set()),
        ("2026-11-15", set()),
        ("2026-11-16", {"P3"}),
        ("2026-11-20", {"P3"}),
        ("2026-12-19", {"P2", "P3", "P4"}),
    ],
)
def test_from_the_day_after_the_last(answer: Answer, as_at: str, expected: set[str]) -> None:
    """Not on the last day itself, nor between a return and the next end."""
    assert set(answer("former_member", as_at=as_at)) == expected
