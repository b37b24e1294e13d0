"""int_school_week_to_date: the whole school's weeks up to the day asked for."""

import pytest

from tests.conftest import Answer, Given


@pytest.mark.parametrize(
    ("as_at", "weeks"),
    [
        ("2026-11-08", set()),
        ("2026-11-12", set()),
        ("2026-11-13", {"2026-11-09"}),
        ("2026-11-17", {"2026-11-09"}),
        ("2026-11-18", {"2026-11-09", "2026-11-16"}),
    ],
)
def test_a_week_counts_from_its_friday(
    given: Given, answer: Answer, as_at: str, weeks: set[str]
) -> None:
    """A week's totals stand from its Friday, the newest's from the last day of the data."""
    given(
        raw_load="""
        load_id | data_until
        --------+-----------
        1       | 2026-11-18""",
        raw_school_week="""
        week_start
        ----------
        2026-11-09
        2026-11-16""",
    )
    assert set(answer("int_school_week_to_date", as_at=as_at)) == weeks


def test_the_data_end_where_the_newest_load_says(given: Given, answer: Answer) -> None:
    """An earlier load may have gone further: its register was replaced by a shorter one."""
    given(
        raw_load="""
        load_id | data_until
        --------+-----------
        1       | 2026-11-19
        2       | 2026-11-18""",
        raw_school_week="""
        week_start
        ----------
        2026-11-16""",
    )
    weeks = [
        set(answer("int_school_week_to_date", as_at=as_at))
        for as_at in ("2026-11-17", "2026-11-18")
    ]
    assert weeks == [set(), {"2026-11-16"}]


def test_a_weeks_year_is_that_of_its_friday(given: Given, answer: Answer) -> None:
    """The week in which the year turns belongs to the year of its Friday."""
    given(
        raw_school_week="""
        week_start
        ----------
        2025-07-21
        2025-07-28
        2026-07-27"""
    )
    assert answer("int_school_week_to_date", columns="academic_year") == {
        "2025-07-21": "2024/25",
        "2025-07-28": "2025/26",
        "2026-07-27": "2025/26",
    }
