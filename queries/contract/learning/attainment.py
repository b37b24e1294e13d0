"""Attainment against what is expected at an age, as schools tell it in the same words."""

from queries.contract.model.categories import build_category
from queries.contract.model.category import Table
from queries.contract.model.shape import Export

ATTAINMENT = Export(
    name="attainment.csv",
    grain="One row for each time that a school says where a child is in a subject.",
    key=("upn", "subject", "date"),
)

CATEGORY = build_category("attainment", ATTAINMENT, Table("raw_attainment"))
