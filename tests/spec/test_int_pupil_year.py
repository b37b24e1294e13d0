"""int_pupil_year: a child's sessions in an academic year up to the day asked for."""

import pytest

from tests.conftest import Answer, Given


@pytest.mark.parametrize(
    ("as_at", "sessions", "weeks"),
    [
        ("2026-09-07", 2, 1),
        ("2026-09-09", 2 + 2 + 2, 1),
        ("2026-09-13", 2 * 5, 1),
        ("2026-09-15", 2 * 5 + 2 + 1, 2),
        ("2027-01-04", 2 * 5 + 2 + 1 + 2, 2),
    ],
)
def test_the_year_is_cut_at_the_day(
    given: Given, answer: Answer, as_at: str, sessions: int, weeks: int
) -> None:
    """In the week of the day only the days up to it count; the week counts as one at once."""
    given(
        register=r"""
        pupil | start      | marks
        ------+------------+--------------
        P1    | 2026-09-07 | /\*6 /N /\   """
    )
    found = answer(
        "int_pupil_year", by="pupil", columns="attended_sessions school_weeks", as_at=as_at
    )
    assert found == {"P1": {"attended_sessions": sessions, "school_weeks": weeks}}


def test_before_the_first_mark_there_is_no_year(given: Given, answer: Answer) -> None:
    """A year begins with its first mark; 31 July and 1 August are two years."""
    given(
        raw_mark=r"""
        pupil | session_date | half | code
        ------+--------------+------+-----
        P1    | 2026-07-31   | AM   | /
        P1    | 2026-08-01   | AM   | I   """
    )
    assert answer("int_pupil_year", as_at="2026-07-30") == {}
    assert answer("int_pupil_year", columns="absent_sessions") == {
        ("P1", "2025/26"): 0,
        ("P1", "2026/27"): 1,
    }
