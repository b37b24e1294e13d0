"""The roll: who is at the school, and what the vault is told of who that is."""

import polars as pl

from queries.contract.model.categories import build_category
from queries.contract.model.category import Table
from queries.contract.model.rules import keep_order
from queries.contract.model.shape import Export, RowRule

#: English authorities' numbers begin at 201, so these belong to nobody.
MADE_UP_AUTHORITIES = frozenset(f"{number:03d}" for number in range(1, 100))

ROLL = Export(
    name="roll.csv",
    grain="One row for each time that a child joined the school. Include every child who was on "
    "roll on any day with marks.",
    key=("upn", "entry_date"),
    required=True,
    is_blocking=True,
    identity_columns=("surname", "forename", "date_of_birth"),
    rules=(
        RowRule(
            "entry_date",
            "dates out of order",
            pl.col("date_of_birth") >= pl.col("entry_date"),
            ("date_of_birth",),
        ),
        # both days are on roll, so a child may leave on the day of entry
        *keep_order("entry_date", "leaving_date"),
    ),
)

PSEUDONYMS = build_category(
    "codes",
    table=Table(
        "raw_pupil",
        key=("pupil_key",),
        made={"pupil_id": "varchar", "handle": "varchar", "is_on_newest_roll": "boolean"},
        note="A child of one of the groups, under the two names that the store knows: pupil_id "
        "for machines, handle for people.",
    ),
)
STAYS = build_category(
    "school record",
    ROLL,
    Table(
        "raw_enrolment",
        made={"year_group_date": "date"},
        staged={"end_date": "leaving_date + 1"},
        note="A stay is [entry_date, end_date): the roll names the last day on it, so end_date is "
        "the day after; null while the child is on roll. year_group and sen_provision were true on "
        "year_group_date; R is 0. A blank sen_provision is not the same as N, none.",
    ),
)
IDENTITY = build_category("who you are")
