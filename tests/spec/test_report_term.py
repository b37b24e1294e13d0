"""report_term: the terms that a report can be about."""

import pytest

from tests.conftest import YEAR_2026, Answer, Given

_IN_CARE = """
pupil | status       | start_date
------+--------------+-----------
P1    | looked after | 2026-09-14"""


@pytest.mark.parametrize(
    ("as_at", "expected"),
    [
        ("2026-09-01", {}),
        ("2026-09-02", {"autumn": ("2026-09-02", "2026-12-18")}),
        ("2026-12-25", {"autumn": ("2026-09-02", "2026-12-18")}),
        (
            "2027-01-04",
            {"autumn": ("2026-09-02", "2026-12-18"), "spring": ("2027-01-04", "2027-03-25")},
        ),
    ],
)
def test_they_are_those_that_have_begun(
    given: Given, answer: Answer, as_at: str, expected: dict[str, tuple[str, str]]
) -> None:
    """In a holiday the last is still the term before."""
    given(calendar=YEAR_2026)
    rows = answer("report_term", as_at=as_at, by="term")
    assert {term: (row["first_day"], row["last_day"]) for term, row in rows.items()} == expected
    assert {row["academic_year"] for row in rows.values()} <= {"2026/27"}


def test_a_day_without_marks_is_one_on_which_a_child_was_looked_after(
    given: Given, answer: Answer
) -> None:
    """P1 came into care on Monday 14 September; of its week Thursday and Friday lack marks.

    Another child's mark is enough. A day after the register's last has none yet.
    """
    given(
        calendar=YEAR_2026,
        raw_care_episode=_IN_CARE,
        register=r"""
        pupil | start      | marks
        ------+------------+------------
        P1    | 2026-09-14 | /\ /\
        P2    | 2026-09-16 | /\          """,
    )
    columns = "days_without_marks"
    assert answer("report_term", as_at="2026-09-16", by="term", columns=columns) == {"autumn": 0}
    assert answer("report_term", as_at="2026-09-18", by="term", columns=columns) == {"autumn": 2}


def test_the_whole_schools_sessions_are_those_of_the_terms_weeks(
    given: Given, answer: Answer
) -> None:
    """The year begins on a Wednesday; a week of last year is in none of its terms."""
    given(
        calendar=YEAR_2026,
        raw_school_week="""
        week_start | possible_sessions | authorised_absent_sessions
        -----------+-------------------+---------------------------
        2026-08-31 | 24                | 3
        2026-09-07 | 40                | 4
        2026-12-14 | 40                | 1
        2025-09-08 | 40                | 40                        """,
    )
    columns = "possible_sessions absent_sessions"
    rows = answer("report_term", as_at="2027-01-20", by="term", columns=columns)
    assert {term: tuple(row.values()) for term, row in rows.items()} == {
        "autumn": (104, 8),
        "spring": (None, None),
    }


def test_the_week_in_which_a_term_ends_counts_whole(given: Given, answer: Answer) -> None:
    """Spring ends on Thursday 25 March, which its week is over by; before, the week is not."""
    given(
        calendar=YEAR_2026,
        raw_school_week="""
        week_start | possible_sessions
        -----------+------------------
        2027-03-15 | 40
        2027-03-22 | 32               """,
    )
    for as_at, sessions in (("2027-03-24", 40), ("2027-03-25", 72)):
        rows = answer("report_term", as_at=as_at, by="term", columns="possible_sessions")
        assert rows["spring"] == sessions
