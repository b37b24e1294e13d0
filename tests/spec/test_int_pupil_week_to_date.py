"""int_pupil_week_to_date: a child's sessions in each week up to the day asked for."""

import pytest

from tests.conftest import Answer, Given


@pytest.mark.parametrize(
    ("as_at", "attended"),
    [
        ("2026-09-06", {}),
        ("2026-09-07", {"2026-09-07": 2}),
        ("2026-09-09", {"2026-09-07": 2 + 2 + 2}),
        ("2026-09-13", {"2026-09-07": 2 * 5}),
        ("2026-09-15", {"2026-09-07": 2 * 5, "2026-09-14": 2 + 1}),
        ("2027-01-04", {"2026-09-07": 2 * 5, "2026-09-14": 2 + 1 + 2}),
    ],
)
def test_the_week_of_the_day_is_cut_at_the_day(
    given: Given, answer: Answer, as_at: str, attended: dict[str, int]
) -> None:
    """Earlier weeks are whole; of the day's own week only the days up to it count."""
    given(
        register=r"""
        pupil | start      | marks
        ------+------------+--------------
        P1    | 2026-09-07 | /\*6 /N /\   """
    )
    found = answer(
        "int_pupil_week_to_date", by="week_start", columns="attended_sessions", as_at=as_at
    )
    assert found == attended
