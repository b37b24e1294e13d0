"""The store: versions, encryption, the lock, and what it says when it cannot open."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from threading import Thread

import duckdb
import polars as pl
import pytest

from queries.errors import StoreError
from queries.statement import format_sql, quote_identifier, quote_literal
from queries.store import store, versions
from queries.store.store import Store
from queries.views import views
from tests.support.hostile.faulty import failing
from tests.support.small_store import SmallStore

KEY = "0123456789abcdef" * 4
MARKER = "Larkfield-plaintext-marker"


NAME = "select school_name from raw_school"


def write(folder: Path, name: str = MARKER, fault: type[BaseException] | None = None) -> Path:
    """A new version with one school of that name and no view, not yet published.

    fault: what breaks the writing off after its first row.
    """
    path = versions.prepare_load_path(folder)
    with store.create_version(path, KEY) as connection:
        store.insert_rows(connection, "raw_school", school(name))
        if fault:
            raise fault
    return path


def school(name: str) -> pl.DataFrame:
    """One row of raw_school."""
    ids = {"school_key": [1], "source_id": [1], "load_id": [1]}
    return pl.DataFrame({**ids, "school_id": ["1"], "school_name": [name], "phase": ["junior"]})


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one version in use."""
    folder = tmp_path_factory.mktemp("store")
    path = versions.prepare_load_path(folder)
    with store.create_version(path, KEY) as connection:
        store.insert_rows(connection, "raw_school", school(MARKER))
        views.create_views(connection)
    versions.publish(folder, path)
    return folder


@pytest.fixture(scope="module")
def opened(published: Path) -> Iterator[Store]:
    """The version in use, open for reading."""
    with closing(Store(published / "store-1.duckdb", KEY)) as reader:
        yield reader


@pytest.fixture
def folder(published: Path, tmp_path: Path) -> Path:
    """A copy of that folder, which a test may change."""
    return shutil.copytree(published, tmp_path / "store")


# -- versions


@pytest.mark.parametrize("rows", [0, 500_000, 2_000_000])
def test_amend_version_adds_to_a_file_of_any_size(tmp_path: Path, rows: int) -> None:
    """A version of few, many or very many rows can be amended."""
    path, amended = (tmp_path / f"store-1{end}.duckdb" for end in ("", ".1"))
    with store.create_version(path, KEY, rows=rows) as connection:
        store.insert_rows(connection, "raw_school", school(MARKER))
    with store.amend_version(path, amended, KEY) as connection:
        store.insert_rows(connection, "raw_school", school("Another"))
    with closing(Store(amended, KEY)) as reader:
        assert reader.read(NAME)["school_name"].to_list() == [MARKER, "Another"]


def test_before_the_first_load_there_is_none(tmp_path: Path) -> None:
    """A folder without CURRENT has no version in use, and the first is number 1."""
    assert versions.find_current_version(tmp_path) is None
    assert versions.list_versions(tmp_path) == []
    assert versions.prepare_load_path(tmp_path).name == "store-1.duckdb"


def test_a_version_counts_once_it_is_published(tmp_path: Path) -> None:
    """Writing the next version leaves the one in use; publishing is one step."""
    first = write(tmp_path)
    assert versions.find_current_version(tmp_path) is None
    versions.publish(tmp_path, first)
    second = write(tmp_path)
    assert (first.name, second.name) == ("store-1.duckdb", "store-2.duckdb")
    assert versions.find_current_version(tmp_path) == first
    versions.publish(tmp_path, second)
    assert versions.find_current_version(tmp_path) == second
    name, digest = (tmp_path / "CURRENT").read_text(encoding="ascii").split()
    assert (name, digest.encode()) == ("store-2.duckdb", versions.read_digest(second))
    assert not (tmp_path / "CURRENT.new").exists()


def test_the_version_in_use_and_the_one_before_are_kept(tmp_path: Path) -> None:
    """Pruning leaves two, and what is newer: an undone load that a reader may hold open."""
    for number in (9, 10, 11, 12):
        (tmp_path / f"store-{number}.duckdb").touch()
        (tmp_path / f"store-{number}.duckdb.wal").touch()
    versions.publish(tmp_path, tmp_path / "store-11.duckdb")
    versions.prune(tmp_path)
    assert [path.name for path in versions.list_versions(tmp_path)] == [
        "store-10.duckdb",
        "store-11.duckdb",
        "store-12.duckdb",
    ]
    assert len(list(tmp_path.glob("*.wal"))) == 3


