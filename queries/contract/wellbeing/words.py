"""A child's own words, which the child chose to have kept."""

from queries.contract.model.categories import build_category
from queries.contract.model.category import Table
from queries.contract.model.shape import Export

WORDS = Export(
    name="own_words.csv",
    grain="One row for each thing that a child said and wanted kept.",
    key=("upn", "date", "line"),
)

CATEGORY = build_category("child's own words", WORDS, Table("raw_words"))
