"""What people type shows at once, survives every load, and is kept whatever goes wrong."""

import json
import os
from collections.abc import Callable, Collection, Mapping
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from intake.current import is_up_to_date
from intake.problems import IntakeError
from intake.publish import entries
from intake.publish.amend import publish_entries
from intake.publish.entries import log_action, undo_action
from intake.publish.load import rebuild_store, undo_load
from queries import read, reference
from queries.store import store, versions
from queries.views import views
from queries.views.days import fill_default_day
from safeguards.access import access
from safeguards.errors import SealedLinesError
from safeguards.journal.typed_entries import TypedEntries
from tests.support.schools.good_exports import ANN, BEN, GOOD, added
from tests.support.schools.homes import demo_home, keys_at
from tests.support.schools.plain_views import ask_store, ask_views, copy_under_views
from tests.support.schools.small_home import SmallHome

NOW = datetime(2026, 11, 20, 8, 35, tzinfo=UTC)
SCORE = {"date": "2026-11-12", "informant": "self", "total": "14"}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallHome:
    made = SmallHome(tmp_path)
    made.load()
    monkeypatch.setenv("LAC_KEYS", made.environ["LAC_KEYS"])
    return made


def fact(home: SmallHome, file: str, values: Mapping[str, str], **more: Any) -> str:
    recorded = home.add_fact(file, values, now=NOW, **more)
    assert recorded.entry_id is not None, recorded.problems
    return recorded.entry_id


def log(home: SmallHome, line: str, *, role: str = "dsl", **more: Any) -> str:
    given = {"handle": home.find(ANN).handle, "kind": "other", "now": NOW, **more}
    recorded = log_action(home.open(role), line=line, **given)
    assert recorded.entry_id is not None, recorded.problems
    return recorded.entry_id


def scores(home: SmallHome) -> dict[str, int]:
    """Ann's own totals by date."""
    query = f"""
        select sdq_date, total from pupil_sdq
        where handle = '{home.find(ANN).handle}' and informant = 'self'
    """
    return dict(home.ask(query))


def load_again(home: SmallHome) -> None:
    """A load of the same rows in other bytes."""
    said = home.load(added("calendar.csv", "", GOOD) | {"school.csv": GOOD["school.csv"] + "\n"})
    assert said.version is not None


def list_entries(home: SmallHome) -> list[tuple[str, str | None]]:
    found = TypedEntries.open(home.home, home.keys).list_entries()
    return [(each.kind, each.corrects) for each in found]


# At once, and ever after


def test_a_fact_shows_at_once_and_changes_nothing_else(home: SmallHome) -> None:
    """In a file for its owner only; the data end where they did."""
    counts = """
        select (select count(*) from pupil_session) as marks,
        (select count(*) from load_file) as files, (select count(*) from cohort_member) as n
    """
    before, counted = home.open(), home.ask(counts)
    fact(home, "sdq.csv", SCORE)
    assert not before.is_current
    assert before.as_at == home.open().as_at
    assert scores(home) == {"2026-11-12": 14}
    assert home.ask(counts) == counted
    assert home.path.name == "store-1.1.duckdb"
    assert b"2026-11-12" not in home.path.read_bytes()
    if os.name == "posix":
        assert home.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.slow
