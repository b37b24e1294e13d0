"""Read the export files as strict text, a row at a time, and judge no value yet.

A row that cannot be read for certain is left out and reported; it never takes another
row with it.  So the text is cut into lines before anything else, and a record that
spans lines is refused: a reader that follows an unclosed quotation mark would swallow
the rows after it.

The tables may be sheets of a workbook as well, each under its file's name without .csv.
"""

import csv
from hashlib import sha256
from pathlib import Path

import polars as pl

from intake.contract import ALL_EXPORTS, Export, to_sheet_name
from intake.problems import IntakeError, Problem, build_problem
from intake.read import archive, workbook
from intake.read.sheet import is_unused, read_sheet
from intake.read.tables import (
    UNPRINTABLE_PATTERN,
    ExportFile,
    ExportFolder,
    build_schema,
    build_unread_file,
    resolve_export,
)

#: No record of ours is longer, and Python's csv refuses a field beyond 131,072.
_LONGEST_LINE = 100_000

#: What Excel puts beside a workbook that somebody has open begins so.
_OPEN_IN_EXCEL = "~$"

_FIELD = r'(?:[^",]*|"(?:[^"]|"")*")'
#: A line that is one whole record: quotation marks around whole fields, and closed.
_RECORD = rf"^{_FIELD}(?:,{_FIELD})*$"


def read_exports(folder: Path) -> ExportFolder:
    """Read the exports of `folder`; sub-folders and hidden files are passed over.

    IntakeError if the folder is not there, is no folder, or a file cannot be opened; if
    there are several workbooks, or one that is unsafe, damaged or of another kind; and if
    a table is there both as a file and as a sheet.
    """
    names = _file_names(folder)
    book = workbook.find_workbook(names)
    sheets, digest = ({}, "") if book is None else _read_workbook(folder / book)
    printable_name = "" if book is None else _to_printable(book)
    files: dict[str, ExportFile] = {}
    problems: list[Problem] = []
    for export in ALL_EXPORTS:
        sheet = sheets.pop(to_sheet_name(export), None)
        if sheet is not None and is_unused(export, sheet):
            sheet = None
        if sheet is not None and export.name in names:
            raise IntakeError(
                f"{export.name} is in the folder and in {printable_name}. Keep one of them."
            )
        if export.name in names:
            files[export.name] = read_file(export, _read_bytes(folder / export.name))
        elif sheet is not None:
            files[export.name] = read_sheet(export, sheet, digest)
        elif export.required:
            problems.append(build_problem(export, 0, "", "missing file"))
        if export.name in files:
            problems.extend(files[export.name].problems)
    known = {export.name for export in ALL_EXPORTS} | {book}
    unknown = [*(names - known), *(f"{printable_name}: {title}" for title in sheets)]
    return ExportFolder(
        files=files,
        problems=tuple(problems),
        unknown_files=tuple(sorted(_to_printable(name) for name in unknown)),
    )


def read_file(export: Export, data: bytes) -> ExportFile:
    """Read the bytes of one export file.  Bad bytes are problems, never exceptions."""
    digest = sha256(data).hexdigest()
    text = _decode(data)
    if text is None:
        return build_unread_file(export, digest, "not UTF-8")
    # Blank lines at the very end are no rows; a blank line before a row is one.
    body = text.rstrip("\r\n")
    lines = pl.Series("line", [body]).str.split("\n").explode().str.strip_suffix("\r")
    export = resolve_export(export, lines[0].split(",", 1)[0])
    if not _is_header(lines[0], export):
        return build_unread_file(export, digest, "wrong header")
    if len(lines) == 1 and not export.may_be_empty:
        return build_unread_file(export, digest, "no rows")
    numbered = pl.DataFrame({"line": lines[1:]}).with_row_index("row", offset=2)
    rows, faults = _parse(export, numbered, has_quotes='"' in body)
    problems = tuple(
        build_problem(export, row, "", fault, fields=fields)
        for row, fault, fields in faults.select("row", "fault", "fields").iter_rows()
    )
    return ExportFile(
        export=export,
        digest=digest,
        is_read=True,
        rows_read=len(numbered),
        problems=problems,
        rows=rows,
        skipped_first_fields=tuple(_first_field(line) for line in faults["line"]),
    )


