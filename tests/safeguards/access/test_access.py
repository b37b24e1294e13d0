"""The only way in: who is let in, what each role may read, and that all of it is logged."""

import random
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import polars as pl
import pytest

from queries import read
from queries.errors import StoreError
from queries.store.store import Store
from queries.views import views
from safeguards.access import access, roles
from safeguards.access.access import Denied, NothingLoaded
from safeguards.access.roles import CATEGORIES, PAGES, ROLES
from safeguards.errors import HomeError, KeysError, LogError
from safeguards.home.home import create_demo
from safeguards.journal.access_log import PageView
from safeguards.keys.keys import Keys
from tests.support import texts
from tests.support.clocks import Clock
from tests.support.schools.homes import UNTIL, keys_at, lend_demo, read_log
from tests.support.schools.small_home import SmallHome

_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
EARLIER = date(2026, 10, 2)

#: Each role, and one that nobody has; who may what is said by hand in test_roles.py.
_ROLES = (*ROLES, "wizard")
_OPEN = [view for view in views.load_views().values() if view.layer in ("marts", "checks")]
_INNER = [
    *(view.name for view in views.load_views().values() if view not in _OPEN),
    *("raw_load", "raw_source", "raw_school", "raw_calendar_day", "raw_pupil"),
    *("raw_enrolment", "raw_care_episode", "raw_mark", "raw_school_week"),
    *("ref_attendance_code", "ref_threshold", "store_stamp"),
]


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home that is read, and whose log grows."""
    lent = lend_demo()
    monkeypatch.setenv("LAC_KEYS", keys_at(lent)["LAC_KEYS"])
    return lent


def opened(folder: Path, role: str, **options: Any) -> access.Session:
    return access.open(folder, actor="Sam", role=role, purpose="test", **options)


Line = tuple[str, str, str | None, list[str]]


@pytest.fixture
def since(folder: Path) -> Callable[[], list[Line]]:
    """What the log says since the last call: event, role, page and children."""
    seen = 0

    def find() -> list[Line]:
        nonlocal seen
        new = read_log(folder)[seen:]
        seen += len(new)
        names = ("event", "role", "page", "pupil_ids")
        return [tuple(line[name] for name in names) for line in new]

    if (folder / "log" / "access.jsonl").exists():
        find()
    return find


# Opening


def test_an_opening_is_logged_with_who_and_why(folder: Path) -> None:
    """Before there is a session there is a line, in UTC, without a figure in it."""
    opened(folder, "pastoral", clock=Clock(_NOON))
    *_, line = read_log(folder)
    assert line == {
        "at": "2026-11-23T12:00:00.000+00:00",
        "event": "open",
        "actor": "Sam",
        "role": "pastoral",
        "page": None,
        "pupil_ids": [],
        "purpose": "test",
        "number": len(read_log(folder)),
        "after": ANY,
        "mac": ANY,
    }


def test_a_session_knows_its_school_and_its_day(folder: Path) -> None:
    """The day is the end of the data unless another is asked for, and never the clock's."""
    session = opened(folder, "dsl", clock=Clock(_NOON))
    assert (session.school_name, session.is_demo) == ("Quarry Lane Junior School", True)
    assert session.loaded_at == datetime(2026, 11, 20, 7, 40)  # noqa: DTZ001 - UTC, as stored
    assert session.as_at == session.data_until == UNTIL
    earlier = opened(folder, "dsl", as_at=EARLIER)
    assert (earlier.as_at, earlier.data_until) == (EARLIER, UNTIL)
    # one process serves many: each question is asked on its own session's day
    for _ in range(2):
        assert session.read("select as_at() as day").item() == UNTIL
        assert earlier.read("select as_at() as day").item() == EARLIER
    newest = "select max(session_date) from pupil_session where code is not null"
    assert earlier.read(newest).item() == EARLIER


def test_a_threshold_is_that_of_the_day(folder: Path) -> None:
    """By the macro that the views use; a name without a row is a mistake of ours."""
    session = opened(folder, "pastoral")
    for name in ("weeks_before_rates", "persistent_absence"):
        value = read.get_default_threshold(name)
        assert read.fetch_threshold(session, name) == pytest.approx(value)
        assert read.fetch_thresholds(session)[name] == pytest.approx(value)
    long_ago = opened(folder, "pastoral", as_at=date(2015, 8, 31))
    assert "weeks_before_rates" in read.fetch_thresholds(long_ago)
    assert "persistent_absence" not in read.fetch_thresholds(long_ago)
    with pytest.raises(LookupError):
        read.fetch_threshold(session, "no_such_rule")


