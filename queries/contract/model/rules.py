"""Rules for the values of one row together: a row of `rules.csv` each.

There `broken` is SQL, and the columns of `reads` have | between them.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

import polars as pl

from queries.rows import read_rows, split


@dataclass(frozen=True)
class RowRule:
    """A rule that values of one row break together; the fault is reported at `column`.

    `broken` is true where the rule is broken; a null is not.  `reads` lists the other columns that
    it looks at: if one of them has a fault of its own, the rule is not judged.
    """

    column: str
    fault: str
    broken: pl.Expr
    reads: Collection[str] = ()


def list_rules(file: str) -> tuple[RowRule, ...]:
    """Return the rules of a file of ours."""
    return tuple(
        RowRule(row["column"], row["fault"], pl.sql_expr(row["broken"]), split(row["reads"]))
        for row in _load()
        if row["file"] == file
    )


@cache
def _load() -> list[dict[str, str]]:
    return read_rows("queries.contract", "rules")
