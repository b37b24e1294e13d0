"""Part-time timetables and alternative provision, with who agreed and when it is looked at."""

from queries.contract.model.category import AUTHORITIES, SCHOOL_RECORD, Category, Rights, Table
from queries.contract.model.rules import keep_order
from queries.contract.model.shape import UPN, Column, Export

PROVISION = Export(
    name="provision.csv",
    grain="One row for each part-time timetable, or period of alternative provision.",
    key=("upn", "kind", "date"),
    columns=(
        UPN,
        Column("date", "date", "The first day."),
        Column(
            "kind",
            "code",
            "Which of the two it is.",
            allowed=("part-time timetable", "alternative provision"),
        ),
        Column(
            "agreed_by",
            "code",
            "Who agreed to it, apart from the school.",
            allowed=(
                "parent or carer",
                "social worker",
                "Virtual School",
                "parent or carer and social worker",
                "nobody yet",
            ),
            label="Agreed by",
        ),
        Column(
            "review",
            "date",
            "The review date.",
            required=False,
            stored_as="review_date",
            may_lie_ahead=True,
            label="Review date",
        ),
        Column(
            "end",
            "date",
            "The last day; blank while it goes on.",
            required=False,
            stored_as="end_date",
            may_lie_ahead=True,
            label="Last day",
        ),
    ),
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
