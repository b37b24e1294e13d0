"""Times at which a child was missing or away, and the talk after coming back."""

from queries.contract.model.category import AUTHORITIES, SAFEGUARDING_FILE, Category, Rights, Table
from queries.contract.model.columns import list_columns
from queries.contract.model.rules import keep_order
from queries.contract.model.shape import UPN, Export

MISSING = Export(
    name="missing.csv",
    grain="One row for each time at which a child was missing or away without leave.",
    key=("upn", "date"),
    columns=(UPN, *list_columns("missing.csv")),
    rules=(*keep_order("date", "back"), *keep_order("back", "interview_date")),
)

CATEGORY = Category(
    name="times missing",
    role_category="child_protection",
    export=MISSING,
    table=Table("raw_missing"),
    rights=Rights(
        "required",
        "when you were missing, and that somebody talked with you afterwards",
        "Children who run away or go missing from home or care (statutory guidance)",
        review="serious harm",
    ),
    retention=SAFEGUARDING_FILE,
    shared_with=(*AUTHORITIES, "other school"),
    pack=("protection file",),
    form_label="Missing episode",
    is_by_handle=True,
    page_title="Missing episodes",
)
