"""Small tables in, rows of a view out: what every spec of a view stands on.

    given(raw_mark=r'''
        pupil | session_date | half | code
        ------+--------------+------+-----
        P1    | 2026-09-07   | AM   | /
        P1    | 2026-09-07   | PM   | O    ''')
    assert answer("pupil_attendance", by="pupil", columns="absent_sessions") == {"P1": 1}

A blank cell is null.  The views are built once a session; each test has a transaction
of its own, which is rolled back.
"""

import os
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import settings

import intake  # noqa: F401 - it says how openpyxl reads, before a test brings that in
from queries.store import store
from queries.views import views
from safeguards.home.home import Home, create_demo
from safeguards.keys import passphrase
from safeguards.keys.keys import Keys
from safeguards.keys.passphrase import Cost
from tests.support import sizes
from tests.support.oracle.rules import Rules, apply
from tests.support.quick import (  # noqa: F401 - hooks and fixtures of every test
    pytest_collection_finish,
    pytest_configure,
    pytest_unconfigure,
)

# what is tested is the answer, never how long a busy machine took over it
settings.register_profile("lac", deadline=None)
settings.load_profile("lac")

Row = dict[str, Any]
Given = Callable[..., None]
Answer = Callable[..., Any]

_AS_AT = "2026-11-20"
#: A school's days from September 2026 to July 2027, for `calendar`: spring ends on
#: Thursday 25 March before Easter Sunday, the 28th.
YEAR_2026 = """
    start      | end        | kind
    -----------+------------+-----------
    2026-09-02 | 2026-10-23 | school day
    2026-10-26 | 2026-10-30 | holiday
    2026-11-02 | 2026-12-18 | school day
    2026-12-21 | 2027-01-01 | holiday
    2027-01-04 | 2027-02-12 | school day
    2027-02-15 | 2027-02-19 | holiday
    2027-02-22 | 2027-03-25 | school day
    2027-03-26 | 2027-04-09 | holiday
    2027-04-12 | 2027-04-30 | school day
    2027-05-03 | 2027-05-03 | holiday
    2027-05-04 | 2027-05-28 | school day
    2027-05-31 | 2027-06-04 | holiday
    2027-06-07 | 2027-07-21 | school day"""
_SHORT_NAMES = {"pupil": "pupil_key"}
_DEFAULTS: dict[str, Row] = {
    "raw_load": {"load_id": 1, "loaded_at": "2026-11-21 07:00:00", "lac_version": "0.1.0"},
    "raw_source": {
        "file_name": "attendance.csv",
        "sender": "office",
        "sha256": "0" * 64,
        "is_refused": False,
        "problem_count": 0,
        "rows_read": 0,
        "rows_kept": 0,
        "rows_out_of_scope": 0,
        "blank_marks": 0,
    },
    "raw_school": {"school_name": "Larkfield Junior School", "phase": "junior"},
    "raw_pupil": {"is_on_newest_roll": True},
    "raw_enrolment": {
        "entry_date": "2020-01-01",
        "sex": "U",
        "year_group": 4,
        "year_group_date": "2026-11-20",
    },
    "raw_care_episode": {"status": "looked after"},
    "raw_calendar_day": {"kind": "school day"},
    "raw_sdq": {"informant": "carer"},
    "raw_health": {"outcome": "done", "age_band": "5 to 9"},
    "raw_pep": {"outcome": "held"},
    "raw_flagged_row": {"fault": "not allowed", "is_left_out": True},
    "raw_suspension": {"category": "SUSP", "sessions": 2},
    "raw_concern": {"kind": "home", "level": "note", "raised_by": "teacher", "line": "tired"},
    "raw_review": {"outcome": "held"},
    "raw_care_change": {"kind": "social worker"},
    "raw_missing": {"kind": "M"},
    "raw_assessment": {"subject": "reading", "step": 9},
    "raw_test": {"test": "tables"},
    "raw_intervention": {"kind": "reading"},
    "raw_premium": {"kind": "tutor", "planned": 400},
    "raw_provision": {"kind": "part-time timetable", "agreed_by": "parent or carer"},
    "raw_offending": {"kind": "youth caution"},
    "raw_substance": {"has_help": True},
    "raw_development": {"outcome": "up to date"},
    "raw_permanence": {"event": "matched"},
    "raw_care_leaver": {"in_touch": "YES"},
    "raw_choice": {"item": "sdq", "given_by": "parent"},
    "raw_words": {"setting": "PEP", "line": "break is loud"},
    "raw_restriction": {"since_date": "2026-11-20"},
    "raw_action": {
        "kind": "talked to child",
        "line": "at lunch",
        "actor": "Sam Hale",
        "logged_at": "2026-11-20 08:00:00",
    },
    "raw_school_week": {
        "school_days": 5,
        "possible_sessions": 2800,
        "authorised_absent_sessions": 0,
        "unauthorised_absent_sessions": 0,
    },
}


