"""The views: one bare select a file, named for its file, built in the order of need.

The comment at a file's top is the definition that Help shows.  It has, on lines of their own,
`Key:` the columns that tell one row from another, `Null:` those of a mart that can be null,
`Category:` the kind of data that decides who may see it (marts), and `Materialised:` the order of
its rows, for a summary that is worked out once in the load instead of at each question.  A view
that would fill a store is not kept: `Materialised: while a version is written.`, or for any day
`never.`; `Page:` is the title under which the child's page shows a mart's rows as a plain table.
The first paragraph is a sentence or two that are enough for somebody who never saw the view.

A layer reads those below it and itself, and the code lists, ref_.  Staging reads the one raw_ table
of its name and nothing else; an intermediate reads staging and intermediates; a mart all of these
and marts; a check all but checks.  Pages read marts and checks alone.  A row about a child is keyed
by pupil_key, and has its school in school_key: in a mart the one that the child goes to or went to
last, in a row about a session or an amount the one that recorded it.

The names after a `from` or a `join` are the views and tables that a view reads.  DuckDB's own parse
gives the same, but takes longer than most questions.
"""

import hashlib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from itertools import pairwise
from pathlib import Path

import duckdb

from queries import reference
from queries.contract import sql
from queries.contract.sql import Definition
from queries.statement import format_sql

#: The folder of the SQL, which has a folder for each layer.
FOLDER = Path(__file__).parents[1]
LAYERS = ("staging", "intermediate", "marts", "checks")
#: The beginnings of the names of tables that views read.
_TABLES = ("raw_", "ref_")
#: The macros that depend on the day.
_DAYS = ("as_at()", "register_day()")

#: The values of `Materialised:` for views that no store keeps; others have the order of the rows.
PASSING, NEVER = "while a version is written", "never"

_COMMENT = re.compile(r"\A(?:--[^\n]*\n)+")
_FIELD = re.compile(r"^(Key|Null|Category|Materialised|Page): (.+?)\.?$", re.MULTILINE)


@dataclass(frozen=True)
class View:
    """One definition: its layer, its comment and its select.

    `dependencies` are the tables and views that it reads itself.
    """

    name: str
    layer: str
    comment: str
    select: str
    dependencies: frozenset[str]
    has_day: bool

    @property
    def key(self) -> tuple[str, ...]:
        """Return the columns that tell one row from another."""
        return tuple((self.find_field("Key") or "").split(", "))

    @property
    def nullable(self) -> tuple[str, ...]:
        """Return the columns of a mart or a check that can be null."""
        texts = (text for name, text in _FIELD.findall(self.comment) if name == "Null")
        return tuple(column for text in texts for column in text.split(", "))

    @property
    def order(self) -> str | None:
        """Return the order of its rows in a store that keeps them, whatever day is asked for."""
        order = self.find_field("Materialised")
        return None if order in {PASSING, NEVER} else order

    @property
    def is_asked_anew(self) -> bool:
        """Say whether it is worked out at each question, for any day."""
        return self.find_field("Materialised") == NEVER

    @property
    def category(self) -> str:
        """Return the category whose roles may see this mart or check, or "" if it has none."""
        return self.find_field("Category") or ""

    @property
    def summary(self) -> str:
        """Return a description in a plain sentence or two."""
        return self._lines[0]

    @property
    def definition(self) -> str:
        """Return the text for Help: the summary, then a line for each paragraph of the comment."""
        return "\n".join(self._lines)

    @property
    def _lines(self) -> list[str]:
        summary, _, rest = _FIELD.sub("", self.comment).strip().partition("\n\n")
        parts = [summary, *re.split(r"(?<=\.)\n+", rest)]
        return [" ".join(part.split()) for part in parts if part.strip()]

    def find_field(self, name: str) -> str | None:
        """Return the text of the comment after `name:`; None if there is none."""
        return dict(_FIELD.findall(self.comment)).get(name)


@cache
def load_views() -> dict[str, View]:
    """Return every view by name, in an order in which each comes after those that it reads.

    A file of queries/ replaces a view that follows from the registry.
    """
    made = sql.build_views()
    paths = {path.stem: path for name in LAYERS for path in sorted((FOLDER / name).glob("*.sql"))}
    texts = made | {name: _read_definition(path) for name, path in paths.items()}
    views = {name: _build_view(name, text, texts.keys()) for name, text in texts.items()}
    reads = {name: sorted(views[name].dependencies & paths.keys()) for name in paths}
    staging = (name for name, text in made.items() if text.layer == "staging")
    order = dict.fromkeys((*staging, *TopologicalSorter(reads).static_order(), *made))
    return {name: views[name] for name in order}


def _read_definition(path: Path) -> Definition:
    """Return the layer, the comment and the select in a file."""
    text = path.read_text(encoding="utf-8")
    header = _COMMENT.match(text)
    comment = header.group() if header else ""
    lines = [line.removeprefix("--").strip() for line in comment.splitlines()]
    select = text[len(comment) :].strip().rstrip(";")
    return Definition(path.parent.name, "\n".join(lines), select)


