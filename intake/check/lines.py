"""Checks of the lines that a file brings in somebody's own words.

Whoever types a line is asked; nobody is there to be asked about a file, so in a file a line
that may name a person or a place is a fault.
"""

from dataclasses import replace

import polars as pl

from intake.check.values import TypedFile
from safeguards.wording import check_line


def check_lines(typed: TypedFile) -> TypedFile:
    """The file with the faults of its lines added, where a value has none of its own."""
    found = [typed.faults]
    for column in typed.export.columns:
        if not column.is_line:
            continue
        spoilt = typed.faults.filter(column=column.name)
        lines = typed.rows.select("row", pl.col(column.name).alias("line")).drop_nulls()
        telling = [line for line in lines["line"].unique() if check_line(line)]
        found.append(
            lines.filter(pl.col("line").is_in(telling))
            .join(spoilt, on="row", how="anti")
            .select("row", pl.lit(column.name).alias("column"), pl.lit("says who").alias("fault"))
        )
    return replace(typed, faults=pl.concat(found)) if len(found) > 1 else typed
