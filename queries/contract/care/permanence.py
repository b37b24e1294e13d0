"""Adoption and other permanence: the decisions and orders by which a child leaves care for good."""

from queries.contract.model.categories import build_category
from queries.contract.model.category import Table
from queries.contract.model.rules import restrict
from queries.contract.model.shape import Export

PERMANENCE = Export(
    name="permanence.csv",
    grain="One row for each decision or court order about a permanent home.",
    key=("upn", "event", "date"),
    note=(
        "From the day of an adoption order, a special guardianship order or a child arrangements "
        "order, the child counts as previously looked after."
    ),
    rules=restrict("event", "plan given up", "reason"),
)

CATEGORY = build_category("adoption and other permanence", PERMANENCE, Table("raw_permanence"))
