"""What a national file is made of and what it tells, as the .toml files here declare it.

A layout has tables, each known by names of its columns, in any order and case, among others.
A row finds its child by a UPN of its own or by the row of another table that it belongs to.
"""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec


class TableLayout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One table.  known_by: the columns that tell what it is; more: those it may lack.

    upns, number, born: of a table of children, the columns with UPNs, the authority's own
    number ("" for none) and the date of birth.  parent: of any other, the table that a row
    belongs to, the column here and the column there.  borrows: a table, the column by which
    a row here leads to one there, and the column that is taken from it.  cells: by column, what
    may stand there: date, a whole number up to something, text, or one of the codes; "?" where
    it may be blank.  once_called: the columns by what they were called in other years.
    """

    known_by: Sequence[str]
    more: Sequence[str] = ()
    upns: Sequence[str] = ()
    number: str = ""
    born: str = ""
    parent: Sequence[str] = ()
    borrows: Sequence[str] = ()
    cells: Mapping[str, str] = {}
    once_called: Mapping[str, str] = {}

    @property
    def columns(self) -> tuple[str, ...]:
        """Those that are read."""
        return (*self.known_by, *self.more)


class Choice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rows of a table.

    when: by their column, what it must say; nothing listed is anything but blank.  without:
    their columns that must be blank.
    """

    table: str
    when: Mapping[str, Sequence[str]] = {}
    without: Sequence[str] = ()


class Gift(Choice, frozen=True, kw_only=True):
    """What such a row gives: `file`, its columns by ours, its fixed values, codes by theirs.

    dated: their columns that must be days, where it is told elsewhere if they are none.
    """

    file: str
    columns: Mapping[str, str]
    values: Mapping[str, str] = {}
    codes: Mapping[str, Mapping[str, str]] = {}
    dated: Sequence[str] = ()


class State(Choice, frozen=True, kw_only=True):
    """What such a row says that makes no row of ours, and is counted for a person.

    said: in words, of so many children.  status: of whom a care episode of it is known, they are
    not counted; "" counts all.
    """

    said: str
    status: str = ""


class Layout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A national format.

    title: in words, what such a file is.  child: the column by which each of its tables names a
    child; "" where each has its own.
    from_authority: whether a local authority sends it; needs_authority: whether nothing is taken
    before it is known which.  in_capitals: whether codes in small letters are the same.
    faults_in: the file of ours that has the faults of every table; "" for the one that the table
    gives to.  advice, unused: what a person must add or know of it, and of the tables that give
    nothing.
    """

    name: str
    title: str
    tables: Mapping[str, TableLayout]
    gives: tuple[Gift, ...] = ()
    states: tuple[State, ...] = ()
    child: str = ""
    from_authority: bool = False
    needs_authority: bool = False
    in_capitals: bool = False
    faults_in: str = ""
    advice: str = ""
    unused: str = ""


@cache
def load_layout(name: str) -> Layout:
    """The layout of the .toml file of this name; ValidationError for a word that none has."""
    text = files("intake.national").joinpath(f"{name}.toml").read_text("utf-8")
    found: dict[str, Any] = tomllib.loads(text)
    tables, child = found["tables"], found.get("child")
    of_children = next((kind for kind, table in tables.items() if "upns" in table), "")
    for table in tables.values():
        table.setdefault("known_by", list(table.get("cells", ())))
        if child and "upns" not in table:
            table["parent"] = [of_children, child, child]
    return msgspec.convert({"name": name, **found}, Layout)
