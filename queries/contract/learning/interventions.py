"""Help in place for a child: what, from when, when it is looked at, and when it ended."""

import polars as pl

from queries.contract.model.category import AUTHORITIES, SCHOOL_RECORD, Category, Rights, Table
from queries.contract.model.rules import keep_order
from queries.contract.model.shape import UPN, Column, Export, RowRule

INTERVENTIONS = Export(
    name="interventions.csv",
    grain="One row for each kind of help that a child has had.",
    key=("upn", "kind", "date"),
    columns=(
        UPN,
        Column("date", "date", "The day on which it began."),
        Column("kind", "code", "What kind of help.", code_list="help_kind", label="Kind of help"),
        Column(
            "review",
            "date",
            "The review date.",
            required=False,
            stored_as="review_date",
            may_lie_ahead=True,
            label="Review date",
        ),
        Column(
            "end",
            "date",
            "The day on which it ended; blank while it goes on.",
            required=False,
            stored_as="end_date",
            label="Ended on",
        ),
        Column(
            "helped",
            "code",
            "Whether it helped, once it has ended.",
            required=False,
            allowed=("yes", "partly", "no"),
            label="Did it help?",
        ),
    ),
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

CATEGORY = Category(
    name="help in place",
    role_category="learning",
    export=INTERVENTIONS,
    table=Table("raw_intervention"),
    rights=Rights(
        "made here", "which help you have had, and whether it helped", "School record of support"
    ),
    retention=SCHOOL_RECORD,
    shared_with=(*AUTHORITIES, "other school"),
    pack=("protection file",),
    form_label="Help in place",
    is_by_handle=True,
    page_title="Help in place",
)
