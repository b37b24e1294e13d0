"""Substance misuse, as the national return has it: that it was found, and the help offered."""

import polars as pl

from queries.contract.model.category import (
    AUTHORITIES,
    HEALTH_RECORD,
    NURSES,
    Category,
    Rights,
    Table,
)
from queries.contract.model.shape import UPN, Column, Export, RowRule

_HAS_HELP = pl.col("help_received") == "yes"

SUBSTANCE = Export(
    name="substance.csv",
    grain="One row for each time that a child was found to have a problem with substances.",
    key=("upn", "date"),
    columns=(
        UPN,
        Column("date", "date", "The day on which it was found."),
        Column(
            "help_received",
            "code",
            "Whether the child had help with it.",
            allowed=("yes", "no"),
            stored_as="has_help",
            label="Had help with it",
            also_called=("intervention received",),
        ),
        Column(
            "help_offered",
            "code",
            "Whether help was offered; only if the child had none.",
            required=False,
            allowed=("yes", "no"),
            stored_as="is_help_offered",
            label="Was offered help",
            also_called=("intervention offered",),
        ),
    ),
    rules=(
        RowRule(
            "help_offered",
            "needed for outcome",
            pl.col("help_offered").is_not_null() == _HAS_HELP,
            ("help_received",),
        ),
    ),
)

CATEGORY = Category(
    name="substance misuse",
    role_category="health",
    export=SUBSTANCE,
    table=Table("raw_substance"),
    rights=Rights(
        "voluntary",
        "whether you needed help with something like alcohol or vapes",
        "School's privacy notice: outcomes for looked-after children; DfE guide to SSDA903",
        review="serious harm",
    ),
    retention=HEALTH_RECORD,
    shared_with=(*AUTHORITIES, *NURSES),
    pack=("protection file",),
    form_label="Problem with substances",
    is_by_handle=True,
    is_off_at_first=True,
    page_title="Substance misuse",
)
