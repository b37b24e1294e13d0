"""Text for files that somebody may open in a spreadsheet."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence

import polars as pl

#: The signs that a spreadsheet takes for the start of a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0")
#: The Unicode categories of invisible signs, which some programs skip at the start of a cell.
_UNSEEN = ("Cc", "Cf", "Zl", "Zp", "Zs")

_TEXT = (pl.String, pl.Categorical, pl.Enum)
_BELOW_ZERO = re.compile(r"-[0-9]+(\.[0-9]+)?")


def escape_formula(text: str) -> str:
    """Return the text as a cell that stays text: with a leading ' if it would be a formula.

    Invisible signs before the "=", or a sign that only looks like one, count as a formula too.  A
    number below zero stays a number.
    """
    seen = next((sign for sign in text if unicodedata.category(sign) not in _UNSEEN), "")
    starts = text.startswith(FORMULA_STARTS) or unicodedata.normalize("NFKC", seen).startswith(
        FORMULA_STARTS
    )
    return f"'{text}" if starts and not _BELOW_ZERO.fullmatch(text) else text


def escape_formulas(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the table with its texts escaped; numbers, dates and nulls are as they were."""
    texts = [name for name, kind in rows.schema.items() if isinstance(kind, _TEXT)]
    return rows.with_columns(
        pl.col(name).cast(pl.String).map_elements(escape_formula, pl.String) for name in texts
    )


def serialise_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return the rows as CSV, with formulas escaped and nulls blank."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([escape_formula(name) for name in header])
    for row in rows:
        writer.writerow(["" if cell is None else escape_formula(str(cell)) for cell in row])
    return file.getvalue()
