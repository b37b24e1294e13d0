"""stg_calendar_day: a day of a school's calendar."""

from tests.conftest import Answer, Given


def test_only_a_school_day_is_one(given: Given, answer: Answer) -> None:
    """INSET days, holidays and closed days are no school days."""
    given(
        raw_calendar_day="""
        calendar_date | kind
        --------------+-----------
        2026-09-01    | INSET
        2026-09-02    | school day
        2026-09-03    | closed
        2026-10-26    | holiday   """
    )
    assert answer("stg_calendar_day", columns="is_school_day", as_at=None) == {
        "2026-09-01": False,
        "2026-09-02": True,
        "2026-09-03": False,
        "2026-10-26": False,
    }
