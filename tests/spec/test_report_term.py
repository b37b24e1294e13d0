"""report_term: the term that a report is of."""

import pytest

from tests.conftest import YEAR_2026, Answer, Given


@pytest.mark.parametrize(
    ("as_at", "term", "first_day", "weeks"),
    [
        ("2026-09-02", "autumn", "2026-09-02", 1),
        ("2026-09-07", "autumn", "2026-09-02", 2),
        ("2026-12-25", "autumn", "2026-09-02", 8 + 7),
        ("2027-01-04", "spring", "2027-01-04", 8 + 7 + 1),
    ],
)
def test_it_is_the_last_that_began(
    given: Given, answer: Answer, as_at: str, term: str, first_day: str, weeks: int
) -> None:
    """In a holiday it is still the term before, and no week of it counts."""
    given(calendar=YEAR_2026)
    row = answer("report_term", as_at=as_at, by="academic_year")["2026/27"]
    assert (row["term"], row["first_day"], row["school_weeks"]) == (term, first_day, weeks)
    assert row["last_day"] == ("2026-12-18" if term == "autumn" else "2027-03-25")


def test_there_is_none_before_the_first(given: Given, answer: Answer) -> None:
    """The calendar begins on 2 September."""
    given(calendar=YEAR_2026)
    assert answer("report_term", as_at="2026-09-01", by="academic_year") == {}
