"""What reading gives: the tables of a folder as text, whether from files or from sheets."""

from dataclasses import dataclass, field

import polars as pl

from intake.contract import HANDLE_EXPORTS, Export, key_by_handle
from intake.problems import Problem, build_problem

#: Control characters, the two separators that Unicode counts as ends of lines, a byte-order
#: mark within the text, and signs that turn the direction of what follows.  For `re` and
#: for polars alike, so the signs themselves stand in it.
UNPRINTABLE_PATTERN = "[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\u202a-\u202e\u2066-\u2069]"


@dataclass(frozen=True, eq=False)
class ExportFile:
    """One export file as text.

    `rows` has `row` (UInt32, the spreadsheet line, header = 1) and the contract's columns
    as text, "" for blank, in the file's order; empty when `is_read` is false, that is when
    the file as a whole has a fault.  `rows_read` counts the rows left out as well, and
    `left_out` holds the first field of each of those, as far as it can be made out.
    `digest` is the SHA-256 of the bytes in hexadecimal digits, of a sheet those of the whole
    workbook.  `export` has a handle in place of the UPN where the table has.
    """

    export: Export
    digest: str
    is_read: bool
    rows_read: int
    problems: tuple[Problem, ...]
    rows: pl.DataFrame = field(repr=False)
    skipped_first_fields: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, eq=False)
class ExportFolder:
    """A folder of exports as text: each file of the contract that is there, by its name.

    `problems` are those of files and of rows, in the order of the files and their rows.
    `unknown_files` are the names of files that are no export; they were not opened.  A
    sheet of a workbook is a file here, named as its export, `book: sheet` if it is none.
    """

    files: dict[str, ExportFile]
    problems: tuple[Problem, ...]
    unknown_files: tuple[str, ...]


def build_schema(export: Export) -> pl.Schema:
    """The columns of an export as they are read: `row`, then text."""
    return pl.Schema({"row": pl.UInt32(), **{name: pl.String() for name in export.header}})


def resolve_export(export: Export, first: str) -> Export:
    """The export as it is by handle where the first column says so and may."""
    is_by_handle = first == "handle" and export in HANDLE_EXPORTS
    return key_by_handle(export) if is_by_handle else export


def build_unread_file(export: Export, digest: str, fault: str) -> ExportFile:
    """A table of no rows with a fault of the whole file."""
    return ExportFile(
        export=export,
        digest=digest,
        is_read=False,
        rows_read=0,
        problems=(build_problem(export, 0, "", fault),),
        rows=pl.DataFrame(schema=build_schema(export)),
    )
