"""Changes around a child in care that are no move of home: social worker and school."""

from queries.contract.model.categories import build_category
from queries.contract.model.category import Table
from queries.contract.model.rules import restrict
from queries.contract.model.shape import Export

CHANGES = Export(
    name="care_changes.csv",
    grain="One row for each change of a child's social worker or school.",
    key=("upn", "kind", "date"),
    rules=restrict("kind", "social worker", "reason"),
)

CATEGORY = build_category("changes in care", CHANGES, Table("raw_care_change"))
