"""Developmental checks of children under 5, as the national return has them."""

from queries.contract.model.category import (
    AUTHORITIES,
    HEALTH_RECORD,
    NURSES,
    Category,
    Rights,
    Table,
)
from queries.contract.model.shape import UPN, Column, Export

DEVELOPMENT = Export(
    name="development.csv",
    grain="One row for each developmental check of a child under 5.",
    key=("upn", "date"),
    columns=(
        UPN,
        Column("date", "date", "The day of the check, or on which it was found not to be done."),
        Column(
            "outcome",
            "code",
            "Whether it is up to date.",
            allowed=("up to date", "not up to date"),
            label="Outcome",
            also_called=("health check",),
        ),
    ),
)

CATEGORY = Category(
    name="developmental checks",
    role_category="health",
    export=DEVELOPMENT,
    table=Table("raw_development"),
    rights=Rights(
        "voluntary",
        "how you were growing when you were very small",
        "School's privacy notice: outcomes for looked-after children; DfE guide to SSDA903",
        review="serious harm",
    ),
    retention=HEALTH_RECORD,
    shared_with=(*AUTHORITIES, *NURSES),
    pack=("protection file",),
    form_label="Developmental check",
    ages=(0, 4),
    is_off_at_first=True,
    page_title="Developmental checks",
)
