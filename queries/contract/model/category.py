"""A category of data, declared once, with all that the rooms need of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from queries.contract.model.columns import UPN, Column
from queries.contract.model.shape import Export

#: The kinds of recipients with whom the privacy notice lets the school share.
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

#: The made column with the band of the child's age, and no more.
AGE_BAND = "age_band"

_TYPES = {"text": "varchar", "date": "date", "pounds": "decimal(9, 2)", "code": "varchar"}
_HIGHEST_SMALLINT = 2**15 - 1


@dataclass(frozen=True)
class Table:
    """The table of a category's rows in the store, beside school, source and load.

    `key` holds the stored columns that tell one row from another, if not those of the file's key;
    none for a single row.  `day` is the stored column that dates a row, if not the file's `date`.
    `knows_pupil` says whether each row is about a child, and `may_lack_pupil` whether a row's child
    may be unknown.  `made` holds columns that intake works out, and their SQL types.  `staged`
    holds columns that the staging view works out from the others of a row, in SQL; one that is only
    another column replaces that one's name.  `check` is the condition on the columns of each row.
    A row of the file where `no_row_if_blank`, a stored column, is blank is no row here.  `note` is
    for readers of the schema.
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
        """Return the name without its layer, such as sdq."""
        return self.name.removeprefix("raw_")


@dataclass(frozen=True)
class Rights:
    """The words about it for a family, and the rule for a look at it before it is handed over.

    `supplied` says whether the family has to give it.  `review` is the reason why a person looks at
    a row first, "" for none; it concerns rows whose `review_column` is one of the values, or all if
    there is none.  `for_the_child` ends the sentence "We have written down".
    """

    supplied: Supplied
    for_the_child: str
    source: str
    review: Review = ""
    review_column: str = ""
    review_values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Retention:
    """How long rows are kept after the school year in which the child left, and what follows."""

    group: str
    source: str
    school_years: int = 1
    then: Then = "delete"
    is_verified: bool = False


@dataclass(frozen=True)
class Category:
    """One kind of data.  CONTRIBUTING.md says what a new one needs.

    `name` is in words, as a family reads it.  `role_category` is the kind of data in roles.csv that
    decides who may see it.  `part` is its name in a family's bundle, by default the table's name.
    `form_label` names a row in a form, which may arrive in a letter and be typed; "" for none.
    `is_by_handle` lets a sheet name children by handle.  `is_off_at_first` means that a home does
    not keep it until it is switched on; None if no home can do without it.  `is_for_many` means
    that a home of many schools keeps it all the same.  `ages` are the youngest and the oldest, in
    whole years, that a row may be about; None for any.  `page_title` is the title under which the
    child's page shows the rows as a plain table, from views that the registry makes; "" for a
    category with views and a page part of its own.  `shared_with` lists who may have a child's
    rows.
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
        """Return its name in the bundle of a child's data."""
        return self.part or (self.table.name if self.table else "")

    @property
    def is_about_pupils(self) -> bool:
        """Say whether it is about single children."""
        return self.table.knows_pupil if self.table else bool(self.part)

    @property
    def is_typed(self) -> bool:
        """Say whether people may type a row of it."""
        return bool(self.form_label)

    @property
    def has_age_band(self) -> bool:
        """Say whether each row holds the band of the child's age on its day."""
        return self.table is not None and AGE_BAND in self.table.made

    @property
    def may_be_off(self) -> bool:
        """Say whether a school may do without it: children's data in a file that no load needs."""
        is_needed = self.export is None or self.export.required or self.is_off_at_first is None
        return self.table is not None and self.is_about_pupils and not is_needed

    @property
    def key(self) -> tuple[str, ...]:
        """Return the stored columns that tell one row from another; none for a single row."""
        if self.table and self.table.key is not None:
            return self.table.key
        columns = (self.export.get_column(name) for name in self.export.key) if self.export else ()
        return tuple(
            "pupil_key" if column == UPN else self.get_stored_name(column) for column in columns
        )

    @property
    def day(self) -> str | None:
        """Return the stored column that dates a row; None if rows only go with the whole child."""
        if self.table and self.export and self.is_about_pupils and "date" in self.export.header:
            return self.table.day or self.get_stored_name(self.export.get_column("date"))
        return self.table.day if self.table else None

    @property
    def stored_columns(self) -> tuple[Column, ...]:
        """Return the columns of the export that the store keeps, in their order."""
        columns = self.export.columns if self.export else ()
        return tuple(column for column in columns if not column.personal)

    @property
    def stored_names(self) -> tuple[str, ...]:
        """Return the names of the table's own columns, in their order."""
        made = self.table.made if self.table else ()
        return (*map(self.get_stored_name, self.stored_columns), *made)

    @property
    def word_lists(self) -> dict[str, tuple[str, ...]]:
        """Return the words of each stored column that is a list of them, by SQL type."""
        columns = (column for column in self.stored_columns if column.is_word_list)
        return {self.get_sql_type(column): column.allowed for column in columns}

    def get_stored_name(self, column: Column) -> str:
        """Return a column's name in the store."""
        if column.stored_as:
            return column.stored_as
        assert self.table is not None  # noqa: S101 - only what is stored is asked for
        return f"{self.table.stem}_date" if column.name == "date" else column.name

    def get_sql_type(self, column: Column) -> str:
        """Return the column's type in the store; a list of words is an enum of the table's own."""
        if column.is_yes_no:
            return "boolean"
        if column.is_word_list and self.table:
            return f"{self.table.stem}_{self.get_stored_name(column)}"
        if column.kind == "whole number" and column.range and not column.sql_type:
            return "smallint" if column.range.highest <= _HIGHEST_SMALLINT else "integer"
        return column.sql_type or _TYPES[column.kind]
