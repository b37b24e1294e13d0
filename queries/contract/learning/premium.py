"""Pupil premium plus: what was planned and spent, on what, and whether the PEP asked for it."""

from queries.contract.model.category import AUTHORITIES, SCHOOL_RECORD, Category, Rights, Table
from queries.contract.model.shape import UPN, Column, Export

PREMIUM = Export(
    name="premium.csv",
    grain="One row for each amount of pupil premium plus for a child.",
    key=("upn", "kind", "date"),
    columns=(
        UPN,
        Column("date", "date", "The day on which it was agreed."),
        Column("kind", "code", "What it is for.", code_list="help_kind", label="What it is for"),
        Column("planned", "whole number", "Whole pounds planned.", label="Pounds planned"),
        Column(
            "spent",
            "whole number",
            "Whole pounds spent so far.",
            required=False,
            label="Pounds spent so far",
        ),
        Column(
            "in_pep",
            "code",
            "Whether the personal education plan asked for it.",
            required=False,
            allowed=("yes", "no"),
            stored_as="is_in_pep",
            label="The PEP asked for it",
        ),
    ),
)

CATEGORY = Category(
    name="pupil premium plus",
    role_category="learning",
    export=PREMIUM,
    table=Table("raw_premium"),
    rights=Rights(
        "made here",
        "money that was spent to help you learn",
        "Pupil premium: conditions of grant (DfE)",
    ),
    retention=SCHOOL_RECORD,
    shared_with=(*AUTHORITIES, "other school"),
    pack=("protection file",),
    form_label="Pupil premium plus",
    is_by_handle=True,
    page_title="Pupil premium plus",
)
