"""What many people share is worked out once, and nobody gets what others may see."""

import threading
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboard.app_pages import attendance, children, plans, today
from dashboard.text import changes, rules, standing
from dashboard.ui import names
from intake.publish import entries
from queries import read
from queries.answers import Answers
from safeguards.access import access, recall
from safeguards.access.roles import ROLES, is_allowed
from stewardship.rights.restrict import set_flag
from tests.support.schools.homes import NOW, demo_home, keys_at

DAY = date(2026, 11, 20)
#: What pages share, one of each kind; by the page that asks.
SHARED: dict[str, list[Callable[[Any], Any]]] = {
    "today": [
        rules.fetch_reasons,
        standing.fetch_dates,
        lambda session: today._list_looks(session, None),
        lambda session: today._list_spans(session, None),
    ],
    "children": [children._list_children],
    "attendance": [lambda session: attendance._list_children(session, "all", None, 0.1, None)],
    "plans": [lambda session: plans._list_dates(session, None)],
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = demo_home(tmp_path / "home")
    monkeypatch.setenv("LAC_KEYS", keys_at(made)["LAC_KEYS"])
    return made


def opened(folder: Path, role: str, **options: Any) -> access.Session:
    return access.open(folder, actor="Sam", role=role, purpose=access.DASHBOARD, **options)


def told(session: access.Session) -> list[str]:
    """Everything that the pages of a role share, as it is written."""
    asked = [ask for page, each in SHARED.items() if is_allowed(session.role, page) for ask in each]
    return [repr(ask(session)) for ask in asked]


def test_sessions_alike_have_one_answer(folder: Path) -> None:
    """Of the same version, role and day; whoever asks."""
    one, other = opened(folder, "teacher"), opened(folder, "teacher")
    assert rules.fetch_reasons(one) is rules.fetch_reasons(other)
    assert rules.fetch_reasons(opened(folder, "pastoral")) is not rules.fetch_reasons(one)
    assert rules.fetch_reasons(one.copy_as_at(date(2026, 11, 19))) is not rules.fetch_reasons(one)
    entries.log_action(
        one, handle=_first(one), kind="met the family", line="", on=DAY, page="today"
    )
    assert rules.fetch_reasons(opened(folder, "teacher")) is not rules.fetch_reasons(one)


def _first(session: access.Session) -> str:
    return str(read.fetch_attention_reasons(session)["handle"][0])


def test_nobody_gets_what_another_role_was_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In whatever order they come, each has what it would have alone."""

    def ask_all(roles: Iterable[str], *, forgets: bool) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for role in roles:
            if forgets or not found:
                monkeypatch.setattr(recall, "_SHARED", Answers(100))
            found[role] = told(opened(folder, role))
        return found

    alone = ask_all(ROLES, forgets=True)
    assert ask_all(ROLES, forgets=False) == ask_all(reversed(ROLES), forgets=False) == alone
    assert alone["pastoral"] != alone["teacher"] != alone["dsl"]


def test_a_restricted_child_is_in_nothing_but_the_leads(folder: Path) -> None:
    """Asked before and after by everybody, of one process."""
    lead = opened(folder, "dsl")
    handle = _first(lead)
    assert all(handle in "".join(told(opened(folder, role))) for role in ("pastoral", "dsl"))
    manager = access.open(folder, actor="Sam", role="manager", purpose="rights")
    set_flag(manager, handle, "restriction", in_force=True, now=NOW)
    seen = {role: handle in "".join(told(opened(folder, role))) for role in ROLES}
    assert seen == {role: role == "dsl" for role in ROLES}


def test_what_has_names_in_it_is_shared_with_nobody(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While names are open in a tab, what it draws is worked out anew and kept nowhere."""
    session = opened(folder, "teacher")
    asked: list[None] = []

    @names.share_while_hidden
    def ask(_: access.Session) -> str:
        asked.append(None)
        return "Anna B." if names.is_open() else "copper lantern"

    monkeypatch.setattr(names, "is_open", lambda: True)
    assert [ask(session), ask(session)] == ["Anna B.", "Anna B."]
    monkeypatch.setattr(names, "is_open", lambda: False)
    assert [ask(session), ask(session)] == ["copper lantern", "copper lantern"]
    assert len(asked) == 3
    assert "Anna B." not in repr(recall._SHARED._known)


def test_what_changed_is_worked_out_while_nobody_waits(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The views of a past day are planned by another thread, once for all who ask alike."""
    session, planned = opened(folder, "teacher"), threading.Event()
    started, select_day = [], type(session._store._days).select_day

    def slow(self: Any, cursor: Any, day: Any, view_names: Any) -> None:
        started.append(threading.current_thread())
        planned.wait(60)
        select_day(self, cursor, day, view_names)

    monkeypatch.setattr(type(session._store._days), "select_day", slow)
    asked = changes.ask_changes(session, (date(2026, 11, 18),) * 2)
    assert changes.ask_changes(opened(folder, "teacher"), (date(2026, 11, 18),) * 2) is asked
    assert not asked.done()
    planned.set()
    assert asked.result(60).reasons.height
    assert threading.main_thread() not in started
