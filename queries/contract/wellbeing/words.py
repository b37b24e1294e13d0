"""A child's own words, which the child chose to have kept."""

from queries.contract.model.category import AUTHORITIES, TYPED_HERE, Category, Rights, Table
from queries.contract.model.columns import list_columns
from queries.contract.model.shape import UPN, Export

WORDS = Export(
    name="own_words.csv",
    grain="One row for each line that a child chose to have kept.",
    key=("upn", "date", "line"),
    columns=(UPN, *list_columns("own_words.csv")),
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
