"""The only way in: who is let in, what each role may read, and that all of it is logged."""

import json
import random
import re
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
from safeguards.access import access
from safeguards.access.access import Denied, NothingLoaded
from safeguards.access.roles import CATEGORIES, PAGES, ROLES
from safeguards.errors import HomeError, KeysError, LogError
from safeguards.home.home import create_demo
from safeguards.journal.access_log import PageView
from safeguards.keys.keys import Keys
from tests.support.schools.homes import UNTIL, demo_home, keys_at

_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

#: What each role may read, said here a second time on purpose.
_MAY_READ = {
    "pastoral": {"attendance", "care", "duty", "load"},
    "teacher": {"attendance", "care", "duty", "health", "learning", "load", "plans", "wellbeing"},
    "dsl": set(CATEGORIES),
    "head": set(),
    "manager": set(),
    "none": set(),
    "wizard": set(),
}
_MORNING = {"today", "children", "child", "attendance", "data_check", "help"}
_MAY_VIEW = {
    "pastoral": _MORNING,
    "teacher": _MORNING | {"wellbeing", "learning", "plans", "reports"},
    "dsl": _MORNING | {"wellbeing", "learning", "plans", "safeguarding", "bring_in", "rights"},
    "head": {"opened", "reports", "help"},
    "manager": {"bring_in", "help", "rights"},
    "none": set(),
    "wizard": set(),
}
_OPEN = [view for view in views.load_views().values() if view.layer in ("marts", "checks")]
_INNER = [
    *(view.name for view in views.load_views().values() if view not in _OPEN),
    *("raw_load", "raw_source", "raw_school", "raw_calendar_day", "raw_pupil"),
    *("raw_enrolment", "raw_care_episode", "raw_mark", "raw_school_week"),
    *("ref_attendance_code", "ref_threshold", "store_stamp"),
]


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = _NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_home(tmp_path_factory.mktemp("access") / "home")


