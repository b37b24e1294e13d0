"""The shape of an export file."""

from dataclasses import dataclass, field

from queries.contract.model.columns import UPN, Column, list_columns
from queries.contract.model.rules import RowRule, list_rules


@dataclass(frozen=True)
class Export:
    """One export file: its grain, its key and its columns in their order.

    `columns` and `rules` are by default those of its name in columns.csv, after a child's UPN, and
    in rules.csv.  `is_blocking` means that nothing can be loaded without it: if it has a fault, no
    file is loaded.  Any other file is refused alone.
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
        """Look up the columns and the rules."""
        if not self.rules:
            object.__setattr__(self, "rules", list_rules(self.name))
        if not self.columns:
            first = (UPN,) if UPN.name in self.key else ()
            object.__setattr__(self, "columns", (*first, *list_columns(self.name)))

    @property
    def header(self) -> tuple[str, ...]:
        """Return the column names, in the order of our own files."""
        return tuple(column.name for column in self.columns)

    @property
    def is_row_by_row(self) -> bool:
        """Say whether a faulty row is left out and the rest loaded, as of marks and events.

        If too many rows are faulty, it is a wrong file.
        """
        return "date" in self.header and not self.required

    def get_column(self, name: str) -> Column:
        """Return the column called `name`; KeyError if the export has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)
