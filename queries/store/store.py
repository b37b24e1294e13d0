"""The store: encrypted DuckDB files, one for each version, never changed once published.

A writer makes `store-<n>.duckdb` beside the one in use, and `publish` flips the small file CURRENT,
so readers see all of a load or nothing of it.  Entries typed between two loads make an amendment,
`store-<n>.<m>.duckdb`.  Readers open a version read-only and locked down: SQL can reach no file, no
network and no setting.
"""

import os
import secrets
import shutil
import sys
import weakref
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from importlib.metadata import files as installed_files
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from threading import Timer
from types import ModuleType
from typing import Any

import duckdb
import polars as pl

from queries import reference
from queries.answers import Answers
from queries.contract import sql
from queries.errors import StoreError
from queries.statement import format_sql
from queries.store import versions
from queries.views import days, parse, views

#: Raised by one whenever a table or view changes in a way that older code cannot read.
SCHEMA_VERSION = 3
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "python_enable_replacements": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "temp_file_encryption": True,
    # DuckDB takes a table that the same transaction filled for a small one, and loops over all rows
    "asof_loop_join_threshold": 0,
}
#: The settings of a reader.  It has one thread, which many at once share best.  It keeps results in
#: memory and never on the disk, so that it needs no OpenSSL: DuckDB reads an encrypted file by
#: itself, and needs that only to write one.
_READER_CONFIG = {**_CONFIG, "threads": 1, "temp_directory": "", "memory_limit": "1GB"}

_WRITER_MEMORY = "340MB"
#: The blocks of a new file.  A school's tables are many and small, and each takes at least a block.
_BLOCK_SIZE = "block_size 16384"
#: The blocks of a file with many rows.  In smaller ones days and keys are not compressed.
_LARGE_BLOCK_SIZE = "block_size 65536"
#: The rows from which a new file has large blocks, and two threads with limited memory write it.
_MANY_ROWS, _VERY_MANY_ROWS = 400_000, 1_000_000
#: The most answers of one version that are kept: some thirty a child, and each has few rows.
_MOST_ANSWERS = 2000
#: DuckDB's errors that a caller treats differently, by the first words of their text.
_ERRORS: dict[str, type[duckdb.Error]] = {
    "INTERRUPT": duckdb.InterruptException,
    "Out of Memory": duckdb.OutOfMemoryException,
}
_HIDE_OTHERS = """
insert into hidden_pupil
select pupil_key from whole.raw_pupil where not list_contains($1::varchar[], handle)
"""
_MISSING_DAYS = """
select min(days_behind) as days
from school_load
having bool_and(is_behind)
"""
_NAMES = """
select lower(table_name) as name from duckdb_tables()
union all
select lower(view_name) as name from duckdb_views()
"""
_MACROS = "select lower(function_name) as name from duckdb_functions() where not internal"


@dataclass(frozen=True)
class Stamp:
    """The schema version and the definitions with which a store was made."""

    schema_version: int
    definitions: str

    @property
    def is_current(self) -> bool:
        """Say whether its views are the ones that this code defines."""
        return self == Stamp(SCHEMA_VERSION, views.compute_definitions_digest())