def test_everything_that_makes_the_store_anew_keeps_what_was_typed(
    home: SmallHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much it is, few versions are kept."""
    load_again(home)
    days = [f"2026-11-{day:02}" for day in range(1, 6)]
    for day in days:
        fact(home, "sdq.csv", {**SCORE, "date": day})
    assert home.versions == ["store-1.duckdb", "store-2.4.duckdb", "store-2.5.duckdb"]
    with monkeypatch.context() as other:
        other.setattr("queries.views.views.compute_definitions_digest", lambda: "0" * 16)
        rebuild_store(home.home)
        assert list(scores(home)) == days
    rebuild_store(home.home)
    undo_load(home.home)
    assert home.ask("select max(load_id) from load_file") == [(1,)]
    rebuild_store(home.home)
    assert list(scores(home)) == days
    with pytest.raises(IntakeError, match="no earlier version"):
        undo_load(home.home)


_KINDS: list[tuple[str, dict[str, str], str]] = [
    ("sdq.csv", SCORE, "from stg_sdq where sdq_date = '2026-11-12' and total = 14"),
    (
        "sdq.csv",
        {"date": "2026-11-12", "informant": "self", "reason": "SDQ2"},
        "from stg_sdq where sdq_date = '2026-11-12' and reason = 'SDQ2' and total is null",
    ),
    (
        "health.csv",
        {"kind": "dental check", "date": "12/11/2026", "outcome": "done"},
        "from stg_health where health_date = '2026-11-12' and age_band >= '5 to 9'",
    ),
    (
        "ehcp.csv",
        {"event": "requested", "date": "2026-11-12"},
        "from stg_ehcp where ehcp_date = '2026-11-12' and event = 'requested'",
    ),
    (
        "pep.csv",
        {"date": "2026-11-12", "outcome": "held", "child_attended": "no"},
        "from stg_pep where pep_date = '2026-11-12' and not has_child_attended",
    ),
    (
        "pep.csv",
        {"date": "2027-01-09", "outcome": "booked"},
        "from stg_pep where pep_date = '2027-01-09' and outcome = 'booked'",
    ),
    (
        "care_episodes.csv",
        {
            "status": "previously looked after",
            "start": "unknown",
            "known_since": "2015-01-02",
            "end": "2015-02-01",
        },
        "from stg_care_episode where counts_from = '2015-01-02' and not is_start_known",
    ),
]


@pytest.mark.slow
def test_every_kind_of_fact_is_a_row_like_a_file_s(home: SmallHome) -> None:
    for file, values, query in _KINDS:
        of_child = f"""
            select 1 from ({query}) semi join
            (from stg_pupil where pupil_id = '{home.find(ANN).pupil_id}') using (pupil_key)
        """
        assert home.ask(of_child) == []
        fact(home, file, values)
        assert home.ask(of_child) == [(1,)], (file, values)
    for view in views.load_views().values():
        if view.order:
            both = home.answers({"worked out": view.select, "kept": f"from {view.name}"})
            worked_out, kept = (sorted(map(repr, rows)) for rows in both.values())
            assert kept == worked_out, view.name


@pytest.mark.slow
def test_what_an_entry_reaches_is_worked_out_anew_and_nothing_else(
    home: SmallHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each, every mart and check answers as the views do, and only its own were filled."""
    filled: list[set[str]] = []

    def fill(connection: duckdb.DuckDBPyConnection, day: date, changed: Collection[str]) -> None:
        filled.append(set(changed))
        fill_default_day(connection, day, changed)

    monkeypatch.setattr("intake.publish.amend.days.fill_default_day", fill)
    typing: dict[str, Callable[[], object]] = {
        "raw_sdq": lambda: fact(home, "sdq.csv", SCORE),
        "raw_action": lambda: log(home, "spoke at break"),
        "raw_pep": lambda: fact(home, "pep.csv", {"date": "2026-11-12", "outcome": "held"}),
    }
    until = home.open().as_at
    for table, type_it in typing.items():
        type_it()
        assert filled.pop() == {table, "raw_source"}
        assert not filled
        whole = access.open_store(home.path, home.keys.store)
        with closing(copy_under_views(whole)) as plain:
            for name in read.list_definitions():
                found = ask_store(whole, name, until)
                assert found == ask_views(plain, name, until), (table, name)


# What is refused


def test_what_cannot_be_kept_is_told_and_not_kept(home: SmallHome) -> None:
    """Of nobody, of a file whose rows do not arrive in letters, beside what excludes it."""
    for recorded in (
        home.add_fact("sdq.csv", SCORE, handle="no one"),
        log_action(home.open(), handle="no one", kind="other", line="x"),
    ):
        assert recorded.entry_id is None
        assert [each.column for each in recorded.problems] == ["handle"]
    for file in ("roll.csv", "attendance.csv", "suspensions.csv", "x"):
        with pytest.raises(IntakeError, match="An entry must be a row of one of these"):
            home.add_fact(file, {})
    episode = {"status": "looked after", "start": "2026-11-12", "authority": "Tameside"}
    overlapping = home.add_fact("care_episodes.csv", episode)
    assert [(each.column, each.fault) for each in overlapping.problems] == [("start", "overlap")]
    assert list_entries(home) == []


@pytest.mark.parametrize("role", ["pastoral", "dsl", "teacher", "head", "manager", "none"])
def test_who_may_type_what(home: SmallHome, role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each refusal is a line; what follows on a right one is another test's."""
    monkeypatch.setattr(entries, "publish_entries", lambda *_: None)
    may = {
        "other": ("pastoral", "dsl", "teacher"),
        "sdq.csv": ("dsl", "teacher"),
        "protection.csv": ("dsl",),
    }
    rows = {"sdq.csv": SCORE, "protection.csv": {"date": "2026-11-17", "event": "referral"}}
    for what, roles in may.items():

        def act(what: str = what) -> str:
            return fact(home, what, rows[what], role=role) if what in rows else log(
                home, "x", role=role
            )  # fmt: skip

        if role in roles:
            assert act()
            continue
        with pytest.raises(access.Denied):
            act()
        last = (home.folder / "log" / "access.jsonl").read_text("ascii").splitlines()[-1]
        assert json.loads(last)["event"] == "deny"
    assert len(list_entries(home)) == sum(role in roles for roles in may.values())


# Corrections


@pytest.mark.slow
def test_a_correction_takes_the_place_of_what_it_corrects(home: SmallHome) -> None:
    """Typed wins over a file's row, which is kept beneath and shows again."""
    row = f"{ANN},2026-11-12,self,20,,,,,,,"
    home.load(added("sdq.csv", row))
    assert scores(home) == {"2026-11-12": 20}
    first = fact(home, "sdq.csv", SCORE)
    assert scores(home) == {"2026-11-12": 14}
    home.load(added("sdq.csv", row.replace(",20,", ",21,")))
    assert scores(home) == {"2026-11-12": 14}
    second = fact(home, "sdq.csv", {**SCORE, "date": "2026-11-11"}, corrects=first)
    assert scores(home) == {"2026-11-11": 14, "2026-11-12": 21}
    with pytest.raises(IntakeError, match="There is no entry with this id"):
        fact(home, "sdq.csv", SCORE, corrects=first)
    found = entries.list_typed_facts(home.open(), home.find(ANN).handle, "sdq.csv")
    assert [each.entry_id for each in found] == [second]


def lines(home: SmallHome) -> dict[str, str | None]:
    """What stands: the newer line by that which it corrects."""
    rows = read.fetch_actions(home.open()).to_dicts()
    line_of = {row["action_id"]: row["line"] for row in rows}
    return {row["line"]: line_of.get(row["corrected_by"]) for row in rows}


@pytest.mark.slow
def test_a_corrected_action_stays_beside_what_corrects_it(home: SmallHome) -> None:
    """Of another child too; only what stands can be corrected, and only it is the last."""
    wrong = log(home, "wrong", follow_up=date(2026, 11, 27))
    right = log(home, "right", handle=home.find(BEN).handle, corrects=wrong)
    assert lines(home) == {"wrong": "right", "right": None}
    (last,) = read.fetch_last_actions(home.open()).values()
    assert (last["handle"], last["line"], last["actor"]) == (
        *(home.find(BEN).handle, "right"),
        "test",
    )
    for gone in (wrong, "0000000000"):
        with pytest.raises(IntakeError, match="There is no entry with this id"):
            log(home, "again", corrects=gone)
    with pytest.raises(IntakeError, match="There is no entry with this id"):
        undo_action(home.open(), action_id=wrong, now=NOW)
    undo_action(home.open(), action_id=right, now=NOW)
    assert lines(home) == {"wrong": None}
    (row,) = read.fetch_last_actions(home.open()).values()
    assert (row["handle"], row["follow_up_date"]) == (home.find(ANN).handle, date(2026, 11, 27))


def test_an_undo_is_one_s_own_and_for_a_minute(home: SmallHome) -> None:
    """The log keeps both lines, and no view shows either."""
    action = log(home, "slip")
    late = NOW + entries.UNDO_TTL + timedelta(milliseconds=1)
    for session, now in ((home.open(), late), (home.open(actor="another"), NOW)):
        with pytest.raises(IntakeError, match="Correct the action instead"):
            undo_action(session, action_id=action, now=now)
    with pytest.raises(access.Denied):
        undo_action(home.open("head"), action_id=action, now=NOW)
    assert lines(home) == {"slip": None}
    undo_action(home.open(), action_id=action, now=NOW + entries.UNDO_TTL)
    assert lines(home) == {}
    assert list_entries(home) == [("action", None), ("undo", action)]


@pytest.mark.slow
def test_an_action_closes_the_reasons_with_their_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that list the child as it is logged, but for what only a record closes."""
    folder = demo_home(tmp_path / "home")
    monkeypatch.setenv("LAC_KEYS", keys_at(folder)["LAC_KEYS"])

    def ask(query: str, **parameters: str) -> list[tuple[Any, ...]]:
        session = access.open(folder, actor="test", role="dsl", purpose="test")
        return session.read(query, parameters).rows()

    handle = ask("select handle from needs_a_look group by 1 order by count(*), 1")[-1][0]
    query = "select rule, is_closed from needs_a_look where handle = $handle"
    before = ask(query, handle=handle)
    assert before
    assert not any(is_closed for _, is_closed in before)
    session = access.open(folder, actor="test", role="pastoral", purpose="test")
    recorded = log_action(session, handle=handle, kind="met the family", line="At home.", now=NOW)
    assert recorded.visible_from == session.as_at
    by_record = set(reference.read("look").filter("is_closed_by_record")["rule"])
    after = dict(ask(query, handle=handle))
    assert after == {rule: rule not in by_record for rule, _ in before}
    assert any(after.values())


# What may go wrong on the way


def test_an_entry_that_cannot_show_yet_is_kept_and_said_so(
    home: SmallHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The version in use stays, whatever was left half way; the next time it shows."""

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr("intake.publish.amend.store.amend_version", fail)
        with pytest.raises(IntakeError, match="is saved and need not be typed again"):
            fact(home, "sdq.csv", SCORE)
    path = versions.compute_amendment_path(home.path)
    with pytest.raises(KeyboardInterrupt), store.amend_version(home.path, path, home.keys.store):
        raise KeyboardInterrupt
    (home.home.store / f"{path.name}.half").write_bytes(b"left by a crash")
    assert home.path.name == "store-1.duckdb"
    assert not path.exists()
    assert not is_up_to_date(home.home, home.keys)
    rebuild_store(home.home)
    assert is_up_to_date(home.home, home.keys)
    assert scores(home) == {"2026-11-12": 14}
    assert not list(home.home.store.glob("*.half*"))
    # a log that lost its end is told, and the store keeps what it has
    (home.folder / "written" / TypedEntries.FILE).unlink()
    with pytest.raises(SealedLinesError, match="lac restore"):
        load_again(home)
    with pytest.raises(SealedLinesError, match="lac restore"):
        publish_entries(home.home, home.keys)
    assert scores(home) == {"2026-11-12": 14}
