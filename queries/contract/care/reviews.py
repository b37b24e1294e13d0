"""Reviews of a child's care, and whether the school's report was there."""

from queries.contract.model.category import AUTHORITIES, PLANS, Category, Rights, Table
from queries.contract.model.columns import list_columns
from queries.contract.model.rules import restrict
from queries.contract.model.shape import UPN, Export

REVIEWS = Export(
    name="reviews.csv",
    grain="One row for each review of a child's care.",
    key=("upn", "date"),
    columns=(UPN, *list_columns("reviews.csv")),
    rules=restrict("outcome", "held", "took_part", "school_report"),
)

CATEGORY = Category(
    name="reviews of care",
    role_category="care",
    export=REVIEWS,
    table=Table("raw_review"),
    rights=Rights(
        "required",
        "when people met to see how you are looked after",
        "Care Planning, Placement and Case Review Regulations 2010",
    ),
    retention=PLANS,
    shared_with=(*AUTHORITIES, "other school"),
    pack=("protection file",),
    form_label="Review of care",
    is_by_handle=True,
    page_title="Reviews of care",
)
