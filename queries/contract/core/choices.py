"""What was given by choice: which kind of data, by whom, and when it was taken back."""

from queries.contract.model.category import AUTHORITIES, TYPED_HERE, Category, Rights, Table
from queries.contract.model.rules import keep_order
from queries.contract.model.shape import UPN, Column, Export

CHOICES = Export(
    name="choices.csv",
    grain="One row for each kind of data that was given with consent.",
    key=("upn", "item", "date"),
    note="If consent is withdrawn, rows of that kind about the child are deleted, and no more are "
    "kept until consent is given again.",
    columns=(
        UPN,
        Column("date", "date", "The day on which it was given."),
        Column(
            "item",
            "code",
            "Which kind of data.",
            code_list="choice_item",
            label="Which kind of data",
        ),
        Column(
            "given_by",
            "code",
            "Who gave it.",
            allowed=("parent", "carer", "the child", "authority"),
            label="Given by",
        ),
        Column(
            "taken_back",
            "date",
            "The day on which consent was withdrawn; blank if it was not.",
            required=False,
            stored_as="taken_back_date",
            label="Withdrawn on",
        ),
    ),
    rules=keep_order("date", "taken_back"),
)

CATEGORY = Category(
    name="information given with consent",
    role_category="plans",
    export=CHOICES,
    table=Table("raw_choice"),
    rights=Rights(
        "made here",
        "what you and your family chose to tell us, and what you took back",
        "UK GDPR article 7",
    ),
    retention=TYPED_HERE,
    shared_with=AUTHORITIES,
    form_label="Information given with consent, or withdrawn",
    is_by_handle=True,
    page_title="Information given with consent",
)
