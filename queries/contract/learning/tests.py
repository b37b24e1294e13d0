"""Tests and checks with a score: phonics, tables, the end of key stage 2, reading age."""

import polars as pl

from queries.contract.model.categories import build_category
from queries.contract.model.category import Table
from queries.contract.model.shape import Export, RowRule

TESTS = Export(
    name="tests.csv",
    grain="One row for each result of a test or check, such as a reading age.",
    key=("upn", "test", "date"),
    rules=(
        RowRule(
            "score",
            "score or reason",
            pl.col("score").is_null() == pl.col("outcome").is_null(),
            ("outcome",),
        ),
    ),
)

CATEGORY = build_category("tests and checks", TESTS, Table("raw_test"))
