"""What people type shows at once, survives every load, and is held to a file row's rules."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection, Mapping
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner

from cli.main import app
from intake.check.check import check_exports
from intake.current import is_up_to_date
from intake.problems import IntakeError
from intake.publish import entries, typed
from intake.publish.amend import publish_entries
from intake.publish.entries import add_fact, log_action, undo_action
from intake.publish.load import load_exports, rebuild_store, undo_load
from intake.read.read import read_exports
from queries import read, reference
from queries.contract import EXPORTS, FACT_EXPORTS, HEALTH, Export
from queries.store import store, versions
from queries.store.store import Store
from queries.views import views
from queries.views.days import fill_default_day
from safeguards.access import access
from safeguards.errors import SealedLinesError
from safeguards.home.home import Home
from safeguards.journal.typed_entries import Entry, TypedEntries, generate_entry_id
from safeguards.keys.keys import Keys
from tests.support.schools import homes
from tests.support.schools.plain_views import ask_store, ask_views, copy_under_views

NOW = datetime(2026, 11, 20, 8, 35, tzinfo=UTC)
LETTER = "letter, Tameside, 12 November"
SCORE = {"date": "2026-11-12", "informant": "self", "total": "14"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = homes.demo_home(tmp_path / "home")
    monkeypatch.setenv("LAC_KEYS", homes.keys_at(made)["LAC_KEYS"])
    return made


def opened(folder: Path, role: str = "dsl", as_at: date | None = None) -> access.Session:
    return access.open(folder, actor="test", role=role, purpose="test", as_at=as_at)


def children(folder: Path) -> list[str]:
    return opened(folder).read("select handle from cohort_member order by 1")["handle"].to_list()


def fact(
    folder: Path,
    file: str,
    values: Mapping[str, str],
    *,
    handle: str | None = None,
    role: str = "dsl",
    corrects: str | None = None,
) -> str:
    recorded = add_fact(
        opened(folder, role),
        handle=handle or children(folder)[0],
        file=file,
        values=values,
        where_written=LETTER,
        corrects=corrects,
        now=NOW,
    )
    assert recorded.entry_id is not None, recorded.problems
    return recorded.entry_id


def scores(folder: Path, handle: str | None = None) -> dict[str, int]:
    """The child's own totals by date."""
    rows = opened(folder).read(
        "select sdq_date, total from pupil_sdq where handle = $handle and informant = 'self'",
        {"handle": handle or children(folder)[0]},
    )
    return {str(day): total for day, total in rows.iter_rows()}


def load_again(folder: Path, tmp_path: Path) -> None:
    """A load of the same rows in other bytes."""
    exports = tmp_path / f"exports-{len(list(tmp_path.iterdir()))}"
    shutil.copytree(homes.exports(), exports)
    path = exports / "calendar.csv"
    path.write_text(path.read_text("utf-8") + "\n" * len(list(tmp_path.iterdir())), "utf-8")
    outcome = load_exports(exports, folder, now=homes.NOW + timedelta(days=1))
    assert outcome.version is not None, outcome.problems


# -- at once, and ever after


