"""A day's tables, worked out once, answer as the views themselves do."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from queries import read
from queries.statement import format_sql
from queries.store import store, versions
from queries.store.store import Store
from queries.views import days, views
from queries.views.days import fill_default_day
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from tests.support.schools.homes import UNTIL, demo_home, keys_at
from tests.support.schools.plain_views import ask_store, ask_views, copy_under_views

_DAYS = (date(2026, 9, 1), date(2026, 10, 16), UNTIL)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = demo_home(tmp_path_factory.mktemp("days") / "home")
    home = Home.open(folder)
    path = versions.find_current_version(home.store)
    assert path is not None
    return path, Keys.load(home, keys_at(folder)).store


@pytest.fixture
def opened(file: tuple[Path, str]) -> Iterator[Store]:
    with closing(Store(*file)) as found:
        yield found


@pytest.fixture(scope="module")
def plain_views(file: tuple[Path, str]) -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(Store(*file)) as found, closing(copy_under_views(found)) as connection:
        yield connection


#: What a day has a table of.
TABLES = {
    name for name in views.find_day_dependent_names() if not views.load_views()[name].is_asked_anew
}


def tables(opened: Store, database: str) -> set[str]:
    made = "select table_name from duckdb_tables() where database_name = $name"
    return set(opened.read(made, {"name": database})["table_name"])


@pytest.mark.slow
@pytest.mark.parametrize("day", _DAYS, ids=str)
def test_tables_of_a_day_answer_as_the_views_do(
    opened: Store, plain_views: duckdb.DuckDBPyConnection, day: date
) -> None:
    """Every mart and check."""
    for name in read.list_definitions():
        assert ask_store(opened, name, day) == ask_views(plain_views, name, day), name


def test_days_do_not_meet(opened: Store, plain_views: duckdb.DuckDBPyConnection) -> None:
    """Asked in turn, each day keeps its own answer."""
    alone = [ask_views(plain_views, "pupil_attendance", day) for day in _DAYS]
    assert len({str(each) for each in alone}) == len(_DAYS)
    for _ in range(2):
        assert [ask_store(opened, "pupil_attendance", day) for day in _DAYS] == alone


@pytest.mark.slow
def test_more_days_than_are_kept_are_right_too(
    opened: Store, plain_views: duckdb.DuckDBPyConnection
) -> None:
    """Beyond those that memory keeps, a question's tables go when it has its answer."""
    for day in (UNTIL - timedelta(days=each) for each in range(1, 13)):
        assert ask_store(opened, "duty", day) == ask_views(plain_views, "duty", day)
    kept = opened.read("select distinct schema_name from duckdb_tables()").height
    assert 1 < kept <= 10  # main, the default day's, and eight more


def test_only_what_a_question_needs_is_worked_out(opened: Store) -> None:
    """A first page does not wait for the views of the others."""
    opened.read("from pupil_attendance", as_at=_DAYS[0])
    found = tables(opened, "memory")
    assert "pupil_attendance" in found
    assert "duty" not in found
    assert not found & {"int_school_day", "stg_pupil"}, "no day changes these"


def test_a_day_that_begins_is_worked_out_at_once(opened: Store) -> None:
    """All of it, so that no page of that day waits for a plan."""
    opened.prepare_day(UNTIL + timedelta(3))
    made = tables(opened, "memory")
    assert made >= TABLES
    opened.read("from every_duty", as_at=UNTIL + timedelta(3))
    assert tables(opened, "memory") == made


def test_the_default_day_is_in_the_store(opened: Store) -> None:
    """The load has filled its tables, so no question waits for them."""
    for name in read.list_definitions():
        opened.read(f"from {name}", as_at=UNTIL)
    assert tables(opened, "memory") == set()
    assert tables(opened, "lac") >= TABLES


def test_before_the_first_load_there_is_no_day(tmp_path: Path) -> None:
    """A newest load is asked for by one column, of which DuckDB made a row of nothing once."""
    with store.create_version(tmp_path / "store-1.duckdb", None) as connection:
        views.create_views(connection)
        fill_default_day(connection, None)
        assert days.find_default_day(connection) is None


@pytest.mark.slow
@pytest.mark.parametrize("table", ["raw_action", "raw_sdq"])
def test_an_amendment_fills_what_it_reaches(file: tuple[Path, str], table: str) -> None:
    """Without the rows of one table, the default day answers as the views do."""
    path, key = file
    amended = versions.compute_amendment_path(path)
    with store.amend_version(path, amended, key) as connection:
        connection.execute(format_sql("delete from {table}", table=table))
        views.refresh_views(connection, [table])
        fill_default_day(connection, None, [table])
    with (
        closing(Store(path, key)) as before,
        closing(Store(amended, key)) as after,
        closing(copy_under_views(after)) as plain,
    ):
        for name in read.list_definitions():
            assert ask_store(after, name, UNTIL) == ask_views(plain, name, UNTIL), name
        assert ask_store(after, "pupil_sdq", UNTIL) == [] or table == "raw_action"
        assert (
            ask_store(after, "duty", UNTIL) == ask_store(before, "duty", UNTIL)
            or table == "raw_sdq"
        )
    versions.remove(amended)


def test_threads_that_ask_at_once_get_the_same(file: tuple[Path, str]) -> None:
    """The first tabs of a morning open together."""
    with closing(Store(*file)) as alone:
        expected = {name: ask_store(alone, name, UNTIL) for name in read.list_definitions()}
    asked = [*reversed(expected)] * 2
    with closing(Store(*file)) as shared, ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda name: (name, ask_store(shared, name, UNTIL)), asked)
        for name, answer in answers:
            assert answer == expected[name], name
