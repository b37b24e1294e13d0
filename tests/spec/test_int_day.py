"""int_day: the days that count, numbered: each school's school days, and the working days."""

from tests.conftest import YEAR_2026, Answer, Given

_TWO_SCHOOLS = """
school_key | school_id
-----------+----------
1          | 1
2          | 2        """


def test_numbers_differ_by_the_days_between(given: Given, answer: Answer) -> None:
    """Over half term six working days pass and one school day; holidays have no number."""
    given(calendar=YEAR_2026)
    found = answer("int_day", by="school_key calendar_date", columns="day_number", as_at=None)
    for calendar, passed in ((0, 5 + 1), (1, 1)):
        assert found[calendar, "2026-11-02"] - found[calendar, "2026-10-23"] == passed
    assert (0, "2026-10-26") in found
    assert not {(1, "2026-10-26"), (0, "2026-12-28"), (0, "2026-11-01")} & found.keys()


def test_working_days_stand_once_and_a_row_before_all(given: Given, answer: Answer) -> None:
    """Whatever the schools are; a school without a calendar has that row alone."""
    given(raw_school=_TWO_SCHOOLS, calendar=YEAR_2026)
    found = answer("int_day", by="school_key calendar_date", columns="day_number", as_at=None)
    assert {number for (school, _), number in found.items() if school == 2} == {0}
    assert [found[school, "2009-12-31"] for school in range(3)] == [0, 0, 0]
    assert found[1, "2026-09-02"] == 1
    years = {day[:4] for school, day in found if found[school, day] and school == 0}
    assert years == {f"{year}" for year in range(2010, 2041)}
