"""The contract: every category of data, declared once, and what each export file holds.

Schools read it to make their exports, tools to write them, intake to check them; tables,
keys, forms, retention, sharing and what a family is told derive from it.  Every value is
text until it has been checked; nothing is guessed or repaired.  Dates are YYYY-MM-DD or
DD/MM/YYYY, one form in a column.  Files are CSV in UTF-8, or the sheets of one workbook,
named as the files are without `.csv`.

`Column.code_list` names a list in `queries/reference/`, whose rows carry the source
and the dates between which a code may be used.
"""

from dataclasses import replace

import polars as pl

from queries.contract.faults import DOUBTS, FAULT_TEXTS, FAULTS, OTHER_TEXTS, TYPED_FAULTS
from queries.contract.model.categories import load_categories
from queries.contract.model.category import Category
from queries.contract.model.columns import UPN, Column
from queries.contract.model.shape import Export

#: The registry: every category, in the order in which files are read and people told.
CATEGORIES: tuple[Category, ...] = load_categories()

#: The categories whose rows the store keeps, by the name of the table.
TABLES: dict[str, Category] = {each.table.name: each for each in CATEGORIES if each.table}

#: By table, the column by which a row is dated; a care episode by the first day on which it
#: no longer holds, null while it does.  A table that is not here goes with the whole child
#: only: without its stays nobody would find the child due again, and a restriction and an
#: objection hold as long as there is something left to see.
DAY_COLUMNS: dict[str, str] = {name: each.day for name, each in TABLES.items() if each.day}

#: By table that a file fills, the columns that tell one of its rows from another.
TABLE_KEYS: dict[str, tuple[str, ...]] = {
    name: each.key for name, each in TABLES.items() if each.export
}

#: The table that each file fills.
FILE_TABLES: dict[str, str] = {
    each.export.name: name for name, each in TABLES.items() if each.export
}

#: The table of each kind of data that a family may give or not, by the stem of its file.
VOLUNTARY_TABLES: dict[str, str] = {
    each.export.name.removesuffix(".csv"): name
    for name, each in TABLES.items()
    if each.export and each.rights and each.rights.supplied == "voluntary"
}

#: The tables that hold what people typed.
TYPED_TABLES: tuple[str, ...] = tuple(name for name, each in TABLES.items() if each.is_typed)

#: Every export whose facts the store keeps, in the order in which they are read.
EXPORTS: tuple[Export, ...] = tuple(each.export for each in TABLES.values() if each.export)

#: Every file whose rows are sealed and never stored.
SEALED_EXPORTS: tuple[Export, ...] = tuple(
    each.export for each in CATEGORIES if each.export and not each.table
)

#: All of them.
ALL_EXPORTS: tuple[Export, ...] = (*EXPORTS, *SEALED_EXPORTS)

#: Those that code names.
_FILES = {each.name: each for each in ALL_EXPORTS}
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

#: Typed in place of the calendar, which is made of it; the store keeps the days alone.
TERMS = Export(
    name="terms.csv",
    grain="One row for each half of a term, INSET day and closed day.",
    key=("first_day",),
    note="Days outside term, weekends and bank holidays count as holidays without a row.",
)

#: school_key in a school's home, whatever the school's number: one that is put right moves nothing.
ONLY_SCHOOL = 1
#: school_key of what is no school's, as of a child without a place; others have their URN.
NO_SCHOOL = 0
#: English authorities' numbers begin at 201, so these belong to nobody.
MADE_UP_AUTHORITIES = frozenset(f"{number:03d}" for number in range(1, 100))
#: What may stand in `care_episodes.csv` for a start that nobody knows.
UNKNOWN = "unknown"
#: The first day of a care episode that counts: its start, or since when it is known.
FIRST_DAY = pl.coalesce("start", "known_since")

#: What people fill in sheets of, which go round the school: these may name a child by
#: handle instead of UPN.
HANDLE_EXPORTS: tuple[Export, ...] = tuple(
    each.export for each in CATEGORIES if each.export and each.is_by_handle
)

#: Whose rows arrive in letters, and may be typed: last what every load brings.
FACT_EXPORTS: tuple[Export, ...] = tuple(
    sorted(
        (each.export for each in CATEGORIES if each.export and each.is_typed),
        key=lambda export: export.required,
    )
)
#: Personal, though it identifies nobody: in its place somebody may type a name.
_HANDLE = Column(
    "handle",
    "text",
    "The child's code name, two words, as the dashboard shows it.",
    personal=True,
    pattern=r"[a-z]+( [a-z]+){1,2}",
    example="copper lantern",
)


def get_category(export: Export | str) -> Category:
    """The category of an export or of a file's name; KeyError if there is none."""
    name = export if isinstance(export, str) else export.name
    for category in CATEGORIES:
        if category.export and category.export.name == name:
            return category
    raise KeyError(name)


def to_sheet_name(export: Export) -> str:
    """What a sheet is called that holds the export's rows."""
    return export.name.removesuffix(".csv")


def key_by_handle(export: Export) -> Export:
    """The same file with a handle in place of the UPN; ValueError if it may have none."""
    if export not in HANDLE_EXPORTS:
        raise ValueError(f"{export.name} names children by UPN only")
    return replace(
        export,
        columns=(_HANDLE, *export.columns[1:]),
        key=tuple(_HANDLE.name if name == UPN.name else name for name in export.key),
    )


def list_shared_parts(kind: str) -> tuple[str, ...]:
    """What of a child's record a kind of recipient may have: who it is, then its tables."""
    may_have = [each for each in CATEGORIES if kind in each.shared_with]
    return tuple(each.part_name for each in sorted(may_have, key=lambda each: bool(each.table)))