def _build_view(name: str, definition: Definition, names: Collection[str]) -> View:
    """Return a view with the views and tables that it reads, and whether it asks for the day."""
    words = pairwise(definition.select.split())
    read = {word.rstrip(")") for before, word in words if before in ("from", "join")}
    reads = frozenset(table for table in read if table in names or table.startswith(_TABLES))
    return View(name, *definition, reads, has_day=any(day in definition.select for day in _DAYS))


def create_functions(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the scalar macros of queries/functions; a file's stem is the macro's name.

    They take a day as an argument: only as_at() and register_day() return the day that is asked
    for.
    """
    paths = sorted((FOLDER / "functions").glob("*.sql"))
    texts = {path.stem: path.read_text(encoding="utf-8") for path in paths}
    calls = {
        name: {other for other in texts if other != name and re.search(rf"\b{other}\(", text)}
        for name, text in texts.items()
    }
    for name in TopologicalSorter(calls).static_order():
        connection.execute(texts[name])


def create_views(connection: duckdb.DuckDBPyConnection, *, materialise: bool = True) -> None:
    """Create functions and views in the connection's own schema.

    A view whose comment asks for it becomes a table, filled now from the raw_ tables.  A view that
    asks for the day is left to `queries.views.days`, which makes a table of it for each day.  With
    `materialise=False` all of them stay views: tests change the raw_ rows underneath.  The staging
    view of a table in `store_switched_off` has no rows.
    """
    create_functions(connection)
    switched_off = _fetch_switched_off(connection)
    for view in load_views().values():
        if materialise and view.name in find_day_dependent_names():
            continue
        select = _build_select(view, switched_off)
        order = view.order if materialise else None
        if order:
            hold_passing_views(connection, [view])
            select = f"from ({select}) order by {order}"
        create = "create {kind:own} {name} as {select:own}"
        kind = "table" if order else "view"
        connection.execute(format_sql(create, kind=kind, name=view.name, select=select))


def refresh_views(connection: duckdb.DuckDBPyConnection, changed: Collection[str]) -> None:
    """Refresh the materialised views that depend on the `changed` tables."""
    switched_off = _fetch_switched_off(connection)
    for view in list_dependents(changed):
        if order := view.order:
            hold_passing_views(connection, [view])
            connection.execute(format_sql("delete from {name}", name=view.name))
            insert = "insert into {name} from ({select:own}) order by {order:own}"
            select = _build_select(view, switched_off)
            connection.execute(format_sql(insert, name=view.name, select=select, order=order))


def hold_passing_views(connection: duckdb.DuckDBPyConnection, readers: Iterable[View]) -> None:
    """Work out views that some views read and no store keeps, while the connection is open.

    The tables take precedence over the views of the same names.  A view that is a table already has
    its own rows.
    """
    needed = {name for view in readers for name in view.dependencies}
    for view in reversed(load_views().values()):
        if view.name in needed and not _is_table(view):
            needed |= view.dependencies
    for view in load_views().values():
        if view.name in needed and view.find_field("Materialised") == PASSING:
            create = "create temp table if not exists {name} as {select:own}"
            connection.execute(format_sql(create, name=view.name, select=view.select))


def _is_table(view: View) -> bool:
    """Say whether a store keeps it, or a day has a table of it."""
    return bool(view.order) or (view.name in find_day_dependent_names() and not view.is_asked_anew)


def _fetch_switched_off(connection: duckdb.DuckDBPyConnection) -> set[str]:
    rows = connection.execute("select table_name from store_switched_off").fetchall()
    return {name for (name,) in rows}


def _build_select(view: View, switched_off: Collection[str]) -> str:
    """Return the view's select; without rows, if it reads a table that the school does without."""
    is_off = view.layer == "staging" and not view.dependencies.isdisjoint(switched_off)
    return f"from ({view.select}) where false" if is_off else view.select


def list_dependents(names: Collection[str]) -> list[View]:
    """Return the views of these names, and all that read them or each other, in order of need."""
    reached = set(names)
    for view in load_views().values():
        if not reached.isdisjoint(view.dependencies):
            reached.add(view.name)
    return [view for view in load_views().values() if view.name in reached]


def list_dependencies(names: Collection[str]) -> list[View]:
    """Return the views of these names, and all that these read, in order of need."""
    needed = set(names)
    for view in reversed(load_views().values()):
        if view.name in needed:
            needed |= view.dependencies
    return [view for view in load_views().values() if view.name in needed]


@cache
def find_day_dependent_names() -> frozenset[str]:
    """Return the names of the views that depend on the day, themselves or by what they read."""
    asking = [view.name for view in load_views().values() if view.has_day]
    return frozenset(view.name for view in list_dependents(asking))


@cache
def compute_definitions_digest() -> str:
    """Return a fingerprint of every definition, which shows if a store was made by other ones."""
    made = [f"{name}\0{view.comment}\0{view.select}" for name, view in sql.build_views().items()]
    types = (sql.build_types(), str(reference.TYPES), sql.build_tables())
    hasher = hashlib.sha256("\0".join((*types, *made)).encode())
    for part in ("tables", "reference", "functions", *LAYERS):
        for path in sorted((FOLDER / part).iterdir()):
            if path.suffix in {".sql", ".csv"}:
                hasher.update(path.name.encode() + b"\0" + path.read_bytes())
    return hasher.hexdigest()[:16]
