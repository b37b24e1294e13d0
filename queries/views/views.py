"""The views: one bare select a file, named for its file, built in the order of need.

The comment at a file's top is the definition that Help shows.  It says, on lines of
their own, `Key:` the columns that tell one row from another, `Null:` those of a mart that
can be null, `Category:` whose eyes it is for (marts), and `Materialised:` the order of its
rows, for a summary that is worked out once in the load instead of at each question.  What would
fill a store is not kept: `Materialised: while a version is written.`, or for any day `never.`;
`Page:` the title under which the child's page shows a mart's rows as a plain table.  Its first
paragraph is a sentence or two that stand alone: what it is, for whoever never saw it.

A layer reads those below it and itself, and the code lists, ref_.  Staging reads the one
raw_ table of its name and nothing else; an intermediate reads staging and intermediates; a
mart all of these and marts; a check all but checks.  Pages read marts and checks alone.
A row about a child is keyed by pupil_key, and says in school_key which school it is of: in a
mart the one that the child goes to or went to last, of a session or an amount the one that
recorded it.

What a view reads stands after a `from` or a `join`, which says the same as DuckDB's own parse:
that takes longer than most questions.
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

#: Where the SQL lies, a folder a layer.
FOLDER = Path(__file__).parents[1]
LAYERS = ("staging", "intermediate", "marts", "checks")
#: How the names of tables begin that views read.
_TABLES = ("raw_", "ref_")
#: What asks for the day.
_DAYS = ("as_at()", "register_day()")

#: What `Materialised:` says of views that no store keeps; of the others, the order of its rows.
PASSING, NEVER = "while a version is written", "never"

_COMMENT = re.compile(r"\A(?:--[^\n]*\n)+")
_FIELD = re.compile(r"^(Key|Null|Category|Materialised|Page): (.+?)\.?$", re.MULTILINE)


@dataclass(frozen=True)
class View:
    """One definition: its layer, its words and its select.

    dependencies: the tables and views that it reads itself.
    """

    name: str
    layer: str
    comment: str
    select: str
    dependencies: frozenset[str]
    has_day: bool

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that tell one row from another."""
        return tuple((self.find_field("Key") or "").split(", "))

    @property
    def nullable(self) -> tuple[str, ...]:
        """The columns that can be null, of a mart or a check."""
        found = (text for name, text in _FIELD.findall(self.comment) if name == "Null")
        return tuple(column for text in found for column in text.split(", "))

    @property
    def order(self) -> str | None:
        """The order of its rows in a store that keeps them, whatever day is asked for."""
        found = self.find_field("Materialised")
        return None if found in {PASSING, NEVER} else found

    @property
    def is_asked_anew(self) -> bool:
        """Whether it is worked out at each question, of any day."""
        return self.find_field("Materialised") == NEVER

    @property
    def category(self) -> str:
        """Whose eyes it is for, of a mart or a check; "" for none."""
        return self.find_field("Category") or ""

    @property
    def summary(self) -> str:
        """What it is, in a plain sentence or two."""
        return self._lines[0]

    @property
    def definition(self) -> str:
        """All that Help says: the summary, then a line for each thing that the comment says."""
        return "\n".join(self._lines)

    @property
    def _lines(self) -> list[str]:
        summary, _, rest = _FIELD.sub("", self.comment).strip().partition("\n\n")
        told = [summary, *re.split(r"(?<=\.)\n+", rest)]
        return [" ".join(each.split()) for each in told if each.strip()]

    def find_field(self, name: str) -> str | None:
        """What the comment says after `name:`; None if it does not."""
        return dict(_FIELD.findall(self.comment)).get(name)


@cache
def load_views() -> dict[str, View]:
    """Every view by name, in an order in which each comes after those that it reads.

    A file of queries/ takes the place of a view that follows from the registry.
    """
    made = sql.build_views()
    paths = {path.stem: path for name in LAYERS for path in sorted((FOLDER / name).glob("*.sql"))}
    told = made | {name: _read_definition(path) for name, path in paths.items()}
    found = {name: _build_view(name, each, told.keys()) for name, each in told.items()}
    reads = {name: sorted(found[name].dependencies & paths.keys()) for name in paths}
    staging = (name for name, each in made.items() if each.layer == "staging")
    order = dict.fromkeys((*staging, *TopologicalSorter(reads).static_order(), *made))
    return {name: found[name] for name in order}


