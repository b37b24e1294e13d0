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

from queries.contract.care import (
    care_leavers,
    changes,
    concerns,
    missing,
    offending,
    permanence,
    protection,
    reviews,
)
from queries.contract.care.care_leavers import CARE_LEAVERS
from queries.contract.care.changes import CHANGES
from queries.contract.care.concerns import CONCERNS
from queries.contract.care.missing import MISSING
from queries.contract.care.offending import OFFENDING
from queries.contract.care.permanence import PERMANENCE
from queries.contract.care.protection import PROTECTION
from queries.contract.care.reviews import REVIEWS
from queries.contract.core import (
    attendance,
    care,
    choices,
    contacts,
    made_here,
    provision,
    roll,
    school,
    suspensions,
)
from queries.contract.core.attendance import ATTENDANCE
from queries.contract.core.care import CARE_EPISODES, FIRST_DAY, UNKNOWN
from queries.contract.core.choices import CHOICES
from queries.contract.core.contacts import CONTACTS, OTHER_NUMBERS
from queries.contract.core.provision import PROVISION
from queries.contract.core.roll import MADE_UP_AUTHORITIES, ROLL
from queries.contract.core.school import (
    CALENDAR,
    NO_SCHOOL,
    ONLY_SCHOOL,
    SCHOOL,
    TERMS,
    WHOLE_SCHOOL_WEEKLY,
)
from queries.contract.core.suspensions import SUSPENSIONS
from queries.contract.faults import DOUBTS, FAULT_TEXTS, FAULTS, OTHER_TEXTS, TYPED_FAULTS
from queries.contract.learning import (
    assessments,
    attainment,
    ehcp,
    interventions,
    pep,
    premium,
    tests,
)
from queries.contract.learning.assessments import ASSESSMENTS
from queries.contract.learning.attainment import ATTAINMENT
from queries.contract.learning.ehcp import EHCP
from queries.contract.learning.interventions import INTERVENTIONS
from queries.contract.learning.pep import PEP
from queries.contract.learning.premium import PREMIUM
from queries.contract.learning.tests import TESTS
from queries.contract.model.category import Category
from queries.contract.model.columns import UPN, Column
from queries.contract.model.shape import Export
from queries.contract.wellbeing import development, health, sdq, substance, words
from queries.contract.wellbeing.development import DEVELOPMENT
from queries.contract.wellbeing.health import HEALTH
from queries.contract.wellbeing.sdq import SDQ
from queries.contract.wellbeing.substance import SUBSTANCE
from queries.contract.wellbeing.words import WORDS

#: The registry: every category, in the order in which files are read and people told.
CATEGORIES: tuple[Category, ...] = (
    school.SCHOOL_ITSELF,
    school.DAYS,
    roll.PSEUDONYMS,
    roll.STAYS,
    care.CATEGORY,
    attendance.CATEGORY,
    school.WEEKS,
    sdq.CATEGORY,
    health.CATEGORY,
    ehcp.CATEGORY,
    pep.CATEGORY,
    suspensions.CATEGORY,
    protection.CATEGORY,
    concerns.CATEGORY,
    reviews.CATEGORY,
    changes.CATEGORY,
    missing.CATEGORY,
    assessments.CATEGORY,
    attainment.CATEGORY,
    tests.CATEGORY,
    interventions.CATEGORY,
    premium.CATEGORY,
    provision.CATEGORY,
    words.CATEGORY,
    substance.CATEGORY,
    development.CATEGORY,
    permanence.CATEGORY,
    offending.CATEGORY,
    care_leavers.CATEGORY,
    choices.CATEGORY,
    made_here.ACTIONS,
    made_here.RESTRICTIONS,
    made_here.OBJECTIONS,
    made_here.FLAGGED_ROWS,
    roll.IDENTITY,
    contacts.NUMBERS,
    contacts.CATEGORY,
)

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
    pattern=r"[a-z]+ [a-z]+",
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
