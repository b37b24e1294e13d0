"""Substance misuse, as the national return has it: that it was found, and the help offered."""

import polars as pl

from queries.contract.model.categories import build_category
from queries.contract.model.category import Table
from queries.contract.model.shape import Export, RowRule

_HAS_HELP = pl.col("help_received") == "yes"

SUBSTANCE = Export(
    name="substance.csv",
    grain="One row for each time that a child was found to misuse substances.",
    key=("upn", "date"),
    rules=(
        RowRule(
            "help_offered",
            "needed for outcome",
            pl.col("help_offered").is_not_null() == _HAS_HELP,
            ("help_received",),
        ),
    ),
)

CATEGORY = build_category("substance misuse", SUBSTANCE, Table("raw_substance"))
