"""report_line: what the absence of a group is set beside in a report."""

import pytest

from tests.conftest import YEAR_2026, Answer, Given


def test_the_whole_school_and_the_newest_national_year_before(given: Given, answer: Answer) -> None:
    """2024/25 is the newest that is published; the school's 8 of 80 are of this year."""
    given(
        calendar=YEAR_2026,
        raw_school_week="""
        week_start | possible_sessions | authorised_absent_sessions
        -----------+-------------------+---------------------------
        2026-09-07 | 40                | 4
        2026-09-14 | 40                | 4
        2025-09-08 | 40                | 40                        """,
    )
    found = answer("report_line", as_at="2026-11-20", by="line")
    assert {line: (row["academic_year"], row["absence_rate"]) for line, row in found.items()} == {
        "whole school": ("2026/27", 8 / 80),
        "looked after 12 months": ("2024/25", 0.038),
    }


def test_a_year_is_not_set_beside_itself(given: Given, answer: Answer) -> None:
    """In 2024/25 the figures of that year are not out yet."""
    given(
        raw_school_week="""
        week_start | possible_sessions
        -----------+------------------
        2026-09-07 | 40               """
    )
    found = answer("report_line", as_at="2024-11-20", by="line", columns="academic_year")
    assert found == {"looked after 12 months": "2023/24"}


@pytest.mark.parametrize(("possible", "lines"), [(8, 2), (7, 1)])
def test_there_is_no_line_of_a_school_of_few_others(
    given: Given, answer: Answer, possible: int, lines: int
) -> None:
    """P1 was here for 2 sessions: of 8 of the whole school they are a quarter, of 7 more."""
    given(
        calendar=YEAR_2026,
        raw_care_episode="""
        pupil | status       | start_date
        ------+--------------+-----------
        P1    | looked after | 2024-01-08""",
        register=r"""
        pupil | start      | marks
        ------+------------+------
        P1    | 2026-09-07 | /\   """,
        raw_school_week=f"""
        week_start | possible_sessions
        -----------+------------------
        2026-09-07 | {possible}       """,
    )
    assert len(answer("report_line", as_at="2026-11-20", by="line")) == lines