def test_pruning_before_the_first_load_takes_nothing(tmp_path: Path) -> None:
    """Without a version in use nobody knows which to keep."""
    (tmp_path / "store-1.duckdb").touch()
    versions.prune(tmp_path)
    assert len(versions.list_versions(tmp_path)) == 1


def test_versions_are_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    """10 comes after 9, not after 1."""
    for number in (10, 9, 1):
        (tmp_path / f"store-{number}.duckdb").touch()
    assert [path.stem for path in versions.list_versions(tmp_path)] == [
        "store-1",
        "store-9",
        "store-10",
    ]


def test_a_half_written_version_is_written_anew(folder: Path) -> None:
    """What a killed load left goes, its log too, and its number is not used again.

    A reader of this process may still hold an undone version of that number open.
    """
    before = sorted(folder.iterdir())
    for name in ("store-2.duckdb", "store-2.duckdb.wal"):
        (folder / name).write_bytes(b"half")
    path = versions.prepare_load_path(folder)
    assert path.name == "store-3.duckdb"
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize("fault", [ZeroDivisionError, KeyboardInterrupt])
def test_a_failed_write_leaves_the_old_version(folder: Path, fault: type[BaseException]) -> None:
    """A block that raises, or Ctrl-C, leaves no file; the version in use opens as before."""
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(fault):
        write(folder, "never seen", fault)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert versions.find_current_version(folder) == folder / "store-1.duckdb"


def test_a_version_is_never_written_over(tmp_path: Path) -> None:
    """A store is written once: creating at its path is refused and harms nothing."""
    path = write(tmp_path)
    before = path.read_bytes()
    with (
        pytest.raises(StoreError, match=r"store-1\.duckdb is there already"),
        store.create_version(path, KEY),
    ):
        pass
    assert path.read_bytes() == before


def test_a_pointer_to_nothing_is_told(folder: Path) -> None:
    """CURRENT without its file names the file and says what to do."""
    (folder / "store-1.duckdb").unlink()
    with pytest.raises(StoreError, match=r"store-1\.duckdb, which is not there. Restore a backup"):
        versions.find_current_version(folder)


def test_a_version_that_may_not_last_is_told_to_be_in_use(folder: Path) -> None:
    """The last thing asked of the disk comes after the step, which is then done."""
    path = folder / "store-1.duckdb"
    (folder / "CURRENT").unlink()
    with failing() as disk:
        versions.publish(folder, path)
    (folder / "CURRENT").unlink()
    with pytest.raises(StoreError, match="is in use now, but"), failing(disk.calls):
        versions.publish(folder, path)
    assert versions.find_current_version(folder) == path


def test_what_cannot_be_removed_now_is_removed_later(tmp_path: Path) -> None:
    """A reader may hold a file open where that keeps it: what was loaded is loaded."""
    for number in (1, 2, 3):
        (tmp_path / f"store-{number}.duckdb").touch()
    versions.publish(tmp_path, tmp_path / "store-3.duckdb")
    with failing(1):
        versions.prune(tmp_path)
    assert len(versions.list_versions(tmp_path)) == 3
    versions.prune(tmp_path)
    assert [path.stem for path in versions.list_versions(tmp_path)] == ["store-2", "store-3"]


# -- encryption


