"""A category of data, declared once: all that the rooms must know of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from queries.contract.model.columns import UPN, Column
from queries.contract.model.shape import Export

#: With whom the privacy notice lets the school share: kinds of recipients.
RecipientKind = Literal[
    "DfE",
    "own authority",
    "other authority",
    "other school",
    "school nurse",
    "looked-after children nurse",
]
#: The same in words.
RECIPIENT_KINDS: dict[RecipientKind, str] = {
    "DfE": "the Department for Education",
    "own authority": "the school's own local authority",
    "other authority": "another local authority",
    "other school": "another school or setting",
    "school nurse": "a school nurse",
    "looked-after children nurse": "a nurse for looked-after children",
}

Supplied = Literal["required", "voluntary", "made here", "not stated"]
Then = Literal["delete", "review"]
Review = Literal["", "third party", "serious harm", "not described"]

#: The made column that tells how old the child was, and no more.
AGE_BAND = "age_band"

_TYPES = {"text": "varchar", "date": "date", "pounds": "decimal(9, 2)", "code": "varchar"}
_HIGHEST_SMALLINT = 2**15 - 1


@dataclass(frozen=True)
class Table:
    """Where the rows of a category stand in the store, beside school, source and load.

    key: the stored columns that tell one row from another, where they are not those of the
    file's key; none for one row in all.  day: the stored column by which a row is dated, where
    it is not the file's `date`.  knows_pupil: whether each row is about a child;
    may_lack_pupil: whether one may be of a child that nobody can tell.  made: columns that
    intake works out, and their SQL types.  staged: columns that the staging view works out of
    the others of a row, in SQL; where it is one of these alone, only its new name stands there.
    check: what holds of the columns of each row.
    no_row_if_blank: the stored column without which a row of the file is no row here.
    note: what a reader of the schema should know.
    """

    name: str
    key: tuple[str, ...] | None = None
    day: str | None = None
    knows_pupil: bool = True
    may_lack_pupil: bool = False
    made: Mapping[str, str] = field(default_factory=dict)
    staged: Mapping[str, str] = field(default_factory=dict)
    check: str = ""
    no_row_if_blank: str = ""
    note: str = ""

    @property
    def stem(self) -> str:
        """The name without its layer, such as sdq."""
        return self.name.removeprefix("raw_")


@dataclass(frozen=True)
class Rights:
    """What a family is told of it, and who looks at it before it is handed over.

    supplied: whether the family has to give it.  review: why a person looks at a row first,
    "" if nobody need; it concerns rows whose `review_column` is one of the values, all if
    there is none.  for_the_child: ends the sentence "We have written down".
    """

    supplied: Supplied
    for_the_child: str
    source: str
    review: Review = ""
    review_column: str = ""
    review_values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Retention:
    """How long rows are kept after the school year in which the child left, and then."""

    group: str
    source: str
    school_years: int = 1
    then: Then = "delete"
    is_verified: bool = False


@dataclass(frozen=True)
class Category:
    """One kind of data.  See CONTRIBUTING.md for what comes with a new one.

    name: in words, as a family reads it.  role_category: of roles.csv, whose eyes it is for.
    part: how the bundle of what is held calls it; the table's name by default.
    form_label: what a form calls a row, which may arrive in a letter and be typed; "" for none.
    is_by_handle: whether a sheet may name children by handle.
    is_off_at_first: whether a home does not keep it until it says so; None for what none can
    do without.  is_for_many: whether a home of many schools keeps it all the same.
    ages: the youngest and the oldest, in whole years, of whom a row may tell; None for any.
    page_title: under which the child's page shows the rows as a plain table, from views that
    the registry makes; "" for a category that has views and a page part of its own.
    shared_with: who may have a child's rows.
    """

    name: str
    role_category: str = ""
    export: Export | None = None
    table: Table | None = None
    part: str = ""
    rights: Rights | None = None
    retention: Retention | None = None
    shared_with: tuple[RecipientKind, ...] = ()
    form_label: str = ""
    is_by_handle: bool = False
    is_off_at_first: bool | None = False
    is_for_many: bool = False
    ages: tuple[int, int] | None = None
    page_title: str = ""

    @property
    def part_name(self) -> str:
        """How the bundle of what is held calls it."""
        return self.part or (self.table.name if self.table else "")

    @property
    def is_about_pupils(self) -> bool:
        """Whether it says something about single children."""
        return self.table.knows_pupil if self.table else bool(self.part)

    @property
    def is_typed(self) -> bool:
        """Whether people may type a row of it."""
        return bool(self.form_label)

    @property
    def has_age_band(self) -> bool:
        """Whether each row holds the band of the child's age on its day."""
        return self.table is not None and AGE_BAND in self.table.made

    @property
    def may_be_off(self) -> bool:
        """Whether a school may do without it: children's data in a file that no load needs."""
        is_needed = self.export is None or self.export.required or self.is_off_at_first is None
        return self.table is not None and self.is_about_pupils and not is_needed

    @property
    def key(self) -> tuple[str, ...]:
        """The stored columns that tell one row from another; none for one row in all."""
        if self.table and self.table.key is not None:
            return self.table.key
        columns = (self.export.get_column(name) for name in self.export.key) if self.export else ()
        return tuple(
            "pupil_key" if column == UPN else self.get_stored_name(column) for column in columns
        )

    @property
    def day(self) -> str | None:
        """The stored column by which a row is dated; None if rows go with the whole child only."""
        if self.table and self.export and self.is_about_pupils and "date" in self.export.header:
            return self.table.day or self.get_stored_name(self.export.get_column("date"))
        return self.table.day if self.table else None

    @property
    def stored_columns(self) -> tuple[Column, ...]:
        """The columns of the export that the store keeps, in their order."""
        columns = self.export.columns if self.export else ()
        return tuple(column for column in columns if not column.personal)

    @property
    def stored_names(self) -> tuple[str, ...]:
        """What the columns of the table are called that are its own, in their order."""
        made = self.table.made if self.table else ()
        return (*map(self.get_stored_name, self.stored_columns), *made)

    @property
    def word_lists(self) -> dict[str, tuple[str, ...]]:
        """By SQL type the words of each stored column that is a list of them."""
        listed = (column for column in self.stored_columns if column.is_word_list)
        return {self.get_sql_type(column): column.allowed for column in listed}

    def get_stored_name(self, column: Column) -> str:
        """What a column is called in the store."""
        if column.stored_as:
            return column.stored_as
        assert self.table is not None  # noqa: S101 - only what is stored is asked for
        return f"{self.table.stem}_date" if column.name == "date" else column.name

    def get_sql_type(self, column: Column) -> str:
        """The column's type in the store; a list of words is an enum of the table's own."""
        if column.is_yes_no:
            return "boolean"
        if column.is_word_list and self.table:
            return f"{self.table.stem}_{self.get_stored_name(column)}"
        if column.kind == "whole number" and column.range and not column.sql_type:
            return "smallint" if column.range.highest <= _HIGHEST_SMALLINT else "integer"
        return column.sql_type or _TYPES[column.kind]
