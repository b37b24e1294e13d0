"""Teacher assessments, a subject a term, with what is usual in the class."""

from queries.contract.model.category import AUTHORITIES, SCHOOL_RECORD, Category, Rights, Table
from queries.contract.model.shape import UPN, Column, Export

ASSESSMENTS = Export(
    name="assessments.csv",
    grain="One row for each teacher assessment of a subject.",
    key=("upn", "subject", "date"),
    columns=(
        UPN,
        Column("date", "date", "The day of the assessment."),
        Column(
            "subject", "code", "Which subject.", allowed=("reading", "writing", "maths", "science")
        ),
        Column(
            "step",
            "whole number",
            "Where the child is on the school's own scale, in whole steps.",
            label="Step on the school's scale",
            also_called=("result", "point"),
        ),
        Column(
            "class_step",
            "whole number",
            "Where most of the class is on the same scale at that time.",
            required=False,
            label="Step of most of the class",
        ),
    ),
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