def test_what_is_no_home_with_data_opens_for_nobody(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No folder, another's folder, without keys or data, or views that this code did not define.

    Those would put other numbers under its words.
    """
    with pytest.raises(HomeError, match="There is no folder"):
        opened(tmp_path / "absent", "dsl")
    with pytest.raises(HomeError, match="not a folder made by lac-monitor"):
        opened(tmp_path, "dsl")
    assert list(tmp_path.iterdir()) == []
    home = create_demo(tmp_path / "home", random.Random(1))
    with monkeypatch.context() as own:
        own.setenv("LAC_KEYS", keys_at(home.folder)["LAC_KEYS"])
        with pytest.raises(KeysError):
            opened(home.folder, "dsl")
        Keys.create(home)
        with pytest.raises(NothingLoaded, match="lac load DIR --home"):
            opened(home.folder, "dsl")
    assert [line["event"] for line in read_log(home.folder)] == ["open"]
    with monkeypatch.context() as other:
        other.setattr(views, "compute_definitions_digest", lambda: "other")
        access.release_stores()
        with pytest.raises(StoreError, match=r"other definitions.* lac run"):
            opened(folder, "dsl")
    access.release_stores()


# The log goes first


def test_without_a_log_there_is_no_session_and_no_view(
    folder: Path, since: Callable[[], list[Line]]
) -> None:
    """What cannot be written down is not shown, nor refused in silence."""
    session, log = opened(folder, "dsl"), folder / "log" / "access.jsonl"
    log.rename(folder / "log" / "kept")
    log.mkdir()
    try:
        with pytest.raises(LogError, match="nothing is shown"):
            opened(folder, "dsl")
        with pytest.raises(LogError, match="nothing is shown"):
            session.enter("today")
        with pytest.raises(LogError):
            session.read("from raw_mark")
    finally:
        log.rmdir()
        (folder / "log" / "kept").rename(log)
    since()
    session.enter("today")
    assert since() == [("view", "dsl", "today", [])]


def test_a_view_is_one_line_for_ten_minutes(folder: Path, since: Callable[[], list[Line]]) -> None:
    """Reruns of a page are one look; ten minutes later it is another; each page its own.

    Whoever comes back to Safeguarding has opened it again.
    """
    clock = Clock(_NOON)
    session = opened(folder, "dsl", clock=clock)
    since()
    for minutes in (0, 0, 9.99, 0.01, 5, 5):
        clock.now += timedelta(minutes=minutes)
        session.enter("today")
    assert [line["at"] for line in read_log(folder)[-3:]] == [
        f"2026-11-23T12:{minute:02}:00.000+00:00" for minute in (0, 10, 20)
    ]
    assert len(since()) == 3
    lead = "safeguarding"
    for page in ("today", "children", "children", lead, lead, "today", lead):
        session.enter(page)
    assert since() == [("view", "dsl", page, []) for page in ("children", lead, lead)]


def test_each_child_is_a_line_of_its_own(folder: Path, since: Callable[[], list[Line]]) -> None:
    """Who looked at which child is what the log is for."""
    session = opened(folder, "teacher", clock=Clock(_NOON))
    one, other = session.read("select pupil_id from cohort_member order by all limit 2")["pupil_id"]
    since()
    for child in (one, other, one, None):
        session.enter("child", child)
    assert since() == [("view", "teacher", "child", found) for found in ([one], [other], [])]


@pytest.mark.parametrize("child", ["ruby", "A001999926001", "", "01234ABCDE\n", "O123456789"])
def test_a_child_that_is_no_pseudonym_is_denied_and_not_written_down(
    folder: Path, since: Callable[[], list[Line]], child: str
) -> None:
    """A name or UPN in a link gets nobody in, and not into the log either."""
    session = opened(folder, "dsl")
    since()
    with pytest.raises(Denied):
        session.enter("child", child)
    assert since() == [("deny", "dsl", "child", [])]


# Role by page, and by relation


@pytest.mark.parametrize("role", [*_ROLES, "", "DSL"])
def test_each_page_is_for_its_roles(
    folder: Path, since: Callable[[], list[Line]], role: str
) -> None:
    """What is not listed is denied, and each is a line; free questions are the lead's."""
    session = opened(folder, role)
    since()
    asked = [(page, "view") for page in (*PAGES, "no_such_page", "../today")]
    for page, action in (*asked, ("sql", "sql")):
        is_allowed = roles.is_allowed(role, page, action)
        assert session.is_allowed(page, action) == is_allowed
        if is_allowed:
            session.enter(page, action=action)
        else:
            with pytest.raises(Denied, match="cannot open this page"):
                session.enter(page, action=action)
        assert since() == [(action if is_allowed else "deny", role, page, [])]


def test_every_category_stands_for_something() -> None:
    """The matrix below meets each category, and no mart is of an unknown one."""
    assert {view.find_field("Category") for view in _OPEN} == set(CATEGORIES)


@pytest.mark.parametrize("role", _ROLES)
def test_each_mart_and_check_is_for_its_roles(
    folder: Path, since: Callable[[], list[Line]], role: str
) -> None:
    """A denial shows nothing, and is a line."""
    session = opened(folder, role)
    may_read = set(CATEGORIES) if role == "dsl" else roles.list_categories(role)
    since()
    for view in _OPEN:
        if view.find_field("Category") in may_read:
            assert set(view.key) <= set(session.read(f"from {view.name} limit 1").columns)
            assert since() == []
        else:
            with pytest.raises(Denied, match=f"The role {role} cannot read {view.name}"):
                session.read(f"from {view.name}")
            assert since() == [("deny", role, None, [])]


def test_inner_relations_are_nobodys(folder: Path, since: Callable[[], list[Line]]) -> None:
    """raw_, ref_, stg_ and int_ are refused to who sees every category: they have none."""
    session = opened(folder, "dsl")
    since()
    for name in _INNER:
        with pytest.raises(Denied, match=f"cannot read {name}"):
            session.read(f"from {name}")
    assert since() == [("deny", "dsl", None, [])] * len(_INNER)


@pytest.mark.parametrize("query", texts.list_ways_round()[0])
def test_no_way_round(folder: Path, since: Callable[[], list[Line]], query: str) -> None:
    """Every door but a mart or check is shut, to the safeguarding lead as well, and logged."""
    session = opened(folder, "dsl")
    since()
    with pytest.raises(Denied):
        session.read(query)
    assert since() == [("deny", "dsl", None, [])]


def test_steps_of_ones_own_are_welcome(folder: Path) -> None:
    """A select may name its steps, as long as none is called like a relation of ours."""
    session = opened(folder, "pastoral")
    query = """
        with members as (select pupil_id from cohort_member),
        missed as (select pupil_id, absent_sessions from pupil_attendance)
        select count(*) from members join missed using (pupil_id)
    """
    assert session.read(query).item() > 0
    assert session.read("select $day::date", {"day": "2026-11-20"}).item() == UNTIL


def test_child_protection_is_the_safeguarding_leads_alone(folder: Path) -> None:
    """Not by a join, nor by a step, nor by a sub-query of somebody who may read the rest."""
    pastoral, lead = opened(folder, "pastoral"), opened(folder, "dsl")
    assert read.fetch_child_protection(lead).height > 0
    for query in (
        "from child_protection",
        "from cohort_member semi join child_protection using (pupil_id)",
        "with mine as (from child_protection) from mine",
        "select pupil_id in (select pupil_id from child_protection) from cohort_member",
    ):
        with pytest.raises(Denied):
            pastoral.read(query)
    shown = pastoral.read("from cohort_member")
    for column in shown.columns:
        assert "protection" not in column
        assert "need" not in column


@pytest.mark.parametrize("role", ROLES)
def test_a_restricted_child_is_shown_to_the_lead_alone(role: str) -> None:
    """And in nothing that is passed on; who objects is in nothing that serves the school."""
    hidden, objecting = "raw_restriction", "raw_objection"
    expected = {
        "test": (hidden,) if role != "dsl" else (),
        access.DASHBOARD: (hidden,) if role != "dsl" else (),
        "template": (hidden,),
        "share": (hidden, objecting),
        "notebook": (hidden, objecting) if role != "dsl" else (objecting,),
        access.REPORT: (hidden, objecting),
    }
    assert {purpose: access.list_excluded_tables(role, purpose) for purpose in expected} == expected


# Who has looked


@pytest.mark.parametrize("role", _ROLES)
def test_who_has_looked_is_for_the_safeguarding_lead(
    folder: Path, since: Callable[[], list[Line]], role: str
) -> None:
    """Names of colleagues are shown to one role, and each denial is a line."""
    clock = Clock(_NOON)
    lead = opened(folder, "dsl", clock=clock)
    child, other = lead.read("select pupil_id from cohort_member order by all limit 2")["pupil_id"]
    lead.enter("child", child)
    session = opened(folder, role, clock=clock)
    since()
    if role != "dsl":
        for ask in (lambda: session.find_views(child, 1), lambda: session.read_log(child)):
            with pytest.raises(Denied):
                ask()
        assert since() == [("deny", role, page, [child]) for page in ("child", "audit")]
        return
    assert PageView(_NOON.date(), "Sam", "dsl") in session.find_views(child, 1)
    assert PageView(_NOON.date(), "Sam", "dsl") not in session.find_views(other, 0)
    assert since() == []
    shown = session.read_log(child)
    assert all(row["pupil_ids"] == [child] for row in shown)
    assert [row["event"] for row in shown][-1] == "audit"
    assert len(session.read_log()) == len(read_log(folder))
    assert since() == [("audit", "dsl", "audit", found) for found in ([child], [])]


def test_looks_go_back_by_the_clock_and_not_by_the_data(folder: Path) -> None:
    """Today is one of the days."""
    clock = Clock(_NOON)
    session = opened(folder, "dsl", clock=clock, as_at=EARLIER)
    child = session.read("select pupil_id from cohort_member order by all")["pupil_id"][-1]
    session.enter("child", child)
    clock.now += timedelta(days=27)
    assert session.find_views(child, 28) == (PageView(_NOON.date(), "Sam", "dsl"),)
    clock.now += timedelta(days=1)
    assert session.find_views(child, 28) == ()


def test_a_child_has_an_address_that_says_nothing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same in every session of this installation, and another one in any other."""
    session = opened(folder, "pastoral")
    pupil_ids = session.read("select pupil_id from cohort_member")["pupil_id"].to_list()
    tokens = [session.get_address(each) for each in pupil_ids]
    assert len(set(tokens)) == len(tokens)
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{16}", token) for token in tokens)
    assert not any(pupil_id in token for pupil_id in pupil_ids for token in tokens)
    other = opened(folder, "dsl", as_at=UNTIL - timedelta(days=30))
    assert other.get_address(pupil_ids[0]) == tokens[0]
    found = [session.find_pupil_by_address(token) for token in tokens]
    assert found == pupil_ids
    for token in ("", tokens[0].lower(), tokens[0][:-1], pupil_ids[0], "\udcff", "é"):
        assert session.find_pupil_by_address(token) is None
    assert session.find_pupil_by_address(session.get_address("0000000000")) is None
    with pytest.raises(Denied):
        opened(folder, "head").find_pupil_by_address(tokens[0])
    elsewhere = SmallHome(tmp_path)
    elsewhere.load()
    monkeypatch.setenv("LAC_KEYS", elsewhere.environ["LAC_KEYS"])
    assert elsewhere.open().get_address(pupil_ids[0]) != tokens[0]


def test_a_tab_asks_the_store_once_and_gets_a_frame_of_its_own(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same question on another day is another one; other purposes are answered anew."""
    asked, answer = [], Store.read
    tab = access.open(folder, actor="test", role="dsl", purpose=access.DASHBOARD)
    other = access.open(folder, actor="test", role="dsl", purpose="test")

    def count(*args: Any, **named: Any) -> pl.DataFrame:
        asked.append(args)
        return answer(*args, **named)

    monkeypatch.setattr(Store, "read", count)
    tab.read("from cohort_member").drop_in_place("handle")
    assert "handle" in tab.read("from cohort_member").columns
    assert len(asked) == 1
    tab.copy_as_at(tab.as_at - timedelta(1)).read("from cohort_member")
    assert len(asked) == 2
    for _ in range(2):
        other.read("from cohort_member")
    assert len(asked) == 4