@pytest.mark.slow
def test_a_fact_shows_at_once_and_after_everything_that_makes_the_store_anew(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = opened(folder)
    assert "2026-11-12" not in scores(folder)
    fact(folder, "sdq.csv", SCORE)
    assert not before.is_current
    assert scores(folder)["2026-11-12"] == 14
    assert before.as_at == opened(folder).as_at, "a typed fact does not move the data's end"
    load_again(folder, tmp_path)
    assert scores(folder)["2026-11-12"] == 14
    with monkeypatch.context() as other:
        other.setattr("queries.views.views.compute_definitions_digest", lambda: "0" * 16)
        rebuild_store(Home.open(folder))
        assert scores(folder)["2026-11-12"] == 14
    rebuild_store(Home.open(folder))
    assert scores(folder)["2026-11-12"] == 14
    undo_load(Home.open(folder))
    rebuild_store(Home.open(folder))
    assert scores(folder)["2026-11-12"] == 14


@pytest.mark.slow
def test_an_undo_goes_back_a_load_and_keeps_what_was_typed_since(
    folder: Path, tmp_path: Path
) -> None:
    load_again(folder, tmp_path)
    for day in ("2026-11-10", "2026-11-11", "2026-11-12"):
        fact(folder, "sdq.csv", {**SCORE, "date": day})
    assert opened(folder).read("select max(load_id) from load_file").item() == 2
    undo_load(Home.open(folder))
    assert opened(folder).read("select max(load_id) from load_file").item() == 1
    assert {"2026-11-10", "2026-11-11", "2026-11-12"} <= set(scores(folder))
    with pytest.raises(IntakeError, match="no earlier version"):
        undo_load(Home.open(folder))


@pytest.mark.slow
def test_few_versions_are_kept_however_much_is_typed(folder: Path, tmp_path: Path) -> None:
    load_again(folder, tmp_path)
    for day in range(1, 6):
        fact(folder, "sdq.csv", {**SCORE, "date": f"2026-11-0{day}"})
    home = Home.open(folder)
    names = [path.name for path in versions.list_versions(home.store)]
    assert names == ["store-1.duckdb", "store-2.4.duckdb", "store-2.5.duckdb"]


def test_only_typed_rows_go_into_an_amendment(folder: Path) -> None:
    """Everything else is as the load left it."""
    counts = (
        "select (select count(*) from pupil_session) as marks, "
        "(select count(*) from load_file) as files, (select count(*) from cohort_member) as n"
    )
    before = opened(folder).read(counts)
    fact(folder, "sdq.csv", SCORE)
    assert opened(folder).read(counts).equals(before)


KINDS: list[tuple[str, dict[str, str], str]] = [
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


def store_of(folder: Path) -> Store:
    home = Home.open(folder)
    path = versions.find_current_version(home.store)
    assert path is not None
    return access.open_store(path, Keys.load(home).store)


def of_store(folder: Path, query: str) -> pl.DataFrame:
    return store_of(folder).read(query)


@pytest.mark.slow
def test_every_kind_of_fact_is_a_row_like_a_file_s(folder: Path) -> None:
    handle = children(folder)[0]
    for file, values, query in KINDS:
        of_child = (
            f"select 1 from ({query}) where pupil_key = "
            f"(select pupil_key from stg_pupil where handle = '{handle}')"
        )
        assert of_store(folder, of_child).height == 0
        fact(folder, file, values, handle=handle)
        assert of_store(folder, of_child).height == 1, (file, values)
    checked = opened(folder).read(
        "from pupil_health where subject = 'dental check' and last_done_date = '2026-11-12'"
    )
    assert checked.height <= 1
    for view in views.load_views().values():
        if view.find_field("Materialised"):
            worked_out = of_store(folder, view.select)
            kept = of_store(folder, f"from {view.name}")
            assert sorted(map(repr, kept.rows())) == sorted(map(repr, worked_out.rows())), view.name


@pytest.mark.slow
def test_what_an_entry_reaches_is_worked_out_anew_and_nothing_else(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each, every mart and check answers as the views do, and only its own were filled."""
    filled: list[set[str]] = []

    def fill(connection: duckdb.DuckDBPyConnection, changed: Collection[str]) -> None:
        filled.append(set(changed))
        fill_default_day(connection, changed)

    monkeypatch.setattr("intake.publish.amend.days.fill_default_day", fill)
    typing: dict[str, Callable[[], object]] = {
        "raw_sdq": lambda: fact(folder, "sdq.csv", SCORE),
        "raw_action": lambda: logged(folder, "spoke at break"),
        "raw_pep": lambda: fact(folder, "pep.csv", {"date": "2026-11-12", "outcome": "held"}),
    }
    for table, type_it in typing.items():
        type_it()
        assert filled.pop() == {table, "raw_source"}
        assert not filled
        whole = store_of(folder)
        with closing(copy_under_views(whole)) as plain:
            for name in read.list_definitions():
                found = ask_store(whole, name, homes.UNTIL)
                assert found == ask_views(plain, name, homes.UNTIL), (table, name)


@pytest.mark.slow
def test_sql_answers_with_it(folder: Path) -> None:
    """From the command line too, which also types it."""
    home = ["--home", str(folder)]
    child = [*home, "--handle", children(folder)[0]]

    def lac(*arguments: str) -> tuple[int, str]:
        found = CliRunner().invoke(app, arguments)
        return found.exit_code, found.output

    def typing(total: str, *more: str) -> tuple[int, str]:

        sets = [f"--set={name}={value}" for name, value in {**SCORE, "total": total}.items()]
        return lac("fact", *child, "--file", "sdq.csv", "--source", LETTER, *sets, *more)

    query = "select total from pupil_sdq where sdq_date = '2026-11-12' and informant = 'self'"
    code, entry_id = typing("14")
    assert code == 0, entry_id
    assert lac("sql", query, *home) == (0, "total\n14\n")
    assert typing("15", "--corrects", entry_id.strip())[0] == 0
    assert lac("sql", query, *home) == (0, "total\n15\n")
    code, told = typing("44")
    assert code == 1
    assert told.startswith('sdq.csv, column "total": total "44" is more than')
    assert typing("16", "--role", "pastoral")[0] == 2
    logging = ("action", *child, "--kind", "called the carer", "--follow-up", "2026-11-27")
    assert lac(*logging, "--role", "pastoral")[0] == 0
    answer = lac("sql", "select kind, line, follow_up_date from pupil_action", *home)
    assert answer == (0, "kind,line,follow_up_date\ncalled the carer,,2026-11-27\n")
    assert lac(*logging, "--role", "head")[0] == 2


# -- the same checks as a file row


def wrong_rows() -> dict[tuple[str, str, str], tuple[Export, dict[str, str]]]:
    """One row for many faults of every export whose rows may be typed."""
    care = {"status": "looked after", "start": "2026-01-05", "authority": "Tameside"}
    health = {"kind": "dental check", "date": "2026-11-12", "outcome": "done"}
    plan = {"date": "2026-11-12", "event": "requested"}
    pep = {"date": "2026-11-12", "outcome": "held"}
    scales = dict.fromkeys(("emotional", "conduct", "hyperactivity", "peer", "prosocial"), "3")
    rows = {
        "sdq.csv": [
            {**SCORE, "informant": "parent"},
            {**SCORE, "date": "12 11 2026"},
            {**SCORE, "date": ""},
            {**SCORE, "total": "14.5"},
            {**SCORE, "total": "41"},
            {**SCORE, "total": ""},
            {**SCORE, "reason": "SDQ2"},
            {**SCORE, **scales},
            {**SCORE, "emotional": "3"},
            {**SCORE, "total": "1 4"},
        ],
        "health.csv": [
            {**health, "kind": "eye test"},
            {**health, "next_due": "2026-11-12"},
            {**health, "reason": "cancelled"},
            {**health, "outcome": ""},
        ],
        "ehcp.csv": [{**plan, "event": "asked"}, {**plan, "event": "plan issued"}],
        "pep.csv": [
            {**pep, "outcome": "missed"},
            {**pep, "child_attended": "maybe"},
            {**pep, "outcome": "booked", "targets_set": "3"},
            {**pep, "quality": "9/10"},
        ],
        "care_episodes.csv": [
            {**care, "status": "fostered"},
            {**care, "start": "unknown"},
            {**care, "end": "2026-01-05"},
            {**care, "authority": ""},
            {**care, "status": "in need", "home": "U1"},
            {**care, "legal_status": "ZZ"},
        ],
    }
    exports = {export.name: export for export in EXPORTS}
    return {
        (name, str(number), ""): (exports[name], values)
        for name, each in rows.items()
        for number, values in enumerate(each)
    }


@pytest.mark.parametrize("case", wrong_rows(), ids="-".join)
def test_a_typed_row_has_the_problems_of_a_file_row(
    tmp_path: Path, case: tuple[str, str, str]
) -> None:
    export, values = wrong_rows()[case]
    roll = pl.read_csv(homes.exports() / "roll.csv", infer_schema=False)
    cells = {"upn": roll["upn"][0], **dict.fromkeys(export.header[1:], ""), **values}
    pl.DataFrame([cells]).select(export.header).write_csv(tmp_path / export.name)
    shutil.copy(homes.exports() / "roll.csv", tmp_path)
    in_file = [
        each for each in check_exports(read_exports(tmp_path)).problems if each.file == export.name
    ]
    in_letter = typed.check_fact(export, values, where_written=LETTER, latest=NOW.date())
    told = [(each.column, each.fault, each.problem, each.fix) for each in in_file]
    assert told
    assert [(each.column, each.fault, each.problem, each.fix) for each in in_letter] == told


@pytest.mark.parametrize("export", FACT_EXPORTS, ids=lambda export: export.name)
def test_only_columns_of_the_contract_can_be_typed(export: Export) -> None:
    for column in ("note", "upn", "handle", "surname"):
        problems = typed.check_fact(
            export, {column: "Ada"}, where_written=LETTER, latest=NOW.date()
        )
        assert ("", "wrong header") in {(each.column, each.fault) for each in problems}
        assert not any("Ada" in each.problem + each.fix for each in problems)


@pytest.mark.parametrize(
    ("source", "is_good"),
    [
        ("", False),
        ("le", False),
        ("let", True),
        ("x" * 80, True),
        ("x" * 81, False),
        ("letter\n12 November", False),
        (" le", False),
        (" letter ", True),
    ],
)
def test_the_paper_is_named_in_3_to_80_characters(source: str, is_good: bool) -> None:
    sdq = typed.find_export("sdq.csv")
    assert sdq is not None
    problems = typed.check_fact(sdq, SCORE, where_written=source, latest=NOW.date())
    assert [each.column for each in problems] == ([] if is_good else ["where_written"])


@pytest.mark.parametrize(
    ("file", "values", "columns"),
    [
        ("sdq.csv", {**SCORE, "date": "2026-11-20"}, []),
        ("sdq.csv", {**SCORE, "date": "2026-11-21"}, ["date"]),
        ("health.csv", {"kind": "optician", "date": "2026-11-21", "outcome": "done"}, ["date"]),
        ("health.csv", {"kind": "optician", "date": "2026-11-21", "outcome": "booked"}, []),
        (
            "health.csv",
            {"kind": "optician", "date": "2026-11-20", "outcome": "done", "next_due": "2027-11-20"},
            [],
        ),
        ("pep.csv", {"date": "2026-11-21", "outcome": "held"}, ["date"]),
        ("pep.csv", {"date": "2026-11-21", "outcome": "booked"}, []),
        ("ehcp.csv", {"date": "2026-11-21", "event": "requested"}, ["date"]),
        ("care_episodes.csv", {"status": "in need", "start": "2026-11-21"}, ["start"]),
    ],
)
def test_only_a_booking_lies_ahead(file: str, values: dict[str, str], columns: list[str]) -> None:
    export = typed.find_export(file)
    assert export is not None
    problems = typed.check_fact(export, values, where_written=LETTER, latest=NOW.date())
    assert [each.column for each in problems] == columns


def test_a_booked_step_of_a_plan_lies_ahead() -> None:
    (event, *_) = reference.read("ehcp_event").filter("is_booking")["code"].to_list()
    ehcp = typed.find_export("ehcp.csv")
    assert ehcp is not None
    values = {"date": "2026-12-21", "event": event}
    assert typed.check_fact(ehcp, values, where_written=LETTER, latest=NOW.date()) == []


@pytest.mark.parametrize(
    ("year_group", "day", "band"),
    [
        (4, "2026-11-12", "5 to 9"),
        (5, "2026-11-12", "5 to 9"),
        (6, "2026-11-12", "10 and over"),
        (6, "2026-08-31", "5 to 9"),
        (1, "2026-11-12", "5 to 9"),
        (1, "2026-08-31", None),
        (0, "2026-11-12", None),
        (None, "2026-11-12", None),
    ],
)
def test_the_band_of_age_comes_from_the_year_group_of_that_day(
    year_group: int | None, day: str, band: str | None
) -> None:
    found, problems = typed.compute_age_band(HEALTH, {"date": day}, year_group, date(2026, 11, 20))
    assert found == band
    assert [each.column for each in problems] == ([] if band else ["date"])


@pytest.mark.slow
def test_a_file_whose_rows_do_not_arrive_in_letters_is_refused(folder: Path) -> None:
    for file in ("roll.csv", "attendance.csv", "suspensions.csv", "x"):
        with pytest.raises(IntakeError, match="A fact is a row of one of these"):
            fact(folder, file, {})


def test_a_care_episode_may_not_overlap_another(folder: Path) -> None:
    rows = opened(folder).read(
        "select handle, looked_after_since from cohort_member where looked_after_since"
        " is not null and home_kind is not null order by handle"
    )
    handle = rows["handle"][0]
    recorded = add_fact(
        opened(folder),
        handle=handle,
        file="care_episodes.csv",
        where_written=LETTER,
        now=NOW,
        values={"status": "looked after", "start": "2026-11-12", "authority": "Tameside"},
    )
    assert [(each.column, each.fault) for each in recorded.problems] == [("start", "overlap")]
    assert TypedEntries.open(Home.open(folder), Keys.load(Home.open(folder))).list_entries() == ()


# -- corrections, and files that say something else


@pytest.mark.slow
def test_a_correction_takes_the_place_of_what_it_corrects(folder: Path, tmp_path: Path) -> None:
    first = fact(folder, "sdq.csv", SCORE)
    second = fact(folder, "sdq.csv", {**SCORE, "date": "2026-11-11"}, corrects=first)
    assert "2026-11-12" not in scores(folder)
    assert scores(folder)["2026-11-11"] == 14
    load_again(folder, tmp_path)
    assert "2026-11-12" not in scores(folder)
    with pytest.raises(IntakeError, match="another one has corrected it"):
        fact(folder, "sdq.csv", SCORE, corrects=first)
    handle = children(folder)[0]
    assert [each.entry_id for each in entries.list_typed_facts(opened(folder), handle)] == [second]


@pytest.mark.slow
def test_typed_wins_over_a_file_row_until_it_is_corrected(folder: Path, tmp_path: Path) -> None:
    """The file's row is kept beneath, and shows again."""
    handle = children(folder)[0]
    row = f"{handle},2026-11-12,self,20,,,,,,,"
    header = "handle,date,informant,total,emotional,conduct,hyperactivity,peer,prosocial,impact"
    exports = tmp_path / "by-handle"
    shutil.copytree(homes.exports(), exports)
    (exports / "sdq.csv").write_text(f"{header},reason\n{row}\n", "utf-8")
    load_exports(exports, folder, now=homes.NOW)
    assert scores(folder)["2026-11-12"] == 20
    typed_id = fact(folder, "sdq.csv", SCORE)
    assert scores(folder)["2026-11-12"] == 14
    (exports / "sdq.csv").write_text(f"{header},reason\n{row.replace('20,,', '21,,')}\n", "utf-8")
    load_exports(exports, folder, now=homes.NOW)
    assert scores(folder)["2026-11-12"] == 14
    fact(folder, "sdq.csv", {**SCORE, "date": "2026-11-10"}, corrects=typed_id)
    assert scores(folder)["2026-11-12"] == 21


def test_of_two_about_the_same_thing_the_later_counts(folder: Path) -> None:
    fact(folder, "sdq.csv", SCORE)
    fact(folder, "sdq.csv", {**SCORE, "total": "15"})
    assert scores(folder)["2026-11-12"] == 15


# -- actions


@pytest.mark.slow
def test_an_action_closes_the_reasons_with_their_figures(folder: Path, tmp_path: Path) -> None:
    query = "select rule, figure, is_closed, closed_by from needs_a_look where handle = $handle"
    listed = opened(folder).read("select handle from needs_a_look group by 1 order by count(*), 1")
    handle = listed["handle"][-1]
    before = opened(folder).read(query, {"handle": handle})
    assert before.height
    assert not before["is_closed"].any()
    recorded = log_action(
        opened(folder, "pastoral"), handle=handle, kind="met the family", line="At home.", now=NOW
    )
    assert recorded.visible_from == opened(folder).as_at
    for _ in range(2):
        after = opened(folder).read(query, {"handle": handle})
        assert after["is_closed"].all()
        assert set(after["closed_by"]) == {"met the family"}
        rows = of_store(folder, "select rule, figure from raw_action")
        assert sorted(rows.iter_rows()) == sorted(before.select("rule", "figure").iter_rows())
        load_again(folder, tmp_path)


def test_an_action_typed_under_an_old_id_of_a_rule_closes_its_reason(folder: Path) -> None:
    """A rule's name in `look.csv` changed; what somebody did about it counts as before."""
    (row, *_) = opened(folder).read("from needs_a_look where rule = 'missed_sessions'").to_dicts()
    listed = {"missed sessions": row["figure"], "crossed 10 %": 30, "no such rule": 1}
    values = {"kind": "other", "date": "2026-11-18", "line": "Seen.", "rules": json.dumps(listed)}
    entry = Entry(generate_entry_id(), NOW, "Sam", "dsl", "action", row["pupil_id"], "", values)
    home = Home.open(folder)
    TypedEntries.open(home, Keys.load(home)).append(entry)
    publish_entries(home, Keys.load(home))
    rows = of_store(folder, "select rule, figure from raw_action").iter_rows()
    assert dict(rows) == {
        "missed_sessions": row["figure"],
        "became_persistent": 30,
        "no such rule": 1,
    }
    query = "select is_closed from needs_a_look where rule = 'missed_sessions' and handle = $handle"
    assert opened(folder).read(query, {"handle": row["handle"]}).item()


def test_an_old_id_is_the_id_of_no_rule_of_today() -> None:
    """Otherwise what was typed under it would close a reason that it is not about."""
    rules = reference.read("look")
    former = rules["formerly"].drop_nulls()
    assert former.n_unique() == former.len() > 0
    assert not set(former) & set(rules["rule"])


def test_an_action_about_a_child_without_reasons_is_one_row(folder: Path) -> None:
    listed = set(opened(folder).read("select handle from needs_a_look")["handle"])
    (handle, *_) = [each for each in children(folder) if each not in listed]
    log_action(opened(folder), handle=handle, kind="other", line="x" * 120, now=NOW)
    assert of_store(folder, "select rule, figure from raw_action").rows() == [(None, None)]


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"kind": "shouted"}, "kind"),
        ({"line": "x" * 121}, "line"),
        ({"line": "a\nb"}, "line"),
        ({"date": "2026-11-21"}, "date"),
        ({"date": "soon"}, "date"),
        ({"follow_up": "2026-11-19"}, "follow_up"),
        ({"follow_up": "2027-11-22"}, "follow_up"),
        ({"follow_up": "soon"}, "follow_up"),
    ],
)
def test_an_action_is_of_a_kind_on_a_day_in_a_line(changes: dict[str, str], column: str) -> None:
    values = {"kind": "other", "date": "2026-11-20", "line": "Rang.", **changes}
    problems = typed.check_action(values, NOW.date())
    assert [each.column for each in problems] == [column]


