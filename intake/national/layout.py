"""National files whose rows become rows of ours one by one, as the .toml files here declare.

A layout has tables, each known by names of its columns, in any order and case, among others.
A row finds its child by a UPN of its own or by the row of another table that it belongs to.
What it gives is text, which the contract checks: nothing is judged here, and nothing is
made of what a file does not say.
"""

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files

import polars as pl

from queries.contract.model.dates import parse_date
from queries.contract.model.spelling import spell_upn

LAYOUTS = ("cin", "giap", "census", "sen2", "send", "sensupport", "annexa")

_FIRST_PLACES = 5
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class TableLayout:
    """One table.  known_by: the columns that tell what it is; more: those it may lack.

    upns, number, born: of a table of children, the columns with UPNs, the authority's own
    number ("" for none) and the date of birth.  parent: of any other, the table that a row
    belongs to, the column here and the column there.  borrows: a table, the column by which
    a row here leads to one there, and the column that is taken from it.  allowed: by column,
    what may stand there.  once_called: the columns by what they were called in other years.
    """

    known_by: Sequence[str]
    more: Sequence[str] = ()
    upns: Sequence[str] = ()
    number: str = ""
    born: str = ""
    parent: Sequence[str] = ()
    borrows: Sequence[str] = ()
    allowed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    once_called: Mapping[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """Those that are read."""
        return (*self.known_by, *self.more)


@dataclass(frozen=True)
class Given:
    """What a row gives: `file`, its columns by ours, its fixed values, codes by theirs.

    when: by their column, what it must say; nothing listed is anything but blank.  without:
    their columns that must be blank.
    """

    table: str
    file: str
    columns: Mapping[str, str]
    values: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    when: Mapping[str, Sequence[str]] = field(default_factory=dict)
    without: Sequence[str] = ()


@dataclass(frozen=True)
class State:
    """What a row says that makes no row of ours, and is counted for a person.

    when, without: see `Given`.  said: in words, of so many children.  status: of whom a care
    episode of it is known, they are not counted; "" counts all.
    """

    table: str
    said: str
    status: str = ""
    when: Mapping[str, Sequence[str]] = field(default_factory=dict)
    without: Sequence[str] = ()


@dataclass(frozen=True)
class Layout:
    """A national format.

    title: in words, what such a file is.  from_authority: whether a local authority sends it.
    advice: what a person must add or know, "" for nothing.  refused: why such a file is known
    and not read, and what to do; "" for one that is.
    """

    name: str
    title: str
    tables: Mapping[str, TableLayout]
    gives: tuple[Given, ...]
    states: tuple[State, ...] = ()
    from_authority: bool = False
    advice: str = ""
    refused: str = ""


@dataclass(frozen=True, eq=False)
class NationalTable:
    """A table that was read: its rows as text under the layout's names; file: as people know it."""

    kind: str
    file: str
    rows: pl.DataFrame = field(repr=False)


@dataclass(frozen=True)
class Children:
    """The children of the roll.

    upns: by every number under which one is or was known, the present one.  numbers: the
    same by the authority's own, of the authority that sent the files.  births: by UPN.
    """

    upns: Mapping[str, str] = field(repr=False)
    numbers: Mapping[str, str] = field(default_factory=dict, repr=False)
    births: Mapping[str, date] = field(default_factory=dict, repr=False)

    def is_born_otherwise(self, upn: str, text: str) -> bool:
        """Whether a file has another day of birth of a child than the roll, so is of another."""
        found, born = parse_date(text.strip()), self.births.get(upn)
        return found is not None and born is not None and found[0] != born


@dataclass(frozen=True, eq=False)
class MatchedTables:
    """The tables by kind, all rows of one together, with `upn` where the child is on the roll.

    known, unknown: how many of its children are on the roll, and are not.  unlike: where a
    child stands whose date of birth is not the roll's, so that nothing of it is taken.
    """

    tables: Mapping[str, pl.DataFrame] = field(repr=False)
    known: int
    unknown: int
    unlike: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class GivenRows:
    """Rows of one export: its columns as text, `file`, `line` and `place`.

    headings: by place and our column, how the sender calls it.
    """

    file: str
    rows: pl.DataFrame = field(repr=False)
    headings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@cache
def load_layout(name: str) -> Layout:
    """The layout of the .toml file of this name."""
    text = files("intake.national").joinpath(f"{name}.toml").read_text("utf-8")
    found = tomllib.loads(text)
    tables = {kind: TableLayout(**table) for kind, table in found["tables"].items()}
    gives = tuple(Given(**each) for each in found.get("gives", ()))
    states = tuple(State(**each) for each in found.get("states", ()))
    return Layout(
        name,
        found["title"],
        tables,
        gives,
        states,
        from_authority=found.get("from_authority", False),
        advice=found.get("advice", ""),
        refused=found.get("refused", ""),
    )


def identify_layout(cells: Sequence[str | None]) -> tuple[Layout, str] | None:
    """The layout and table by which a row names the columns; None if it is none of them."""
    names = {(cell or "").strip().casefold() for cell in cells}
    found = ((layout, kind) for known_by, layout, kind in _list_tables() if known_by <= names)
    return next(found, None)


@cache
def _list_tables() -> tuple[tuple[frozenset[str], Layout, str], ...]:
    """Each table with the names it is known by, that with most of them first."""
    found = (
        (frozenset(name.casefold() for name in table.known_by), layout, kind)
        for layout in map(load_layout, LAYOUTS)
        for kind, table in layout.tables.items()
    )
    return tuple(sorted(found, key=lambda each: -len(each[0])))


def merge_tables(layout: Layout, tables: Sequence[NationalTable]) -> dict[str, pl.DataFrame]:
    """The rows of each table together, with `file`, and with what is borrowed of others."""
    together = {
        kind: pl.concat([each.rows.with_columns(file=pl.lit(each.file)) for each in of_kind])
        for kind in layout.tables
        if (of_kind := [each for each in tables if each.kind == kind])
    }
    for kind, rows in together.items():
        if layout.tables[kind].borrows:
            other, key, column = layout.tables[kind].borrows
            lent = together.get(other, pl.DataFrame(schema={key: pl.String, column: pl.String}))
            pairs = lent.select(key, column).unique(key, keep="none")
            found = rows.join(pairs, on=key, how="left", maintain_order="left")
            together[kind] = found.with_columns(pl.col(column).fill_null(""))
    return together


def find_wrong_values(table: TableLayout, rows: pl.DataFrame) -> list[tuple[int, str, str, str]]:
    """The file, row and column of what may not stand there, and what may.

    rows: those of children on the roll, with `row` and `file`.
    """
    return [
        (row["row"], row["file"], column, ", ".join(allowed))
        for column, allowed in table.allowed.items()
        for row in rows.iter_rows(named=True)
        if row[column] and row[column] not in allowed
    ]


def match_children(
    layout: Layout, tables: Sequence[NationalTable], children: Children
) -> MatchedTables:
    """Each row with its child, where that is on the roll."""
    together = merge_tables(layout, tables)
    linked: dict[str, pl.DataFrame] = {}
    known: set[str] = set()
    unknown = 0
    unlike: list[str] = []
    for kind, table in layout.tables.items():
        if kind not in together:
            continue
        rows = together[kind]
        if not table.parent and not table.upns:
            continue
        if table.parent:
            linked[kind] = _join_parent(rows, table.parent, linked)
            continue
        upns = [_find_child(row, table, children) for row in rows.iter_rows(named=True)]
        for place, row in enumerate(rows.iter_rows(named=True)):
            upn = upns[place]
            if upn and table.born and children.is_born_otherwise(upn, row[table.born]):
                unlike.append(f"{row['file']}, row {row['row']}")
                upns[place] = None
        known |= {upn for upn in upns if upn}
        unknown += upns.count(None)
        linked[kind] = rows.with_columns(upn=pl.Series(upns, dtype=pl.String))
    return MatchedTables(linked, len(known), unknown - len(unlike), tuple(unlike))


def build_given_rows(given: Given, rows: pl.DataFrame, columns: Collection[str]) -> GivenRows:
    """What the rows of one table give, less those of children who are not on the roll.

    columns: those of the export.
    """
    place = " ".join([given.table, *given.columns.values(), *given.values.values()])
    chosen = rows.filter(pl.col("upn").is_not_null(), *build_conditions(given))
    taken = {
        ours: pl.col(theirs).replace(dict(given.codes.get(ours, {})))
        for ours, theirs in given.columns.items()
        if ours != "upn"
    }
    fixed = {ours: pl.lit(value) for ours, value in given.values.items()}
    blank = {name: pl.lit("") for name in columns if name != "upn"}
    found = chosen.select(
        *(expression.alias(name) for name, expression in (blank | taken | fixed).items()),
        "upn",
        "file",
        line="row",
        place=pl.lit(place),
    )
    return GivenRows(given.file, found, {place: given.columns})


def describe_unlike(name: str, places: Sequence[str]) -> str:
    """That children were left out whose day of birth is another, for a person."""
    return (
        f"{name}: the date of birth of {len(places)} is not that of the roll, so nothing of them "
        f"was read: see whose the UPN is ({'; '.join(places[:_FIRST_PLACES])})."
    )


def write_date(text: str) -> str:
    """A date with its month in letters, which goes with either form; other text as it is."""
    found = parse_date(text.strip())
    if found is None:
        return text
    return f"{found[0].day} {_MONTHS[found[0].month - 1]} {found[0].year}"


def build_conditions(given: Given | State) -> list[pl.Expr]:
    """What rows must say to give something."""
    blank = [pl.col(theirs) == "" for theirs in given.without]
    return blank + [
        pl.col(theirs).str.to_lowercase().is_in([each.casefold() for each in allowed])
        if allowed
        else pl.col(theirs) != ""
        for theirs, allowed in given.when.items()
    ]


def _join_parent(
    rows: pl.DataFrame, parent: Sequence[str], linked: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """The rows with the child of the row that each belongs to."""
    kind, here, there = parent
    if kind not in linked:
        return rows.with_columns(upn=pl.lit(None, pl.String))
    pairs = linked[kind].select(pl.col(there).alias(here), "upn").unique()
    # a row that leads to two children leads to none, be one of them not on the roll
    sure = pairs.filter(pl.len().over(here) == 1, pl.col(here) != "").drop_nulls()
    return rows.join(sure, on=here, how="left", maintain_order="left")


def _find_child(row: Mapping[str, str], table: TableLayout, children: Children) -> str | None:
    found = (children.upns.get(spell_upn(row[name])) for name in table.upns)
    upn = next((each for each in found if each), None)
    return upn or (children.numbers.get(row[table.number]) if table.number else None)
