"""Part-time timetables and alternative provision, with who agreed and when it is looked at."""

from queries.contract.model.categories import build_category
from queries.contract.model.category import Table
from queries.contract.model.rules import keep_order
from queries.contract.model.shape import Export

PROVISION = Export(
    name="provision.csv",
    grain="One row for each part-time timetable or period of alternative provision.",
    key=("upn", "kind", "date"),
    rules=keep_order("date", "review", "end"),
)

CATEGORY = build_category("part-time timetables", PROVISION, Table("raw_provision"))
