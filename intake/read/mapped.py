"""A file or sheet of a school's own making, as a mapping reads it."""

from dataclasses import replace

import polars as pl

from intake.map.apply import apply_mapping, count_marks, mask_rows
from intake.map.mapping import Header, Mapping, MappingError, SourceTable
from intake.map.propose import Answers, Proposal
from intake.tables import (
    Body,
    Counted,
    ExportFile,
    Source,
    build_row_problems,
    build_schema,
    build_unread_file,
)


def read_mapped(mapping: Mapping, header: Header, source: Source) -> tuple[ExportFile, Counted]:
    """The table as the export that the mapping makes of it, and how much was in it.

    A row that cannot be read is told, unless nothing stands where it would name the child,
    as in a line of sums.
    """
    export = mapping.export
    body = read_body(source, header, mapping.columns.get("upn", ""))
    table = SourceTable(header, body.rows)
    counted = Counted(
        source.name, body.rows.height + body.faults.height, count_marks(table, mapping)
    )
    try:
        rows = apply_mapping(table, mapping, source.digest)
    except MappingError as error:
        mend = "Say how it is to be read: lac map, or on the page Bring in files."
        words = {"name": source.name, "found": f"{error}", "mend": mend}
        return build_unread_file(export, source.digest, "wrong header", **words), counted
    faults = body.faults.filter(pl.col("key").str.strip_chars() != "")
    if rows.is_empty() and faults.is_empty():
        return build_unread_file(export, source.digest, "no rows", name=source.name), counted
    places = None
    if mapping.is_of_marks:
        numbered = rows.rename({"row": "line"}).with_row_index("row", offset=1)
        places = numbered.select("row", "line", "place", found_in=pl.lit(""))
        rows = numbered
    notes = [f"{source.name} was read as {export.name}, by the mapping for such files."]
    if mapping.absent:
        notes.append(f"{source.name} has no column {', '.join(mapping.absent)}.")
    file = ExportFile(
        export=export,
        digest=source.digest,
        is_read=True,
        rows_read=rows.height + faults.height,
        problems=tuple(build_row_problems(export, source, faults)),
        rows=rows.select(build_schema(export).names()),
        skipped_keys=tuple(faults["key"]),
        name=source.name,
        notes=tuple(notes),
        places=places,
    )
    return file, counted


def read_example(source: Source, mapping: Mapping, header: Header) -> pl.DataFrame:
    """The first ten rows as they would be read, with personal values hidden but their start.

    MappingError as `apply_mapping`.
    """
    body = read_body(source, header, mapping.columns.get("upn", ""))
    return mask_rows(apply_mapping(SourceTable(header, body.rows), mapping, source.digest), mapping)


def complete_mapping(proposal: Proposal, source: Source, answers: Answers) -> Mapping | None:
    """The mapping of a proposal of which nothing is left to be asked; None until then."""
    mapping = proposal.mapping
    if mapping is None or proposal.questions:
        return None
    year = answers.get("school_year", "")
    years = {source.digest: int(year)} if year.isdecimal() else {}
    return replace(mapping, school_years={**mapping.school_years, **years})


def read_body(source: Source, header: Header, key: str) -> Body:
    """The rows below a header as they stand, a column for each place, and what is no row.

    key: the heading under which a row says whom it is about.
    """
    names = header.cells
    columns = [(str(place), place) for place in range(len(names))]
    key_place = names.index(key) if key in names else 0
    return source.read_body((header.row, names), columns, key_place)
