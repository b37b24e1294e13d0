"""Adoption and other permanence: the decisions and orders by which a child leaves care for good."""

from queries.contract.model.category import AUTHORITIES, Category, Retention, Rights, Table
from queries.contract.model.rules import restrict
from queries.contract.model.shape import UPN, Column, Export

PERMANENCE = Export(
    name="permanence.csv",
    grain="One row for each decision or order that leads to a permanent home.",
    key=("upn", "event", "date"),
    note="From the day of an adoption order, a special guardianship order or a child "
    "arrangements order, the child counts as previously looked after.",
    columns=(
        UPN,
        Column("date", "date", "The day of the decision or the order."),
        Column(
            "event",
            "code",
            "Which decision or order.",
            code_list="permanence_event",
            label="Which decision or order",
            also_called=("step",),
        ),
        Column(
            "reason",
            "code",
            "Why the plan was given up; for plan given up only.",
            required=False,
            code_list="permanence_stop",
            label="Why the plan was given up",
        ),
    ),
    rules=restrict("event", "plan given up", "reason"),
)

CATEGORY = Category(
    name="adoption and other permanence",
    role_category="plans",
    export=PERMANENCE,
    table=Table("raw_permanence"),
    rights=Rights(
        "required",
        "when a court decided who you live with for good",
        "School's privacy notice: dates of key court orders and decisions; Adoption and Children "
        "Act 2002",
        review="third party",
    ),
    retention=Retention(
        "care and child protection",
        "Second copy: the record is the authority's and the adoption agency's",
    ),
    shared_with=AUTHORITIES,
    pack=("protection file",),
    form_label="Decision or order about permanence",
    is_by_handle=True,
    page_title="Adoption and other permanence",
)
