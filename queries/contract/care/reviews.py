"""Reviews of a child's care, and whether the school's report was there."""

from queries.contract.model.category import AUTHORITIES, PLANS, Category, Rights, Table
from queries.contract.model.rules import restrict
from queries.contract.model.shape import UPN, Column, Export

REVIEWS = Export(
    name="reviews.csv",
    grain="One row for each review of a child's care.",
    key=("upn", "date"),
    columns=(
        UPN,
        Column("date", "date", "The day of the review, or for which it is booked."),
        Column(
            "outcome", "code", "Whether it was held.", allowed=("held", "booked"), label="Outcome"
        ),
        Column(
            "took_part",
            "code",
            "How the child took part; for held only.",
            required=False,
            code_list="review_part",
            label="How the child took part",
            also_called=("review code",),
        ),
        Column(
            "school_report",
            "code",
            "Whether the school sent its report; for held only.",
            required=False,
            allowed=("yes", "no"),
            stored_as="has_school_report",
            label="School sent its report",
        ),
    ),
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
