"""The contract: every category of data, declared once, and the content of each export file.

Schools read it to make their exports, tools to write them, intake to check them.  Tables, keys,
forms, retention, sharing and the texts for families are derived from it.  Every value is text until
it has been checked; nothing is guessed or repaired.  Dates are YYYY-MM-DD or DD/MM/YYYY, one form
in a column.  Files are CSV in UTF-8, or the sheets of one workbook, named as the files are without
`.csv`.

`Column.code_list` names a list in `queries/reference/`, whose rows carry the source and the dates
between which a code may be used.
"""

from dataclasses import replace

import polars as pl

from queries.contract.faults import DOUBTS, FAULT_TEXTS, FAULTS, OTHER_TEXTS, TYPED_FAULTS
from queries.contract.model.categories import load_categories
from queries.contract.model.category import Category
from queries.contract.model.columns import UPN, Column
from queries.contract.model.shape import Export

#: The registry: every category, in the order in which files are read and texts name them.
CATEGORIES: tuple[Category, ...] = load_categories()

#: The categories whose rows the store keeps, by the name of the table.
TABLES: dict[str, Category] = {
    category.table.name: category for category in CATEGORIES if category.table
}

#: The column that dates a row, by table; for a care episode the first day on which it no longer
#: holds, null while it does.  The rows of a table that is not here are deleted with the whole child
#: only: without the stays a child would never be due again, and a restriction and an objection
#: hold as long as there is something left to see.
DAY_COLUMNS: dict[str, str] = {
    name: category.day for name, category in TABLES.items() if category.day
}

#: The columns that tell one row from another, by table that a file fills.
TABLE_KEYS: dict[str, tuple[str, ...]] = {
    name: category.key for name, category in TABLES.items() if category.export
}

#: The table that each file fills.
FILE_TABLES: dict[str, str] = {
    category.export.name: name for name, category in TABLES.items() if category.export
}

#: The table of each kind of data that a family may give or not, by the stem of its file.
VOLUNTARY_TABLES: dict[str, str] = {
    category.export.name.removesuffix(".csv"): name
    for name, category in TABLES.items()
    if category.export and category.rights and category.rights.supplied == "voluntary"
}

#: The tables with rows that people typed.
TYPED_TABLES: tuple[str, ...] = tuple(
    name for name, category in TABLES.items() if category.is_typed
)

#: Every export whose facts the store keeps, in the order in which they are read.
EXPORTS: tuple[Export, ...] = tuple(
    category.export for category in TABLES.values() if category.export
)
#: Every file whose rows are sealed and never stored.
SEALED_EXPORTS: tuple[Export, ...] = tuple(
    category.export for category in CATEGORIES if category.export and not category.table
)
#: All exports.
ALL_EXPORTS: tuple[Export, ...] = (*EXPORTS, *SEALED_EXPORTS)
#: The exports that code uses by name.
_FILES = {export.name: export for export in ALL_EXPORTS}
ASSESSMENTS = _FILES["assessments.csv"]
ATTAINMENT = _FILES["attainment.csv"]
ATTENDANCE = _FILES["attendance.csv"]
CALENDAR = _FILES["calendar.csv"]
CARE_EPISODES = _FILES["care_episodes.csv"]
CHANGES = _FILES["care_changes.csv"]
CHOICES = _FILES["choices.csv"]
CONCERNS = _FILES["concerns.csv"]
CONTACTS = _FILES["contacts.csv"]
DEVELOPMENT = _FILES["development.csv"]
EHCP = _FILES["ehcp.csv"]
HEALTH = _FILES["health.csv"]
INTERVENTIONS = _FILES["interventions.csv"]
MISSING = _FILES["missing.csv"]
OFFENDING = _FILES["offending.csv"]
OTHER_NUMBERS = _FILES["other_numbers.csv"]
PEP = _FILES["pep.csv"]
PERMANENCE = _FILES["permanence.csv"]
PREMIUM = _FILES["premium.csv"]
PROTECTION = _FILES["protection.csv"]
PROVISION = _FILES["provision.csv"]
REVIEWS = _FILES["reviews.csv"]
ROLL = _FILES["roll.csv"]
SCHOOL = _FILES["school.csv"]
SDQ = _FILES["sdq.csv"]
SUBSTANCE = _FILES["substance.csv"]
SUSPENSIONS = _FILES["suspensions.csv"]
TESTS = _FILES["tests.csv"]
WHOLE_SCHOOL_WEEKLY = _FILES["whole_school_weekly.csv"]
WORDS = _FILES["own_words.csv"]

#: The sheet that people type in place of the calendar; the store keeps only the days made from it.
TERMS = Export(
    name="terms.csv",
    grain="One row for each half of a term, INSET day and closed day.",
    key=("first_day",),
    note="Days outside term, weekends and bank holidays count as holidays without a row.",
)

#: school_key in a school's home, whatever the school's number: a corrected number changes no key.
ONLY_SCHOOL = 1
#: school_key of rows of no school, as of a child without a place; schools of many have their URN.
NO_SCHOOL = 0
#: English authorities' numbers begin at 201, so these belong to nobody.
MADE_UP_AUTHORITIES = frozenset(f"{number:03d}" for number in range(1, 100))
#: The word in `care_episodes.csv` for a start that nobody knows.
UNKNOWN = "unknown"
#: The first day of a care episode that counts: its start, or since when it is known.
FIRST_DAY = pl.coalesce("start", "known_since")

#: The exports that people fill in as sheets, which go round the school: these may name a child by
#: handle instead of UPN.
HANDLE_EXPORTS: tuple[Export, ...] = tuple(
    category.export for category in CATEGORIES if category.export and category.is_by_handle
)

#: The exports whose rows arrive in letters and may be typed; those that every load brings are last.
FACT_EXPORTS: tuple[Export, ...] = tuple(
    sorted(
        (category.export for category in CATEGORIES if category.export and category.is_typed),
        key=lambda export: export.required,
    )
)
#: Marked as personal, though a handle identifies nobody: somebody may type a name in its place.
_HANDLE = Column(
    "handle",
    "text",
    "The child's code name, two words, as the dashboard shows it.",
    personal=True,
    pattern=r"[a-z]+( [a-z]+){1,2}",
    example="copper lantern",
)


def get_category(export: Export | str) -> Category:
    """Return the category of an export or of a file's name; KeyError if there is none."""
    name = export if isinstance(export, str) else export.name
    for category in CATEGORIES:
        if category.export and category.export.name == name:
            return category
    raise KeyError(name)


def to_sheet_name(export: Export) -> str:
    """Return the name of a sheet with the export's rows."""
    return export.name.removesuffix(".csv")


def key_by_handle(export: Export) -> Export:
    """Return the same file with a handle in place of the UPN; ValueError if it may have none."""
    if export not in HANDLE_EXPORTS:
        raise ValueError(f"{export.name} names children by UPN only")
    return replace(
        export,
        columns=(_HANDLE, *export.columns[1:]),
        key=tuple(_HANDLE.name if name == UPN.name else name for name in export.key),
    )


def list_shared_parts(kind: str) -> tuple[str, ...]:
    """Return the parts of a child's record that a kind of recipient may have: identity first."""
    shared = [category for category in CATEGORIES if kind in category.shared_with]
    ordered = sorted(shared, key=lambda category: bool(category.table))
    return tuple(category.part_name for category in ordered)