@pytest.mark.parametrize("follow_up", ["", "2026-11-20", "2027-11-20"])
def test_a_line_and_a_follow_up_may_be_left_out(follow_up: str) -> None:
    """A follow-up lies on the action's day or within a year, so also ahead of the data."""
    values = {"kind": "other", "date": "2026-11-20", "line": "", "follow_up": follow_up}
    assert typed.check_action(values, NOW.date()) == []


def logged(folder: Path, line: str, now: datetime = NOW, **more: Any) -> str:
    handle = more.pop("handle", children(folder)[0])
    recorded = log_action(opened(folder), handle=handle, kind="other", line=line, now=now, **more)
    assert recorded.entry_id is not None, recorded.problems
    return recorded.entry_id


def lines(folder: Path) -> dict[str, str | None]:
    """What stands: the newer line by that which it corrects."""
    rows = read.fetch_actions(opened(folder)).to_dicts()
    line_of = {row["action_id"]: row["line"] for row in rows}
    return {row["line"]: line_of.get(row["corrected_by"]) for row in rows}


@pytest.mark.slow
def test_a_correction_keeps_both(folder: Path) -> None:
    """Of another child too; only what stands can be corrected, and only it is the last."""
    first, second = children(folder)[:2]
    wrong = logged(folder, "wrong", follow_up=date(2026, 11, 27))
    right = logged(folder, "right", handle=second, corrects=wrong)
    assert lines(folder) == {"wrong": "right", "right": None}
    (last,) = read.fetch_last_actions(opened(folder)).values()
    assert (last["handle"], last["line"], last["actor"]) == (second, "right", "test")
    for gone in (wrong, "0000000000"):
        with pytest.raises(IntakeError, match="no action of that id"):
            logged(folder, "again", corrects=gone)
    with pytest.raises(IntakeError, match="no action of that id"):
        undo_action(opened(folder), action_id=wrong, now=NOW)
    undo_action(opened(folder), action_id=right, now=NOW)
    assert lines(folder) == {"wrong": None}
    row = read.fetch_last_actions(opened(folder)).popitem()[1]
    assert (row["handle"], row["follow_up_date"]) == (first, date(2026, 11, 27))


