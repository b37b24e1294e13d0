"""Suspensions and exclusions, as in the school census."""

from queries.contract.model.categories import build_category
from queries.contract.model.category import Table
from queries.contract.model.shape import Export

SUSPENSIONS = Export(
    name="suspensions.csv", grain="One row for each suspension or exclusion.", key=("upn", "date")
)

CATEGORY = build_category("suspensions", SUSPENSIONS, Table("raw_suspension"))
