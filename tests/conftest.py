"""Small tables in, rows of a view out: what every spec of a view stands on.

    given(raw_mark=r'''
        pupil | session_date | half | code
        ------+--------------+------+-----
        P1    | 2026-09-07   | AM   | /
        P1    | 2026-09-07   | PM   | O    ''')
    assert answer("pupil_attendance", by="pupil", columns="absent_sessions") == {"P1": 1}

A blank cell is null.  What a test gave is forgotten after it.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import settings

import intake  # noqa: F401 - it says how openpyxl reads, before a test brings that in
from queries.views import days
from safeguards.home.home import Home, create_demo
from safeguards.keys import passphrase
from safeguards.keys.keys import Keys
from tests.support import counts, sizes, text_tables
from tests.support.quick import (  # noqa: F401 - hooks and fixtures of every test
    pytest_collection_finish,
    pytest_configure,
    pytest_unconfigure,
)
from tests.support.schools import homes
from tests.support.small_store import SmallStore

# what is tested is the answer, never how long a busy machine took over it
settings.register_profile("lac", deadline=None)
settings.load_profile("lac")

#: The calendar of most specs.
YEAR_2026 = text_tables.YEAR_2026
Given = Callable[..., None]
Answer = Callable[..., Any]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Which engine answers in the specs."""
    text = "duckdb; local: Sail in each worker's process; or sc://HOST:PORT of a Spark Connect"
    parser.addoption("--engine", default="duckdb", help=text)


def pytest_report_header() -> str:
    """How much of the tests this run is."""
    left_out = ", without the slow tests" if sizes.share() == "few" else ""
    return (
        f"sizes: {sizes.share()}{left_out} (LAC_SIZES is few, tenth or whole), "
        f"drawn by LAC_SEED={sizes.seed()}"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out the slow tests where a few of everything are asked for.

    A test that is named on the command line is run, and so is what a mark chooses: who names
    it wants it.
    """
    named = config.option.markexpr or any("::" in argument for argument in config.args)
    if sizes.share() != "few" or named:
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
    found = counts.add_up(
        str(value)
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", None) == "call"
        for key, value in report.user_properties
        if key == "COUNT"
    )
    if found:
        terminalreporter.section(f"name cases broken control_broken, LAC_SEED={sizes.seed()}")
    for each in found:
        terminalreporter.write_line(" ".join(["COUNT", *map(str, each)]))


@pytest.fixture(scope="session", autouse=True)
def guess() -> Iterator[None]:
    """One guess at a passphrase costs next to nothing, so that a test may make many."""
    with pytest.MonkeyPatch.context() as patch:
        for name, cost in {"MEMORY_KIB": 64, "ITERATIONS": 1, "LANES": 1}.items():
            patch.setattr(passphrase, name, cost)
        yield


@pytest.fixture(scope="session", autouse=True)
def unfilled() -> Iterator[None]:
    """A load leaves out the tables of its day: a question works out those that it needs.

    But of a home that is made once, for many to copy; and what is amended keeps those it has.
    """
    fill = days.fill_default_day

    def fill_for_many(
        connection: duckdb.DuckDBPyConnection, day: date | None, changed: Any = None
    ) -> None:
        is_filled = changed is not None and days.find_default_day(connection) is not None
        if is_filled or homes.MAKING:
            fill(connection, day, changed)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(days, "fill_default_day", fill_for_many)
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
def small_store(pytestconfig: pytest.Config) -> Iterator[SmallStore]:
    """The store in which a process works its cases out."""
    made = SmallStore()
    address = pytestconfig.getoption("--engine")
    with ExitStack() as stack:
        if address != "duckdb":
            from tests.support import engines  # noqa: PLC0415 - with all that the extra brings

            engine = stack.enter_context(engines.open_engine(address))
            made.ask_elsewhere = engines.OtherEngine(engine, made.connection).ask
        yield made
    made.connection.close()


@pytest.fixture
def case(small_store: SmallStore) -> SmallStore:
    """The same, with nothing given yet."""
    small_store.clear()
    return small_store


@pytest.fixture
def given(case: SmallStore) -> Given:
    """Fills raw_ tables from text tables; see `text_tables.list_facts` for what is added."""
    return case.given


@pytest.fixture
def answer(case: SmallStore) -> Answer:
    """Asks a view; see `SmallStore.answer`."""
    return case.answer
