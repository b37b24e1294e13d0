"""Health: assessments, dental checks, immunisations and the optician."""

import polars as pl

from queries.contract.model.category import (
    AGE_BAND,
    AUTHORITIES,
    HEALTH_RECORD,
    NURSES,
    Category,
    Rights,
    Table,
)
from queries.contract.model.rules import restrict
from queries.contract.model.shape import UPN, Column, Export, RowRule

HEALTH = Export(
    name="health.csv",
    grain="One row for each health event of a child looked after.",
    key=("upn", "kind", "date"),
    columns=(
        UPN,
        Column(
            "kind",
            "code",
            "What it is about.",
            allowed=(
                "initial assessment",
                "review assessment",
                "dental check",
                "immunisations",
                "optician",
            ),
            label="What it is about",
            also_called=("check", "type of check"),
        ),
        Column(
            "date",
            "date",
            "The day it was done, is booked for, or was found not to have been done.",
            also_called=("date of check",),
        ),
        Column(
            "outcome",
            "code",
            "done: it took place; for immunisations, they are up to date. booked: a day is "
            "set. not done: it was due and did not take place.",
            allowed=("done", "booked", "not done"),
            label="Outcome",
            also_called=("result",),
        ),
        Column(
            "next_due",
            "date",
            "When the next is due, where known.",
            required=False,
            label="Next one due",
            may_lie_ahead=True,
        ),
        Column(
            "reason",
            "code",
            "Why it was not done; for not done only.",
            required=False,
            code_list="health_reason",
            label="If it was not done, why?",
        ),
    ),
    rules=(
        RowRule("next_due", "dates out of order", pl.col("next_due") <= pl.col("date"), ("date",)),
        *restrict("outcome", "not done", "reason"),
    ),
)

CATEGORY = Category(
    name="health",
    role_category="health",
    export=HEALTH,
    table=Table(
        "raw_health",
        made={AGE_BAND: "enum('under 5', '5 to 9', '10 and over')"},
        # an initial and a review assessment do one duty
        staged={"subject": "get_health_subject(kind)"},
        note="age_band is the child's on that day: an interval that depends on age is read "
        "from the event's own row, and no date of birth is needed here.",
    ),
    rights=Rights(
        "voluntary",
        "when you saw a nurse or a dentist or an optician",
        "School's privacy notice: which items are voluntary is a school setting",
        review="serious harm",
    ),
    retention=HEALTH_RECORD,
    shared_with=(*AUTHORITIES, "other school", *NURSES),
    pack=("protection file",),
    form_label="Health or dental check",
    is_by_handle=True,
)