def _read_workbook(path: Path) -> tuple[dict[str, list[workbook.SheetRow]], str]:
    """The sheets of a workbook and its digest."""
    name = _to_printable(path.name)
    data = _read_bytes(path, archive.MAX_BYTES + 1)
    return workbook.read_workbook(data, name), sha256(data).hexdigest()


def _parse(
    export: Export, numbered: pl.DataFrame, *, has_quotes: bool
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Numbered lines -> rows of the contract's columns, and (row, line, fields, fault)."""
    line = pl.col("line")
    broken = line.str.contains(UNPRINTABLE_PATTERN) | (line.str.len_chars() > _LONGEST_LINE)
    commas = line.str.count_matches(",", literal=True)
    is_quoted = line.str.contains('"', literal=True) if has_quotes else pl.lit(False)
    if has_quotes:
        broken = broken | (is_quoted & ~line.str.contains(_RECORD))
    judged = numbered.with_columns(
        is_broken=broken, is_quoted=is_quoted, fields=(commas + 1).cast(pl.Int64)
    )
    broken_rows = judged.filter("is_broken")
    plain = judged.filter(~pl.col("is_broken") & ~pl.col("is_quoted"))
    width = len(export.header)
    frames = [_split(export, plain.filter(pl.col("fields") == width))]
    miscounted = [plain.filter(pl.col("fields") != width)]
    if has_quotes:
        quoted = judged.filter(~pl.col("is_broken") & pl.col("is_quoted"))
        # Each line is a whole record by now, so csv gives one record for each line.
        records = list(csv.reader(quoted["line"].to_list(), strict=True))
        quoted = quoted.with_columns(
            fields=pl.Series([len(each) for each in records], dtype=pl.Int64)
        )
        frames.append(_from_records(export, quoted["row"].to_list(), records))
        miscounted.append(quoted.filter(pl.col("fields") != width))
    faults = pl.concat(
        [
            broken_rows.with_columns(fault=pl.lit("broken row")),
            *(each.with_columns(fault=pl.lit("field count")) for each in miscounted),
        ]
    )
    return pl.concat(frames).sort("row"), faults.sort("row")


def _split(export: Export, plain: pl.DataFrame) -> pl.DataFrame:
    """Lines without quotation marks and with the right number of commas -> columns."""
    fields = pl.col("line").str.split_exact(",", len(export.header) - 1)
    named = fields.struct.rename_fields(list(export.header)).alias("fields")
    return plain.select("row", named).unnest("fields")


def _from_records(export: Export, rows: list[int], records: list[list[str]]) -> pl.DataFrame:
    """The records that have as many fields as the header, as columns."""
    width = len(export.header)
    kept = [
        (row, *record) for row, record in zip(rows, records, strict=True) if len(record) == width
    ]
    return pl.DataFrame(kept, schema=build_schema(export), orient="row")


def _decode(data: bytes) -> str | None:
    """The text, without byte-order mark; None if it is not UTF-8."""
    # UTF-16 without a byte-order mark decodes as UTF-8, with a NUL for every other letter.
    if b"\0" in data[:2]:
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _is_header(line: str, export: Export) -> bool:
    try:
        records = list(csv.reader([line], strict=True))
    except csv.Error:
        return False
    return bool(records) and tuple(records[0]) == export.header


def _first_field(line: str) -> str:
    return line.split(",", 1)[0].strip('"')


def _file_names(folder: Path) -> set[str]:
    try:
        return {
            entry.name
            for entry in folder.iterdir()
            if entry.is_file() and not entry.name.startswith((".", _OPEN_IN_EXCEL))
        }
    except FileNotFoundError as error:
        raise IntakeError(f"There is no folder {folder}. Check the name and try again.") from error
    except NotADirectoryError as error:
        raise IntakeError(
            f"{folder} is not a folder. Name the folder that holds the exports."
        ) from error
    except OSError as error:
        raise IntakeError(
            f"The folder {folder} cannot be opened. Check who may read it."
        ) from error


def _read_bytes(path: Path, most: int = -1) -> bytes:
    """The bytes of a file, at most so many."""
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise IntakeError(
            f"{path.name} cannot be opened. Close it elsewhere and check who may read it."
        ) from error


def _to_printable(name: str) -> str:
    """A file's name as a terminal may show it."""
    return name if name.isprintable() else ascii(name)
