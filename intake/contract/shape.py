"""What an export file is made of."""

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["text", "date", "whole number", "UPN", "code"]


@dataclass(frozen=True)
class Column:
    """One column of an export: what may stand in it and what it means."""

    name: str
    kind: Kind
    meaning: str
    required: bool = True
    personal: bool = False
    allowed: tuple[str, ...] = ()
    code_list: str | None = None
    pattern: str | None = None
    example: str = ""
    also_allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Export:
    """One export file: its grain, its key and its columns in their order.

    `refuses_load` marks a file without which nothing can be loaded: when it has a
    fault, no file is taken.  Any other file is refused alone.
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

    @property
    def header(self) -> tuple[str, ...]:
        """The column names, in the order in which they must stand."""
        return tuple(column.name for column in self.columns)

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
)
