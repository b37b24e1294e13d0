"""Personal education plans: the meetings, one a term for a child who is looked after."""

from queries.contract.model.category import AUTHORITIES, PLANS, Category, Rights, Table
from queries.contract.model.columns import list_columns
from queries.contract.model.rules import restrict
from queries.contract.model.shape import UPN, Export

PEP = Export(
    name="pep.csv",
    grain="One row for each meeting of a personal education plan.",
    key=("upn", "date"),
    columns=(UPN, *list_columns("pep.csv")),
    rules=restrict("outcome", "held", "quality", "child_attended", "targets_set"),
)

CATEGORY = Category(
    name="education plan",
    role_category="plans",
    export=PEP,
    table=Table("raw_pep", staged={"has_child_attended": "child_attended"}),
    rights=Rights(
        "required",
        "when people met about your education plan (PEP)",
        "Promoting the education of looked-after children (statutory guidance)",
    ),
    retention=PLANS,
    shared_with=(*AUTHORITIES, "other school"),
    pack=("protection file",),
    form_label="PEP meeting",
    is_by_handle=True,
)
