"""int_day: every day's place among working days and the school's own."""

from tests.conftest import YEAR_2026, Answer, Given


def test_places_differ_by_the_days_between(given: Given, answer: Answer) -> None:
    """Over half term five working days pass and no school day."""
    given(calendar=YEAR_2026)
    found = answer("int_day", by="calendar_date", as_at=None)
    before, after = found["2026-10-23"], found["2026-11-02"]
    assert after["working_place"] - before["working_place"] == 5 + 1
    assert after["school_place"] - before["school_place"] == 1
    assert (before["is_school_day"], found["2026-10-26"]["is_school_day"]) == (True, False)
    assert found["2026-10-26"]["is_working_day"]
    assert not found["2026-12-28"]["is_working_day"]


def test_there_is_no_day_without_a_place(given: Given, answer: Answer) -> None:
    """Years before the school's calendar and after it have days too."""
    given(calendar=YEAR_2026)
    found = answer("int_day", by="calendar_date", columns="school_place", as_at=None)
    assert (found["2010-01-01"], found["2026-09-02"], found["2026-09-03"]) == (0, 1, 2)
    assert found["2027-07-21"] == found["2040-12-31"]
