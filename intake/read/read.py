"""Read the exports of a folder as text: which file or sheet is which, and its rows.

A table is a CSV file, or a sheet of a workbook.  It is known by its name, without regard
to case, blanks and what a browser adds, or else by the names of its columns: ours, or those
that one of the school's mappings tells of.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

import polars as pl

from intake.map.mapping import Header, MappingError, find_mapping
from intake.map.mapping import Mapping as TableMapping
from intake.national import xml
from intake.national.ctf import PUPIL, YEAR, Elements
from intake.problems import IntakeError, Problem, build_problem
from intake.read import archive, workbook
from intake.read.csv_source import find_text_fault, read_csv
from intake.read.header import (
    EXAMPLE,
    HeaderMatch,
    describe_wrong_header,
    find_header,
    identify_export,
)
from intake.read.mapped import read_mapped
from intake.read.returns import MAY_BE_GIVEN, add_marks, add_returns, find_return_table, has_sender
from intake.read.sheet import SheetSource
from intake.read.source import Body, Source
from intake.read.tables import (
    FIRST_RETURN_ROW,
    ExportFile,
    ExportFolder,
    build_schema,
    build_unread_file,
)
from intake.read.terms import build_calendar
from queries.contract import ALL_EXPORTS, ATTENDANCE, CALENDAR, TERMS, Export, to_sheet_name
from queries.contract.model.spelling import normalise_name

#: What Excel and LibreOffice put beside a workbook that somebody has open begins so.
_OPEN_ELSEWHERE = ("~$", ".~lock.")
_TEXT_SUFFIXES = (".csv", ".txt", ".tsv")
#: What browsers and Explorer add to the name of a second copy.
_COPY = re.compile(r"(?:\s*\(\d+\)|\s*-\s*copy)+$", re.IGNORECASE)
#: As much of a file as shows its columns.
_START_BYTES = 64 * 1024
#: Of a CSV file: some years of a school's register, which take a gigabyte if each row has a fault.
MAX_CSV_BYTES = 50 * 1024 * 1024

_READ = (*ALL_EXPORTS, TERMS)
_NO_DAYS = pl.DataFrame(schema=build_schema(CALENDAR))

#: Where exports come from: a folder, or files by their names, as a browser sends them.
Files = Path | Mapping[str, bytes]


@dataclass(frozen=True, eq=False)
class _Table:
    """A file or sheet that may be an export: each way to read it, the likeliest first.

    fault: what it is that is no text, where it cannot be read at all.  notes: what the file
    says of itself, where that is no table.  elements: where its rows stand, if not at their own
    numbers.
    """

    name: str
    stem: str
    sources: Sequence[Source] = field(repr=False)
    digest: str
    fault: str = ""
    notes: tuple[str, ...] = ()
    elements: Elements | None = field(default=None, repr=False)

    def is_unused(self, export: Export) -> bool:
        """Whether it is a sheet as in a template, of which nobody has filled in a row yet."""
        if not (self.sources and self.sources[0].is_sheet):
            return False
        match = find_header(export, self.sources[0].head)
        if match is None:
            return len(self.sources[0].head) <= 1
        return _read_rows(match, self.sources[0]).rows_read == 0


def read_exports(
    folder: Files, mappings: Sequence[TableMapping] = (), authority: str = ""
) -> ExportFolder:
    """Read the exports of `folder`; sub-folders and hidden files are passed over.

    mappings: how tables of the school's own making are to be read.  authority: whose the
    returns among the files are, by name, since they do not say it.

    IntakeError if the folder is not there, is no folder, or a file cannot be opened; if a
    workbook is unsafe, damaged or of a kind that is not read; if a file is too large to be read
    in memory; and if a table is there twice.
    """
    names = _list_file_names(folder)
    workbook.refuse_other_kinds(names)
    opened = {name: _open_tables(folder, name, mappings) for name in sorted(names)}
    unknown = [name for name, found in opened.items() if not found]
    tables = [table for found in opened.values() for table in found]
    notes = [f"{table.name}: {each}" for table in tables for each in table.notes]
    tables = [table for table in tables if not table.notes]
    returned = [table for table in tables if find_return_table(table.sources)]
    transfers = [each for each in tables if each.elements is not None]
    own = [each for each in tables if each not in (*returned, *transfers)]
    chosen, left = _assign_tables(own, mappings)
    given, twice = _assign_tables(transfers, mappings)
    behind = {name: table for name, table in given.items() if name in chosen}
    chosen = given | chosen
    files: dict[str, ExportFile] = {}
    problems: list[Problem] = []
    days = chosen.get(TERMS.name)
    if CALENDAR.name in chosen:
        days = None
    for export in ALL_EXPORTS:
        table = chosen.get(export.name)
        if export is CALENDAR and days is not None:
            files[export.name] = _read_calendar(days)
            problems.extend(files[export.name].problems)
            continue
        if table is not None and table.is_unused(export):
            table = table if export.required or export.may_be_empty else None
        if table is not None:
            read = _read_table(export, table, mappings)
            files[export.name] = _add_transferred(read, behind.get(export.name))
            problems.extend(files[export.name].problems)
            if table.elements is None and _find_by_name(table) is None and _identify(table):
                notes.append(f"{table.name} was read as {export.name}, by its columns.")
            notes.extend(files[export.name].notes)
        elif export.required and not (returned and export in MAY_BE_GIVEN):
            problems.append(build_problem(export, 0, "", "missing file"))
    sources = [source for each in returned if (source := find_return_table(each.sources))]
    if sources:
        added, said = add_returns(files, sources, authority)
        files |= added
        lacking = (each for each in MAY_BE_GIVEN if each.name not in files)
        problems.extend(build_problem(each, 0, "", "missing file") for each in lacking)
        problems.extend(fault for each in added.values() for fault in each.problems)
        notes.extend(said)
    others = [*unknown, *left, *twice, *_list_other_names(folder)]
    return ExportFolder(
        files=files,
        problems=tuple(dict.fromkeys(problems)),
        unknown_files=tuple(sorted(map(_to_printable, others))),
        notes=tuple(dict.fromkeys(notes)),
        has_return=has_sender(sources),
    )


def _read_calendar(table: _Table) -> ExportFile:
    """The calendar of a list of terms."""
    read = _read_table(TERMS, table, ())
    if read.is_read:
        return build_calendar(read)
    faults = tuple(replace(each, file=CALENDAR.name, found_in=table.name) for each in read.problems)
    return replace(read, export=CALENDAR, problems=faults, rows=_NO_DAYS)


def read_file(export: Export, data: bytes) -> ExportFile:
    """Read the bytes of one export file.  Bad bytes are problems, never exceptions."""
    return _read_table(export, _open_text(data, export.name, to_sheet_name(export)), ())


def list_unmapped(folder: Files, mappings: Sequence[TableMapping] = ()) -> dict[str, Source]:
    """The tables that are none of ours yet, by what people call them: a mapping may read them.

    Of each the way to read it in which its first row has most cells.  Errors as above.
    """
    names = _list_file_names(folder)
    workbook.refuse_other_kinds(names)
    tables = [
        table
        for name in sorted(names)
        for table in _open_tables(folder, name, mappings)
        if table.sources and table.sources[0].head
    ]
    return {
        table.name: max(table.sources, key=lambda each: max(len(row[1]) for row in each.head))
        for table in tables
        if (found := _find_by_name(table)) is None or not _has_columns(found, table)
        if _identify(table) is None and _find_mapping(table, mappings) is None
        if not find_return_table(table.sources)
    }


def _read_table(export: Export, table: _Table, mappings: Sequence[TableMapping]) -> ExportFile:
    """Read one table as an export; what cannot be read is a problem."""
    if table.fault:
        return build_unread_file(
            export, table.digest, "not UTF-8", name=table.name, found=table.fault
        )
    for source in table.sources:
        if match := find_header(export, source.head):
            if table.elements is None:
                return _read_rows(match, source)
            is_whole = not table.elements.faults
            return _place_elements(_read_rows(match, source, may_lack=not is_whole), table.elements)
    if (known := _find_mapping(table, mappings)) and known[0].file == export.name:
        mapping, header, source = known
        try:
            return read_mapped(mapping, header, source)
        except MappingError as error:
            return build_unread_file(
                export,
                table.digest,
                "wrong header",
                name=table.name,
                found=f"{error}",
                mend="Say how it is to be read: lac map, or on the page Bring in files.",
            )
    found, mend = describe_wrong_header(export, table.sources[0].head)
    return build_unread_file(
        export, table.digest, "wrong header", name=table.name, found=found, mend=mend
    )


def _read_rows(match: HeaderMatch, source: Source, *, may_lack: bool = False) -> ExportFile:
    """The rows below the names of the columns.

    may_lack: whether there may be none, though the export asks for one.
    """
    export = match.export
    columns = list(match.places.items())
    if match.example_place is not None:
        columns.append((EXAMPLE, match.example_place))
    body = source.read_body(match.row, columns, match.places[export.header[0]])
    if export.is_row_by_row and not source.is_sheet:
        body = _drop_cut_rows(body, export.header[0])
    rows = body.rows
    examples = 0
    if match.example_place is not None:
        is_example = pl.col(EXAMPLE).str.strip_chars() != ""
        examples = rows.filter(is_example).height
        rows = rows.filter(~is_example)
    if rows.is_empty() and body.faults.is_empty() and not (export.may_be_empty or may_lack):
        return build_unread_file(export, source.digest, "no rows", name=source.name)
    rows = rows.with_columns(pl.lit("").alias(name) for name in match.absent)
    return ExportFile(
        export=export,
        digest=source.digest,
        is_read=True,
        rows_read=rows.height + body.faults.height,
        problems=tuple(
            build_problem(
                export, row, "", fault, fields=fields, is_sheet=source.is_sheet, name=source.name
            )
            for row, fault, fields, _ in body.faults.iter_rows()
        ),
        rows=rows.select(build_schema(export).names()),
        skipped_keys=tuple(body.faults["key"]),
        name=source.name,
        notes=tuple(_write_notes(match, source, examples)),
    )


def _add_transferred(own: ExportFile, table: _Table | None) -> ExportFile:
    """The file with what a transfer file has of the same, where there is one."""
    if table is None:
        return own
    said = f"{table.name}: {own.name} tells the same and goes before it"
    if own.export is not ATTENDANCE or not own.is_read:
        return replace(own, notes=(*own.notes, f"{said}."))
    found = add_marks(own, _read_table(ATTENDANCE, table, ()))
    added = f"{said}. Added: of each child, the days that it lacks."
    return replace(found, notes=(*own.notes, added))


def _place_elements(read: ExportFile, elements: Elements) -> ExportFile:
    """The file with its rows and faults at the elements in which they stand."""
    if not read.is_read:
        return read
    file = read.name.partition(": ")[0]
    first = FIRST_RETURN_ROW + 2
    last = first + len(elements.places)
    placed = [
        *(
            (first + count, line, place, f"{file}: {PUPIL}")
            for count, (line, place) in enumerate(elements.places)
        ),
        *(
            (last + count, fault.row, place, f"{file}: {YEAR}")
            for count, (fault, place) in enumerate(elements.faults)
        ),
    ]
    schema = {"row": pl.UInt32, "line": pl.UInt32, "place": pl.String, "found_in": pl.String}
    problems = [each.move_to_row(FIRST_RETURN_ROW + each.row) for each in read.problems]
    problems += [
        fault.move_to_row(last + count) for count, (fault, _) in enumerate(elements.faults)
    ]
    return replace(
        read,
        rows=read.rows.with_columns(pl.col("row") + FIRST_RETURN_ROW),
        rows_read=read.rows_read + len(elements.faults),
        problems=tuple(problems),
        places=pl.DataFrame(placed, schema=schema, orient="row"),
        headings=elements.headings,
        notes=(),  # on columns that no transfer file has
    )


def _drop_cut_rows(body: Body, key: str) -> Body:
    """The rows less those that a line break may have cut in their last field.

    What is left of such a row can look whole (C of C1, or no mark), while the rest of it
    stands alone in the next line.
    """
    ends = body.faults.filter(pl.col("fault") == "field count", pl.col("fields") == 1)
    cut = body.rows.filter(pl.col("row").is_in((ends["row"] - 1).implode()))
    faults = cut.select(
        "row", pl.lit("cut row").alias("fault"), pl.lit(0, pl.Int64).alias("fields"), key=key
    )
    rows = (
        body.rows.join(cut, on="row", how="anti", maintain_order="left") if len(cut) else body.rows
    )
    return Body(rows, pl.concat([body.faults, faults]).sort("row"))


def _write_notes(match: HeaderMatch, source: Source, examples: int) -> Iterable[str]:
    """What a person should know of how a table was read."""
    if match.others:
        names = ", ".join(match.others)
        yield f"{source.name}: not used, and left alone: {names}."
    if match.absent:
        yield f"{source.name} has no column {', '.join(match.absent)}: nothing is known of that."
    if examples:
        yield f"{source.name}: rows marked as examples and left alone: {examples}."


def _assign_tables(
    tables: Sequence[_Table], mappings: Sequence[TableMapping]
) -> tuple[dict[str, _Table], list[str]]:
    """The table of each export, by its name, and the names of tables that are none.

    A table that is known by its columns alone gives way to one of the export's own name.
    IntakeError where two are equally near.
    """
    named: dict[str, list[_Table]] = {}
    others: dict[str, list[_Table]] = {}
    left: list[str] = []
    for table in tables:
        own = _find_by_name(table)
        found = own or _identify(table)
        if found is None and (known := _find_mapping(table, mappings)):
            found = known[0].export
        if found is None:
            left.append(table.name)
        else:
            (named if own else others).setdefault(found.name, []).append(table)
    chosen: dict[str, _Table] = {}
    for name in {**named, **others}:
        export = next(each for each in _READ if each.name == name)
        found_by_name = named.get(name, [])
        candidates = [each for each in found_by_name if not each.is_unused(export)]
        candidates = candidates or found_by_name[:1] or others[name]
        if len(candidates) > 1:
            both = " and ".join(each.name for each in candidates[:2])
            raise IntakeError(f"{both} are both {name}. Keep one of them.")
        chosen[name] = candidates[0]
        left += [each.name for each in others.get(name, ()) if each is not candidates[0]]
    return chosen, left


def _find_by_name(table: _Table) -> Export | None:
    """The export that a table is called after, as a browser or Explorer may have left it."""
    stem = normalise_name(_COPY.sub("", table.stem))
    return next((each for each in _READ if normalise_name(to_sheet_name(each)) == stem), None)


def _identify(table: _Table) -> Export | None:
    """The export that a table is by the names of its columns."""
    return next((found for each in table.sources if (found := identify_export(each.head))), None)


def _has_columns(export: Export, table: _Table) -> bool:
    return any(find_header(export, each.head) for each in table.sources)


def _find_mapping(
    table: _Table, mappings: Sequence[TableMapping]
) -> tuple[TableMapping, Header, Source] | None:
    """The school's own mapping that reads a table, with the header and the way to read it."""
    for source in table.sources:
        if found := find_mapping(mappings, source.head):
            return (*found, source)
    return None


