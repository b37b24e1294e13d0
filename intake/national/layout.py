"""Layouts of national files and what they give, as the .toml files here declare them.

A layout has tables.  A table is recognised by names of its columns, in any order and case, and may
have other columns.  A row leads to its child by a UPN, or by a row of another table.
"""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec


class TableLayout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One table.  known_by: the columns that identify it; more: those it may lack.

    upns, number, born: in a table of children, the columns with UPNs, the authority's own
    number ("" for none) and the date of birth.  parent: in any other table, the table that a row
    belongs to, the column here and the column there.  borrows: a table, the column by which
    a row here leads to one there, and the column that is taken from it.  cells: the values that
    a column allows: date, the largest whole number, text, or a list of codes; "?" at the end if
    it may be blank.  once_called: the columns by their names in other years.
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
        """Return the columns that are read."""
        return (*self.known_by, *self.more)


class Choice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A choice of rows of a table.

    when: the values that their columns must have, or an empty list for any but blank.  without:
    their columns that must be blank.
    """

    table: str
    when: Mapping[str, Sequence[str]] = {}
    without: Sequence[str] = ()


class Gift(Choice, frozen=True, kw_only=True):
    """The row of ours in `file` that such a row gives.

    columns: their columns by ours.  values: fixed values.  codes: our codes by theirs, by column.
    dated: their columns that must be dates, or the row gives nothing and the fault is listed apart.
    """

    file: str
    columns: Mapping[str, str]
    values: Mapping[str, str] = {}
    codes: Mapping[str, Mapping[str, str]] = {}
    dated: Sequence[str] = ()


class State(Choice, frozen=True, kw_only=True):
    """A fact in such a row that makes no row of ours, and is counted for a person.

    said: the words after the number.  status: children with a care episode of this status are not
    counted; "" counts all.
    """

    said: str
    status: str = ""


class Layout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A national format.

    title: the kind of file in words.  child: the column that identifies a child in all its
    tables; "" if they have different ones.
    from_authority: whether a local authority sends it.  needs_authority: whether nothing is taken
    before that authority is known.  in_capitals: whether codes in small letters count as the same.
    faults_in: our file that gets the faults of every table; "" for the one to which the table
    gives.  advice: what a person must add to such a file.  unused: a note on the tables that give
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
    """Load the layout from the .toml file of this name; ValidationError if a key is unknown."""
    text = files("intake.national").joinpath(f"{name}.toml").read_text("utf-8")
    declared: dict[str, Any] = tomllib.loads(text)
    tables, child = declared["tables"], declared.get("child")
    of_children = next((kind for kind, table in tables.items() if "upns" in table), "")
    for table in tables.values():
        table.setdefault("known_by", list(table.get("cells", ())))
        if child and "upns" not in table:
            table["parent"] = [of_children, child, child]
    return msgspec.convert({"name": name, **declared}, Layout)
