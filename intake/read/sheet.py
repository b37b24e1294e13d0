"""A sheet of a workbook as a table; no value is judged yet."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from intake.map.mapping import SourceRow
from intake.read.source import FAULT_SCHEMA, HEAD_ROWS, Body, compute_widths
from intake.read.tables import UNPRINTABLE_PATTERN

_UNPRINTABLE = re.compile(UNPRINTABLE_PATTERN)


@dataclass(frozen=True, eq=False)
class SheetSource:
    """One sheet, of which rows that are blank are none; see `intake.read.source.Source`."""

    name: str
    digest: str
    rows: Sequence[SourceRow] = field(repr=False)
    is_sheet: bool = True

    @property
    def head(self) -> Sequence[SourceRow]:
        """The first rows."""
        return self.rows[:HEAD_ROWS]

    def read_body(
        self, header: SourceRow, columns: Sequence[tuple[str, int]], key_place: int
    ) -> Body:
        """See `Source.read_body`."""
        named, _ = compute_widths(header)
        kept: list[tuple[int | str | None, ...]] = []
        faults: list[tuple[int, str, int, str]] = []
        for row, cells in self.rows:
            if row <= header[0] or cells == header[1]:
                continue
            is_broken = any(cell is None or _UNPRINTABLE.search(cell) for cell in cells)
            if is_broken or any((cell or "").strip() for cell in cells[named:]):
                fault = "broken row" if is_broken else "field count"
                key = (cells[key_place] or "") if key_place < len(cells) else ""
                faults.append((row, fault, len(cells), key))
            elif any((cell or "").strip() for cell in cells):
                full = [*cells, *[""] * (named - len(cells))]
                kept.append((row, *(full[place] for _, place in columns)))
        schema = pl.Schema({"row": pl.UInt32(), **{name: pl.String() for name, _ in columns}})
        return Body(
            pl.DataFrame(kept, schema=schema, orient="row"),
            pl.DataFrame(faults, schema=FAULT_SCHEMA, orient="row"),
        )
