"""Offending from the age of 10, as the national return has it: convictions and youth cautions."""

from queries.contract.model.category import AUTHORITIES, Category, Retention, Rights, Table
from queries.contract.model.columns import list_columns
from queries.contract.model.shape import UPN, Export

OFFENDING = Export(
    name="offending.csv",
    grain="One row for each conviction or youth caution of a child of 10 or over.",
    key=("upn", "kind", "date"),
    columns=(UPN, *list_columns("offending.csv")),
)

CATEGORY = Category(
    name="offending",
    role_category="child_protection",
    export=OFFENDING,
    table=Table("raw_offending"),
    rights=Rights(
        "required",
        "when a court or the police found that you had broken the law",
        "School's privacy notice: outcomes for looked-after children; DfE guide to SSDA903",
        review="serious harm",
    ),
    retention=Retention(
        "care and child protection",
        "Second copy: the record is the authority's, and data about offences are kept no longer "
        "than needed (UK GDPR article 10)",
    ),
    shared_with=AUTHORITIES,
    pack=("protection file",),
    form_label="Conviction or youth caution",
    is_by_handle=True,
    is_off_at_first=True,
    ages=(10, 18),
    page_title="Offending",
)
