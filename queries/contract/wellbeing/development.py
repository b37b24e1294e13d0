"""Developmental checks of children under 5, as the national return has them."""

from queries.contract.model.categories import build_category
from queries.contract.model.category import Table
from queries.contract.model.shape import Export

DEVELOPMENT = Export(
    name="development.csv",
    grain="One row for each developmental check of a child under 5.",
    key=("upn", "date"),
)

CATEGORY = build_category("developmental checks", DEVELOPMENT, Table("raw_development"))
