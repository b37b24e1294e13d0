"""Suspensions and exclusions, as in the school census."""

from queries.contract.model.category import AUTHORITIES, SCHOOL_RECORD, Category, Rights, Table
from queries.contract.model.shape import UPN, Column, Export

SUSPENSIONS = Export(
    name="suspensions.csv",
    grain="One row for each suspension or exclusion.",
    key=("upn", "date"),
    columns=(
        UPN,
        Column("date", "date", "The first day.", also_called=("start date",)),
        Column(
            "category",
            "code",
            "As in the school census.",
            code_list="suspension_category",
            also_called=("exclusion category", "suspension category"),
        ),
        Column(
            "sessions",
            "whole number",
            "Half days missed because of it; 0 for a lunchtime.",
            also_called=("number of sessions", "sessions missed"),
        ),
        Column(
            "reason",
            "code",
            "The first reason given.",
            required=False,
            code_list="suspension_reason",
            also_called=("reason 1", "first reason"),
        ),
    ),
)

CATEGORY = Category(
    name="suspensions",
    role_category="attendance",
    export=SUSPENSIONS,
    table=Table("raw_suspension"),
    rights=Rights(
        "required", "when you were sent home from school", "Education Act 2002 section 51A"
    ),
    retention=SCHOOL_RECORD,
    shared_with=("DfE", *AUTHORITIES, "other school"),
    pack=("protection file",),
    is_by_handle=True,
)