@pytest.fixture(autouse=True)
def keys(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAC_KEYS", keys_at(folder)["LAC_KEYS"])


def opened(folder: Path, role: str, **options: Any) -> access.Session:
    return access.open(folder, actor="Sam", role=role, purpose="test", **options)


def lines(folder: Path) -> list[dict[str, Any]]:
    text = (folder / "log" / "access.jsonl").read_text(encoding="ascii")
    return [json.loads(line) for line in text.splitlines()]


def since(folder: Path, before: int) -> list[tuple[str, str, str | None, list[str]]]:
    return [
        (line["event"], line["role"], line["page"], line["pupil_ids"])
        for line in lines(folder)[before:]
    ]


# Opening


@pytest.mark.slow
def test_an_opening_is_logged_with_who_and_why(folder: Path) -> None:
    """Before there is a session there is a line, in UTC, without a figure in it."""
    before = len(lines(folder))
    opened(folder, "pastoral", clock=Clock())
    (line,) = lines(folder)[before:]
    assert line == {
        "version": 1,
        "at": "2026-11-23T12:00:00.000+00:00",
        "event": "open",
        "actor": "Sam",
        "role": "pastoral",
        "page": None,
        "pupil_ids": [],
        "purpose": "test",
        "number": before + 1,
        "mac": ANY,
    }


def test_the_day_is_the_end_of_the_data_unless_another_is_asked_for(folder: Path) -> None:
    """Never the clock's day: the session is opened on the Monday after."""
    session = opened(folder, "dsl", clock=Clock())
    assert session.as_at == session.data_until == UNTIL
    assert read.fetch_academic_year(session) == "2026/27"
    earlier = opened(folder, "dsl", as_at=date(2026, 10, 2))
    assert (earlier.as_at, earlier.data_until) == (date(2026, 10, 2), UNTIL)
    asked = earlier.read("select max(session_date) from pupil_session where code is not null")
    assert asked.item() == date(2026, 10, 2)


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


def test_a_session_knows_its_school(folder: Path) -> None:
    """What stands on every page's top."""
    session = opened(folder, "head")
    assert (session.school_name, session.is_demo) == ("Quarry Lane Junior School", True)
    assert session.loaded_at == datetime(2026, 11, 20, 7, 40)  # noqa: DTZ001 - UTC, as stored


def test_before_the_first_load_there_is_nothing(tmp_path: Path, monkeypatch: Any) -> None:
    """Without keys nothing is logged; with them the opening is, and one is told what to run."""
    home = create_demo(tmp_path / "home", random.Random(1))
    monkeypatch.setenv("LAC_KEYS", keys_at(home.folder)["LAC_KEYS"])
    with pytest.raises(KeysError):
        opened(home.folder, "dsl")
    Keys.create(home)
    with pytest.raises(NothingLoaded, match="lac load DIR --home"):
        opened(home.folder, "dsl")
    assert [line["event"] for line in lines(home.folder)] == ["open"]


def test_no_home_no_session(tmp_path: Path) -> None:
    """A folder that is none is told, and not made one."""
    with pytest.raises(HomeError, match="There is no folder"):
        opened(tmp_path / "absent", "dsl")
    with pytest.raises(HomeError, match="no home of lac-monitor"):
        opened(tmp_path, "dsl")
    assert list(tmp_path.iterdir()) == []


def test_a_store_of_other_definitions_is_not_shown(folder: Path, monkeypatch: Any) -> None:
    """Views that this code did not define would put other numbers under its words."""
    monkeypatch.setattr(views, "compute_definitions_digest", lambda: "other")
    access._open_cached_store.cache_clear()
    with pytest.raises(StoreError, match=r"other definitions.* lac run"):
        opened(folder, "dsl")


# The log goes first


def test_without_a_log_there_is_no_session_and_no_view(tmp_path: Path, monkeypatch: Any) -> None:
    """What cannot be written down is not shown, nor refused in silence."""
    home = demo_home(tmp_path / "home")
    monkeypatch.setenv("LAC_KEYS", keys_at(home)["LAC_KEYS"])
    session, log = opened(home, "dsl"), home / "log" / "access.jsonl"
    log.rename(home / "log" / "kept")
    log.mkdir()
    with pytest.raises(LogError, match="nothing is shown"):
        opened(home, "dsl")
    with pytest.raises(LogError, match="nothing is shown"):
        session.enter("today")
    with pytest.raises(LogError):
        session.read("from raw_mark")
    log.rmdir()
    (home / "log" / "kept").rename(log)
    before = len(lines(home))
    session.enter("today")
    assert since(home, before) == [("view", "dsl", "today", [])]


def test_a_view_is_one_line_for_ten_minutes(folder: Path) -> None:
    """Reruns of a page are one look; ten minutes later it is another; each page its own."""
    clock = Clock()
    session = opened(folder, "dsl", clock=clock)
    before = len(lines(folder))
    for minutes in (0, 0, 9.99, 0.01, 5, 5):
        clock.now += timedelta(minutes=minutes)
        session.enter("today")
    assert [line["at"] for line in lines(folder)[before:]] == [
        f"2026-11-23T12:{minute:02}:00.000+00:00" for minute in (0, 10, 20)
    ]
    before = len(lines(folder))
    for page in ("today", "children", "children"):
        session.enter(page)
    assert since(folder, before) == [("view", "dsl", "children", [])]


def test_each_child_is_a_line_of_its_own(folder: Path) -> None:
    """Who looked at which child is what the log is for."""
    session = opened(folder, "teacher", clock=Clock())
    one, other = session.read("select pupil_id from cohort_member order by all limit 2")["pupil_id"]
    before = len(lines(folder))
    for child in (one, other, one, None):
        session.enter("child", child)
    assert since(folder, before) == [
        ("view", "teacher", "child", [one]),
        ("view", "teacher", "child", [other]),
        ("view", "teacher", "child", []),
    ]


@pytest.mark.parametrize("child", ["ruby", "A001999926001", "", "01234ABCDE\n", "O123456789"])
def test_a_child_that_is_no_pseudonym_is_denied_and_not_written_down(
    folder: Path, child: str
) -> None:
    """A name or UPN in a link gets nobody in, and not into the log either."""
    session = opened(folder, "dsl")
    before = len(lines(folder))
    with pytest.raises(Denied):
        session.enter("child", child)
    assert since(folder, before) == [("deny", "dsl", "child", [])]


# Role by page


@pytest.mark.parametrize("role", [*ROLES, "wizard", "", "DSL"])
def test_pages_by_role(folder: Path, role: str) -> None:
    """What is not listed is denied, and each denial is a line."""
    allowed = _MAY_VIEW.get(role, set())
    session = opened(folder, role)
    for page in (*PAGES, "no_such_page", "../today"):
        before = len(lines(folder))
        assert session.is_allowed(page) == (page in allowed)
        if page in allowed:
            session.enter(page)
        else:
            with pytest.raises(Denied, match="has no access to this page"):
                session.enter(page)
        word = "view" if page in allowed else "deny"
        assert since(folder, before) == [(word, role, page, [])]


@pytest.mark.parametrize("role", ROLES)
def test_sql_is_the_safeguarding_leads(folder: Path, role: str) -> None:
    """Free questions are an action of their own."""
    session = opened(folder, role)
    assert session.is_allowed("sql", "sql") == (role == "dsl")
    before = len(lines(folder))
    if role == "dsl":
        session.enter("sql", action="sql")
    else:
        with pytest.raises(Denied):
            session.enter("sql", action="sql")
    assert since(folder, before) == [("sql" if role == "dsl" else "deny", role, "sql", [])]


# Role by relation


def test_every_category_stands_for_something() -> None:
    """The matrix below meets each category, and no mart is of an unknown one."""
    assert {view.find_field("Category") for view in _OPEN} == set(CATEGORIES)


@pytest.mark.parametrize("role", _MAY_READ)
def test_marts_and_checks_by_role(folder: Path, role: str) -> None:
    """A relation is read where the role holds its category, and a denial shows nothing."""
    session = opened(folder, role)
    for view in _OPEN:
        before = len(lines(folder))
        if view.find_field("Category") in _MAY_READ[role]:
            assert set(view.key) <= set(session.read(f"from {view.name}").columns)
            assert since(folder, before) == []
        else:
            with pytest.raises(Denied, match=f"The role {role} may not read {view.name}"):
                session.read(f"from {view.name}")
            assert since(folder, before) == [("deny", role, None, [])]


@pytest.mark.parametrize("role", _MAY_READ)
def test_inner_relations_are_nobodys(folder: Path, role: str) -> None:
    """raw_, ref_, stg_ and int_ are refused to all: a page shows marts and checks."""
    session = opened(folder, role)
    for name in _INNER:
        before = len(lines(folder))
        with pytest.raises(Denied, match=f"may not read {name}"):
            session.read(f"from {name}")
        assert since(folder, before) == [("deny", role, None, [])]


@pytest.mark.parametrize(
    "query",
    [
        "from RAW_MARK",
        'from "raw_mark"',
        "from lac.main.raw_mark",
        "select (select count(*) from raw_mark)",
        "from cohort_member where exists (from raw_mark)",
        "select 1 from cohort_member join raw_mark using (pupil_key)",
        "from cohort_member, raw_mark",
        "from cohort_member union all by name from raw_pupil",
        "from cohort_member positional join raw_mark",
        "with cohort_member as (from raw_pupil) from cohort_member",
        "with raw_mark as (from cohort_member) from raw_mark",
        "with recursive steps as (from raw_pupil union all from steps) from steps",
        "from (with marks as materialized (from raw_mark) from marks)",
        "select list(code) from (select unnest((select list(code) from raw_mark)) as code)",
        "select 1 order by (select count(*) from raw_mark)",
        "select 1 limit (select count(*) from raw_mark)",
        "from (describe raw_mark)",
        "from (summarize raw_mark)",
        "from (show tables)",
        "from (pivot raw_mark on half in ('AM') using count(*))",
        "from query('from raw_mark')",
        "from query_table('raw_mark')",
        "from duckdb_tables()",
        "from duckdb_databases()",
        "from duckdb_secrets()",
        "from information_schema.tables",
        "from sqlite_master",
        "from pragma_table_info('raw_mark')",
        "from pragma_storage_info('raw_mark')",
        "from range(10)",
        "from read_csv('/etc/passwd')",
        "from read_text('/etc/passwd')",
        "from glob('/*')",
        "from '/etc/passwd'",
        "from 'https://example.org/marks.csv'",
        "from no_such_relation",
    ],
)
def test_no_way_round(folder: Path, query: str) -> None:
    """Every door but a mart or check is shut, to the safeguarding lead as well, and logged."""
    session = opened(folder, "dsl")
    before = len(lines(folder))
    with pytest.raises(Denied):
        session.read(query)
    assert since(folder, before) == [("deny", "dsl", None, [])]


@pytest.mark.parametrize(
    "statement",
    [
        "from cohort_member; from cohort_member",
        "from cohort_member; drop view cohort_member",
        "",
        "-- nothing",
        "create table mine as from cohort_member",
        "insert into raw_mark from raw_mark",
        "delete from raw_mark",
        "update raw_pupil set handle = 'x'",
        "attach 'other.duckdb'",
        "copy raw_mark to 'marks.csv'",
        "export database 'folder'",
        "install spatial",
        "load httpfs",
        "set lock_configuration = false",
        "set variable as_at = '2020-01-01'",
        "reset variable as_at",
        "pragma enable_profiling",
        "call pragma_version()",
        "explain analyze from raw_mark",
        "use memory",
        "checkpoint",
        "prepare mine as from raw_mark",
        "begin",
        "from (pivot raw_mark on half using count(*))",
        "not sql at all",
    ],
)
def test_only_one_select_is_a_question(folder: Path, statement: str) -> None:
    """Anything else is refused before it runs."""
    session = opened(folder, "dsl")
    with pytest.raises((StoreError, Denied)):
        session.read(statement)
    assert session.read("select count(*) > 0 from cohort_member").item()


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


def test_two_sessions_do_not_mix_their_days(folder: Path) -> None:
    """One process serves many: each question is asked on its own session's day."""
    one, other = opened(folder, "dsl", as_at=date(2026, 10, 2)), opened(folder, "pastoral")
    for _ in range(3):
        assert one.read("select as_at() as day").item() == date(2026, 10, 2)
        assert other.read("select as_at() as day").item() == UNTIL


# Who has looked


@pytest.mark.parametrize("role", [*ROLES, "wizard"])
def test_who_has_looked_is_for_the_safeguarding_lead(folder: Path, role: str) -> None:
    """Names of colleagues are shown to one role, and each denial is a line."""
    clock = Clock()
    lead = opened(folder, "dsl", clock=clock)
    child, other = lead.read("select pupil_id from cohort_member order by all limit 2")["pupil_id"]
    lead.enter("child", child)
    session = opened(folder, role, clock=clock)
    before = len(lines(folder))
    if role == "dsl":
        assert PageView(_NOON.date(), "Sam", "dsl") in session.find_views(child, 1)
        assert session.find_views(other, 0) == ()
        assert since(folder, before) == []
        shown = session.read_log(child)
        assert all(row["pupil_ids"] == [child] for row in shown)
        assert [row["event"] for row in shown][-1] == "audit"
        assert len(session.read_log()) == len(lines(folder))
        assert since(folder, before) == [
            ("audit", "dsl", "audit", [child]),
            ("audit", "dsl", "audit", []),
        ]
    else:
        for ask in (lambda: session.find_views(child, 1), lambda: session.read_log(child)):
            with pytest.raises(Denied):
                ask()
        assert since(folder, before) == [
            ("deny", role, "child", [child]),
            ("deny", role, "audit", [child]),
        ]


def test_looks_go_back_by_the_clock_and_not_by_the_data(folder: Path) -> None:
    """Today is one of the days."""
    clock = Clock()
    session = opened(folder, "dsl", clock=clock, as_at=date(2026, 10, 2))
    child = session.read("select pupil_id from cohort_member order by all")["pupil_id"][-1]
    session.enter("child", child)
    clock.now += timedelta(days=27)
    assert session.find_views(child, 28) == (PageView(_NOON.date(), "Sam", "dsl"),)
    clock.now += timedelta(days=1)
    assert session.find_views(child, 28) == ()


def test_a_child_has_an_address_that_says_nothing(folder: Path, tmp_path: Path) -> None:
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
    elsewhere = demo_home(tmp_path / "elsewhere", seed=8)
    stranger = access.open(
        elsewhere, actor="x", role="dsl", purpose="test", environ=keys_at(elsewhere)
    )
    assert stranger.get_address(pupil_ids[0]) != tokens[0]


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
