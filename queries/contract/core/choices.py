"""What was given by choice: which kind of data, by whom, and when it was taken back."""

from queries.contract.model.category import AUTHORITIES, TYPED_HERE, Category, Rights, Table
from queries.contract.model.rules import keep_order
from queries.contract.model.shape import UPN, Column, Export

CHOICES = Export(
    name="choices.csv",
    grain="One row for each kind of information that somebody agreed to give, or took back.",
    key=("upn", "item", "date"),
    note="What was given by choice goes when it is taken back: from then on no row of that kind "
    "about the child is kept, until it is given again.",
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
            "The day on which it was taken back; blank while it stands.",
            required=False,
            stored_as="taken_back_date",
            label="Taken back on",
        ),
    ),
    rules=keep_order("date", "taken_back"),
)

CATEGORY = Category(
    name="what was given by choice",
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
    form_label="Information given with consent, or taken back",
    is_by_handle=True,
    page_title="Information given with consent",
)
