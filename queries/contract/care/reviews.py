"""Reviews of a child's care, and whether the school's report was there."""

from queries.contract.model.categories import build_category
from queries.contract.model.category import Table
from queries.contract.model.rules import restrict
from queries.contract.model.shape import Export

REVIEWS = Export(
    name="reviews.csv",
    grain="One row for each review of a child's care.",
    key=("upn", "date"),
    rules=restrict("outcome", "held", "took_part", "school_report"),
)

CATEGORY = build_category("reviews of care", REVIEWS, Table("raw_review"))
