"""Notes of concern: what somebody at school noticed, and what was done about it."""

from queries.contract.model.category import AUTHORITIES, SAFEGUARDING_FILE, Category, Rights, Table
from queries.contract.model.columns import list_columns
from queries.contract.model.rules import keep_order
from queries.contract.model.shape import UPN, Export

CONCERNS = Export(
    name="concerns.csv",
    grain="One row for each note of concern about a child.",
    key=("upn", "date", "kind", "line"),
    note="A row with the same child, date, kind and line is the same note: closing it is that row "
    "once more with a day in `closed`.",
    columns=(UPN, *list_columns("concerns.csv")),
    rules=keep_order("date", "follow_up", "closed"),
)

CATEGORY = Category(
    name="notes of concern",
    role_category="concern",
    export=CONCERNS,
    table=Table("raw_concern"),
    rights=Rights(
        "made here",
        "what grown-ups at school noticed about you, and what they did",
        "Keeping children safe in education (DfE)",
        review="third party",
    ),
    retention=SAFEGUARDING_FILE,
    shared_with=(*AUTHORITIES, "other school"),
    pack=("protection file",),
    form_label="Note of concern",
    is_by_handle=True,
)
