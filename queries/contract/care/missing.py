"""Times at which a child was missing or away, and the talk after coming back."""

from queries.contract.model.category import AUTHORITIES, SAFEGUARDING_FILE, Category, Rights, Table
from queries.contract.model.rules import keep_order
from queries.contract.model.shape import UPN, Column, Export

MISSING = Export(
    name="missing.csv",
    grain="One row for each missing episode, or time away without leave.",
    key=("upn", "date"),
    columns=(
        UPN,
        Column("date", "date", "The day on which the child was first missing."),
        Column("kind", "code", "Missing, or away.", code_list="missing_kind"),
        Column(
            "back",
            "date",
            "The day on which the child came back; blank while the child is missing.",
            required=False,
            stored_as="back_date",
            label="Came back on",
        ),
        Column(
            "interview",
            "code",
            "Whether the interview offered after a child comes back was held.",
            required=False,
            allowed=("held", "offered and not wanted", "not offered"),
            label="Return home interview",
            also_called=("return interview",),
        ),
        Column(
            "interview_date",
            "date",
            "The day on which it was held, or offered.",
            required=False,
            label="Day of the interview",
        ),
    ),
    rules=(*keep_order("date", "back"), *keep_order("back", "interview_date")),
)

CATEGORY = Category(
    name="missing episodes",
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
