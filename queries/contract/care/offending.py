"""Offending from the age of 10, as the national return has it: convictions and youth cautions."""

from queries.contract.model.categories import build_category
from queries.contract.model.category import Table
from queries.contract.model.shape import Export

OFFENDING = Export(
    name="offending.csv",
    grain="One row for each conviction or youth caution of a child aged 10 or over.",
    key=("upn", "kind", "date"),
)

CATEGORY = build_category("offending", OFFENDING, Table("raw_offending"))
