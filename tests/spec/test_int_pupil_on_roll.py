"""int_pupil_on_roll: a child on roll on the day asked for, with that day's year group."""

import pytest

from tests.conftest import Answer, Given


@pytest.mark.parametrize(
    ("as_at", "on_roll"),
    [
        ("2026-09-01", set()),
        ("2026-09-02", {"P1"}),
        ("2026-11-20", {"P1"}),
        ("2026-11-21", set()),
        ("2027-01-04", {"P1"}),
    ],
)
def test_from_the_entry_to_the_last_day(
    given: Given, answer: Answer, as_at: str, on_roll: set[str]
) -> None:
    """The entry date and the last day on roll are both on it; the day after is not."""
    given(
        raw_enrolment="""
        pupil | entry_date | leaving_date
        ------+------------+-------------
        P1    | 2026-09-02 | 2026-11-20
        P1    | 2027-01-04 |             """
    )
    assert set(answer("int_pupil_on_roll", as_at=as_at)) == on_roll


@pytest.mark.parametrize(
    ("as_at", "year_group"),
    [
        ("2025-07-31", 4 - 1),
        ("2025-08-01", 4),
        ("2026-07-31", 4),
        ("2026-08-01", 4 + 1),
        ("2027-09-01", 4 + 2),
    ],
)
def test_the_year_group_moves_each_first_of_august(
    given: Given, answer: Answer, as_at: str, year_group: int
) -> None:
    """The roll's year group was true on its date; each academic year from it adds one."""
    given(
        raw_enrolment="""
        pupil | entry_date | year_group | year_group_date
        ------+------------+------------+----------------
        P1    | 2024-09-03 | 4          | 2026-03-13     """
    )
    found = answer("int_pupil_on_roll", columns="year_group", as_at=as_at)
    assert found == {"P1": year_group}


def test_of_overlapping_stays_the_later(given: Given, answer: Answer) -> None:
    """Files merge by key: an entry date put right stands beside the old, and the child is one."""
    given(
        raw_enrolment="""
        pupil | entry_date
        ------+-----------
        P1    | 2024-09-02
        P1    | 2024-09-03"""
    )
    assert answer("int_pupil_on_roll", columns="entry_date") == {"P1": "2024-09-03"}
