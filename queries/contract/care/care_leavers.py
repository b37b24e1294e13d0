"""Care leavers: what a school hears of former pupils who have left care."""

from queries.contract.model.categories import build_category
from queries.contract.model.category import Table
from queries.contract.model.columns import list_columns
from queries.contract.model.rules import restrict
from queries.contract.model.shape import UPN, Export

CARE_LEAVERS = Export(
    name="care_leavers.csv",
    grain="One row for each time that there was news of a former pupil who has left care.",
    key=("upn", "date"),
    columns=(UPN, *list_columns("care_leavers.csv")),
    rules=restrict("in_touch", "YES", "activity", "accommodation"),
)

CATEGORY = build_category("care leavers", CARE_LEAVERS, Table("raw_care_leaver"))
