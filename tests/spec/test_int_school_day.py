"""int_school_day: a school day with its place among the school's school days."""

from tests.conftest import Answer, Given


def test_places_skip_what_is_no_school_day(given: Given, answer: Answer) -> None:
    """The Monday after a half term follows the Friday before it by one school day."""
    given(
        raw_calendar_day="""
        school_key | calendar_date | kind
        -----------+---------------+-----------
        1          | 2026-10-22    | school day
        1          | 2026-10-23    | school day
        1          | 2026-10-26    | holiday
        1          | 2026-11-02    | INSET
        1          | 2026-11-03    | school day
        2          | 2026-11-03    | school day"""
    )
    assert answer("int_school_day", columns="place", as_at=None) == {
        (1, "2026-10-22"): 1,
        (1, "2026-10-23"): 2,
        (1, "2026-11-03"): 3,
        (2, "2026-11-03"): 1,
    }
