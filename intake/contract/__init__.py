"""The contract: what each export file holds, column by column.

Schools read it to make their exports, tools to write them, intake to check them.
Every value is text until it has been checked; nothing is guessed or repaired.
Dates are YYYY-MM-DD or DD/MM/YYYY, one form in a column.  Files are CSV in UTF-8, or
the sheets of one workbook, named as the files are without `.csv`.

`Column.code_list` names a list in `queries/reference/`, whose rows carry the source
and the dates between which a code may be used.
"""

from dataclasses import replace

from intake.contract.faults import FAULTS
from intake.contract.records import EHCP, HEALTH, PEP, SDQ, SUSPENSIONS
from intake.contract.school import (
    ATTENDANCE,
    CALENDAR,
    CARE_EPISODES,
    MADE_UP_AUTHORITIES,
    ROLL,
    SCHOOL,
    UNKNOWN,
    WHOLE_SCHOOL_WEEKLY,
)
from intake.contract.sealed import CONTACTS, OTHER_NUMBERS, SEALED_EXPORTS
from intake.contract.shape import UPN, Column, Export

__all__ = [
    "ALL_EXPORTS",
    "ATTENDANCE",
    "CALENDAR",
    "CARE_EPISODES",
    "CONTACTS",
    "EHCP",
    "EXPORTS",
    "FAULTS",
    "HANDLE_EXPORTS",
    "HEALTH",
    "MADE_UP_AUTHORITIES",
    "OTHER_NUMBERS",
    "PEP",
    "ROLL",
    "SCHOOL",
    "SDQ",
    "SEALED_EXPORTS",
    "SUSPENSIONS",
    "UNKNOWN",
    "UPN",
    "WHOLE_SCHOOL_WEEKLY",
    "Column",
    "Export",
    "key_by_handle",
    "to_sheet_name",
]

#: Every export whose facts the store keeps, in the order in which they are read.
EXPORTS: tuple[Export, ...] = (
    SCHOOL,
    CALENDAR,
    ROLL,
    CARE_EPISODES,
    ATTENDANCE,
    WHOLE_SCHOOL_WEEKLY,
    SDQ,
    HEALTH,
    EHCP,
    PEP,
    SUSPENSIONS,
)

#: Those, and the ones whose rows go to the vault only.
ALL_EXPORTS: tuple[Export, ...] = (*EXPORTS, *SEALED_EXPORTS)

#: What people fill in sheets of, which go round the school: these may name a child by
#: handle instead of UPN.
HANDLE_EXPORTS: tuple[Export, ...] = (SDQ, HEALTH, EHCP, PEP, SUSPENSIONS)

#: Personal, though it identifies nobody: in its place somebody may type a name.
_HANDLE = Column(
    "handle",
    "text",
    "The two words by which the dashboard calls the child.",
    personal=True,
    pattern=r"[a-z]+ [a-z]+",
    example="copper lantern",
)


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
