"""Notes of concern: what somebody at school noticed, and what was done about it."""

from queries.contract.model.category import AUTHORITIES, SAFEGUARDING_FILE, Category, Rights, Table
from queries.contract.model.rules import keep_order
from queries.contract.model.shape import UPN, Column, Export

CONCERNS = Export(
    name="concerns.csv",
    grain="One row for each note of concern about a child.",
    key=("upn", "date", "kind", "line"),
    note="Rows with the same child, date, kind and line are the same note. To close it, send the "
    "row again with a date in `closed`.",
    columns=(
        UPN,
        Column("date", "date", "The day on which it was noticed."),
        Column(
            "kind",
            "code",
            "What it is about.",
            code_list="concern_kind",
            label="What it is about",
            also_called=("category", "concern type"),
        ),
        Column(
            "level",
            "code",
            "How soon somebody must look.",
            allowed=("note", "concern", "urgent"),
            label="How soon somebody must look",
            also_called=("severity",),
        ),
        Column(
            "raised_by",
            "code",
            "Who noticed it, by their role.",
            allowed=(
                *("teacher", "teaching assistant", "lunchtime staff", "office", "pastoral staff"),
                *("safeguarding lead", "headteacher", "parent or carer", "the child"),
                *("another agency", "somebody else"),
            ),
            label="Who noticed it",
            also_called=("reported by",),
        ),
        Column(
            "line",
            "text",
            "What was seen or heard, in one short line without names.",
            pattern=r"\S.{0,118}\S",
            is_line=True,
            label="What happened, in a few words (no names)",
        ),
        Column(
            "done",
            "code",
            "What was done.",
            required=False,
            allowed=(
                *("kept under watch", "spoke with the child", "called the carer"),
                *("met the family", "told the social worker", "referred", "something else"),
            ),
            label="What was done",
            also_called=("action taken",),
        ),
        Column(
            "follow_up",
            "date",
            "The review date.",
            required=False,
            stored_as="follow_up_date",
            may_lie_ahead=True,
            label="Review date",
        ),
        Column(
            "closed",
            "date",
            "The day on which it was closed; blank while it is open.",
            required=False,
            stored_as="closed_date",
            label="Closed on",
        ),
    ),
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
