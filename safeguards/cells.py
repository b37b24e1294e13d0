"""Text for files that somebody may open in a spreadsheet."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

import polars as pl

#: What a spreadsheet takes for the start of a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0")

_TEXT = (pl.String, pl.Categorical, pl.Enum)
_BELOW_ZERO = re.compile(r"-[0-9]+(\.[0-9]+)?")


def escape_formula(text: str) -> str:
    """The text as a cell that stays text: with a leading ' where it would be a formula.

    A number below zero stays a number.
    """
    if text.startswith(FORMULA_STARTS) and not _BELOW_ZERO.fullmatch(text):
        return f"'{text}"
    return text


def escape_formulas(rows: pl.DataFrame) -> pl.DataFrame:
    """A table whose texts stay text as cells; numbers, dates and nulls are as they were."""
    texts = [name for name, kind in rows.schema.items() if isinstance(kind, _TEXT)]
    return rows.with_columns(
        pl.col(name).cast(pl.String).map_elements(escape_formula, pl.String) for name in texts
    )


def serialise_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV, every cell harmless and a null blank."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([escape_formula(name) for name in header])
    for row in rows:
        writer.writerow(["" if cell is None else escape_formula(str(cell)) for cell in row])
    return file.getvalue()