@pytest.mark.parametrize("key", ["f" * 64, None])
def test_another_key_does_not_open_it(published: Path, key: str | None) -> None:
    """Neither a wrong key nor none opens the store, and the message shows neither."""
    with pytest.raises(StoreError, match="does not open with this home's key") as caught:
        Store(published / "store-1.duckdb", key)
    assert "ffff" not in str(caught.value)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("spoil", [lambda text: text[: len(text) // 2], lambda _: b"no database"])
def test_a_spoiled_file_is_told(folder: Path, spoil: Callable[[bytes], bytes]) -> None:
    """A file that was cut short or is no store at all is a StoreError like a wrong key."""
    path = folder / "store-1.duckdb"
    path.write_bytes(spoil(path.read_bytes()))
    with (
        pytest.raises(StoreError, match=r"[Rr]estore a backup"),
        closing(Store(path, KEY)) as reader,
    ):
        reader.read(NAME)


@pytest.mark.parametrize(("key", "is_plain"), [(KEY, False), (None, True)])
def test_no_word_of_it_is_on_the_disk(tmp_path: Path, key: str | None, is_plain: bool) -> None:
    """Neither the file nor its log holds a word in the clear; without a key both would."""
    path = versions.prepare_load_path(tmp_path)
    with store.create_version(path, key) as connection:
        store.insert_rows(connection, "raw_school", school(MARKER))
        connection.execute("commit")
        (log,) = tmp_path.glob("*.wal")
        in_log = log.read_bytes()
        assert len(in_log) > len(MARKER)
        assert (MARKER.encode() in in_log) == is_plain
        connection.execute("begin")
        connection.execute("create view school_load as select school_name from raw_school")
    text = path.read_bytes()
    assert (MARKER.encode() in text) == is_plain
    assert (b"school_load" in text) == is_plain
    assert {found.name for found in tmp_path.iterdir()} <= {path.name, f"{path.name}.digest"}


def test_the_key_cannot_be_asked_for(opened: Store) -> None:
    """Nothing that DuckDB tells of itself holds the key."""
    tables = ("databases", "settings", "variables", "logs", "functions", "views", "tables")
    told = "".join(str(opened.read(f"from duckdb_{name}()").rows()) for name in tables)
    assert "store-1.duckdb" in told
    assert KEY not in told


def test_a_changed_extension_does_not_load(tmp_path: Path) -> None:
    """DuckDB refuses the encryption library when a byte of it differs from what was signed."""
    copy = tmp_path / "httpfs.duckdb_extension"
    shutil.copy(store.get_openssl_path(), copy)
    with closing(duckdb.connect(config=store._CONFIG)) as connection:
        assert connection.sql(
            "select value from duckdb_settings() where name = 'allow_unsigned_extensions'"
        ).fetchall() == [("false",)]
        text = bytearray(copy.read_bytes())
        text[len(text) // 2] ^= 1
        spoiled = tmp_path / "spoiled" / copy.name
        spoiled.parent.mkdir()
        spoiled.write_bytes(text)
        with pytest.raises(duckdb.Error, match="signature"):
            connection.execute(format_sql("load {path:literal}", path=str(spoiled)))
        connection.execute(format_sql("load {path:literal}", path=str(copy)))


# -- the lock

REFUSED = (
    "attach ':memory:' as other",
    "attach '{folder}/other.duckdb' as other",
    "detach lac",
    "copy raw_school to '{folder}/out.csv'",
    "copy (select 1) to '{folder}/out.parquet'",
    "copy raw_school from '{folder}/in.csv'",
    "export database '{folder}/out'",
    "import database '{folder}/in'",
    "install json",
    "load json",
    "load httpfs",
    "select * from read_csv('{folder}/in.csv')",
    "select * from read_text('{folder}/in.csv')",
    "select * from read_blob('{folder}/in.csv')",
    "select * from glob('{folder}/*')",
    "select * from '{folder}/in.csv'",
    "select * from read_csv('https://example.org/a.csv')",
    "select getenv('HOME')",
    "set threads = 1",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "set variable as_at = '2020-01-01'",
    "set search_path = 'memory'",
    "reset threads",
    "pragma threads = 1",
    "pragma enable_profiling",
    "create table t (a integer)",
    "create table memory.main.t (a integer)",
    "create temp table t (a integer)",
    "create temp view school_load as select 1",
    "create or replace temp macro as_at() as date '2020-01-01'",
    "create secret s (type http)",
    "insert into raw_school values (2, 1, 1, '2', 'b', 'junior')",
    "update raw_school set school_name = 'x'",
    "delete from raw_school",
    "truncate raw_school",
    "drop table raw_school",
    "drop view school_load",
    "alter table raw_school add column x integer",
    "comment on table raw_school is 'x'",
    "use memory",
    "begin transaction",
    "call enable_logging()",
    "checkpoint lac",
    "vacuum",
    "prepare q as select 1",
    "select 1; select 2",
    "select 1; create table memory.main.t (a integer)",
    "",
    "selec 1",
)


def test_nothing_but_a_question_is_answered(opened: Store, tmp_path: Path) -> None:
    """No file, network, setting or change is within reach, and the store answers as before."""
    (tmp_path / "in.csv").write_text("a\n1\n", encoding="utf-8")
    others = "select count(*) from duckdb_tables() where not internal and database_name <> 'lac'"
    for statement in REFUSED:
        with pytest.raises((duckdb.Error, StoreError)):
            pytest.fail(f"{statement}: {opened.read(statement.format(folder=tmp_path))}")
        assert [path.name for path in tmp_path.iterdir()] == ["in.csv"], statement
        assert opened.read(NAME).item() == MARKER, statement
        assert opened.read(others).item() == 0, statement


@pytest.mark.parametrize("database", ["lac", "memory"])
def test_the_connection_itself_is_locked(opened: Store, database: str) -> None:
    """Were `read` to let a statement through, the file would still refuse to be written to."""
    with closing(opened._connection.cursor()) as cursor:
        assert cursor.execute("select current_setting('allow_unsigned_extensions')").fetchone() == (
            False,
        )
        cursor.execute(f"use {database}")
        for statement in (*REFUSED[3:6], "set enable_external_access = true"):
            with pytest.raises(duckdb.Error):
                cursor.execute(statement.format(folder="/tmp"))
        with pytest.raises(duckdb.Error, match="read-only"):
            cursor.execute("delete from lac.raw_school")


def test_python_is_out_of_reach(opened: Store) -> None:
    """A frame in the caller's hands is no table."""
    secret = pl.DataFrame({"a": [1]})
    with pytest.raises(duckdb.CatalogException):
        opened.read("from secret")
    assert secret.height == 1


def test_values_are_bound_and_never_sql(opened: Store) -> None:
    """What a person types is a value, whatever it looks like."""
    query = f"{NAME} where school_name = $name"
    assert opened.read(query, {"name": "' or 1=1 --"}).height == 0
    assert opened.read(query, {"name": MARKER}).height == 1


# -- the stamp


@pytest.mark.parametrize("asked", ["interval 1 day", "[interval 1 day]", "union_value(a := 1)"])
def test_a_type_that_no_frame_has_is_refused_in_words(opened: Store, asked: str) -> None:
    with pytest.raises(StoreError, match=r"x is of the type .* Ask for x::varchar"):
        opened.read(format_sql("select {asked:own} as x", asked=asked))


def test_an_error_in_the_midst_of_an_answer_is_duckdb_s(opened: Store) -> None:
    with pytest.raises(duckdb.Error, match=r"^Invalid Input Error: boom"):
        opened.read("select if(i = 150000, error('boom'), i) as x from range(200000) as t (i)")


def test_it_says_what_it_is(opened: Store) -> None:
    """A store knows its schema and the definitions that it was made with."""
    assert opened.stamp.schema_version == store.SCHEMA_VERSION
    assert opened.stamp.is_current


@pytest.mark.parametrize(
    ("column", "value", "opens"),
    [
        ("definitions", "'other'", True),
        ("schema_version", str(store.SCHEMA_VERSION - 1), True),
        ("schema_version", str(store.SCHEMA_VERSION + 1), False),
    ],
)
def test_an_older_store_opens_and_a_newer_is_refused(
    tmp_path: Path, column: str, value: str, opens: bool
) -> None:
    """Older definitions are read and not written to; a schema of the future asks for an update."""
    path = versions.prepare_load_path(tmp_path)
    with store.create_version(path, KEY) as connection:
        connection.execute(f"update store_stamp set {column} = {value}")
    if opens:
        with closing(Store(path, KEY)) as reader:
            assert not reader.stamp.is_current
        with (
            pytest.raises(StoreError, match="other definitions"),
            store.amend_version(path, tmp_path / "amended.duckdb", KEY),
        ):
            pytest.fail("an older store was written to")
    else:
        with pytest.raises(StoreError, match=r"newer lac .* Update lac-monitor"):
            Store(path, KEY)


def test_a_database_of_something_else_is_refused(tmp_path: Path) -> None:
    """A DuckDB file that lac did not write is told from one that it did."""
    path = tmp_path / "store-1.duckdb"
    with closing(duckdb.connect(path)) as connection:
        connection.execute("create table t (a integer)")
    with pytest.raises(StoreError, match="no store of lac-monitor"):
        Store(path, None)


# -- questions


def test_what_was_asked_once_is_remembered_apart(opened: Store) -> None:
    """By question, parameters and day; and nobody changes what another is given."""
    query = "select $name as name, as_at() as day"
    found = {
        (name, day): opened.read_once(query, {"name": name}, as_at=date(2026, 11, day))
        for name in ("a", "b")
        for day in (1, 2)
    }
    for (name, day), rows in found.items():
        again = opened.read_once(query, {"name": name}, as_at=date(2026, 11, day))
        assert again.rows() == [(name, date(2026, 11, day))]
        again[0, "name"] = "changed"
        assert rows[0, "name"] == name
    assert opened.read_once(query, {"name": "a"}, as_at=date(2026, 11, 1))[0, "name"] == "a"


def test_a_day_must_be_asked_for(opened: Store) -> None:
    """A view that depends on the day is not there without one, and with one it answers.

    as_at() and register_day() raise without a day, since no day would empty every view in silence.
    """
    for day in (date(2026, 11, 20), date(2026, 11, 19)):
        with pytest.raises(duckdb.Error, match="pupil_attendance does not exist"):
            opened.read("from pupil_attendance")
        for function in ("as_at", "register_day"):
            with pytest.raises(duckdb.Error, match=f"{function} is not set"):
                opened.read(f"select {function}()")
        assert opened.read("from pupil_attendance", as_at=day).height == 0
        assert opened.read("select as_at() as day", as_at=day)["day"].item() == day


def test_readers_do_not_meet(opened: Store) -> None:
    """Each question has its own day, also when many are asked at once."""
    days = [date(2026, 1, 1 + n) for n in range(20)]
    answers: dict[date, set[date]] = {day: set() for day in days}

    def ask(day: date) -> None:
        for _ in range(10):
            answers[day].add(opened.read("select as_at() as day", as_at=day).item())

    threads = [Thread(target=ask, args=(day,)) for day in days]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {day: {day} for day in days}


def test_two_readers_and_a_writer_share_a_folder(folder: Path) -> None:
    """A version can be open twice, and the next be written meanwhile, each for itself."""
    path = folder / "store-1.duckdb"
    with closing(Store(path, KEY)) as one, closing(Store(path, KEY)) as other:
        following = write(folder, "the next")
        for reader in (one, other):
            assert reader.read(NAME).item() == MARKER
        with closing(Store(following, KEY)) as reader:
            assert reader.read(NAME).item() == "the next"


def test_a_closed_store_lets_the_file_go(folder: Path) -> None:
    """After closing, the file can be replaced, as Windows demands."""
    path = folder / "store-1.duckdb"
    reader = Store(path, KEY)
    reader.close()
    path.replace(folder / "moved.duckdb")
    with pytest.raises(duckdb.Error):
        reader.read("select 1")


@pytest.mark.parametrize("text", ["plain", "o'clock", 'a "b"', "'; drop table x --"])
def test_quoting(text: str) -> None:
    """A literal and an identifier come back as they went in."""
    with closing(duckdb.connect()) as connection:
        literal = connection.sql(f"select {quote_literal(text)}").fetchall()
        names = connection.sql(f"select 1 as {quote_identifier(text)}").columns
    assert literal == [(text,)]
    assert names == [text]


def test_a_wrong_value_is_refused_at_the_door(case: SmallStore) -> None:
    """DuckDB casts what is inserted, and refuses a code or a status that no list has."""
    mark = {"pupil_key": 1, "session_date": "2026-09-07", "half": "AM", "code": "?"}
    ids = {"school_key": 1, "source_id": 1, "load_id": 1}
    with pytest.raises(duckdb.ConversionException, match="Could not convert string '\\?'"):
        case.put({"raw_mark": [{**mark, **ids}]})


@pytest.mark.parametrize("asked", ["sum(a.range * b.range % 7)", "a.range"])
def test_a_question_that_takes_too_long_is_ended_in_words(opened: Store, asked: str) -> None:
    """While it works, and in the midst of its answer."""
    query = format_sql("select {asked:own} from range(100000) a, range(100000) b", asked=asked)
    with pytest.raises(StoreError, match=r"longer than 0 s\. Ask for less"):
        opened.read(query, timeout_s=0.2)
    assert opened.read("select count(*) from raw_school", timeout_s=9.0).item() == 1


def test_a_question_that_needs_too_much_memory_is_refused_in_words(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing that is worked out of a child's facts is put on the disk, not even for a while."""
    monkeypatch.setitem(store._READER_CONFIG, "memory_limit", "40MB")
    with closing(Store(published / "store-1.duckdb", KEY)) as reader:
        with pytest.raises(StoreError, match=r"more memory than 40MB\. Ask for less"):
            reader.read("from (select md5(i::varchar) as a from range(2000000) t(i)) order by a")
        assert reader.read("select count(*) from raw_school").item() == 1