@pytest.mark.slow
def test_an_undo_is_one_s_own_and_for_a_minute(folder: Path) -> None:
    """The log keeps both lines, and no view shows either."""
    action = logged(folder, "slip")
    late = NOW + entries.UNDO_TTL + timedelta(milliseconds=1)
    other = access.open(folder, actor="another", role="dsl", purpose="test")
    for session, now in ((opened(folder), late), (other, NOW)):
        with pytest.raises(IntakeError, match="Correct it instead"):
            undo_action(session, action_id=action, now=now)
    with pytest.raises(access.Denied):
        undo_action(opened(folder, "head"), action_id=action, now=NOW)
    undo_action(opened(folder), action_id=action, now=NOW + entries.UNDO_TTL)
    assert lines(folder) == {}
    home = Home.open(folder)
    kept = TypedEntries.open(home, Keys.load(home)).list_entries()
    assert [(each.kind, each.corrects) for each in kept] == [("action", None), ("undo", action)]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("ring 0161 496 0123", "personal"),
        ("write to office@example.sch.uk", "personal"),
        ("now at m1 1ae", "personal"),
        ("see A001456789012", "personal"),
        ("born 31/05/2017", "personal"),
        ("turned 8 today", "personal"),
        ("Mrs Kacper was there", "may name a child"),
        ("moved to Oldham", "may name a child"),
        ("the boy in Year 4 missed 3 sessions; she is one of two siblings", None),
        ("letter of 12/11/2026, about the birthday", None),
    ],
)
def test_no_free_text_points_to_anybody(text: str, fault: str | None) -> None:
    """A number or a day of birth never; a name or a place only where it is said to be none."""
    sdq = next(export for export in FACT_EXPORTS if export.name == "sdq.csv")
    action = {"kind": "other", "date": "2026-11-20", "line": text}
    latest = NOW.date()
    for is_confirmed in (False, True):
        found = typed.check_action(action, latest, is_confirmed=is_confirmed)
        found += typed.check_fact(
            sdq, SCORE, where_written=text, latest=latest, is_confirmed=is_confirmed
        )
        is_told = fault == "personal" or (fault is not None and not is_confirmed)
        assert [(each.column, each.fault) for each in found] == [
            (column, fault) for column in ("line", "where_written") if is_told
        ]
        said = " ".join(f"{each.problem} {each.fix}" for each in found)
        assert not [word for word in ("0161", "example", "m1", "Kacper", "Oldham") if word in said]