def pytest_report_header() -> str:
    """How much of the tests this run is."""
    left_out = ", without the slow tests" if sizes.share() == "few" else ""
    return (
        f"sizes: {sizes.share()}{left_out} (LAC_SIZES is few, tenth or whole), "
        f"drawn by LAC_SEED={sizes.seed()}"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out the slow tests where a few of everything are asked for.

    A test that is named on the command line is run: who names it wants it.
    """
    if sizes.share() != "few" or any("::" in argument for argument in config.args):
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    config.hook.pytest_deselected(items=slow)
    items[:] = [item for item in items if item not in slow]


@pytest.fixture
def count(record_property: Callable[[str, object], None]) -> sizes.Count:
    """Tells what a counted proof found, below the run's own summary."""

    def tell(name: str, cases: int, broken: int, control_broken: int) -> None:
        record_property("COUNT", f"{name} {cases} {broken} {control_broken}")

    return tell


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The counts of this run, from every worker."""
    reports = [each for found in terminalreporter.stats.values() for each in found]
    told = sorted(
        {
            str(value)
            for report in reports
            for key, value in getattr(report, "user_properties", ())
            if key == "COUNT"
        }
    )
    if told:
        terminalreporter.section(f"name cases broken control_broken, LAC_SEED={sizes.seed()}")
    for line in told:
        terminalreporter.write_line(f"COUNT {line}")


@pytest.fixture(scope="session", autouse=True)
def guess() -> Iterator[None]:
    """One guess at a passphrase costs next to nothing, so that a test may make many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passphrase, "DEFAULT_COST", Cost(memory_kib=64, iterations=1, lanes=1))
        yield


@pytest.fixture(scope="session", autouse=True)
def tabs() -> Iterator[None]:
    """Tabs share the compiled app, and look through nothing installed for others' components."""
    with pytest.MonkeyPatch.context() as patch:
        if (harness := sys.modules.get("streamlit.testing.v1.local_script_runner")) is not None:
            compiled = harness.ScriptCache()
            patch.setattr(harness, "ScriptCache", lambda: compiled)
            scanner = "streamlit.components.v2.manifest_scanner.scan_component_manifests"
            patch.setattr(scanner, list)
        yield


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """The environment, with a folder of keys of the test's own."""
    return {**os.environ, "LAC_KEYS": str(tmp_path / "keys")}


@pytest.fixture
def home(tmp_path: Path, environ: dict[str, str]) -> Home:
    """A new demo home with its keys; a test file with another kind of home has its own."""
    made = create_demo(tmp_path / "home")
    Keys.create(made, environ)
    return made


@pytest.fixture
def keys(home: Home, environ: dict[str, str]) -> Keys:
    """The keys of `home`."""
    return Keys.load(home, environ)


@pytest.fixture(scope="session")
def built() -> Iterator[duckdb.DuckDBPyConnection]:
    """A store in memory, its raw_ tables empty and every summary still a view.

    Its thresholds are those that specs are written for, whatever the product's rows say.
    """
    connection = duckdb.connect(config={"threads": 1})
    store.create_tables(connection)
    apply(connection, Rules())
    views.create_views(connection, materialise=False)
    yield connection
    connection.close()


