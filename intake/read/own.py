"""The school's own tables: in our columns, or in its own by a mapping that it keeps.

A table is known by its name, without regard to case, blanks and what a browser adds, or else
by the names of its columns.  One that has the name alone is told why it cannot be read.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

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
from intake.tables import (
    Body,
    Counted,
    ExportFile,
    Files,
    Given,
    Source,
    Table,
    build_row_problems,
    build_schema,
    build_unread_file,
)
from queries.contract import ALL_EXPORTS, ATTENDANCE, CALENDAR, TERMS, Export, to_sheet_name
from queries.contract.model.spelling import normalise_name

#: What browsers and Explorer add to the name of a second copy.
_COPY = re.compile(r"(?:\s*\(\d+\)|\s*-\s*copy)+$", re.IGNORECASE)
_READ = (*ALL_EXPORTS, TERMS)

Content = tuple[ExportFile, Counted]


@dataclass(frozen=True, eq=False)
class OwnTable:
    """A table that is a file of ours.

    is_named: whether it is called so.  is_readable: whether its columns are known as well.
    note: what a person should know of how it was known.
    """

    table: Table
    export: Export
    open: Callable[[], Content] = field(repr=False)
    is_named: bool
    is_readable: bool = True
    note: str = ""

    @cached_property
    def content(self) -> Content:
        """The file, and how much was in the table."""
        return self.open()

    @cached_property
    def is_unused(self) -> bool:
        """Whether it is a sheet as in a template, of which nobody has filled in a row yet."""
        sources = self.table.sources
        if not (sources and sources[0].is_sheet):
            return False
        return self.content[0].rows_read == 0 if self.is_readable else len(sources[0].head) <= 1


class Own:
    """Reads the school's own tables; see `intake.tables.Adapter`."""

    from_authority = False
    may_give_roll = True

    def __init__(self, mappings: Sequence[Mapping] = ()) -> None:
        self._mappings = mappings

    def recognise(self, table: Table) -> OwnTable | None:
        """The table by its columns, by a mapping, or by its name alone."""
        named = _find_by_name(table)
        is_named = named is not None
        for source in table.sources:
            match = find_header(named, source.head) if named else identify_export(source.head)
            if match:
                note = f"{table.name} was read as {match.export.name}, by its columns."
                read = partial(read_rows, match, source)
                return OwnTable(table, match.export, read, is_named, note="" if named else note)
        for source in table.sources:
            known = find_mapping(self._mappings, source.head)
            if known and named in (None, known[0].export):
                read = partial(read_mapped, *known, source)
                return OwnTable(table, known[0].export, read, is_named)
        if named is None:
            return None
        return OwnTable(table, named, partial(_tell, table, named), is_named, is_readable=False)

    def read(self, tables: Sequence[OwnTable], _: Files, __: str = "") -> Given:
        """One table for each file of ours; a calendar goes before a list of terms.

        One that is known by its columns alone gives way to one of the file's own name.
        IntakeError where two are equally near.
        """
        found: dict[str, list[OwnTable]] = {}
        for each in tables:
            found.setdefault(each.export.name, []).append(each)
        chosen = {name: _choose(of) for name, of in found.items()}
        left = [each for each in tables if each not in chosen.values() and not each.is_named]
        if CALENDAR.name in chosen:
            chosen.pop(TERMS.name, None)
        files: dict[str, ExportFile] = {}
        notes: list[str] = []
        counted: list[Counted] = []
        for each in chosen.values():
            if each.is_unused and not _is_needed(each.export):
                continue
            file, count = each.content
            file = build_calendar(file) if each.export is TERMS else file
            files[file.export.name] = file
            notes += [said for said in (each.note, *file.notes) if said]
            counted.append(count)
        return Given(files, notes, [each.table.name for each in left], counted)


def read_rows(match: HeaderMatch, source: Source) -> Content:
    """The rows below the names of our columns."""
    export = match.export
    columns = list(match.places.items())
    if match.example_place is not None:
        columns.append((EXAMPLE, match.example_place))
    body = source.read_body(match.row, columns, match.places[export.header[0]])
    is_mark = (
        pl.col("code").str.strip_chars() != "" if export is ATTENDANCE else pl.lit(value=False)
    )
    marks = body.rows.filter(is_mark).height
    counted = Counted(source.name, body.rows.height + body.faults.height, marks)
    if export.is_row_by_row and not source.is_sheet:
        body = _drop_cut_rows(body, export.header[0])
    rows = body.rows
    examples = 0
    if match.example_place is not None:
        is_example = pl.col(EXAMPLE).str.strip_chars() != ""
        examples = rows.filter(is_example).height
        rows = rows.filter(~is_example)
    if rows.is_empty() and body.faults.is_empty() and not export.may_be_empty:
        return build_unread_file(export, source.digest, "no rows", name=source.name), counted
    rows = rows.with_columns(pl.lit("").alias(name) for name in match.absent)
    file = ExportFile(
        export=export,
        digest=source.digest,
        is_read=True,
        rows_read=rows.height + body.faults.height,
        problems=tuple(build_row_problems(export, source, body.faults)),
        rows=rows.select(build_schema(export).names()),
        skipped_keys=tuple(body.faults["key"]),
        name=source.name,
        notes=tuple(_write_notes(match, source, examples)),
    )
    return file, counted


def _choose(tables: Sequence[OwnTable]) -> OwnTable:
    """The one table of a file of ours."""
    named = [each for each in tables if each.is_named]
    candidates = [each for each in named if not each.is_unused] or named[:1] or tables
    if len(candidates) > 1:
        both = " and ".join(each.table.name for each in candidates[:2])
        raise IntakeError(f"{both} are both {tables[0].export.name}. Keep one of them.")
    return candidates[0]


def _is_needed(export: Export) -> bool:
    """Whether a file of ours is told, or taken, even if nothing is in it."""
    return export.required or export.may_be_empty or export is TERMS


def _tell(table: Table, export: Export) -> Content:
    """Why a table of a name of ours cannot be read."""
    fault, found, mend = "not UTF-8", table.fault, ""
    if not found:
        fault = "wrong header"
        found, mend = describe_wrong_header(export, table.sources[0].head)
    file = build_unread_file(export, table.digest, fault, name=table.name, found=found, mend=mend)
    return file, Counted(table.name, 0)


def _find_by_name(table: Table) -> Export | None:
    """The export that a table is called after, as a browser or Explorer may have left it."""
    stem = normalise_name(_COPY.sub("", table.stem))
    return next((each for each in _READ if normalise_name(to_sheet_name(each)) == stem), None)


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


def _write_notes(match: HeaderMatch, source: Source, examples: int) -> Iterator[str]:
    """What a person should know of how a table was read."""
    if match.others:
        names = ", ".join(match.others)
        yield f"{source.name}: not used, and left alone: {names}."
    if match.absent:
        yield f"{source.name} has no column {', '.join(match.absent)}: nothing is known of that."
    if examples:
        yield f"{source.name}: rows marked as examples and left alone: {examples}."
