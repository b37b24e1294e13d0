"""school_day: a day of the school's calendar, with its week and academic year."""

from tests.conftest import Answer, Given


def test_each_day_has_its_monday_and_its_year(given: Given, answer: Answer) -> None:
    """A Sunday belongs to the week before it; the academic year turns on 1 August."""
    given(
        raw_calendar_day="""
        calendar_date | kind
        --------------+-----------
        2026-07-31    | holiday
        2026-08-01    | holiday
        2026-09-06    | holiday
        2026-09-07    | school day"""
    )
    names = "week_start academic_year is_school_day"
    found = answer("school_day", columns=names, as_at=None)
    assert {day: tuple(row.values()) for day, row in found.items()} == {
        "2026-07-31": ("2026-07-27", "2025/26", False),
        "2026-08-01": ("2026-07-27", "2026/27", False),
        "2026-09-06": ("2026-08-31", "2026/27", False),
        "2026-09-07": ("2026-09-07", "2026/27", True),
    }
