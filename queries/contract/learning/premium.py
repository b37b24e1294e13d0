"""Pupil premium plus: what was planned and spent, on what, and whether the PEP asked for it."""

from queries.contract.model.category import AUTHORITIES, SCHOOL_RECORD, Category, Rights, Table
from queries.contract.model.columns import list_columns
from queries.contract.model.shape import UPN, Export

PREMIUM = Export(
    name="premium.csv",
    grain="One row for each sum of pupil premium plus for a child.",
    key=("upn", "kind", "date"),
    columns=(UPN, *list_columns("premium.csv")),
)

CATEGORY = Category(
    name="pupil premium plus",
    role_category="learning",
    export=PREMIUM,
    table=Table("raw_premium"),
    rights=Rights(
        "made here",
        "money that was spent to help you learn",
        "Pupil premium: conditions of grant (DfE)",
    ),
    retention=SCHOOL_RECORD,
    shared_with=(*AUTHORITIES, "other school"),
    pack=("protection file",),
    form_label="Pupil premium plus",
    is_by_handle=True,
    page_title="Pupil premium plus",
)
