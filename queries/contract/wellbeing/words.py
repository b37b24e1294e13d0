"""A child's own words, which the child chose to have kept."""

from queries.contract.model.category import AUTHORITIES, TYPED_HERE, Category, Rights, Table
from queries.contract.model.shape import UPN, Column, Export

WORDS = Export(
    name="own_words.csv",
    grain="One row for each line that a child chose to have kept.",
    key=("upn", "date", "line"),
    columns=(
        UPN,
        Column("date", "date", "The day on which it was said."),
        Column(
            "setting",
            "code",
            "Where it was said.",
            allowed=("PEP", "review of care", "conversation"),
        ),
        Column(
            "line",
            "text",
            "The child's own words, in one short line without names.",
            pattern="\\S.{0,198}\\S",
            is_line=True,
            label="The child's own words",
        ),
        Column(
            "taken_out",
            "date",
            "The day on which the child asked for it to be taken out; otherwise blank.",
            required=False,
            stored_as="taken_out_date",
            label="Taken out on",
        ),
    ),
)

CATEGORY = Category(
    name="child's own words",
    role_category="care",
    export=WORDS,
    table=Table("raw_words"),
    rights=Rights(
        "voluntary",
        "what you said yourself and wanted us to keep",
        "Given by the child, who may have it taken out",
    ),
    retention=TYPED_HERE,
    shared_with=(*AUTHORITIES, "other school"),
    pack=("protection file",),
    form_label="Words of the child",
    is_by_handle=True,
)
