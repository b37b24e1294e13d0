"""In need and child protection: the dated steps from a referral to the end of a plan."""

from queries.contract.model.category import AUTHORITIES, SAFEGUARDING_FILE, Category, Rights, Table
from queries.contract.model.columns import list_columns
from queries.contract.model.rules import require, restrict
from queries.contract.model.shape import UPN, Export

_WITH_ABUSE = ("plan begun", "category changed")

PROTECTION = Export(
    name="protection.csv",
    grain="One row for each step of a child in need or of a child protection plan.",
    key=("upn", "event", "date"),
    columns=(UPN, *list_columns("protection.csv")),
    rules=(
        *(require("event", event, "abuse") for event in _WITH_ABUSE),
        *restrict("event", _WITH_ABUSE, "abuse"),
        *restrict("event", "referral", "referred_by"),
        *restrict("event", "case closed", "reason"),
    ),
)

CATEGORY = Category(
    name="child in need and child protection",
    role_category="child_protection",
    export=PROTECTION,
    table=Table("raw_protection"),
    rights=Rights(
        "required",
        "when people met to keep you safe",
        "Children Act 1989 sections 17 and 47; Working Together to Safeguard Children",
        review="serious harm",
    ),
    retention=SAFEGUARDING_FILE,
    shared_with=(*AUTHORITIES, "other school"),
    pack=("protection file",),
    form_label="Step of child protection",
    is_by_handle=True,
    page_title="In need and child protection",
)
