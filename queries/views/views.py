"""The views: one bare select a file, named for its file, built in the order of need.

The comment at a file's top is the definition that Help shows.  It says, on lines of
their own, `Key:` the columns that tell one row from another, `Category:` whose eyes it
is for (marts), and `Materialised:` the order of its rows, for a summary that is worked
out once in the load instead of at each question; `Page:` the title under which the
child's page shows a mart's rows as a plain table.
"""

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from importlib.resources import files
from importlib.resources.abc import Traversable

import duckdb

from queries.statement import format_sql

LAYERS = ("staging", "intermediate", "marts", "checks")

_COMMENT = re.compile(r"\A(?:--[^\n]*\n)+")
_READS = re.compile(r"\b(?:from|join)\s+([a-z_][a-z_0-9]*)", re.IGNORECASE)
_ASKS_THE_DAY = re.compile(r"\bas_at\(\)")
_DEFINES = re.compile(r"\b([a-z_][a-z_0-9]*)\s+as\s+(?:materialized\s+)?\(", re.IGNORECASE)


@dataclass(frozen=True)
class View:
    """One definition: its layer, its words and its select."""

    name: str
    layer: str
    comment: str
    select: str

    @property
    def dependencies(self) -> frozenset[str]:
        """The tables and views that stand after `from` or `join`."""
        return frozenset(_READS.findall(self.select)) - frozenset(_DEFINES.findall(self.select))

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that tell one row from another."""
        return tuple(
            part.strip() for part in (self.find_field("Key") or "").split(",") if part.strip()
        )

    @property
    def definition(self) -> str:
        """The comment without its fields: the sentences that Help shows."""
        sentences = [line for line in self.comment.splitlines() if not _is_field(line)]
        return " ".join(sentences).strip()

    def find_field(self, name: str) -> str | None:
        """What the comment says after `name:`; None if it does not."""
        for line in self.comment.splitlines():
            if line.startswith(f"{name}:"):
                return line.removeprefix(f"{name}:").strip().rstrip(".")
        return None


@cache
def load_views() -> dict[str, View]:
    """Every view by name, in an order in which each comes after those that it reads."""
    found = {view.name: view for layer in LAYERS for view in _load_layer(layer)}
    order = TopologicalSorter(
        {name: view.dependencies & found.keys() for name, view in found.items()}
    )
    return {name: found[name] for name in order.static_order()}


def create_functions(connection: duckdb.DuckDBPyConnection) -> None:
    """The scalar macros of queries/functions; a file's stem is the macro's name.

    They take a day as an argument: only as_at() knows the one that is asked for.
    """
    texts = {
        path.name.removesuffix(".sql"): path.read_text(encoding="utf-8")
        for path in _sql_files(files("queries") / "functions")
    }
    calls = {
        name: {other for other in texts if other != name and re.search(rf"\b{other}\(", text)}
        for name, text in texts.items()
    }
    for name in TopologicalSorter(calls).static_order():
        connection.execute(texts[name])


def create_views(connection: duckdb.DuckDBPyConnection, *, materialise: bool = True) -> None:
    """Functions and views in the connection's own schema, their comments with them.

    A view whose comment says so becomes a table, filled now from the raw_ tables.
    With `materialise=False` it stays a view: tests change the raw_ rows underneath.
    """
    create_functions(connection)
    for view in load_views().values():
        order = view.find_field("Materialised")
        if order and materialise:
            connection.execute(
                format_sql(
                    "create table {name} as {select:own} order by {order:own}",
                    name=view.name,
                    select=view.select,
                    order=order,
                )
            )
            kind = "table"
        else:
            connection.execute(
                format_sql("create view {name} as {select:own}", name=view.name, select=view.select)
            )
            kind = "view"
        connection.execute(
            format_sql(
                "comment on {kind:own} {name} is {words:literal}",
                kind=kind,
                name=view.name,
                words=view.comment,
            )
        )


def refresh_views(connection: duckdb.DuckDBPyConnection, changed: Collection[str]) -> None:
    """Work out anew the materialised views that what is in the `changed` tables reaches."""
    reached = set(changed)
    for view in load_views().values():
        if view.dependencies.isdisjoint(reached):
            continue
        reached.add(view.name)
        order = view.find_field("Materialised")
        if order:
            connection.execute(format_sql("delete from {name}", name=view.name))
            connection.execute(
                format_sql(
                    "insert into {name} {select:own} order by {order:own}",
                    name=view.name,
                    select=view.select,
                    order=order,
                )
            )


def list_day_dependent_views(names: Collection[str]) -> list[View]:
    """The views among `named`, and among all that these read, that depend on the day.

    In an order in which each comes after those that it reads.
    """
    needed = set(names)
    for view in reversed(load_views().values()):
        if view.name in needed:
            needed |= view.dependencies
    return [
        load_views()[name] for name in load_views() if name in needed & _find_day_dependent_names()
    ]


@cache
def _find_day_dependent_names() -> frozenset[str]:
    """The names of the views that ask for the day, themselves or by what they read."""
    found: set[str] = set()
    for view in load_views().values():
        if _ASKS_THE_DAY.search(view.select) or not found.isdisjoint(view.dependencies):
            found.add(view.name)
    return frozenset(found)


def read_table_sql(name: str) -> str:
    """The text of one file of queries/tables."""
    return (files("queries") / "tables" / f"{name}.sql").read_text(encoding="utf-8")


@cache
def compute_definitions_digest() -> str:
    """A fingerprint of every definition, so that a store made by other ones is known."""
    folder = files("queries")
    hasher = hashlib.sha256()
    for part in ("tables", "reference", "functions", *LAYERS):
        for path in sorted((folder / part).iterdir(), key=lambda entry: entry.name):
            if path.name.endswith((".sql", ".csv")):
                hasher.update(path.name.encode() + b"\0" + path.read_bytes())
    return hasher.hexdigest()[:16]


def _load_layer(layer: str) -> list[View]:
    return [_parse_view(path, layer) for path in _sql_files(files("queries") / layer)]


def _sql_files(folder: Traversable) -> list[Traversable]:
    entries = (entry for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return sorted(entries, key=lambda entry: entry.name)


def _parse_view(path: Traversable, layer: str) -> View:
    text = path.read_text(encoding="utf-8")
    header = _COMMENT.match(text)
    comment = header.group() if header else ""
    lines = [line.removeprefix("--").strip() for line in comment.splitlines()]
    select = text[len(comment) :].strip().rstrip(";")
    return View(path.name.removesuffix(".sql"), layer, "\n".join(lines), select)


def _is_field(line: str) -> bool:
    return re.match(r"(Key|Category|Materialised|Page|Severity):", line) is not None
