"""school_attendance: all children on roll, in or out of scope, by academic year."""

import pytest

from tests.conftest import Answer, Given


@pytest.mark.parametrize(
    ("as_at", "rates"),
    [
        ("2026-07-16", {}),
        ("2026-07-17", {"2025/26": 140 / 2800}),
        ("2026-09-10", {"2025/26": 140 / 2800}),
        ("2026-09-11", {"2025/26": 140 / 2800, "2026/27": 90 / 2700}),
        ("2026-09-18", {"2025/26": 140 / 2800, "2026/27": (90 + 180) / (2700 + 2700)}),
    ],
)
def test_weeks_up_to_the_day_pooled(
    given: Given, answer: Answer, as_at: str, rates: dict[str, float]
) -> None:
    """Weeks that are whole by the day are pooled; a year without figures has no row."""
    given(
        raw_school_week="""
    week_start | possible_sessions | authorised_absent_sessions | unauthorised_absent_sessions
    -----------+-------------------+----------------------------+-----------------------------
    2026-07-13 | 2800              | 100                        | 40
    2026-09-07 | 2700              | 90                         | 0
    2026-09-14 | 2700              | 90                         | 90                          """
    )
    assert answer("school_attendance", as_at=as_at, columns="absence_rate") == rates


def test_nothing_possible_has_no_rate(given: Given, answer: Answer) -> None:
    """A year in which the school was closed has no rate."""
    given(
        raw_school_week="""
    week_start | possible_sessions
    -----------+------------------
    2026-09-07 | 0                """
    )
    assert answer("school_attendance", columns="absence_rate") == {"2026/27": None}
