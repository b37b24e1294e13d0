"""int_member: every group that holds of a child on roll."""

import pytest

from tests.conftest import Answer, Given


@pytest.mark.parametrize(
    ("as_at", "groups"),
    [
        ("2025-02-28", (True, False, True, False)),
        ("2025-03-01", (True, False, True, True)),
        ("2026-11-19", (True, False, True, True)),
        ("2026-11-20", (False, True, True, None)),
    ],
)
def test_groups_on_a_day(
    given: Given, answer: Answer, as_at: str, groups: tuple[bool | None, ...]
) -> None:
    """A social worker stays beside care; 12 months count from the same day a year later."""
    given(
        raw_care_episode="""
        pupil | status                  | start_date | end_date
        ------+-------------------------+------------+-----------
        P1    | looked after            | 2024-03-01 | 2026-11-20
        P1    | previously looked after | 2026-11-20 |
        P1    | in need                 | 2024-03-01 | 2024-09-01
        P1    | on a protection plan    | 2024-09-01 |           """
    )
    columns = (
        "is_looked_after is_previously_looked_after has_social_worker is_looked_after_12_months"
    )
    found = answer("int_member", by="pupil", columns=columns, as_at=as_at)
    assert tuple(found["P1"].values()) == groups


def test_an_unknown_start_and_a_child_who_left(given: Given, answer: Answer) -> None:
    """Nobody can say how long; who is not on roll has no row."""
    given(
        raw_care_episode="""
        pupil | known_since | start_date
        ------+-------------+-----------
        P1    | 2024-03-01  |
        P2    |             | 2024-03-01""",
        raw_enrolment="""
        pupil | leaving_date
        ------+-------------
        P1    |
        P2    | 2026-11-19  """,
    )
    columns = "is_looked_after looked_after_since is_looked_after_12_months"
    found = answer("int_member", by="pupil", columns=columns)
    assert {pupil: tuple(row.values()) for pupil, row in found.items()} == {
        "P1": (True, None, None)
    }
