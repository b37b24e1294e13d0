"""A column of an export file; a row of `columns.csv` each, in the order of their file.

The values of allowed and also_allowed have | between them; the pattern "name" is that of a name;
flags are the properties of `Column` that are true.  A range is written 0..50, or 0..50 (1..12) with
the usual values in brackets; range_reason gives its source.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, cached_property
from typing import Any, Literal

from queries.contract.model import spelling
from queries.rows import read_rows, split

Kind = Literal["text", "date", "whole number", "pounds", "UPN", "code"]
Form = Literal[Kind, "text?", "date?", "whole number?", "pounds?", "UPN?", "code?"]

_NUMBER = re.compile(r"-?\d+")


@dataclass(frozen=True)
class Range:
    """The numbers that a column may hold, and those within them that are usual."""

    lowest: int
    highest: int
    usual_lowest: int
    usual_highest: int

    def __contains__(self, number: Decimal | int) -> bool:
        """Say whether the column may hold the number."""
        return self.lowest <= number <= self.highest

    def describe(self) -> str:
        """Return the range in words: 0 to 5,000."""
        return f"{self.lowest:,} to {self.highest:,}"

    def describe_usual(self) -> str:
        """Return the usual numbers in words."""
        return f"{self.usual_lowest:,} to {self.usual_highest:,}"


@dataclass(frozen=True)
class Column:
    """One column of an export: the values that it may hold and its meaning.

    `form` is its kind, with "?" if a row may have none.  `range` is that of a number.  `stored_as`
    is its name in the store, if that is another; `date` is always stored under the table's own
    name.  `sql_type` is its type in the store, if not its kind's; a word of a list is stored as its
    place there if that is a number.  `label` names it in a form, if its name does not do.  A file
    may not lack a column that `must_be_named`, though its values may be blank: a blank there means
    more than that something is not known.  `spell` turns the spellings of a value that mean the
    same into one.  `is_line` means one short line in somebody's own words, which names nobody and
    no place.  `may_lie_ahead` means that its day may be in the future, though the event of the row
    has happened.
    """

    name: str
    form: Form
    meaning: str
    range: Range | None = None
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

    @cached_property
    def kind(self) -> str:
        """Return the kind of its values."""
        return self.form.removesuffix("?")

    @property
    def required(self) -> bool:
        """Say whether each row has one."""
        return not self.form.endswith("?")

    @property
    def may_be_absent(self) -> bool:
        """Say whether a file may lack it."""
        return not (self.required or self.must_be_named)

    @property
    def may_be_null(self) -> bool:
        """Say whether a row may have no value that the store could hold."""
        return not self.required or bool(self.also_allowed)

    @property
    def full_meaning(self) -> str:
        """Return its meaning, with the range of a number."""
        if self.range is None:
            return self.meaning
        return f"{self.meaning} From {self.range.describe()}."

    @property
    def is_yes_no(self) -> bool:
        """Say whether its values are yes and no, which are true and false in the store."""
        return self.allowed == ("yes", "no")

    @property
    def is_word_list(self) -> bool:
        """Say whether the store accepts only the words that are allowed."""
        return bool(self.allowed) and not self.is_yes_no and not self.sql_type


#: A letter, then anything but figures and signs that no name has.
PLAIN_NAME = r"[^\W\d_][^\d_<>=;|\\{}\[\]]{0,79}"

UPN = Column(
    "upn",
    "UPN",
    "Unique pupil number: a check letter, then 12 digits, the last of them a letter "
    "while the number is temporary.",
    personal=True,
    example="A001999926001",
    spell=spelling.spell_upn,
)

_AS_IT_IS = ("name", "form", "meaning", "example", "stored_as", "sql_type", "label")


def list_columns(file: str) -> tuple[Column, ...]:
    """Return the columns of a file of ours, except a child's UPN."""
    return tuple(_build(row) for row in _load() if row["file"] == file)


@cache
def _load() -> list[dict[str, str]]:
    return read_rows("queries.contract", "columns")


def _build(row: dict[str, str]) -> Column:
    values: dict[str, Any] = {name: row[name] for name in _AS_IT_IS}
    values |= {name: split(row[name]) for name in ("allowed", "also_allowed")}
    values |= dict.fromkeys(row["flags"].split(), True)
    return Column(
        **values,
        range=_parse_range(row["range"]),
        code_list=row["code_list"] or None,
        pattern=PLAIN_NAME if row["pattern"] == "name" else row["pattern"] or None,
        spell=getattr(spelling, f"spell_{row['spell']}") if row["spell"] else None,
    )


def _parse_range(text: str) -> Range | None:
    """Return the range of a cell, "" for none; without brackets every number of it is usual."""
    if not text:
        return None
    bounds = [int(number) for number in _NUMBER.findall(text)]
    return Range(*bounds[:2], *(bounds[2:] or bounds[:2]))
