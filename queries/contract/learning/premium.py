"""Pupil premium plus: what was planned and spent, on what, and whether the PEP asked for it."""

from queries.contract.model.categories import build_category
from queries.contract.model.category import Table
from queries.contract.model.columns import list_columns
from queries.contract.model.shape import UPN, Export

PREMIUM = Export(
    name="premium.csv",
    grain="One row for each sum of pupil premium plus for a child.",
    key=("upn", "kind", "date"),
    columns=(UPN, *list_columns("premium.csv")),
)

CATEGORY = build_category("pupil premium plus", PREMIUM, Table("raw_premium"))
