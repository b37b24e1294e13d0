"""Education, Health and Care Plans: the dated steps from a request to the yearly reviews."""

from queries.contract.model.category import EVERYBODY, PLANS, Category, Rights, Table
from queries.contract.model.columns import list_columns
from queries.contract.model.rules import require
from queries.contract.model.shape import UPN, Export

EHCP = Export(
    name="ehcp.csv",
    grain="One row for each step of an Education, Health and Care Plan.",
    key=("upn", "event", "date"),
    columns=(UPN, *list_columns("ehcp.csv")),
    rules=(require("event", "plan issued", "primary_need"),),
)

CATEGORY = Category(
    name="special educational needs",
    role_category="plans",
    export=EHCP,
    table=Table("raw_ehcp"),
    rights=Rights(
        "required", "the steps of your plan for extra help (EHCP)", "Children and Families Act 2014"
    ),
    retention=PLANS,
    shared_with=EVERYBODY,
    pack=("protection file", "Common Transfer data"),
    form_label="Step of an EHCP",
    is_by_handle=True,
)
