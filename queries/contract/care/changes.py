"""Changes around a child in care that are no move of home: social worker and school."""

from queries.contract.model.category import AUTHORITIES, SAFEGUARDING_FILE, Category, Rights, Table
from queries.contract.model.rules import restrict
from queries.contract.model.shape import UPN, Column, Export

CHANGES = Export(
    name="care_changes.csv",
    grain="One row for each change of a child's social worker or school.",
    key=("upn", "kind", "date"),
    columns=(
        UPN,
        Column("date", "date", "The day of the change."),
        Column(
            "kind",
            "code",
            "What changed; school if the child came from another one.",
            allowed=("social worker", "school"),
            label="What changed",
        ),
        Column(
            "reason",
            "code",
            "Why the social worker changed; for that only.",
            required=False,
            code_list="worker_change",
            label="Why the social worker changed",
        ),
    ),
    rules=restrict("kind", "social worker", "reason"),
)

CATEGORY = Category(
    name="changes in care",
    role_category="care",
    export=CHANGES,
    table=Table("raw_care_change"),
    rights=Rights(
        "required",
        "when you had a new social worker or a new school",
        "School's privacy notice: legal obligation",
    ),
    retention=SAFEGUARDING_FILE,
    shared_with=(*AUTHORITIES, "other school"),
    pack=("protection file",),
    form_label="New social worker or school",
    is_by_handle=True,
    page_title="Changes of social worker and school",
)
