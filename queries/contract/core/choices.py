"""Information given with consent: which kind of data, by whom, and when it was taken back."""

from queries.contract.model.categories import build_category
from queries.contract.model.category import Table
from queries.contract.model.rules import keep_order
from queries.contract.model.shape import Export

CHOICES = Export(
    name="choices.csv",
    grain="One row for each consent to give a kind of information.",
    key=("upn", "item", "date"),
    note=(
        "If consent is withdrawn, rows of that kind about the child are deleted, and no more are "
        "kept until consent is given again."
    ),
    rules=keep_order("date", "taken_back"),
)

CATEGORY = build_category("information given with consent", CHOICES, Table("raw_choice"))
