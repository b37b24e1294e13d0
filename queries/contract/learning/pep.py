"""Personal education plans: the meetings, one a term for a child who is looked after."""

from queries.contract.model.categories import build_category
from queries.contract.model.category import Table
from queries.contract.model.rules import restrict
from queries.contract.model.shape import Export

PEP = Export(
    name="pep.csv",
    grain="One row for each personal education plan (PEP) meeting.",
    key=("upn", "date"),
    rules=restrict("outcome", "held", "quality", "child_attended", "targets_set"),
)

CATEGORY = build_category(
    "education plan", PEP, Table("raw_pep", staged={"has_child_attended": "child_attended"})
)
