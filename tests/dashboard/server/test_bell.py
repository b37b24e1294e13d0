"""Tabs are drawn anew without a click when what they show is no longer so, and only then."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from streamlit import runtime

from dashboard.server import bell


class Tab:
    """What the bell asks of Streamlit's session of a tab."""

    def __init__(self) -> None:
        self.id, self.is_there, self.is_broken = "tab", True, False
        self._scriptrunner: object = None
        self._client_state = object()
        self.reruns: list[object] = []

    def request_rerun(self, state: object) -> None:
        if self.is_broken:
            raise RuntimeError("can't start new thread")
        self.reruns.append(state)


class Ringing:
    """A bell whose pauses are none, and the tab whose run it is."""

    def __init__(self, looks: Callable[[int], None]) -> None:
        self.bell, self.tab = bell.Bell(), Tab()
        self.looks = looks

    def look(self, times: int = 1) -> None:
        self.looks(times)
        with pytest.raises(TimeoutError):
            asyncio.run(self.bell.run())


@pytest.fixture
def ringing(monkeypatch: pytest.MonkeyPatch) -> Ringing:
    left = 0

    async def pause(_: float) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise TimeoutError

    def set_looks(times: int) -> None:
        nonlocal left
        left = times

    made = Ringing(set_looks)
    monkeypatch.setattr(asyncio, "sleep", pause)
    monkeypatch.setattr(bell, "_find_tab", lambda: made.tab)
    there = SimpleNamespace(is_active_session=lambda _: made.tab.is_there)
    monkeypatch.setattr(runtime, "get_instance", lambda: there)
    return made


def test_a_tab_is_drawn_anew_once_what_it_shows_is_no_longer_so(ringing: Ringing) -> None:
    """Once, until it was drawn and asks again; and that run is no click."""
    tab, answers = ringing.tab, [True, False]
    ringing.bell.watch(lambda: answers[0])
    ringing.look(3)
    assert not tab.reruns
    assert not ringing.bell.is_rung()
    answers.pop(0)
    ringing.look(3)
    assert tab.reruns == [tab._client_state]
    assert ringing.bell.is_rung()
    assert not ringing.bell.is_rung()


def test_a_click_that_is_being_answered_is_not_cut_short(ringing: Ringing) -> None:
    ringing.bell.watch(lambda: False)
    ringing.tab._scriptrunner = object()
    ringing.look(3)
    assert not ringing.tab.reruns
    ringing.tab._scriptrunner = None
    ringing.look()
    assert len(ringing.tab.reruns) == 1


def test_the_newest_question_counts(ringing: Ringing) -> None:
    ringing.bell.watch(lambda: False)
    ringing.bell.watch(lambda: True)
    ringing.look(2)
    assert not ringing.tab.reruns


def test_a_fault_of_one_tab_is_told_on_its_page_and_ends_nobody_elses(
    ringing: Ringing, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> bool:
        raise RuntimeError("the disk is gone")

    first = ringing.tab
    ringing.bell.watch(fail)
    ringing.tab = Tab()
    ringing.bell.watch(lambda: False)
    ringing.look()
    assert len(first.reruns) == len(ringing.tab.reruns) == 1
    assert "a tab could not be looked at" in caplog.text


def test_a_tab_whose_browser_is_away_waits_until_it_is_back(ringing: Ringing) -> None:
    """A run of it would be nobody's, and its click."""
    ringing.bell.watch(lambda: False)
    ringing.tab.is_there = False
    ringing.look(2)
    assert not ringing.tab.reruns
    ringing.tab.is_there = True
    ringing.look()
    assert len(ringing.tab.reruns) == 1
    assert ringing.bell.is_rung()


def test_a_tab_that_cannot_be_drawn_does_not_silence_the_others(
    ringing: Ringing, caplog: pytest.LogCaptureFixture
) -> None:
    first = ringing.tab
    first.is_broken = True
    ringing.bell.watch(lambda: False)
    ringing.tab = Tab()
    ringing.bell.watch(lambda: False)
    ringing.look(2)
    assert len(ringing.tab.reruns) == 1
    assert "a tab could not be drawn anew" in caplog.text


def test_a_closed_tab_is_forgotten(ringing: Ringing) -> None:
    asked = []

    def ask() -> bool:
        asked.append(1)
        return True

    ringing.bell.watch(ask)
    ringing.look()
    ringing.tab = Tab()
    ringing.look(2)
    assert len(asked) == 1


def test_where_no_server_runs_the_page_nobody_is_watched() -> None:
    found = bell.Bell()
    found.watch(lambda: False)
    assert not found.is_rung()
