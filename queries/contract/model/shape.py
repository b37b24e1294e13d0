"""What an export file is made of."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from queries.contract.model.spelling import spell_upn

Kind = Literal["text", "date", "whole number", "UPN", "code"]
Form = Literal[Kind, "text?", "date?", "whole number?", "UPN?", "code?"]


@dataclass(frozen=True)
class Column:
    """One column of an export: what may stand in it and what it means.

    form: its kind, with "?" where a row may have none.  stored_as: its name in the store,
    where that is another; `date` is always stored under the table's own name.  sql_type: where
    it is stored as another type than its kind's; a word of a list as its place there, where that
    is a number.  label: what a form calls it, where its name does not do.  must_be_named: whether
    a file may not lack it, though its values may be blank: a blank there says more than that
    something is not known.  spell: the one spelling of a value, where it has several that mean
    the same.  is_line: whether it is one short line in somebody's own words, which names nobody
    and no place.  may_lie_ahead: whether its day may be still to come, though what the row tells
    has happened.
    """

    name: str
    form: Form
    meaning: str
    personal: bool = False
    allowed: tuple[str, ...] = ()
    code_list: str | None = None
    pattern: str | None = None
    example: str = ""
    also_allowed: tuple[str, ...] = ()
    stored_as: str = ""
    sql_type: str = ""
    label: str = ""
    must_be_named: bool = False
    spell: Callable[[str], str] | None = field(default=None, compare=False)
    is_line: bool = False
    may_lie_ahead: bool = False

    @property
    def kind(self) -> str:
        """What stands in it."""
        return self.form.removesuffix("?")

    @property
    def required(self) -> bool:
        """Whether each row has one."""
        return not self.form.endswith("?")

    @property
    def may_be_absent(self) -> bool:
        """Whether a file may lack it."""
        return not (self.required or self.must_be_named)

    @property
    def may_be_null(self) -> bool:
        """Whether a row may have none that the store could hold."""
        return not self.required or bool(self.also_allowed)

    @property
    def is_yes_no(self) -> bool:
        """Whether it says yes or no, and is true or false in the store."""
        return self.allowed == ("yes", "no")

    @property
    def is_word_list(self) -> bool:
        """Whether the store knows no word but those allowed."""
        return bool(self.allowed) and not self.is_yes_no and not self.sql_type


@dataclass(frozen=True)
class RowRule:
    """Values of one row that break a rule together; told at `column`.

    broken: true where the rule is broken; a null is not.  reads: the other columns that it
    looks at: where one of them has a fault of its own, the rule is not judged.
    """

    column: str
    fault: str
    broken: pl.Expr
    reads: Collection[str] = ()


@dataclass(frozen=True)
class Export:
    """One export file: its grain, its key and its columns in their order.

    is_blocking: nothing can be loaded without it: when it has a fault, no file is taken.
    Any other file is refused alone.
    """

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    required: bool = False
    is_blocking: bool = False
    may_be_empty: bool = False
    note: str = ""
    #: Columns that tell one child from another under the same UPN.
    identity_columns: tuple[str, ...] = field(default=())
    rules: tuple[RowRule, ...] = field(default=(), compare=False)

    @property
    def header(self) -> tuple[str, ...]:
        """The column names, in the order in which our own files have them."""
        return tuple(column.name for column in self.columns)

    @property
    def is_row_by_row(self) -> bool:
        """Whether a faulty row is left out and the rest taken, as of marks and events.

        Unless so many are faulty that it is a wrong file.
        """
        return "date" in self.header and not self.required

    def get_column(self, name: str) -> Column:
        """The column called `name`; KeyError if the export has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


#: A letter, then anything but figures and signs that no name has.
PLAIN_NAME = r"[^\W\d_][^\d_<>=;|\\{}\[\]]{0,79}"

UPN = Column(
    "upn",
    "UPN",
    "Unique pupil number: a check letter, then 12 digits, the last of them a letter "
    "while the number is temporary.",
    personal=True,
    example="A001999926001",
    spell=spell_upn,
)
