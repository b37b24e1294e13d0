"""Part-time timetables and alternative provision, with who agreed and when it is looked at."""

from queries.contract.model.category import AUTHORITIES, SCHOOL_RECORD, Category, Rights, Table
from queries.contract.model.columns import list_columns
from queries.contract.model.rules import keep_order
from queries.contract.model.shape import UPN, Export

PROVISION = Export(
    name="provision.csv",
    grain="One row for each part-time timetable, or time of alternative provision.",
    key=("upn", "kind", "date"),
    columns=(UPN, *list_columns("provision.csv")),
    rules=keep_order("date", "review", "end"),
)

CATEGORY = Category(
    name="part-time timetables",
    role_category="attendance",
    export=PROVISION,
    table=Table("raw_provision"),
    rights=Rights(
        "made here",
        "when you were at school for part of the day, or learnt somewhere else",
        "DfE Working together to improve school attendance",
    ),
    retention=SCHOOL_RECORD,
    shared_with=(*AUTHORITIES, "other school"),
    pack=("protection file",),
    form_label="Part-time timetable or other provision",
    is_by_handle=True,
    page_title="Part-time timetables and other provision",
)
