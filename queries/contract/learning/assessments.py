"""Teacher assessments, a subject a term, with what is usual in the class."""

from queries.contract.model.category import AUTHORITIES, SCHOOL_RECORD, Category, Rights, Table
from queries.contract.model.columns import list_columns
from queries.contract.model.shape import UPN, Export

ASSESSMENTS = Export(
    name="assessments.csv",
    grain="One row for each teacher assessment of a subject.",
    key=("upn", "subject", "date"),
    columns=(UPN, *list_columns("assessments.csv")),
)

CATEGORY = Category(
    name="teacher assessments",
    role_category="learning",
    export=ASSESSMENTS,
    table=Table("raw_assessment"),
    rights=Rights("required", "how you are getting on in your subjects", "School assessment"),
    retention=SCHOOL_RECORD,
    shared_with=(*AUTHORITIES, "other school"),
    pack=("protection file",),
    form_label="Teacher assessment",
    is_by_handle=True,
    page_title="Teacher assessments",
)