def test_an_authority_is_a_place_and_no_child() -> None:
    care = next(export for export in FACT_EXPORTS if export.name == "care_episodes.csv")
    for authority, faults in (("Kent", []), ("kent@example.org", ["personal"])):
        values = {"status": "looked after", "start": "2026-01-05", "authority": authority}
        found = typed.check_fact(care, values, where_written=LETTER, latest=NOW.date())
        assert [each.fault for each in found] == faults


def test_nobody_s_handle_is_told(folder: Path) -> None:
    for recorded in (
        log_action(opened(folder), handle="no one", kind="other", line="x"),
        add_fact(
            opened(folder), handle="no one", file="sdq.csv", values=SCORE, where_written=LETTER
        ),
    ):
        assert recorded.entry_id is None
        assert [each.column for each in recorded.problems] == ["handle"]


@pytest.mark.slow
@pytest.mark.parametrize("role", ["pastoral", "dsl", "teacher", "head", "manager", "none"])
def test_who_may_type_what(folder: Path, role: str) -> None:
    handle = children(folder)[0]
    may = {"log_action": ("pastoral", "dsl", "teacher"), "add_fact": ("dsl", "teacher")}
    session = opened(folder, role)
    for action, roles in may.items():

        def attempt(action: str = action) -> None:
            if action == "log_action":
                log_action(session, handle=handle, kind="other", line="x", now=NOW)
            else:
                fact(folder, "sdq.csv", SCORE, handle=handle, role=role)

        if role in roles:
            attempt()
        else:
            with pytest.raises(access.Denied):
                attempt()
        last = json.loads((folder / "log" / "access.jsonl").read_text("ascii").splitlines()[-1])
        if role not in roles:
            assert last["event"] == "deny"
    kinds = [
        each.kind
        for each in TypedEntries.open(session.home, Keys.load(session.home)).list_entries()
    ]
    assert len(kinds) == sum(role in roles for roles in may.values())