@contextmanager
def create_version(
    path: Path, key: str | None, *, rows: int = 0
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection to a new, empty store at `path`, with every ref_ table filled.

    `key` is 64 hexadecimal digits; None leaves the file in the clear and without a digest, for
    tests that search its bytes.  `rows` is the number of rows to come.  The file is removed if the
    block raises.  StoreError means that there is one already, which is left as it is.
    """
    is_large = rows > _VERY_MANY_ROWS
    block_size = _LARGE_BLOCK_SIZE if rows > _MANY_ROWS else _BLOCK_SIZE
    with versions.stage_version(path) as staged:
        with _connect_writer(staged, key, block_size, is_large=is_large) as connection:
            # many small tables are written at once; large ones are read faster once committed
            connection.execute("begin")
            create_tables(connection)
            if is_large:
                connection.execute("commit")
            yield connection
            if not is_large:
                connection.execute("commit")
        if key is not None:
            versions.write_digest(path, staged, key)


@contextmanager
def amend_version(
    path: Path, new_path: Path, key: str | None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection to a copy of the version at `path`, which is put at `new_path` afterwards.

    `path` itself is left as it is.  There is nothing at `new_path` if the block raises.  StoreError
    means that there is something already, that the version is not as it was written, or that other
    definitions made it.
    """
    with versions.stage_version(new_path) as staged:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with path.open("rb") as whole, os.fdopen(os.open(staged, flags, 0o600), "wb") as copy:
            shutil.copyfileobj(whole, copy, 1 << 20)
        # the copy gets a digest of its own, so a damaged original must be refused first
        if key is not None:
            versions.verify_digest(path, staged, key)
        with _connect_writer(staged, key) as connection:
            _require_current(connection, path)
            connection.execute("begin")
            yield connection
            connection.execute("commit")
        if key is not None:
            versions.write_digest(new_path, staged, key)


def open_earlier(connection: duckdb.DuckDBPyConnection, path: Path, key: str | None) -> None:
    """Let the connection to a new version read another one, as `earlier`."""
    _attach(connection, path, key, name="earlier")


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create types, empty raw_ tables and filled ref_ tables, in the connection's own schema.

    store_switched_off names the raw_ tables that the school does without: their rows stay, but no
    view has them (see `views.create_views`).
    """
    connection.execute(sql.build_types())
    codes = reference.read("attendance_code")
    for name, words in (
        ("mark_code", codes["code"]),
        ("mark_kind", [*codes["kind"], "not recorded"]),
    ):
        create = "create type {name} as enum ({words:literal})"
        connection.execute(format_sql(create, name=name, words=list(dict.fromkeys(words))))
    connection.execute((views.FOLDER / "tables" / "loads.sql").read_text(encoding="utf-8"))
    connection.execute(sql.build_tables())
    connection.execute("create table store_switched_off (table_name varchar not null)")
    connection.execute("create table store_stamp (schema_version integer, definitions varchar)")
    for name in reference.list_reference_names():
        _create_list(connection, name)
    stamp = [SCHEMA_VERSION, views.compute_definitions_digest()]
    connection.execute("insert into store_stamp values ($1, $2)", stamp)


def _create_list(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Create the ref_ table of a list of queries/reference."""
    types = reference.TYPES.get(name, {})
    casts = [
        format_sql("{name}::{kind:own} as {name}", name=column, kind=types[column])
        for column in types
    ]
    columns = format_sql("* replace ({casts:own})", casts=casts) if casts else "*"
    text = "create table {table} as select {columns:own} from new_rows"
    _execute_with(
        connection, format_sql(text, table=f"ref_{name}", columns=columns), reference.read(name)
    )


def insert_rows(connection: duckdb.DuckDBPyConnection, table: str, rows: pl.DataFrame) -> None:
    """Append `rows` to `table` by column name; DuckDB casts, and refuses what it cannot."""
    if not rows.is_empty():  # most categories of most schools have none
        text = "insert into {table} by name from new_rows"
        _execute_with(connection, format_sql(text, table=table), rows)


def _execute_with(connection: duckdb.DuckDBPyConnection, query: str, rows: pl.DataFrame) -> None:
    """Run a statement that reads these rows, as `new_rows`."""
    # an Arrow stream, which is read once; the frame itself would make DuckDB import pyarrow
    connection.register("new_rows", rows.__arrow_c_stream__())
    connection.execute(query)
    connection.unregister("new_rows")


def read_rows(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: Mapping[str, Any] | None = None
) -> pl.DataFrame:
    """Return the rows of a query; StoreError for a column of a type that frames do not have.

    It uses Arrow's stream, since `.pl()` would import pyarrow.  An error in the middle of the rows
    is a duckdb.Error too.
    """
    relation = connection.sql(query, params=dict(parameters or {}))
    for name, kind in zip(relation.columns, relation.types, strict=True):
        if "INTERVAL" in str(kind) or "UNION" in str(kind):
            raise StoreError(f"{name} is of the type {kind}. Ask for {name}::varchar.")
    try:
        return pl.DataFrame(relation)
    except pl.exceptions.ComputeError as error:
        text = str(error).removeprefix("got external error: ")
        raise _ERRORS.get(text.partition(" Error: ")[0], duckdb.Error)(text) from error


#: The columns of each raw_ and ref_ table, as other engines have them.
_COLUMNS = """
select
    table_name,
    list(
        '"' || column_name || '"'
        || case when starts_with(data_type, 'ENUM') then '::varchar as "' else ' as "' end
        || column_name || '"'
        order by column_index
    )
from duckdb_columns()
where
    database_name = 'lac' and schema_name = 'main'
    and regexp_matches(table_name, '^(raw|ref)_')
group by table_name
order by table_name
"""
_ROWS_AT_A_TIME = 500_000
#: Tables about schools and days, which are the same for a store with only some of the children.
OF_SCHOOLS = (
    *("int_day", "int_register_day", "int_school_heard", "int_term", "int_recent_day"),
    *("int_look_day", "int_school_register_day", "school_week_attendance", "day_asked"),
    *("school_attendance", "school_load", "check_no_register"),
)
#: Counts of whole files, which a store with only some of the children must not have.
_HIDDEN_COUNTS = {
    "raw_source": """ replace (
        0 as problem_count, 0 as rows_read, 0 as rows_taken, 0 as rows_not_shown,
        0 as rows_left_out, 0 as rows_refused, null as children, null as first_date,
        null as last_date
    )"""
}


class Store:
    """One version, open for reading: every question sees the same facts."""

    def __init__(
        self,
        path: Path,
        key: str | None,
        *,
        excluded_tables: Collection[str] = (),
        only: frozenset[str] | None = None,
    ) -> None:
        """Open the version at `path`; its file must be there, as it was written.

        `excluded_tables` are raw_ tables that list children by `pupil_key`.  The store has no row
        of these children: it is a copy without them, under a key that nobody keeps, and the file
        itself is closed, so that no question can reach them.  `only` holds the handles of the
        children whose rows it has, if not all: the others are left out in the same way.
        """
        self.path = path
        self.hidden = (tuple(excluded_tables), only)
        self._days = days.DayTables()
        self._register_days: dict[date, date] = {}
        self._names = Answers(_MOST_ANSWERS)
        self._answers = Answers(_MOST_ANSWERS)
        if key is not None:
            versions.verify_digest(path, path, key)
        self._connection = _connect(_READER_CONFIG)
        opened, opened_key = path, key
        try:
            if excluded_tables or only is not None:
                opened, opened_key = self._copy(key, excluded_tables, only)
            _attach(self._connection, opened, opened_key)
            if opened != path:  # an open file is still readable, and a killed server leaves none
                shutil.rmtree(opened.parent, ignore_errors=True)
        except duckdb.Error as error:
            self._connection.close()
            raise StoreError(
                f"{path.name} does not open with this home's key. "
                "Use the key that it was written with, or restore a backup."
            ) from error
        self._connection.execute("use lac")
        self._connection.execute("set enable_external_access = false")
        self._connection.execute("set lock_configuration = true")
        self.stamp = self._read_stamp()
        if self.stamp.schema_version > SCHEMA_VERSION:
            self.close()
            raise StoreError(
                f"{path.name} was written by a newer lac (schema {self.stamp.schema_version}; "
                f"this one reads up to {SCHEMA_VERSION}). Update lac-monitor."
            )
        with closing(self._connection.cursor()) as cursor:
            self._default_day = days.find_default_day(cursor)

    def _copy(
        self, key: str | None, excluded_tables: Collection[str], only: Collection[str] | None
    ) -> tuple[Path, str]:
        """Make a copy without the excluded children; return its path and key.

        It is deleted with this store.  It is a file, since each column of a table in memory takes
        20 KB.
        """
        try:
            folder = Path(mkdtemp(prefix="lac-"))
            weakref.finalize(self, _discard, self._connection, folder)
            copy, copy_key = folder / self.path.name, secrets.token_hex(32)
            with _connect_writer(copy, copy_key, _BLOCK_SIZE, is_large=True) as connection:
                _attach(connection, self.path, key, name="whole")
                _copy_without_pupils(connection, excluded_tables, only)
        except (duckdb.Error, OSError) as error:
            self._connection.close()
            raise StoreError(
                f"{self.path.name} cannot be copied without some of its rows. "
                "Make room in the computer's temporary folder."
            ) from error
        return copy, copy_key

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.read(_NAMES)["name"]).union(views.load_views())

    @cached_property
    def _macros(self) -> frozenset[str]:
        return frozenset(self.read(_MACROS)["name"])  # takes a third as long as opening a store

    def read(
        self,
        query: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        as_at: date | None = None,
        register_day: date | None = None,
        timeout_s: float | None = None,
    ) -> pl.DataFrame:
        """Return the rows of a query, as one frame.

        `$name` takes its value from `parameters`.  Views that depend on the day raise an error
        without `as_at`; their register goes up to `register_day`, by default its last full day up
        to `as_at`.  Each call has its own cursor, so threads do not meet.  StoreError means more
        time than `timeout_s`, more memory than a reader has, or a text that is not a single
        question: the connection has a database in memory, which other statements could write to.
        """
        cursor = self._connection.cursor()
        timer = Timer(timeout_s or 0.0, cursor.interrupt)
        try:
            kinds = [statement.type for statement in cursor.extract_statements(query)]
            if kinds != [duckdb.StatementType.SELECT]:
                raise StoreError("This is not one select. Ask one question at a time.")
            cursor.execute("use lac")
            if as_at is not None:
                self._select_day(cursor, as_at, register_day, query)
            if timeout_s is not None:
                timer.start()
            return read_rows(cursor, query, parameters)
        except duckdb.InterruptException as error:
            raise StoreError(f"This takes longer than {timeout_s:.0f} s. Ask for less.") from error
        except duckdb.OutOfMemoryException as error:
            limit = _READER_CONFIG["memory_limit"]
            raise StoreError(f"This takes more memory than {limit}. Ask for less.") from error
        finally:
            timer.cancel()
            cursor.close()

    def read_once(
        self,
        query: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        as_at: date,
        register_day: date | None = None,
    ) -> pl.DataFrame:
        """Return the same as `read`, and keep it for others who ask the same of this version."""
        question = (query, repr(parameters), as_at, register_day)
        return self._answers.get(
            question, lambda: self.read(query, parameters, as_at=as_at, register_day=register_day)
        ).clone()

    def count_rows(self, tables: Iterable[str]) -> dict[str, int]:
        """Return the number of rows of each of these tables, by its name."""
        count = "(select count(*) from {name}) as {name}"
        counts = [format_sql(count, name=table) for table in tables]
        return self.read(format_sql("select {counts:own}", counts=counts)).row(0, named=True)

    def export_raw(self, folder: Path, switched_off: Collection[str] = ()) -> int:
        """Write each raw_ and ref_ table as Parquet of its name, in bounded memory; count the rows.

        It is for an engine, which has no enums: words are texts.  The tables that the school does
        without have no rows, as in their staging views.
        """
        import pyarrow.parquet as pq  # noqa: PLC0415 - heavy, and only this needs it

        rows = 0
        folder.mkdir(parents=True, exist_ok=True)
        with closing(self._connection.cursor()) as cursor:
            cursor.execute("use lac")
            for name, columns in cursor.execute(_COLUMNS).fetchall():
                limit = " limit 0" if name in switched_off else ""
                select = format_sql(
                    "select {columns:own} from {name}{limit:own}",
                    columns=columns,
                    name=name,
                    limit=limit,
                )
                reader = cursor.execute(select).to_arrow_reader(_ROWS_AT_A_TIME)
                with pq.ParquetWriter(
                    folder / f"{name}.parquet", reader.schema, compression="zstd"
                ) as file:
                    for batch in reader:
                        file.write_batch(batch)
                        rows += batch.num_rows
        return rows

    def find_relations(self, query: str) -> frozenset[str]:
        """Return the tables, views and table functions that one select names, in lower case.

        StoreError means that the text is not a single select.  A name that the select gives to a
        step of its own counts too if a table or view has it as well: it may mean either.
        """
        return self._find_names(query)[0]

    def find_foreign_functions(self, query: str) -> frozenset[str]:
        """Return the functions that one select calls, except the store's own macros.

        They are in lower case; StoreError is as in `find_relations`.
        """
        return self._find_names(query)[1] - self._macros

    def _find_names(self, query: str) -> tuple[frozenset[str], frozenset[str]]:
        """Return the relations and functions of one select, kept because sessions ask the same."""

        def parse_names() -> tuple[frozenset[str], frozenset[str]]:
            with closing(self._connection.cursor()) as cursor:
                tree = parse.parse_select(cursor, query)
            relations = parse.find_tables(tree, self._known) | parse.find_table_functions(tree)
            return relations, parse.find_functions(tree)

        return self._names.get(query, parse_names)

    def _select_day(
        self,
        cursor: duckdb.DuckDBPyConnection,
        as_at: date,
        register_day: date | None,
        query: str | None = None,
    ) -> None:
        """Let a cursor answer on a day by its tables: those of a query, or all without one."""
        full = self.find_register_day(as_at)
        days.set_day(cursor, as_at, register_day or full)
        if as_at == self._default_day and register_day in (None, full):
            days.set_search_path(cursor, "lac", days.DEFAULT_DAY)
        elif self.stamp.is_current:  # views of other definitions must be used as they are
            names = views.load_views() if query is None else self.find_relations(query)
            self._days.select_day(cursor, (as_at, register_day or full), names)

    def find_register_day(self, as_at: date) -> date:
        """Return the last full day of the register up to a day; see `days.find_register_day`."""
        if not self.stamp.is_current:  # other definitions had one day only
            return as_at
        if as_at not in self._register_days:
            with closing(self._connection.cursor()) as cursor:
                cursor.execute("use lac")
                self._register_days[as_at] = days.find_register_day(cursor, as_at)
        return self._register_days[as_at]

    def count_missing_days(self, as_at: date) -> int:
        """Return the school days without a register since the last, or 0 while they are too few.

        With many schools it is the number of the one that is least behind.
        """
        missing = self.read_once(_MISSING_DAYS, as_at=as_at)
        return int(missing["days"].sum())

    def prepare_day(self, as_at: date) -> None:
        """Fill every table of a day, so that no question about it waits for a plan."""
        with closing(self._connection.cursor()) as cursor:
            cursor.execute("use lac")
            self._select_day(cursor, as_at, None)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _read_stamp(self) -> Stamp:
        try:
            row = self.read("select schema_version, definitions from store_stamp").row(0)
        except duckdb.CatalogException as error:
            self.close()
            raise StoreError(f"{self.path.name} is no store of lac-monitor.") from error
        except duckdb.Error as error:
            self.close()
            raise StoreError(f"{self.path.name} is damaged. Restore a backup.") from error
        return Stamp(*row)


