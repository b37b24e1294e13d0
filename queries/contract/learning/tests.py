"""Tests and checks with a score: phonics, tables, the end of key stage 2, reading age."""

import polars as pl

from queries.contract.model.categories import build_category
from queries.contract.model.category import Table
from queries.contract.model.columns import list_columns
from queries.contract.model.shape import UPN, Export, RowRule

TESTS = Export(
    name="tests.csv",
    grain="One row for each test or check of a child.",
    key=("upn", "test", "date"),
    columns=(UPN, *list_columns("tests.csv")),
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
