"""What goes to the vault only: other numbers of a child, and whom to call.

Every column is personal.  The store learns that such a file came in, and how many rows it had.
"""

import polars as pl

from queries.contract.model.category import AUTHORITIES, NURSES, Category, Rights
from queries.contract.model.shape import PLAIN_NAME, UPN, Column, Export, RowRule
from queries.contract.model.spelling import spell_upn

_HAS_ID = pl.col("authority_child_id").is_not_null()
_HAS_FORMER = pl.col("former_upn").is_not_null()

OTHER_NUMBERS = Export(
    name="other_numbers.csv",
    grain="One row for each other number by which a child is or was known.",
    key=("upn", "former_upn", "authority", "authority_child_id"),
    note="A former UPN links a child to their own earlier records; the lead is asked first "
    "where the child may be adopted.",
    columns=(
        UPN,
        Column(
            "former_upn",
            "UPN",
            "The UPN that the child had before, permanent or temporary.",
            required=False,
            personal=True,
            spell=spell_upn,
        ),
        Column(
            "authority",
            "text",
            "The name of the local authority that gave the number.",
            required=False,
            personal=True,
            pattern=PLAIN_NAME,
        ),
        Column(
            "authority_child_id",
            "text",
            "The local authority's own number for the child.",
            required=False,
            personal=True,
            pattern=r"[0-9A-Za-z/-]{1,20}",
        ),
    ),
    rules=(
        RowRule(
            "former_upn",
            "missing value",
            ~_HAS_ID & ~_HAS_FORMER & pl.col("authority").is_null(),
            ("authority", "authority_child_id"),
        ),
        RowRule(
            "authority",
            "missing value",
            _HAS_ID & pl.col("authority").is_null(),
            ("authority_child_id",),
        ),
        RowRule(
            "authority_child_id",
            "missing value",
            ~_HAS_ID & pl.col("authority").is_not_null(),
            ("authority",),
        ),
        RowRule("former_upn", "not allowed", pl.col("former_upn") == pl.col("upn"), ("upn",)),
    ),
)

CONTACTS = Export(
    name="contacts.csv",
    grain="One row for each person whom the school may call about a child.",
    key=("upn", "priority"),
    note="A later file replaces the contacts of the children in it, and no others.",
    columns=(
        UPN,
        Column(
            "priority", "whole number", "Who is called first: 1, then 2 and so on.", personal=True
        ),
        Column("contact_name", "text", "The person's name.", personal=True, pattern=PLAIN_NAME),
        Column(
            "relation",
            "text",
            "The person's relationship to the child, such as foster carer or social worker.",
            personal=True,
            pattern=r"[^\W\d_][^\d_<>=;|\\{}\[\]]{0,39}",
        ),
        Column(
            "phone",
            "text",
            "Telephone number, with spaces or without.",
            required=False,
            personal=True,
            pattern=r"\+?[0-9][0-9 ]{5,18}[0-9]",
        ),
        Column(
            "email",
            "text",
            "Email address.",
            required=False,
            personal=True,
            pattern=r"[^@\s<>,;]{1,64}@[^@\s<>,;]{1,100}",
        ),
        Column("address", "text", "Address.", required=False, personal=True, pattern=r".{1,200}"),
        Column(
            "may_collect",
            "code",
            "Whether the person may collect the child.",
            required=False,
            personal=True,
            allowed=("yes", "no"),
        ),
    ),
)

NUMBERS = Category(name="other numbers", role_category="care", export=OTHER_NUMBERS)
CATEGORY = Category(
    name="contacts",
    role_category="care",
    export=CONTACTS,
    part="contacts",
    rights=Rights(
        "voluntary",
        "whom we call when you need somebody",
        "School's privacy notice: which items are voluntary is a school setting",
        review="third party",
    ),
    shared_with=(*AUTHORITIES, "other school", *NURSES),
    pack=("protection file",),
)