# -- what may go wrong on the way

_KILLED = """
import os
import signal
import sys
from pathlib import Path
from intake.publish import entries
from safeguards.access import access
entries.publish_entries = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
session = access.open(Path(sys.argv[1]), actor="x", role="dsl", purpose="test")
values = {"date": "2026-11-12", "informant": "self", "total": "14"}
entries.add_fact(session, handle=sys.argv[2], file="sdq.csv", values=values, where_written="letter")
"""


@pytest.mark.slow
def test_an_entry_cut_off_before_it_showed_is_not_lost(folder: Path) -> None:
    home, keys = Home.open(folder), Keys.load(Home.open(folder))
    handle = children(folder)[0]
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(folder), handle], check=False)
    assert killed.returncode == -9
    assert "2026-11-12" not in scores(folder)
    assert not is_up_to_date(home, keys)
    rebuild_store(home)
    assert scores(folder)["2026-11-12"] == 14
    assert is_up_to_date(home, keys)


def test_an_amendment_cut_off_half_way_leaves_the_version_in_use(folder: Path) -> None:
    home, keys = Home.open(folder), Keys.load(Home.open(folder))
    in_use = versions.find_current_version(home.store)
    assert in_use is not None
    path = versions.compute_amendment_path(in_use)
    with pytest.raises(KeyboardInterrupt), store.amend_version(in_use, path, keys.store):
        raise KeyboardInterrupt
    (home.store / f"{path.name}.half").write_bytes(b"left by a crash")
    assert versions.find_current_version(home.store) == in_use
    assert not path.exists()
    fact(folder, "sdq.csv", SCORE)
    assert scores(folder)["2026-11-12"] == 14
    assert not list(home.store.glob("*.half*"))


