"""What reading gives: the tables of a folder as text, whether from files or from sheets."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from intake.problems import Problem, build_problem
from queries.contract import Export

#: Control characters, the two separators that Unicode counts as ends of lines, a byte-order
#: mark within the text, and signs that turn the direction of what follows.  For `re` and
#: for polars alike, so the signs themselves stand in it.
UNPRINTABLE_PATTERN = "[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\u202a-\u202e\u2066-\u2069]"


#: Rows of national files are numbered from here on, behind those of the school's own file.
FIRST_RETURN_ROW = 1_000_000


@dataclass(frozen=True, eq=False)
class ExportFile:
    """One export file as text.

    `rows` has `row` (UInt32, the spreadsheet line, the first one being 1) and the contract's
    columns as text, "" for blank, in the file's order; empty when `is_read` is false, that is
    when the file as a whole has a fault.  `rows_read` counts the rows left out as well, and
    `skipped_keys` holds what stands in the key's first column in each of those, as far as it
    can be made out.  `digest` is the SHA-256 of the bytes in hexadecimal digits, of a sheet
    those of the whole workbook.  `export` has a handle in place of the UPN where the table
    has.  `name` is what people call the file, and `notes` are sentences on what was taken
    as it is meant, or left alone.  `places` says where each row stood whose number is not its
    line, since several came of one: `row`, `line`, `place`, the heading ("" for none), and
    `found_in`, the file ("" for this one).  `headings` are by such a place and our column what
    a national file calls it, where one place has several.
    """

    export: Export
    digest: str
    is_read: bool
    rows_read: int
    problems: tuple[Problem, ...]
    rows: pl.DataFrame = field(repr=False)
    skipped_keys: tuple[str, ...] = field(default=(), repr=False)
    name: str = ""
    notes: tuple[str, ...] = ()
    places: pl.DataFrame | None = field(default=None, repr=False)
    headings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class ExportFolder:
    """A folder of exports as text: each file of the contract that is there, by its name.

    `problems` are those of files and of rows, in the order of the files and their rows.
    `unknown_files` are the names of files that are no export, and were left alone.  A
    sheet of a workbook is a file here, named as its export, `book: sheet` if it is none.
    `has_return` is whether a national return is among them.
    """

    files: dict[str, ExportFile]
    problems: tuple[Problem, ...]
    unknown_files: tuple[str, ...]
    notes: tuple[str, ...] = ()
    has_return: bool = False


def build_schema(export: Export) -> pl.Schema:
    """The columns of an export as they are read: `row`, then text."""
    return pl.Schema({"row": pl.UInt32(), **{name: pl.String() for name in export.header}})


def build_unread_file(
    export: Export, digest: str, fault: str, *, name: str = "", found: str = "", mend: str = ""
) -> ExportFile:
    """A table of no rows with a fault of the whole file; see `build_problem`."""
    problem = build_problem(export, 0, "", fault, name=name, found=found, mend=mend)
    return ExportFile(
        export=export,
        digest=digest,
        is_read=False,
        rows_read=0,
        problems=(problem,),
        rows=pl.DataFrame(schema=build_schema(export)),
        name=name,
    )
