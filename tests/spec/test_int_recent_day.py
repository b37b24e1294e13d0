"""int_recent_day: school days back from the day asked for."""

import pytest

from tests.conftest import YEAR_2026, Answer, Given


@pytest.mark.parametrize(
    ("as_at", "newest"),
    [
        ("2026-11-03", ["2026-11-03", "2026-11-02", "2026-10-23"]),
        ("2026-10-29", ["2026-10-23", "2026-10-22", "2026-10-21"]),
        ("2026-09-02", ["2026-09-02"]),
        ("2026-09-01", []),
    ],
)
def test_the_day_itself_is_the_first(
    given: Given, answer: Answer, as_at: str, newest: list[str]
) -> None:
    """Numbered from 1 on a school day, over half term, and from before a holiday in it."""
    given(calendar=YEAR_2026)
    found = answer("int_recent_day", by="days_ago", columns="school_day", as_at=as_at)
    assert [found[number] for number in sorted(found)[:3]] == newest