def test_an_entry_that_cannot_show_yet_is_kept_and_said_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handle = children(folder)[0]

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("intake.publish.amend.store.amend_version", fail)
    with pytest.raises(IntakeError, match="is kept and need not be typed again"):
        fact(folder, "sdq.csv", SCORE, handle=handle)
    monkeypatch.undo()
    monkeypatch.setenv("LAC_KEYS", homes.keys_at(folder)["LAC_KEYS"])
    publish_entries(Home.open(folder), Keys.load(Home.open(folder)))
    assert scores(folder)["2026-11-12"] == 14


def test_a_log_that_lost_its_end_is_told_and_the_store_keeps_what_it_has(
    folder: Path, tmp_path: Path
) -> None:
    fact(folder, "sdq.csv", SCORE)
    (folder / "written" / TypedEntries.FILE).unlink()
    with pytest.raises(SealedLinesError, match="Restore a backup"):
        load_again(folder, tmp_path)
    with pytest.raises(SealedLinesError, match="Restore a backup"):
        publish_entries(Home.open(folder), Keys.load(Home.open(folder)))
    assert scores(folder)["2026-11-12"] == 14


def test_an_entry_of_a_child_who_is_not_in_the_store_is_left_behind(folder: Path) -> None:
    home, keys = Home.open(folder), Keys.load(Home.open(folder))
    entry = Entry(
        generate_entry_id(), NOW, "x", "dsl", "fact", "0000000000", "sdq.csv", SCORE, LETTER
    )
    TypedEntries.open(home, keys).append(entry)
    publish_entries(home, keys)
    assert of_store(folder, "from raw_source where sender = 'typed'")["rows_kept"].item() == 0


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_an_amendment_is_for_its_owner_only(folder: Path) -> None:
    fact(folder, "sdq.csv", SCORE)
    path = versions.find_current_version(Home.open(folder).store)
    assert path is not None
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"2026-11-12" not in path.read_bytes()
