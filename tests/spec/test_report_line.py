"""report_line: England's figure, beside which a report sets the absence of a group."""

import pytest

from tests.conftest import YEAR_2026, Answer, Given


@pytest.mark.parametrize(
    ("as_at", "expected"), [("2026-11-20", ("2024/25", 0.038)), ("2024-11-20", ("2023/24", None))]
)
def test_it_is_of_the_newest_year_that_is_published_before_the_reports(
    given: Given, answer: Answer, as_at: str, expected: tuple[str, float | None]
) -> None:
    """In 2024/25 the figures of that year are not out yet."""
    given(
        calendar=YEAR_2026,
        raw_school_week="""
        week_start | possible_sessions
        -----------+------------------
        2026-09-07 | 40               """,
    )
    (row,) = answer("report_line", as_at=as_at, by="school_key").values()
    assert row["academic_year"] == expected[0]
    assert expected[1] in (None, row["absence_rate"])
