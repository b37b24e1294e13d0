"""int_look_follow_up: days to look again, while nobody has."""

import pytest

from tests.conftest import Answer, Given


@pytest.mark.parametrize(
    ("as_at", "expected"),
    [
        ("2026-11-19", {}),
        ("2026-11-20", {"P1": (1, "2026-11-20")}),
        ("2026-11-27", {"P1": (2, "2026-11-27")}),
        ("2026-11-28", {}),
    ],
)
def test_from_its_day_on_until_somebody_acts(
    given: Given, answer: Answer, as_at: str, expected: object
) -> None:
    """An action before the day does not do it; one on or after the last of them does it all."""
    given(
        raw_action="""
        pupil | action_id | action_date | follow_up_date
        ------+-----------+-------------+---------------
        P1    | A1        | 2026-11-12  | 2026-11-20
        P1    | A2        | 2026-11-19  | 2026-11-27
        P1    | A3        | 2026-11-28  |               """
    )
    found = answer("int_look_follow_up", as_at=as_at, by="pupil", columns="figure changed_on")
    assert {pupil: tuple(row.values()) for pupil, row in found.items()} == expected


def test_only_what_stands_counts(given: Given, answer: Answer) -> None:
    """A day that was corrected is no day, and an action that was corrected did nothing."""
    given(
        raw_action="""
        pupil | action_id | action_date | follow_up_date | corrects
        ------+-----------+-------------+----------------+---------
        P1    | A1        | 2026-11-12  | 2026-11-13     |
        P1    | A2        | 2026-11-12  | 2026-11-17     | A1
        P1    | A3        | 2026-11-18  |                |
        P2    | A4        | 2026-11-18  |                | A3      """
    )
    found = answer("int_look_follow_up", by="pupil", columns="changed_on")
    assert found == {"P1": "2026-11-17"}


def test_on_the_action_s_own_day_it_is_done(given: Given, answer: Answer) -> None:
    """Who wants to look again the same day has looked."""
    given(
        raw_action="""
        pupil | action_id | action_date | follow_up_date
        ------+-----------+-------------+---------------
        P1    | A1        | 2026-11-12  | 2026-11-12    """
    )
    assert answer("int_look_follow_up") == {}
