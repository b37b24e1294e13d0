"""Personal education plans: the meetings, one a term for a child who is looked after."""

from queries.contract.model.category import AUTHORITIES, PLANS, Category, Rights, Table
from queries.contract.model.rules import restrict
from queries.contract.model.shape import UPN, Column, Export

PEP = Export(
    name="pep.csv",
    grain="One row for each meeting of a personal education plan.",
    key=("upn", "date"),
    columns=(
        UPN,
        Column("date", "date", "The day of the meeting.", also_called=("meeting date", "pep date")),
        Column(
            "outcome", "code", "Whether it was held.", allowed=("held", "booked"), label="Outcome"
        ),
        Column(
            "quality",
            "text",
            "The local authority's own grade for the plan.",
            required=False,
            pattern=r"[A-Za-z][A-Za-z ]{0,29}",
            label="The authority's grade",
        ),
        Column(
            "child_attended",
            "code",
            "Whether the child attended; for held only.",
            required=False,
            allowed=("yes", "no"),
            label="Child attended",
        ),
        Column(
            "targets_set",
            "whole number",
            "How many targets; for held only.",
            required=False,
            label="Number of targets",
        ),
    ),
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
