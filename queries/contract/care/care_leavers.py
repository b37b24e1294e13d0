"""Care leavers: what a school hears of former pupils who have left care."""

from queries.contract.model.categories import build_category
from queries.contract.model.category import Table
from queries.contract.model.rules import restrict
from queries.contract.model.shape import Export

CARE_LEAVERS = Export(
    name="care_leavers.csv",
    grain="One row for each update on a former pupil who has left care.",
    key=("upn", "date"),
    rules=restrict("in_touch", "YES", "activity", "accommodation"),
)

CATEGORY = build_category("care leavers", CARE_LEAVERS, Table("raw_care_leaver"))
