"""In need and child protection: the dated steps from a referral to the end of a plan."""

from queries.contract.model.categories import build_category
from queries.contract.model.category import Table
from queries.contract.model.rules import require, restrict
from queries.contract.model.shape import Export

_WITH_ABUSE = ("plan begun", "category changed")

PROTECTION = Export(
    name="protection.csv",
    grain="One row for each step of a child in need or child protection case.",
    key=("upn", "event", "date"),
    rules=(
        *(require("event", event, "abuse") for event in _WITH_ABUSE),
        *restrict("event", _WITH_ABUSE, "abuse"),
        *restrict("event", "referral", "referred_by"),
        *restrict("event", "case closed", "reason"),
    ),
)

CATEGORY = build_category("child in need and child protection", PROTECTION, Table("raw_protection"))
