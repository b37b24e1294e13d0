"""A table as it came, before anybody knows which of its columns is which."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import polars as pl

from intake.map.mapping import SourceRow

#: Among so many rows the names of the columns are looked for.
HEAD_ROWS = 30

FAULT_SCHEMA = pl.Schema(
    {"row": pl.UInt32(), "fault": pl.String(), "fields": pl.Int64(), "key": pl.String()}
)


@dataclass(frozen=True, eq=False)
class Body:
    """The rows below the names of the columns, as text.

    rows: `row` (UInt32, the line) and the columns that were asked for, "" for blank.
    faults: `row`, `fault`, `fields` (how many were found) and `key`, what stands in the key
    column as far as it can be made out, of rows that could not be read.
    """

    rows: pl.DataFrame = field(repr=False)
    faults: pl.DataFrame = field(repr=False)


class Source(Protocol):
    """One file, or one sheet of a workbook; no value in it is told by `repr`."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes of the file or workbook, as hexadecimal digits."""

    @property
    def is_sheet(self) -> bool:
        """Whether it comes from a workbook."""

    @property
    def head(self) -> Sequence[SourceRow]:
        """Its first rows that are not blank, at most `HEAD_ROWS`."""

    def read_body(
        self, header: SourceRow, columns: Sequence[tuple[str, int]], key_place: int
    ) -> Body:
        """The rows below `header`.

        columns: the names to give and the places, from 0, at which they are found; they
        come out in this order.  key_place: where a row says whom it is about.  Blank rows
        and repetitions of the header are no rows.
        """


def compute_widths(header: SourceRow) -> tuple[int, int]:
    """How few and how many cells a row may have: to the last name, and to the last cell."""
    cells = header[1]
    named = max((place + 1 for place, cell in enumerate(cells) if cell), default=0)
    return named, len(cells)
