"""What was given by choice: which kind of data, by whom, and when it was taken back."""

from queries.contract.model.categories import build_category
from queries.contract.model.category import Table
from queries.contract.model.rules import keep_order
from queries.contract.model.shape import Export

CHOICES = Export(
    name="choices.csv",
    grain="One row for each kind of information that somebody agreed to give, or took back.",
    key=("upn", "item", "date"),
    note="What was given by choice goes when it is taken back: from then on no row of that kind "
    "about the child is kept, until it is given again.",
    rules=keep_order("date", "taken_back"),
)

CATEGORY = build_category("what was given by choice", CHOICES, Table("raw_choice"))
