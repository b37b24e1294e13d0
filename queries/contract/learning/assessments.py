"""Teacher assessments, a subject a term, with what is usual in the class."""

from queries.contract.model.categories import build_category
from queries.contract.model.category import Table
from queries.contract.model.shape import Export

ASSESSMENTS = Export(
    name="assessments.csv",
    grain="One row for each teacher assessment of a child in a subject.",
    key=("upn", "subject", "date"),
)

CATEGORY = build_category("teacher assessments", ASSESSMENTS, Table("raw_assessment"))
