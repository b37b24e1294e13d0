"""Times at which a child was missing or away, and the talk after coming back."""

from queries.contract.model.categories import build_category
from queries.contract.model.category import Table
from queries.contract.model.rules import keep_order
from queries.contract.model.shape import Export

MISSING = Export(
    name="missing.csv",
    grain="One row for each time that a child was missing, or away without leave.",
    key=("upn", "date"),
    rules=(*keep_order("date", "back"), *keep_order("back", "interview_date")),
)

CATEGORY = build_category("missing episodes", MISSING, Table("raw_missing"))