def _open_tables(folder: Files, file_name: str, mappings: Sequence[TableMapping]) -> list[_Table]:
    """The tables of one file; of one whose name says nothing, no more than shows its columns."""
    name = _to_printable(file_name)
    stem, suffix = Path(file_name).stem, Path(file_name).suffix.casefold()
    if suffix in _TEXT_SUFFIXES:
        table = _open_text(_read_bytes(folder, file_name, _START_BYTES), name, stem)
        is_wanted = _find_by_name(table) or _identify(table) or _find_mapping(table, mappings)
        if is_wanted or find_return_table(table.sources):
            data = _read_bytes(folder, file_name, MAX_CSV_BYTES + 1)
            if len(data) > MAX_CSV_BYTES:
                raise IntakeError(
                    f"{name} is larger than {MAX_CSV_BYTES >> 20} MB. Export fewer terms at a "
                    "time, and load one file after the other."
                )
            table = _open_text(data, name, stem)
        return [table]
    if suffix not in (workbook.SUFFIX, xml.SUFFIX):
        return []
    most = xml.MAX_BYTES if suffix == xml.SUFFIX else archive.MAX_BYTES
    data = _read_bytes(folder, file_name, most + 1)
    digest = sha256(data).hexdigest()
    is_xml = suffix == xml.SUFFIX
    found = xml.read_xml(data, name) if is_xml else xml.XmlFile(workbook.read_workbook(data, name))
    tables = []
    for title, rows in found.tables.items():
        shown = f"{name}: {_to_printable(title)}"
        source = SheetSource(shown, digest, rows)
        elements = found.elements.get(title)
        tables.append(_Table(shown, title, [source], digest, elements=elements))
    if found.notes:
        tables.append(_Table(name, name, [], digest, notes=found.notes))
    return tables


