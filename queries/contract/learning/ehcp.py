"""Education, Health and Care Plans: the dated steps from a request to the yearly reviews."""

from queries.contract.model.categories import build_category
from queries.contract.model.category import Table
from queries.contract.model.rules import require
from queries.contract.model.shape import Export

EHCP = Export(
    name="ehcp.csv",
    grain="One row for each step of an Education, Health and Care Plan.",
    key=("upn", "event", "date"),
    rules=(require("event", "plan issued", "primary_need"),),
)

CATEGORY = build_category("special educational needs", EHCP, Table("raw_ehcp"))
