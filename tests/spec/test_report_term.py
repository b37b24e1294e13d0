"""report_term: the terms that a report is of."""

import pytest

from tests.conftest import YEAR_2026, Answer, Given


@pytest.mark.parametrize(
    ("as_at", "expected"),
    [
        ("2026-09-01", {}),
        ("2026-09-02", {"autumn": ("2026-09-02", 1)}),
        ("2026-12-25", {"autumn": ("2026-09-02", 8 + 7)}),
        ("2027-01-04", {"autumn": ("2026-09-02", 8 + 7), "spring": ("2027-01-04", 1)}),
    ],
)
def test_they_are_those_of_the_year_that_have_begun(
    given: Given, answer: Answer, as_at: str, expected: dict[str, tuple[str, int]]
) -> None:
    """In a holiday the last is still the term before, and no week of it counts."""
    given(calendar=YEAR_2026)
    found = answer("report_term", as_at=as_at, by="term")
    assert {term: (row["first_day"], row["school_weeks"]) for term, row in found.items()} == (
        expected
    )
    for row in found.values():
        assert row["academic_year"] == "2026/27"
        assert row["last_day"] in ("2026-12-18", "2027-03-25")


def test_a_term_without_any_mark_has_no_register(given: Given, answer: Answer) -> None:
    """A mark that was made before the term is none of it."""
    given(
        calendar=YEAR_2026,
        raw_mark="""
        pupil | session_date | half | code
        ------+--------------+------+-----
        P1    | 2026-07-10   | AM   | /
        P1    | 2027-01-05   | AM   | /   """,
    )
    found = answer("report_term", as_at="2027-01-20", by="term", columns="has_register")
    assert found == {"autumn": False, "spring": True}
