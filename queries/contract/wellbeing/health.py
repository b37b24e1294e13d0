"""Health: assessments, dental checks, immunisations and the optician."""

import polars as pl

from queries.contract.model.categories import build_category
from queries.contract.model.category import AGE_BAND, Table
from queries.contract.model.rules import restrict
from queries.contract.model.shape import Export, RowRule

HEALTH = Export(
    name="health.csv",
    grain="One row for each health check of a child looked after.",
    key=("upn", "kind", "date"),
    rules=(
        RowRule("next_due", "dates out of order", pl.col("next_due") <= pl.col("date"), ("date",)),
        *restrict("outcome", "not done", "reason"),
    ),
)

CATEGORY = build_category(
    "health",
    HEALTH,
    Table(
        "raw_health",
        made={AGE_BAND: "enum('under 5', '5 to 9', '10 and over')"},
        # an initial and a review assessment do one duty
        staged={"subject": "get_health_subject(kind)"},
        note="age_band is the child's on that day: an interval that depends on age is read "
        "from the event's own row, and no date of birth is needed here.",
    ),
)
