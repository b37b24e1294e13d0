"""int_day: every day's number among working days and among the school's own."""

from tests.conftest import YEAR_2026, Answer, Given


def test_numbers_differ_by_the_days_between(given: Given, answer: Answer) -> None:
    """Over half term five working days pass and no school day."""
    given(calendar=YEAR_2026)
    found = answer("int_day", by="unit calendar_date", as_at=None)
    numbers = {key: row["day_number"] for key, row in found.items()}
    for unit, passed in (("working days", 5 + 1), ("school days", 1)):
        assert numbers[unit, "2026-11-02"] - numbers[unit, "2026-10-23"] == passed
    counted = {key for key, row in found.items() if row["is_counted"]}
    assert {("school days", "2026-10-23"), ("working days", "2026-10-26")} <= counted
    assert not counted & {("school days", "2026-10-26"), ("working days", "2026-12-28")}


def test_there_is_no_day_without_a_number(given: Given, answer: Answer) -> None:
    """Years before the school's calendar and after it have days too."""
    given(calendar=YEAR_2026)
    numbers = answer("int_day", by="unit calendar_date", columns="day_number", as_at=None)
    days = ("2010-01-01", "2026-09-02", "2026-09-03")
    assert [numbers["school days", day] for day in days] == [0, 1, 2]
    assert numbers["school days", "2027-07-21"] == numbers["school days", "2040-12-31"]
