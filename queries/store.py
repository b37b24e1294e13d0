"""The store: encrypted DuckDB files, one a version, never changed once published.

A writer makes `store-<n>.duckdb` beside the one in use, and `publish` flips the small
file CURRENT, so readers see all of a load or nothing of it.  Readers open a version
read-only and locked down: no file, no network, no setting is within reach of SQL.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.metadata import files as installed_files
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from queries import reference, relations, views

#: Raised by one whenever a table or view changes in a way that older code cannot read.
SCHEMA_VERSION = 1

_VERSIONS_KEPT = 2
_ANSWERS_KEPT = 512
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "python_enable_replacements": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "temp_file_encryption": True,
}


class StoreError(Exception):
    """The store cannot be used; the message is for people."""


@dataclass(frozen=True)
class Stamp:
    """What a store says of itself."""

    schema_version: int
    definitions: str

    @property
    def is_current(self) -> bool:
        """Whether its views are the ones that this code defines."""
        return self == Stamp(SCHEMA_VERSION, views.digest())


def current(folder: Path) -> Path | None:
    """The version in use, or None before the first load."""
    pointer = folder / "CURRENT"
    if not pointer.exists():
        return None
    path = folder / pointer.read_text(encoding="ascii").strip()
    if not path.exists():
        raise StoreError(f"{pointer} names {path.name}, which is not there. Restore a backup.")
    return path


def versions(folder: Path) -> list[Path]:
    """Every version that is there, oldest first."""
    return sorted(folder.glob("store-*.duckdb"), key=_number)


def new_version(folder: Path) -> Path:
    """The path of the next version.

    Versions above the one in use are removed: half-written ones, and those that were
    undone.  Their numbers are not used again while a reader may hold such a file open.
    """
    in_use = current(folder)
    last = _number(in_use) if in_use else 0
    highest = max((_number(path) for path in versions(folder)), default=0)
    for path in versions(folder):
        if _number(path) > last:
            _remove(path)
    return folder / f"store-{max(last, highest) + 1}.duckdb"


def publish(folder: Path, path: Path) -> None:
    """Make `path` the version in use; the step is one rename, so it is all or nothing."""
    for written in (path, folder):
        _sync(written)
    pointer = folder / "CURRENT.new"
    with pointer.open("w", encoding="ascii") as file:
        file.write(path.name + "\n")
        file.flush()
        os.fsync(file.fileno())
    pointer.replace(folder / "CURRENT")
    _sync(folder)


def prune(folder: Path) -> None:
    """Remove all but the version in use and the one before it."""
    in_use = current(folder)
    if in_use is None:
        return
    kept = [path for path in versions(folder) if _number(path) <= _number(in_use)]
    for path in versions(folder):
        if path not in kept[-_VERSIONS_KEPT:]:
            _remove(path)


@contextmanager
def create(path: Path, key: str | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a new, empty store at `path`, with every ref_ table filled.

    `key` is 64 hexadecimal digits; None leaves the file in the clear, which only tests
    that search its bytes do.  The file is removed if the block raises; StoreError if
    there is one already, which is left as it is.
    """
    if path.exists():
        raise StoreError(f"{path.name} is there already. A version is written once.")
    connection = _connect()
    try:
        _attach(connection, path, key, read_only=False)
        connection.execute("use lac")
        create_tables(connection)
        yield connection
        connection.execute("checkpoint lac")
        connection.execute("use memory")
        connection.execute("detach lac")
    except BaseException:
        connection.close()
        _remove(path)
        raise
    connection.close()


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Types, empty raw_ tables and filled ref_ tables, in the connection's own schema."""
    connection.execute(views.table_sql("types"))
    codes = reference.read("attendance_code")["code"].unique(maintain_order=True).to_list()
    listed = ", ".join(quoted(code) for code in codes)
    connection.execute(f"create type mark_code as enum ({listed})")
    connection.execute(views.table_sql("reference"))
    connection.execute(views.table_sql("raw"))
    for name in reference.names():
        insert(connection, f"ref_{name}", reference.read(name))
    connection.execute(
        "create table store_stamp as"
        " select $version::integer as schema_version, $digest::varchar as definitions",
        {"version": SCHEMA_VERSION, "digest": views.digest()},
    )


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: pl.DataFrame) -> None:
    """Append `rows` to `table` by column name; DuckDB casts, and refuses what it cannot."""
    connection.register("new_rows", rows)
    columns = ", ".join(identifier(name) for name in rows.columns)
    statement = f"insert into {identifier(table)} ({columns}) select {columns} from new_rows"
    connection.execute(statement)
    connection.unregister("new_rows")


