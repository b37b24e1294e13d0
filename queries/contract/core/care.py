"""Care episodes: in which status a child was from a day to a day."""

import polars as pl

from queries.contract.model.category import EVERYBODY, SAFEGUARDING_FILE, Category, Rights, Table
from queries.contract.model.rules import require, restrict
from queries.contract.model.shape import PLAIN_NAME, UPN, Column, Export, RowRule

#: What may stand in `care_episodes.csv` for a start that nobody knows.
UNKNOWN = "unknown"

#: The first day of a care episode that counts: its start, or since when it is known.
FIRST_DAY = pl.coalesce("start", "known_since")

CARE_EPISODES = Export(
    name="care_episodes.csv",
    grain="One row for each period of a status, split where the home or the legal status changed.",
    key=("upn", "status", "start", "known_since"),
    required=True,
    is_blocking=True,
    may_be_empty=True,
    note="Children with a row here are in scope. Periods of one status do not overlap, nor "
    "does a period in need overlap with a protection plan.",
    columns=(
        UPN,
        Column(
            "status",
            "code",
            "The child's status in this period.",
            allowed=("looked after", "previously looked after", "in need", "on a protection plan"),
        ),
        Column(
            "start",
            "date",
            "First day of the period, or the word unknown.",
            also_allowed=(UNKNOWN,),
            stored_as="start_date",
            also_called=("start date",),
        ),
        Column(
            "known_since",
            "date",
            "If the start is unknown, the first day on which the school knew. Otherwise blank.",
            required=False,
        ),
        Column(
            "end",
            "date",
            "The first day after the period; blank while it goes on.",
            required=False,
            must_be_named=True,
            stored_as="end_date",
            also_called=("end date",),
        ),
        Column(
            "authority",
            "text",
            "Name of the responsible local authority; needed for looked after.",
            required=False,
            must_be_named=True,
            pattern=PLAIN_NAME,
            also_called=("local authority", "responsible authority", "care authority"),
        ),
        Column(
            "legal_status",
            "code",
            "Legal status, for looked after, where known.",
            required=False,
            code_list="legal_status",
        ),
        Column(
            "home",
            "code",
            "Kind of home, for looked after, where known.",
            required=False,
            code_list="home_kind",
            label="Kind of home",
        ),
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

CATEGORY = Category(
    name="care status",
    role_category="care",
    export=CARE_EPISODES,
    table=Table(
        "raw_care_episode",
        # null while the status holds
        day="end_date",
        check="start_date is not null or known_since is not null",
    ),
    rights=Rights(
        "required",
        "who has looked after you and since when",
        "School's privacy notice: legal obligation",
        review="serious harm",
        review_column="status",
        review_values=("in need", "on a protection plan"),
    ),
    retention=SAFEGUARDING_FILE,
    shared_with=EVERYBODY,
    pack=("protection file",),
    form_label="Change of care, home or legal status",
)
