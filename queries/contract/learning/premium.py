"""Pupil premium plus: what was planned and spent, on what, and whether the PEP asked for it."""

from queries.contract.model.categories import build_category
from queries.contract.model.category import Table
from queries.contract.model.shape import Export

PREMIUM = Export(
    name="premium.csv",
    grain="One row for each amount of pupil premium plus for a child, and what has been spent.",
    key=("upn", "kind", "date"),
)

CATEGORY = build_category("pupil premium plus", PREMIUM, Table("raw_premium"))