class Store:
    """One version, open for reading: every question sees the same facts."""

    def __init__(self, path: Path, key: str | None) -> None:
        self.path = path
        # a version never changes, so an answer stays right for as long as it is open
        self._answer = lru_cache(maxsize=_ANSWERS_KEPT)(self._ask)
        self._connection = _connect(threads=1)
        try:
            _attach(self._connection, path, key, read_only=True)
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

    def read(
        self, query: str, parameters: Mapping[str, Any] | None = None, *, as_at: date | None = None
    ) -> pl.DataFrame:
        """The rows of a query, as one frame.

        `$name` in the query takes its value from `parameters`.  Views that depend on
        the day raise unless `as_at` is given.  Each call has its own cursor, so threads
        do not meet.  StoreError if the text is anything but one question: the connection
        has a database in memory, which other statements could write to or leave things in.
        The same question again is answered from memory.
        """
        bound = tuple(sorted((parameters or {}).items()))
        return self._answer(query, bound, as_at).clone()

    def _ask(
        self, query: str, bound: tuple[tuple[str, Any], ...], as_at: date | None
    ) -> pl.DataFrame:
        cursor = self._connection.cursor()
        try:
            kinds = [statement.type for statement in cursor.extract_statements(query)]
            if kinds != [duckdb.StatementType.SELECT]:
                raise StoreError("This is not one select. Ask one question at a time.")
            cursor.execute("use lac")
            if as_at is not None:
                cursor.execute("set variable as_at = $as_at::date", {"as_at": as_at})
            return cursor.sql(query, params=dict(bound)).pl()
        finally:
            cursor.close()

    def relations_of(self, query: str) -> set[str]:
        """The tables and views that one select names, in lower case.

        StoreError if the text is anything but one select.  A name that the select gives
        to a step of its own counts too when a table or view has it as well: it may mean
        either.
        """
        tree = json.loads(self.read("select json_serialize_sql($query)", {"query": query}).item())
        if tree["error"]:
            raise StoreError(f"This is not one select: {tree['error_message']}")
        if len(tree["statements"]) != 1:
            raise StoreError("This is more than one select. Ask them one by one.")
        known = set(self.read("select lower(table_name) as name from duckdb_tables()")["name"])
        known |= set(self.read("select lower(view_name) as name from duckdb_views()")["name"])
        return relations.named_in(tree, known)

    def close(self) -> None:
        """Let the file go."""
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


def quoted(text: str) -> str:
    """`text` as an SQL literal, for the statements that take no bound value."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """`name` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _connect(threads: int = 2) -> duckdb.DuckDBPyConnection:
    """A connection with OpenSSL; readers take one thread, which many at once share best."""
    connection = duckdb.connect(config={**_CONFIG, "threads": threads})
    connection.execute(f"load {quoted(str(_openssl()))}")
    return connection


def _attach(
    connection: duckdb.DuckDBPyConnection, path: Path, key: str | None, *, read_only: bool
) -> None:
    options = [] if key is None else [f"encryption_key {quoted(key)}"]
    if read_only:
        options.append("read_only")
    listed = f" ({', '.join(options)})" if options else ""
    connection.execute(f"attach {quoted(str(path))} as lac{listed}")


@cache
def _openssl() -> Path:
    """DuckDB's signed httpfs, which brings OpenSSL; its wheel's own code is never run."""
    for file in installed_files("duckdb-extension-httpfs") or ():
        if file.name == "httpfs.duckdb_extension":
            return Path(str(file.locate()))
    raise StoreError("duckdb-extension-httpfs is not installed whole. Install the lock file again.")


def _number(path: Path) -> int:
    return int(path.stem.removeprefix("store-"))


def _remove(path: Path) -> None:
    for leftover in (path, path.with_name(path.name + ".wal")):
        leftover.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # Windows keeps folders in step by itself and opens none of them
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
