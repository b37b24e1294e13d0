"""Care episodes: in which status a child was from a day to a day."""

import polars as pl

from queries.contract.model.categories import build_category
from queries.contract.model.category import Table
from queries.contract.model.rules import require, restrict
from queries.contract.model.shape import Export, RowRule

#: What may stand in `care_episodes.csv` for a start that nobody knows.
UNKNOWN = "unknown"

#: The first day of a care episode that counts: its start, or since when it is known.
FIRST_DAY = pl.coalesce("start", "known_since")

CARE_EPISODES = Export(
    name="care_episodes.csv",
    grain="One row for each period of a status, with a new row for a new home or legal status.",
    key=("upn", "status", "start", "known_since"),
    required=True,
    is_blocking=True,
    may_be_empty=True,
    note=(
        "The pages are about the children in this file. Two periods of one status cannot "
        "overlap, and a child cannot be in need and on a child protection plan at the same time."
    ),
    rules=(
        RowRule(
            "known_since",
            "known since",
            # a start is required: where it is null and no fault, it is the word unknown
            pl.col("start").is_null() == pl.col("known_since").is_null(),
            ("start",),
        ),
        RowRule("end", "dates out of order", pl.col("end") <= FIRST_DAY, ("start", "known_since")),
        require("status", "looked after", "authority", fault="needed for status"),
        *restrict("status", "looked after", "legal_status", "home", fault="needed for status"),
        RowRule(
            "home",
            "home under that order",
            (pl.col("home") == "with parents") & (pl.col("legal_status") == "V2"),
            ("legal_status",),
        ),
    ),
)

CATEGORY = build_category(
    "care status",
    CARE_EPISODES,
    Table(
        "raw_care_episode",
        # null while the status holds
        day="end_date",
        check="start_date is not null or known_since is not null",
    ),
)