def _connect(config: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    _spare_pandas()
    return duckdb.connect(config=config)


@cache
def _spare_pandas() -> None:
    """Show DuckDB a stand-in for pandas, once.

    At the first bound value DuckDB looks for pandas, to recognise its values for nothing, and
    imports it if it is installed: that takes 0.3 s, for values that we never bind.
    """
    if "pandas" not in sys.modules:
        stand_in = ModuleType("pandas")
        vars(stand_in).update(NaT=object(), NA=object())
        sys.modules["pandas"] = stand_in
        with closing(duckdb.connect()) as connection:
            connection.execute("select $1", [0])
        del sys.modules["pandas"]


def _attach(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    key: str | None,
    *,
    name: str = "lac",
    read_only: bool = True,
    block_size: str = "",
) -> None:
    """Attach the file of a database; `block_size` is for a new one."""
    options = [] if key is None else [format_sql("encryption_key {key:literal}", key=key)]
    options += ["read_only"] if read_only else []
    options += [block_size] if block_size else []
    text = "attach {path:literal} as {name}" + (" ({options:own})" if options else "")
    connection.execute(format_sql(text, path=str(path), name=name, options=options))


def _discard(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Delete a copy that nobody reads any more, after closing it: Windows keeps open files."""
    connection.close()
    shutil.rmtree(folder, ignore_errors=True)


def _copy_without_pupils(
    connection: duckdb.DuckDBPyConnection,
    excluded_tables: Collection[str],
    only: Collection[str] | None,
) -> None:
    """Fill `lac` from `whole`, without every row of the excluded children.

    With `only` some children, their own rows are copied as they are, and totals over children are
    worked out anew.
    """
    connection.execute("begin")
    connection.execute("copy from database whole to lac (schema)")
    connection.execute("create temp table hidden_pupil (pupil_key integer)")
    for name in excluded_tables:
        listed = "insert into hidden_pupil select pupil_key from whole.{name}"
        connection.execute(format_sql(listed, name=name))
    if only is not None:
        connection.execute(_HIDE_OTHERS, [sorted(only)])
    tables = connection.execute(
        "select schema_name, table_name, bool_or(column_name = 'pupil_key') from duckdb_columns()"
        " where database_name = 'whole'"
        " and table_oid in (select table_oid from duckdb_tables() where database_name = 'whole')"
        " group by all"
    ).fetchall()
    summed = []
    for schema, table, knows_children in tables:
        is_same = only is not None and (knows_children or table in OF_SCHOOLS)
        if not (is_same or table.startswith(("raw_", "ref_", "store_"))):
            summed.append(table)
            continue
        text = "insert into {schema}.{table} select *{hidden:own} from whole.{schema}.{table}"
        if knows_children:
            text += " where pupil_key not in (from hidden_pupil)"
            # a row about no known child is not about these children either
            text += " or pupil_key is null" if only is None else ""
        hidden = "" if only is None else _HIDDEN_COUNTS.get(table, "")
        connection.execute(format_sql(text, schema=schema, table=table, hidden=hidden))
    views.refresh_views(connection, summed)
    if (day := days.find_default_day(connection)) is not None:
        days.fill_default_day(connection, day, summed)
    connection.execute("commit")


@contextmanager
def _connect_writer(
    path: Path, key: str | None, block_size: str = "", *, is_large: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection that writes to the file, and put all of it on the disk afterwards.

    `is_large` means that there is work for two threads, whose memory must then be limited.
    """
    with ExitStack() as stack:
        settings: dict[str, Any] = {"threads": 1}
        if is_large:
            folder = stack.enter_context(TemporaryDirectory(prefix="lac-"))
            settings = {"threads": 2, "memory_limit": _WRITER_MEMORY, "temp_directory": folder}
        connection = stack.enter_context(closing(_connect({**_CONFIG, **settings})))
        connection.execute(format_sql("load {path:literal}", path=str(get_openssl_path())))
        _attach(connection, path, key, read_only=False, block_size=block_size)
        connection.execute("use lac")
        yield connection
        connection.execute("checkpoint lac")
        connection.execute("use memory")
        connection.execute("detach lac")


def _require_current(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    stamp = connection.execute("select schema_version, definitions from store_stamp").fetchone()
    if stamp is None or not Stamp(*stamp).is_current:
        raise StoreError(f"{path.name} was made by other definitions. Run: lac run")


@cache
def get_openssl_path() -> Path:
    """Return DuckDB's signed httpfs, which has OpenSSL; its wheel's own code is never run."""
    for file in installed_files("duckdb-extension-httpfs") or ():
        if file.name == "httpfs.duckdb_extension":
            return Path(str(file.locate()))
    raise StoreError("duckdb-extension-httpfs is not installed whole. Install the lock file again.")
