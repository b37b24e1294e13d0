"""What an export file is made of."""

from dataclasses import dataclass, field

from queries.contract.model.columns import UPN, Column, list_columns
from queries.contract.model.rules import RowRule, list_rules


@dataclass(frozen=True)
class Export:
    """One export file: its grain, its key and its columns in their order.

    columns, rules: those of its name in columns.csv, a child's UPN before them, and in rules.csv,
    where none are given.
    is_blocking: nothing can be loaded without it: when it has a fault, no file is taken.
    Any other file is refused alone.
    """

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...] = ()
    required: bool = False
    is_blocking: bool = False
    may_be_empty: bool = False
    note: str = ""
    #: Columns that tell one child from another under the same UPN.
    identity_columns: tuple[str, ...] = field(default=())
    rules: tuple[RowRule, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        """Find the columns and the rules."""
        if not self.rules:
            object.__setattr__(self, "rules", list_rules(self.name))
        if not self.columns:
            first = (UPN,) * (UPN.name in self.key)
            object.__setattr__(self, "columns", (*first, *list_columns(self.name)))

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