def _read_definition(path: Path) -> Definition:
    """The layer, the words and the select of a view that a file has."""
    text = path.read_text(encoding="utf-8")
    header = _COMMENT.match(text)
    comment = header.group() if header else ""
    lines = [line.removeprefix("--").strip() for line in comment.splitlines()]
    select = text[len(comment) :].strip().rstrip(";")
    return Definition(path.parent.name, "\n".join(lines), select)


def _build_view(name: str, told: Definition, names: Collection[str]) -> View:
    """A view with what it reads, of these views and of tables, and whether it asks for the day."""
    words = pairwise(told.select.split())
    read = {word.rstrip(")") for before, word in words if before in ("from", "join")}
    reads = frozenset(each for each in read if each in names or each.startswith(_TABLES))
    return View(name, *told, reads, has_day=any(day in told.select for day in _DAYS))


def create_functions(connection: duckdb.DuckDBPyConnection) -> None:
    """The scalar macros of queries/functions; a file's stem is the macro's name.

    They take a day as an argument: only as_at() and register_day() know one that is asked for.
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
    """Functions and views in the connection's own schema.

    A view whose comment says so becomes a table, filled now from the raw_ tables, and one that
    asks for the day is left to `queries.views.days`, which makes a table of it for each day.
    With `materialise=False` all of them stay views: tests change the raw_ rows underneath.
    The staging view of a table in `store_switched_off` has no rows.
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
    """Refresh the materialised views that what is in the `changed` tables reaches."""
    switched_off = _fetch_switched_off(connection)
    for view in list_dependents(changed):
        if order := view.order:
            hold_passing_views(connection, [view])
            connection.execute(format_sql("delete from {name}", name=view.name))
            insert = "insert into {name} from ({select:own}) order by {order:own}"
            select = _build_select(view, switched_off)
            connection.execute(format_sql(insert, name=view.name, select=select, order=order))


def hold_passing_views(connection: duckdb.DuckDBPyConnection, wanted: Iterable[View]) -> None:
    """Work out what some views read and no store keeps, for as long as the connection is open.

    The tables stand before the views of their names.  What is a table already tells of its own.
    """
    needed = {name for each in wanted for name in each.dependencies}
    for view in reversed(load_views().values()):
        if view.name in needed and not _is_table(view):
            needed |= view.dependencies
    for view in load_views().values():
        if view.name in needed and view.find_field("Materialised") == PASSING:
            create = "create temp table if not exists {name} as {select:own}"
            connection.execute(format_sql(create, name=view.name, select=view.select))


def _is_table(view: View) -> bool:
    """Whether a store keeps it, or a day has a table of it."""
    return bool(view.order) or (view.name in find_day_dependent_names() and not view.is_asked_anew)


def _fetch_switched_off(connection: duckdb.DuckDBPyConnection) -> set[str]:
    rows = connection.execute("select table_name from store_switched_off").fetchall()
    return {name for (name,) in rows}


def _build_select(view: View, switched_off: Collection[str]) -> str:
    """The view's select; of what the school does without, the same columns and no row."""
    is_off = view.layer == "staging" and not view.dependencies.isdisjoint(switched_off)
    return f"from ({view.select}) where false" if is_off else view.select


def list_dependents(names: Collection[str]) -> list[View]:
    """The views of these names, and all that read them or each other, in order of need."""
    reached = set(names)
    for view in load_views().values():
        if not reached.isdisjoint(view.dependencies):
            reached.add(view.name)
    return [view for view in load_views().values() if view.name in reached]


def list_dependencies(names: Collection[str]) -> list[View]:
    """The views of these names, and all that these read, in order of need."""
    needed = set(names)
    for view in reversed(load_views().values()):
        if view.name in needed:
            needed |= view.dependencies
    return [view for view in load_views().values() if view.name in needed]


@cache
def find_day_dependent_names() -> frozenset[str]:
    """The names of the views that ask for the day, themselves or by what they read."""
    asking = [view.name for view in load_views().values() if view.has_day]
    return frozenset(view.name for view in list_dependents(asking))


@cache
def compute_definitions_digest() -> str:
    """A fingerprint of every definition, so that a store made by other ones is known."""
    made = [f"{name}\0{each.comment}\0{each.select}" for name, each in sql.build_views().items()]
    types = (sql.build_types(), str(reference.TYPES), sql.build_tables())
    hasher = hashlib.sha256("\0".join((*types, *made)).encode())
    for part in ("tables", "reference", "functions", *LAYERS):
        for path in sorted((FOLDER / part).iterdir()):
            if path.suffix in {".sql", ".csv"}:
                hasher.update(path.name.encode() + b"\0" + path.read_bytes())
    return hasher.hexdigest()[:16]
