"""Where the values of a row break a rule together, as rows of faults."""

import polars as pl

from intake.check.values import TypedFile


def find_faults(
    typed: TypedFile, broken: pl.Expr, column: str, fault: str, reads: set[str]
) -> pl.DataFrame:
    """The rows where `broken` holds and none of the columns `reads` has a fault.

    row, column, fault: see `check_values.FAULT_SCHEMA`.  A null is not broken.
    """
    spoilt = typed.faults.filter(pl.col("column").is_in(reads | {column}))
    found = typed.rows.filter(broken).join(spoilt, on="row", how="anti")
    return found.select("row", pl.lit(column).alias("column"), pl.lit(fault).alias("fault"))
