"""Tests and checks with a score: phonics, tables, the end of key stage 2, reading age."""

import polars as pl

from queries.contract.model.category import AUTHORITIES, SCHOOL_RECORD, Category, Rights, Table
from queries.contract.model.shape import UPN, Column, Export, RowRule

TESTS = Export(
    name="tests.csv",
    grain="One row for each test or check of a child, such as a reading age.",
    key=("upn", "test", "date"),
    columns=(
        UPN,
        Column("date", "date", "The day of the test."),
        Column("test", "code", "Which test.", code_list="test_kind"),
        Column(
            "score",
            "whole number",
            "The score, in the unit of the test; months for a reading age.",
            required=False,
        ),
        Column(
            "outcome",
            "code",
            "Why there is no score.",
            required=False,
            code_list="test_outcome",
            label="Why there is no score",
        ),
    ),
    rules=(
        RowRule(
            "score",
            "score or reason",
            pl.col("score").is_null() == pl.col("outcome").is_null(),
            ("outcome",),
        ),
    ),
)

CATEGORY = Category(
    name="tests and checks",
    role_category="learning",
    export=TESTS,
    table=Table("raw_test"),
    rights=Rights(
        "required", "your scores in tests", "Education Act 2002: national curriculum assessments"
    ),
    retention=SCHOOL_RECORD,
    shared_with=(*AUTHORITIES, "other school"),
    pack=("protection file",),
    form_label="Test or check",
    is_by_handle=True,
    page_title="Tests and checks",
)
