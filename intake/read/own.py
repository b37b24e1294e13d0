"""A reader of the school's own tables, in our columns, or in its own by a mapping that it keeps.

A table is known by its name, without regard to case, blanks and what a browser adds, or else
by the names of its columns.  A table with the name alone becomes a problem that says why.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from hashlib import sha256

import polars as pl

from intake.map.mapping import Mapping, find_mapping
from intake.problems import IntakeError
from intake.read.header import (
    EXAMPLE,
    HeaderMatch,
    describe_wrong_header,
    find_header,
    identify_export,
)
from intake.read.mapped import read_mapped
from intake.read.terms import build_calendar
from intake.spelling import spell_value
from intake.tables import (
    FAULT,
    FEW_TEXTS,
    LINES,
    Body,
    Counted,
    ExportFile,
    Files,
    Given,
    LeftOut,
    Source,
    Table,
    build_row_problems,
    build_schema,
    build_unread_file,
)
from queries.contract import ALL_EXPORTS, ATTENDANCE, CALENDAR, TERMS, UPN, Export, to_sheet_name
from queries.contract.model.spelling import normalise_name

#: What browsers and Explorer add to the name of a second copy.
_COPY = re.compile(r"(?:\s*\(\d+\)|\s*-\s*copy)+$", re.IGNORECASE)
_READ = (*ALL_EXPORTS, TERMS)
#: The reason for which example rows are left out.
_EXAMPLES = "they are marked as examples"

Content = tuple[ExportFile, Counted]


@dataclass(frozen=True, eq=False)
class OwnTable:
    """A table that is a file of ours.

    is_readable: whether its columns are known.  note: how it was recognised, for a person to
    read, or "".
    """

    table: Table
    export: Export
    open: Callable[[], Content] = field(repr=False)
    is_readable: bool = True
    note: str = ""

    @cached_property
    def content(self) -> Content:
        """Return the file, and the counts of the table's rows."""
        return self.open()

    @property
    def is_sheet(self) -> bool:
        """Say whether it is a sheet of a workbook."""
        return bool(self.table.sources) and self.table.sources[0].is_sheet

    @cached_property
    def is_unused(self) -> bool:
        """Say whether it is a sheet, such as a template's, in which nobody has filled in a row."""
        if not self.is_sheet or not self.is_readable:
            return self.is_sheet and len(self.table.sources[0].head) <= 1
        count = self.content[1]
        return count.number == sum(item.number for item in count.left if item.rule == _EXAMPLES)


class Own:
    """The reader of the school's own tables; see `intake.tables.Adapter`."""

    from_authority = False
    may_give_roll = True

    def __init__(self, mappings: Sequence[Mapping] = ()) -> None:
        self._mappings = mappings

    def recognise(self, table: Table) -> OwnTable | None:
        """Return the table, known by its columns, by a mapping or by its name alone, or None."""
        named = _find_by_name(table)
        for source in table.sources:
            match = find_header(named, source.head) if named else identify_export(source.head)
            if match:
                note = f"{table.name} was read as {match.export.name}, by its columns."
                read = partial(read_rows, match, source)
                return OwnTable(table, match.export, read, note="" if named else note)
        for source in table.sources:
            known = find_mapping(self._mappings, source.head)
            if known and named in (None, known[0].export):
                read = partial(read_mapped, *known, source)
                return OwnTable(table, known[0].export, read)
        if named is None:
            return None
        return OwnTable(table, named, partial(_tell, table, named), is_readable=False)

    def read(self, tables: Sequence[OwnTable], _: Files, __: str = "") -> Given:
        """Return one file for each export; a list of terms makes the calendar.

        Registers of different children, such as one of each class, are one register.

        Two tables of the same export raise IntakeError in all other cases.
        """
        kinds: dict[str, list[OwnTable]] = {}
        for table in tables:
            export = CALENDAR if table.export is TERMS else table.export
            kinds.setdefault(export.name, []).append(table)
        chosen = {name: _choose(group) for name, group in kinds.items()}
        left = [table for table in tables if not any(table in kind for kind in chosen.values())]
        files: dict[str, ExportFile] = {}
        notes: list[str] = []
        counted: list[Counted] = []
        for kind in chosen.values():
            if kind[0].is_unused and not _is_needed(kind[0].export):
                counted += [Counted(table.table.name, 0) for table in kind]
                continue
            file = _join_sheets([table.content[0] for table in kind])
            count = [table.content[1] for table in kind]
            if kind[0].export is TERMS:
                count = [_count_terms(count[0], file)]
                file = build_calendar(file)
                notes += file.notes
            files[file.export.name] = file
            notes += [note for item in kind for note in (item.note, *item.content[0].notes) if note]
            counted += count
        return Given(files, notes, [table.table.name for table in left], counted)