@pytest.fixture
def db(built: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """The same store, as empty as before once the test is over."""
    built.execute("begin")
    yield built
    built.execute("rollback")
    built.execute("reset variable as_at")


@pytest.fixture
def given(db: duckdb.DuckDBPyConnection) -> Given:
    """Fills raw_ tables from text tables; see `rows_of` and `_facts` for what is added."""

    def fill(**texts: str) -> None:
        for table, rows in _facts({name: rows_of(text) for name, text in texts.items()}).items():
            if rows:
                columns = {name: None for row in rows for name in row}
                frame = pl.DataFrame([{**columns, **row} for row in rows], infer_schema_length=None)
                store.insert_rows(db, table, frame)

    return fill


@pytest.fixture
def answer(db: duckdb.DuckDBPyConnection) -> Answer:
    """Asks a view: {key: {column: value}} as of a day.

    `by` names the columns of the key, the view's own by default (without the school's
    while there is one school); "pupil" is the child's short name.  `columns` names
    those of the answer; with one name the answer is the bare value.  Dates are text.
    """

    def ask(
        view: str, *, as_at: str | None = _AS_AT, by: str | None = None, columns: str | None = None
    ) -> Any:
        if as_at is None:
            db.execute("reset variable as_at")
        else:
            db.execute("set variable as_at = $day::date", {"day": as_at})
        cursor = db.execute(f"select * from {view}")
        names = [column[0] for column in cursor.description or ()]
        rows = [dict(zip(names, map(_plain, row), strict=True)) for row in cursor.fetchall()]
        for row in rows:
            if "pupil_key" in row:
                row["pupil"] = f"P{row['pupil_key']}"
        key = by.split() if by else _short_key(view, rows)
        wanted = columns.split() if columns else [name for name in names if name not in key]
        answers: dict[Any, Any] = {}
        for row in rows:
            parts = tuple(row[name] for name in key)
            values = {name: row[name] for name in wanted}
            found = values[wanted[0]] if columns and len(wanted) == 1 else values
            place = parts[0] if len(parts) == 1 else parts
            assert place not in answers, f"{view} has two rows for {place}"
            answers[place] = found
        return answers

    return ask


def rows_of(text: str) -> list[Row]:
    """The rows of an aligned text table: cells as text, blank cells None."""
    lines = [line for line in text.splitlines() if line.strip()]
    header, *body = [line for line in lines if set(line.strip()) - set("-+")]
    names = [_SHORT_NAMES.get(name.strip(), name.strip()) for name in header.split("|")]
    rows = []
    for line in body:
        cells = [cell.strip() or None for cell in line.split("|")]
        row: Row = dict(zip(names, cells, strict=True))
        if row.get("pupil_key"):
            row["pupil_key"] = int(row["pupil_key"].removeprefix("P"))
        rows.append(row)
    return rows


def _facts(tables: dict[str, list[Row]]) -> dict[str, list[Row]]:
    r"""The rows of every raw_ table, defaults filled in.

    Schools, one load, the children whom any table names and a long stay for each are
    added unless the test gives that table.  `register` holds marks in short: `marks` are
    days from `start` on, weekends left out, each two codes (`/\`, or `C2,Y1`), `-` for no
    mark, `*10` for ten such days.  `calendar` holds weekdays `start` to `end` of a kind.
    """
    marks = [mark for row in tables.pop("register", []) for mark in _register(row)]
    tables["raw_mark"] = tables.get("raw_mark", []) + marks
    days = [day for row in tables.pop("calendar", []) for day in _calendar(row)]
    tables["raw_calendar_day"] = tables.get("raw_calendar_day", []) + days
    rows = [row for table in tables.values() for row in table]
    schools = {row["pupil_key"]: row.get("school_key", 1) for row in rows if row.get("pupil_key")}
    tables.setdefault("raw_load", [{"data_until": _AS_AT}])
    keys = sorted({str(row.get("school_key", 1)) for row in rows})
    tables.setdefault("raw_school", [{"school_key": key, "school_id": key} for key in keys])
    children = [{"pupil_key": key, "school_key": school} for key, school in schools.items()]
    tables.setdefault("raw_pupil", [dict(child) for child in children])
    tables.setdefault("raw_enrolment", children)
    for row in tables["raw_pupil"]:
        row.setdefault("pupil_id", f"id-P{row['pupil_key']}")
        row.setdefault("handle", f"copper lantern {row['pupil_key']}")
    return {
        table: [{**_ids(table), **_DEFAULTS.get(table, {}), **row} for row in rows]
        for table, rows in tables.items()
    }


def _ids(table: str) -> Row:
    return {} if table == "raw_load" else {"school_key": 1, "source_id": 1, "load_id": 1}


def _register(row: Row) -> Iterator[Row]:
    day = date.fromisoformat(row.pop("start"))
    for token in row.pop("marks").split():
        codes, _, times = token.partition("*")
        for _ in range(int(times or 1)):
            while day.weekday() > 4:
                day += timedelta(1)
            pair = codes.split(",") if "," in codes else (codes * 2 if len(codes) == 1 else codes)
            for half, code in zip(("AM", "PM"), pair, strict=True):
                if code != "-":
                    yield {**row, "session_date": str(day), "half": half, "code": code}
            day += timedelta(1)


def _calendar(row: Row) -> Iterator[Row]:
    day, end = (date.fromisoformat(row.pop(name)) for name in ("start", "end"))
    while day <= end:
        if day.weekday() < 5:
            yield {**row, "calendar_date": str(day)}
        day += timedelta(1)


def _short_key(view: str, rows: list[Row]) -> list[str]:
    key = ["pupil" if name == "pupil_key" else name for name in views.load_views()[view].key]
    one_school = len({row.get("school_key") for row in rows}) < 2
    return [name for name in key if name != "school_key" or not one_school] or key


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return str(value) if isinstance(value, date) else value
