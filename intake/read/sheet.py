"""Read the sheets of a workbook as the tables that they are; no value is judged yet."""

import re
from collections.abc import Sequence

import polars as pl

from intake.contract import Export
from intake.problems import Problem, build_problem
from intake.read import workbook
from intake.read.tables import (
    UNPRINTABLE_PATTERN,
    ExportFile,
    build_schema,
    build_unread_file,
    resolve_export,
)

_UNPRINTABLE = re.compile(UNPRINTABLE_PATTERN)


def read_sheet(export: Export, sheet: Sequence[workbook.SheetRow], digest: str) -> ExportFile:
    """Read the rows of one sheet of a workbook, `digest` being the workbook's.

    A row that is blank is none.
    """
    first = next(iter(sheet), (0, ()))
    export = resolve_export(export, next(iter(first[1]), "") or "")
    if first != (1, export.header):
        return build_unread_file(export, digest, "wrong header")
    body = sheet[1:]
    if not body and not export.may_be_empty:
        return build_unread_file(export, digest, "no rows")
    width = len(export.header)
    kept: list[tuple[int | str | None, ...]] = []
    problems: list[Problem] = []
    left_out: list[str] = []
    for row, cells in body:
        is_broken = any(cell is None or _UNPRINTABLE.search(cell) for cell in cells)
        if is_broken or len(cells) > width:
            fault = "broken row" if is_broken else "field count"
            problems.append(build_problem(export, row, "", fault, fields=len(cells), is_sheet=True))
            left_out.append(cells[0] or "")
        else:
            kept.append((row, *cells, *[""] * (width - len(cells))))
    return ExportFile(
        export=export,
        digest=digest,
        is_read=True,
        rows_read=len(body),
        problems=tuple(problems),
        rows=pl.DataFrame(kept, schema=build_schema(export), orient="row"),
        skipped_first_fields=tuple(left_out),
    )


def is_unused(export: Export, sheet: Sequence[workbook.SheetRow]) -> bool:
    """Whether a sheet has its header alone, as in a template of which it is no part yet."""
    return len(sheet) == 1 and not (export.required or export.may_be_empty)