def read_rows(match: HeaderMatch, source: Source) -> Content:
    """Return the rows below the header as a file, and their counts."""
    export = match.export
    columns = list(match.places.items())
    if match.example_place is not None:
        columns.append((EXAMPLE, match.example_place))
    body = _read_body(match, source, columns)
    number = body.number
    if export.is_row_by_row and not source.is_sheet:
        body = _drop_cut_rows(body, export.header[0])
    rows = body.rows
    if match.example_place is not None:
        rows = rows.filter(pl.col(EXAMPLE).str.strip_chars() == "")
    examples = body.rows.height - rows.height
    left = [LeftOut("they repeat the column names", body.repeated), LeftOut(_EXAMPLES, examples)]
    left = [item for item in left if item.number]
    counted = Counted(source.name, number, export.name, left=left, told=source.told)
    if rows.is_empty() and body.faults.is_empty() and not export.may_be_empty:
        return build_unread_file(export, source.digest, "no rows", name=source.name), counted
    rows = rows.with_columns(pl.lit("").alias(name) for name in match.absent)
    file = ExportFile(
        export=export,
        digest=source.digest,
        is_read=True,
        rows_read=rows.height + body.faults.height,
        problems=tuple(build_row_problems(export, source, body.faults, len(match.row[1]))),
        rows=rows.select(build_schema(export).names()),
        skipped_keys=tuple(body.faults["key"]),
        name=source.name,
        notes=tuple(_write_notes(match, source, examples)),
    )
    return file, counted


def _read_body(match: HeaderMatch, source: Source, columns: Sequence[tuple[str, int]]) -> Body:
    """Read the rows below the names of our columns.

    A register has very many rows, in which few texts occur.  So its days, halves and codes take
    a byte or two each, unless there are more texts than such categories hold.
    """
    schema, key_place = build_schema(match.export), match.places[match.export.header[0]]
    types = pl.Schema({name: schema[name] for name in match.places})
    if match.export is ATTENDANCE:
        small = pl.Schema({**types, **FEW_TEXTS})
        with suppress(pl.exceptions.ComputeError):
            return source.read_body(match.row, columns, key_place, small)
    return source.read_body(match.row, columns, key_place, types)


def _count_terms(counted: Counted, terms: ExportFile) -> Counted:
    """Return the counts of a list of terms, of which rows of the calendar are made."""
    faulty = len({problem.row for problem in terms.problems})
    rows = [(None, "", terms.rows.height), (None, FAULT, faulty)]
    rows += [(None, item.rule, item.number) for item in counted.left]
    lines = pl.DataFrame(rows, schema=LINES, orient="row")
    return replace(counted, file="", left=(), lines=lines, kind=TERMS.name, gives=[CALENDAR.name])


def _choose(tables: Sequence[OwnTable]) -> Sequence[OwnTable]:
    """Return the one table of an export, or several that can be joined.

    These are sheets of one workbook, and registers without a child in common.  Only a sheet that
    nobody has filled in is dropped: the rows of any other table would be lost.  Raises IntakeError
    for other tables of one export.
    """
    candidates = tables
    if len(candidates) > 1:
        used = [table for table in candidates if not table.is_unused]
        candidates = used or candidates[:1]
    books: dict[str, list[OwnTable]] = {}
    for table in candidates:
        book = table.table.digest if table.is_sheet else table.table.name
        books.setdefault(book, []).append(table)
    is_one = len(candidates) == 1 or (
        all(table.is_readable for table in candidates)
        and len({table.export.name for table in candidates}) == 1
    )
    if not is_one or (len(books) > 1 and not _are_classes([*books.values()])):
        both = " and ".join(table.table.name for table in candidates[:2])
        way = "Keep one of them"
        if tables[0].export.is_row_by_row:
            way += ", load one after the other, or make them sheets of one workbook"
        kind = CALENDAR if tables[0].export is TERMS else tables[0].export
        raise IntakeError(f"{both} are both {kind.name}. {way}.")
    return candidates


