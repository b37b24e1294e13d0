"""Help in place for a child: what, from when, when it is looked at, and when it ended."""

import polars as pl

from queries.contract.model.categories import build_category
from queries.contract.model.category import Table
from queries.contract.model.rules import keep_order
from queries.contract.model.shape import Export, RowRule

INTERVENTIONS = Export(
    name="interventions.csv",
    grain="One row for each kind of support that a child has had.",
    key=("upn", "kind", "date"),
    rules=(
        *keep_order("date", "review", "end"),
        RowRule(
            "helped",
            "needed for outcome",
            pl.col("end").is_null() & pl.col("helped").is_not_null(),
            ("end",),
        ),
    ),
)

CATEGORY = build_category("help in place", INTERVENTIONS, Table("raw_intervention"))
