"""A question: its words, its rows, and the cell that each column makes of a row."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

import polars as pl

from dashboard.text import words
from dashboard.text.cells import Part
from queries import read
from safeguards.access import access, roles

#: Makes a cell of a row: a text, a day, a number, or None if nothing is recorded.
Tell = Callable[[read.Row], Any]


def fetch_schools(session: access.Session, own: read.Own = None) -> pl.DataFrame:
    """Return a row for each school: loads alone without sight of care, an adviser's own schools."""
    if not session.has_category("care"):
        return read.fetch_school_loads(session)
    schools = read.fetch_schools(session, own)
    return schools.filter(pl.col("children") > 0) if roles.has_caseload(session.role) else schools


@dataclass(frozen=True, eq=False, kw_only=True)
class Question:
    """A question about children, with its words and its functions.

    A column is the name of a column of its rows, or a function of the row.  Headings and the note
    name a rule in braces, which its figure replaces.
    """

    #: The heading of its page and its entry in the menu; its address is made from this.
    title: str
    #: What the page is for, beside its title.
    purpose: str = ""
    #: How things are counted, shown below the list.
    note: str = ""
    #: The page and the kind of data that the role must have, and the table that the home must keep.
    page: str = "schools"
    category: str
    table: str = ""
    #: The file that some schools do not send.
    file: str = ""
    #: Returns the rows, for a session.
    fetch: Callable[..., pl.DataFrame]
    #: The columns of which a row must have one above zero.
    only: tuple[str, ...] = ()
    columns: Mapping[str, str | Tell]
    #: Headings that only an authority has.
    of_authority: tuple[str, ...] = ()
    #: The noun that the title counts, or a function for a title that needs more than a number.
    counts: str = "child"
    describe_count: Callable[[pl.DataFrame], str] | None = None
    #: Sum the rows up above the list, and say in small words what is missing.
    describe_sums: Callable[[pl.DataFrame], str] | None = None
    describe_gaps: Callable[[access.Session, read.Own], str] | None = None
    #: Whether a line has the child's school.
    has_school: bool = True

    @property
    def address(self) -> str:
        """Return the part of its page's address."""
        return re.sub(r"\W+", "_", self.title.lower())

    def is_asked(self, session: access.Session) -> bool:
        """Return whether the role may ask this and the home keeps its data."""
        return (
            session.is_allowed(self.page)
            and session.has_category(self.category)
            and session.has_table(self.table)
        )

    def fetch_rows(self, session: access.Session, own: read.Own) -> pl.DataFrame:
        """Return its rows about the chosen children (pupil_id; None for all)."""
        return self._select(read.select_own(self.fetch(session), own))

    def _select(self, rows: pl.DataFrame) -> pl.DataFrame:
        return rows.filter(pl.max_horizontal(self.only) > 0) if self.only else rows

    def list_columns(self, session: access.Session) -> dict[str, str | Tell]:
        """Return its columns in this kind of home."""
        is_authority = session.home_of == "authority"
        return {
            head: column
            for head, column in self.columns.items()
            if is_authority or head not in self.of_authority
        }

    def list_cells(self, session: access.Session, row: read.Row) -> tuple[Part, ...]:
        """Return the cells of a row, one for each of `list_columns`."""
        columns = self.list_columns(session).values()
        return tuple(
            _to_cell(row[column] if isinstance(column, str) else column(row)) for column in columns
        )

    def count(self, session: access.Session, own: read.Own) -> str:
        """Say how many children or other things the answer has, out of all."""
        rows = self.fetch_rows(session, own)
        if self.describe_count:
            return self.describe_count(rows)
        part, whole = map(self._count_rows, (rows, self.fetch_rows(session, None)))
        if part == whole:
            return words.format_count(whole, self.counts)
        return words.format_part(part, whole, self.counts)

    def _count_rows(self, rows: pl.DataFrame) -> int:
        return rows["pupil_id"].n_unique() if self.counts == "child" else rows.height


@dataclass(frozen=True, eq=False, kw_only=True)
class SchoolQuestion(Question):
    """A question with a line for each school."""

    #: Returns the rows, for a session and the children who are counted (None for all).
    fetch: Callable[..., pl.DataFrame] = fetch_schools
    counts: str = "school"
    #: Whether all schools come first, added up.
    is_summed: bool = True
    #: The state of the dates that a click on a school shows; "" for its children.
    opens: str = ""

    def fetch_rows(self, session: access.Session, own: read.Own) -> pl.DataFrame:
        """Return its rows, which count the chosen children (None for all)."""
        return self._select(self.fetch(session, own))

    def _count_rows(self, rows: pl.DataFrame) -> int:
        return rows["school_name"].n_unique()

    def sum_up(self, session: access.Session, own: read.Own) -> tuple[Part, ...]:
        """Return the cells of all rows together: numbers are added up, and lists are joined."""
        rows = self.fetch_rows(session, own)
        sums = rows.select(pl.selectors.numeric().sum()).row(0, named=True)
        lists = {
            name: list(chain.from_iterable(rows[name].drop_nulls()))
            for name in rows.select(pl.selectors.list()).columns
        }
        return self.list_cells(session, dict.fromkeys(rows.columns) | sums | lists)


def _to_cell(value: date | float | Part | None) -> Part:
    if value is None:
        return words.NOT_RECORDED
    if isinstance(value, date):
        return words.format_table_day(value)
    return f"{value:,}" if isinstance(value, int | float) else value


def tell_part(part: str, whole: str) -> Tell:
    """Make a cell "3 of 12", or a dash if the whole is 0."""
    return lambda row: f"{row[part]:,} of {row[whole]:,}" if row[whole] else words.NOTHING


def tell_if(name: str, condition: str) -> Tell:
    """Make a cell of one column, or a dash if the other column is empty, 0 or false."""
    return lambda row: row[name] if row[condition] else words.NOTHING


def tell_term(row: read.Row) -> str:
    """Format the term of a row: "Autumn 2026/27"."""
    if row["academic_year"]:
        return words.capitalise(f"{row['term']} {row['academic_year']}")
    return "Before the calendar" if row["term"] else words.NOTHING


def name_advisers(session: access.Session, children: pl.DataFrame) -> pl.DataFrame:
    """Return the rows about children with the adviser whose caseload each is in."""
    adviser = pl.col("pupil_id").replace_strict(
        session.fetch_advisers(), default="in no caseload", return_dtype=pl.String
    )
    return children.with_columns(adviser=adviser)


def fetch_caseloads(session: access.Session) -> pl.DataFrame:
    """Return all on roll, and children in care without a place, by year group and handle."""
    placeless = read.fetch_without_place(session).with_columns(is_looked_after=True)
    children = pl.concat([read.fetch_members(session), placeless], how="diagonal")
    return name_advisers(session, children.sort("year_group", "handle", nulls_last=True))


def join_children(session: access.Session, rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows about the children of `fetch_caseloads`, in the same order."""
    children = fetch_caseloads(session).drop("handle")
    return children.join(rows, on="pupil_id", maintain_order="left_right")
