"""Suspensions and exclusions, as in the school census."""

from queries.contract.model.category import AUTHORITIES, SCHOOL_RECORD, Category, Rights, Table
from queries.contract.model.columns import list_columns
from queries.contract.model.shape import UPN, Export

SUSPENSIONS = Export(
    name="suspensions.csv",
    grain="One row for each suspension or exclusion.",
    key=("upn", "date"),
    columns=(UPN, *list_columns("suspensions.csv")),
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