def _are_classes(books: Sequence[Sequence[OwnTable]]) -> bool:
    """Say whether the tables are registers of one form without a child in common."""
    if books[0][0].export is not ATTENDANCE:
        return False
    counts = {table.content[1].is_of_marks for tables in books for table in tables}
    seen = set[str]()
    for tables in books:
        files = [table.content[0] for table in tables]
        if len(counts) > 1 or not all(file.is_read for file in files):
            return False
        upns = {spell_value(UPN, upn) for file in files for upn in file.rows["upn"].unique()}
        if seen & (upns - {""}):
            return False
        seen |= upns
    return True


def _join_sheets(files: Sequence[ExportFile]) -> ExportFile:
    """Join tables into one file; a fault of a whole table becomes one of the file."""
    if len(files) == 1:
        return files[0]
    placed: list[ExportFile] = []
    last = 0
    for file in files:
        rows, places = file.rows, _list_places(file)
        shift = (pl.col("row") + last).cast(pl.UInt32)
        placed.append(
            replace(
                file,
                problems=tuple(
                    problem.move_to_row(problem.row + last) if problem.row else problem
                    for problem in file.problems
                ),
                rows=rows.with_columns(shift),
                places=places.with_columns(shift, found_in=pl.lit(file.name)),
            )
        )
        last += max(places["row"], default=0)
    digests = sorted({file.digest for file in placed})
    return replace(
        placed[0],
        digest=digests[0] if len(digests) == 1 else sha256("".join(digests).encode()).hexdigest(),
        is_read=all(file.is_read for file in placed),
        rows_read=sum(file.rows_read for file in placed),
        problems=tuple(problem for file in placed for problem in file.problems),
        rows=pl.concat(file.rows.cast(build_schema(file.export)) for file in placed),
        skipped_keys=tuple(key for file in placed for key in file.skipped_keys),
        name=f"{placed[0].name} and {len(placed) - 1} more",
        places=pl.concat(file.places for file in placed if file.places is not None),
        headings=files[0].headings if all(e.headings == files[0].headings for e in files) else {},
    )


def _list_places(file: ExportFile) -> pl.DataFrame:
    """Return where each row of a file stood: its line, if the file has no other places."""
    if file.places is not None:
        return file.places
    lines = sorted({*file.rows["row"], *(problem.row for problem in file.problems if problem.row)})
    rows = pl.DataFrame({"row": lines}, schema={"row": pl.UInt32})
    return rows.with_columns(line="row", place=pl.lit(""), found_in=pl.lit(""))


def _is_needed(export: Export) -> bool:
    """Say whether an export is reported or taken even if nothing is in it."""
    return export.required or export.may_be_empty or export is TERMS


def _tell(table: Table, export: Export) -> Content:
    """Return an unread file that says why a table with the name of an export cannot be read."""
    fault, words, mend = "not UTF-8", table.fault, ""
    if not words:
        fault = "wrong header"
        words, mend = describe_wrong_header(export, table.sources[0].head)
    file = build_unread_file(export, table.digest, fault, name=table.name, text=words, mend=mend)
    return file, Counted(table.name, 0, file=export.name)


def _find_by_name(table: Table) -> Export | None:
    """Return the export with the table's name, less what a browser or Explorer adds, or None."""
    stem = normalise_name(_COPY.sub("", table.stem))
    return next((export for export in _READ if normalise_name(to_sheet_name(export)) == stem), None)


def _drop_cut_rows(body: Body, key: str) -> Body:
    """Drop the rows that a line break may have cut in their last field.

    The start of such a row can look whole (C of C1, or no mark), while the rest of it stands
    alone in the next line.
    """
    if body.faults.is_empty():
        return body
    ends = body.faults.filter(pl.col("fault") == "field count", pl.col("fields") == 1)
    is_cut = pl.col("row").is_in((ends["row"] - 1).implode())
    faults = body.rows.filter(is_cut).select(
        "row", fault=pl.lit("cut row"), fields=pl.lit(0, pl.Int64), key=pl.col(key).cast(pl.String)
    )
    rows = body.rows.filter(~is_cut)
    return Body(rows, pl.concat([body.faults, faults]).sort("row"), body.repeated)


def _write_notes(match: HeaderMatch, source: Source, examples: int) -> Iterator[str]:
    """Yield the notes on how a table was read, for a person."""
    if match.others:
        names = ", ".join(match.others)
        yield f"{source.name}: not used, and ignored: {names}."
    if match.absent:
        yield f"{source.name} has no column {', '.join(match.absent)}, so this is not known."
    if examples:
        yield f"{source.name}: rows marked as examples and ignored: {examples}."
