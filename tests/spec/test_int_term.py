"""int_term: a school's terms by its own calendar."""

from tests.conftest import YEAR_2026, Answer, Given


def test_three_terms_of_a_year(given: Given, answer: Answer) -> None:
    """Half terms end nothing; spring ends before Easter, wherever it falls."""
    given(calendar=YEAR_2026)
    found = answer("int_term", columns="term last_day", as_at=None)
    assert {first: tuple(row.values()) for first, row in found.items()} == {
        "2026-09-02": ("autumn", "2026-12-18"),
        "2027-01-04": ("spring", "2027-03-25"),
        "2027-04-12": ("summer", "2027-07-21"),
    }


def test_the_long_break_ends_spring_not_the_bank_holidays(given: Given, answer: Answer) -> None:
    """Where Easter falls in term, spring goes on to the two weeks after it."""
    given(
        calendar="""
        start      | end        | kind
        -----------+------------+-----------
        2024-02-19 | 2024-03-28 | school day
        2024-03-29 | 2024-04-01 | holiday
        2024-04-02 | 2024-04-05 | school day
        2024-04-08 | 2024-04-19 | holiday
        2024-04-22 | 2024-05-24 | school day"""
    )
    assert answer("int_term", columns="last_day", as_at=None) == {
        "2024-02-19": "2024-04-05",
        "2024-04-22": "2024-05-24",
    }


def test_a_calendar_that_ends_in_march_has_no_summer(given: Given, answer: Answer) -> None:
    """A weekend is no Easter; without one, spring ends on 20 April."""
    given(
        calendar="""
        start      | end        | kind
        -----------+------------+-----------
        2027-02-22 | 2027-03-24 | school day"""
    )
    assert answer("int_term", columns="last_day", as_at=None) == {"2027-02-22": "2027-03-24"}
    given(
        calendar="""
        start      | end        | kind
        -----------+------------+-----------
        2027-03-25 | 2027-04-23 | school day"""
    )
    assert answer("int_term", columns="last_day", as_at=None) == {
        "2027-02-22": "2027-04-20",
        "2027-04-21": "2027-04-23",
    }