def _open_text(data: bytes, name: str, stem: str) -> _Table:
    digest = sha256(data).hexdigest()
    fault = find_text_fault(data) or ""
    sources: list[Source] = [] if fault else list(read_csv(data, name))
    return _Table(name, stem, sources, digest, fault)


def _list_file_names(folder: Files) -> set[str]:
    if isinstance(folder, Mapping):
        return {name for name in folder if not name.startswith((".", *_OPEN_ELSEWHERE))}
    try:
        return {
            entry.name
            for entry in folder.iterdir()
            if entry.is_file() and not entry.name.startswith((".", *_OPEN_ELSEWHERE))
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


def _list_other_names(folder: Files) -> list[str]:
    """What has the name of a file that could be read and is none: a folder, a pipe, a device."""
    if isinstance(folder, Mapping):
        return []
    readable = (*_TEXT_SUFFIXES, workbook.SUFFIX, xml.SUFFIX)
    names = [each.name for each in folder.iterdir() if not each.is_file()]
    return [name for name in names if name.casefold().endswith(readable)]


def _read_bytes(folder: Files, name: str, most: int) -> bytes:
    """The bytes of a file, at most so many."""
    if isinstance(folder, Mapping):
        return folder[name][:most]
    try:
        with (folder / name).open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise IntakeError(
            f"{name} cannot be opened. Close it elsewhere and check who may read it."
        ) from error


def _to_printable(name: str) -> str:
    """A file's name as a terminal may show it."""
    return name if name.isprintable() else ascii(name)
