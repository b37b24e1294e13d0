"""What goes to the vault only: other numbers of a child, and whom to call.

Every column is personal.  The store learns that such a file came in, and how many rows it had.
"""

import polars as pl

from queries.contract.model.categories import build_category
from queries.contract.model.shape import Export, RowRule

_HAS_ID = pl.col("authority_child_id").is_not_null()
_HAS_FORMER = pl.col("former_upn").is_not_null()

OTHER_NUMBERS = Export(
    name="other_numbers.csv",
    grain="One row for each other number by which a child is or was known.",
    key=("upn", "former_upn", "authority", "authority_child_id"),
    note="Each row has a former UPN, or an authority and its number. A former UPN links to earlier "
    "records. If the child may have been adopted, the safeguarding lead is asked first.",
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
    note="A later file replaces the contacts only of the children in that file.",
)

NUMBERS = build_category("other numbers", OTHER_NUMBERS)
CATEGORY = build_category("contacts", CONTACTS)
