"""Notes of concern: what somebody at school noticed, and what was done about it."""

from queries.contract.model.categories import build_category
from queries.contract.model.category import Table
from queries.contract.model.rules import keep_order
from queries.contract.model.shape import Export

CONCERNS = Export(
    name="concerns.csv",
    grain="One row for each note of concern about a child.",
    key=("upn", "date", "kind", "line"),
    note=(
        "Rows with the same child, date, kind and line are the same note. To close a note, send "
        "its row again with a date in `closed`."
    ),
    rules=keep_order("date", "follow_up", "closed"),
)

CATEGORY = build_category("notes of concern", CONCERNS, Table("raw_concern"))
