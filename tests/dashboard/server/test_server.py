"""The server itself: each day is ready before it begins."""

from datetime import date, datetime, timedelta

import pytest

from dashboard.server import server
from safeguards.home.home import Home
from tests.support.schools.homes import lend_demo


def test_a_day_is_worked_out_before_it_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """A little before midnight the next one is; each of them once."""
    prepared: list[date | None] = []
    nights = [timedelta(minutes=3), timedelta(minutes=1), timedelta(0)]
    midnight = datetime(2026, 11, 30).astimezone()

    def sleep(_: float) -> None:
        if not nights:
            raise TimeoutError

    at = "dashboard.server.server"
    monkeypatch.setattr(f"{at}.access_log.get_utc_now", lambda: midnight - nights.pop(0))
    monkeypatch.setattr(f"{at}.access.prepare_day", lambda _, day: prepared.append(day))
    monkeypatch.setattr(f"{at}.time.sleep", sleep)
    monkeypatch.setattr(Home, "find_default_day", lambda _, now: now.date())
    with pytest.raises(TimeoutError):
        server._prepare_days(Home.open(lend_demo()), None)
    assert prepared == [date(2026, 11, 29), date(2026, 11, 30)]
