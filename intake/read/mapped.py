"""A reader of files and sheets in a school's own layout, by a mapping."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from intake.map.apply import apply_mapping, count_marks, is_nobody, list_mark_places, mask_rows
from intake.map.mapping import Header, Mapping, MappingError, SourceTable, list_headers
from intake.map.propose import UPN_FORM, Proposal
from intake.spelling import MARK_CODES
from intake.tables import (
    OWN_FILE,
    Body,
    Counted,
    ExportFile,
    LeftOut,
    Source,
    SourceRow,
    build_row_problems,
    build_schema,
    build_unread_file,
    describe_lines,
)
from queries.contract import UNKNOWN


def read_mapped(mapping: Mapping, header: Header, source: Source) -> tuple[ExportFile, Counted]:
    """Return the table as the export that the mapping makes of it, and the counts of its rows.

    A row that cannot be read is a problem, unless it names no child, as in a line of sums.
    """
    export = mapping.export
    body = read_body(source, header, mapping.columns.get("upn", ""))
    tables = [SourceTable(header, body.rows)]
    try:
        tables = [_drop_lines(table, mapping) for table in _divide_blocks(tables[0], mapping)]
        rows = pl.concat([apply_mapping(table, mapping, source.digest) for table in tables])
        for table in tables:
            _refuse_undated(table, mapping)
    except MappingError as error:
        mend = error.mend or "Say on the Bring in files page how to read this file."
        words = {"name": source.name, "text": f"{error}", "mend": mend}
        unread = build_unread_file(export, source.digest, "wrong header", **words)
        return unread, _count(source, body, tables, mapping)
    counted = _count(source, body, tables, mapping, rows)
    faults = body.faults.filter(~is_nobody("key"))
    if rows.is_empty() and faults.is_empty():
        return build_unread_file(export, source.digest, "no rows", name=source.name), counted
    problems = [*build_row_problems(export, source, faults, len(header.names))]
    places = None
    if mapping.is_of_marks:
        rows = rows.rename({"row": "line"}).with_row_index("row", offset=1)
        numbers = range(rows.height + 1, rows.height + 1 + faults.height)
        broken = faults.select(
            pl.Series("row", numbers, dtype=pl.UInt32), line="row", place=pl.lit("")
        )
        places = pl.concat([rows.select("row", "line", "place"), broken])
        places = places.with_columns(found_in=pl.lit(""))
        problems = [problem.move_to_row(n) for n, problem in zip(numbers, problems, strict=True)]
    notes = [f"{source.name} was read as {export.name}, by the mapping for such files."]
    if mapping.absent:
        notes.append(f"{source.name} has no column {', '.join(mapping.absent)}.")
    if mapping.known_since:
        number = rows.filter(start=UNKNOWN, known_since=mapping.known_since).height
        notes.append(
            f"{source.name}: rows without a start date, which count from "
            f"{mapping.known_since}, the date when this was agreed: {number}."
        )
    schema = build_schema(export)
    file = ExportFile(
        export=export,
        digest=source.digest,
        is_read=True,
        rows_read=rows.height + faults.height,
        problems=tuple(problems),
        rows=rows.select(schema.names()).cast(schema),
        skipped_keys=tuple(faults["key"]),
        name=source.name,
        notes=tuple(notes),
        places=places,
        headings={OWN_FILE: mapping.headings},
    )
    return file, counted


def _divide_blocks(table: SourceTable, mapping: Mapping) -> Iterator[SourceTable]:
    """Yield the weeks of a register that stand one under another, with headings for each.

    Raises MappingError if the columns differ, so that a second table stands under the first.
    """
    upn = mapping.columns.get("upn", "")
    place = table.header.cells.index(upn) if upn in table.header.cells else 0
    named = table.header.names[place]
    columns = [name for name in table.body.columns if name != "row"]
    names_again = pl.any_horizontal(pl.col(columns).str.strip_chars() == named)
    if not mapping.is_of_marks or not (again := set(table.body.filter(names_again)["row"])):
        yield table
        return
    rows: list[SourceRow] = table.body.select("row", pl.concat_list(columns)).rows()
    lines = [line for line, _ in rows]
    header, start = table.header, 0
    for end, (line, _) in enumerate(rows):
        if end < start or line not in again:
            continue
        near = list_headers(rows[max(end - _NEAR, start) : end + _NEAR])
        known = [top for top in near if top.row >= line and top.signature == table.header.signature]
        if not known:
            raise MappingError(
                f"a second table begins in row {line}", "Put the second table into a separate file."
            )
        # the row of days above the names belongs to the header, and so do titles above it
        last = end - (bool(known[0].upper) and known[0].row == line)
        while last > start and _is_title(rows[last - 1][1], place):
            last -= 1
        yield SourceTable(header, table.body.slice(start, last - start))
        header, start = known[0], lines.index(known[0].row) + 1
    yield SourceTable(header, table.body.slice(start))


#: How many rows before and after the repeated names are searched for their header.
_NEAR = 3


def _is_title(cells: Sequence[str | None], place: int) -> bool:
    """Say whether a row is a line of words, with no UPN, no mark and few cells."""
    texts = [(cell or "").strip() for cell in cells]
    is_child = UPN_FORM.fullmatch(texts[place]) is not None
    return not is_child and MARK_CODES.isdisjoint(texts) and sum(map(bool, texts)) <= _FEW


#: The most cells that a row of titles may have.
_FEW = 3


def _drop_lines(table: SourceTable, mapping: Mapping) -> SourceTable:
    """Drop lines of words from a register by days: text in place of the UPN, and no marks."""
    upn = mapping.columns.get("upn", "")
    if not mapping.is_grid or upn not in table.header.cells or not table.header.days:
        return table
    key = pl.col(f"{table.header.cells.index(upn)}").str.strip_chars()
    is_child = (key == "") | key.str.contains(f"^(?:{UPN_FORM.pattern})$")
    days = [pl.col(f"{place}").str.strip_chars() == "" for place in table.header.days]
    return SourceTable(table.header, table.body.filter(is_child | ~pl.all_horizontal(days)))


def _refuse_undated(table: SourceTable, mapping: Mapping) -> None:
    """Raise MappingError if a column has marks and its heading no day."""
    if undated := list_mark_places(table, mapping)[1]:
        heading = table.header.cells[undated[0]]
        called = f' ("{heading}")' if heading else ""
        raise MappingError(
            f"column {undated[0] + 1}{called} has marks, but no heading gives the date",
            "Write the date above the column, or remove the column.",
        )


def _count(
    source: Source,
    body: Body,
    tables: Sequence[SourceTable],
    mapping: Mapping,
    rows: pl.DataFrame | None = None,
) -> Counted:
    """Count the rows or marks of a table, and those that are left out.

    Args:
        source: The table.
        body: Its rows.
        tables: The same rows, a part for each row of headings.
        mapping: How the table is read.
        rows: The rows of the export that were made; None if the table cannot be read.
    """
    header, is_of_marks = tables[0].header, mapping.is_of_marks
    named_again = body.repeated + body.rows.height - sum(table.body.height for table in tables)
    unreadable = body.faults.filter(is_nobody("key")).height
    left = [
        LeftOut(rule, 0 if is_of_marks else lines, lines)
        for rule, lines in (
            ("they repeat the column names, or are lines of text", named_again),
            ("they cannot be read and identify no child", unreadable),
        )
    ]
    number = body.number
    if is_of_marks:
        number, of_marks = _count_marks(tables, mapping, rows)
        left += of_marks
    headings = Counter(header.cells[place] for place in header.days)
    twice = [f'{many} columns are "{name}"' for name, many in headings.items() if many > 1]
    return Counted(
        source.name, number, mapping.file, is_of_marks,
        [item for item in left if item.number or item.lines], [*source.told, *twice],
    )  # fmt: skip


def _count_marks(
    tables: Sequence[SourceTable], mapping: Mapping, rows: pl.DataFrame | None
) -> tuple[int, list[LeftOut]]:
    """Count the marks of a register by days, and those of which no row is made."""
    marks, nobodys, lines, blank = 0, 0, list[int](), 0
    closures = 0 if rows is None else -rows.filter(code="#").height
    for table in tables:
        if mapping.columns.get("upn", "") not in table.header.cells:
            continue
        key = is_nobody(f"{table.header.cells.index(mapping.columns['upn'])}")
        dated, undated = list_mark_places(table, mapping)
        named = SourceTable(table.header, table.body.filter(~key))
        counts = count_marks(named, [*dated, *undated], mapping)
        marks += sum(counts.values())
        closures += counts.get("#", 0)
        for line, *_ in (others := table.body.filter(key)).iter_rows():
            single = SourceTable(table.header, others.filter(row=line))
            codes = count_marks(single, dated, mapping)
            number = sum(many for code, many in codes.items() if code in MARK_CODES)
            nobodys += number
            lines += [line] if number else []
            blank += not number
    shown = describe_lines(lines) if lines else ""
    return marks + nobodys, [
        LeftOut("they have marks and no UPN", nobodys, len(lines), shown),
        LeftOut("they identify no child and have no mark", 0, blank),
        LeftOut("they say that a weekend is closed", 0 if rows is None else closures),
    ]


def read_example(source: Source, mapping: Mapping, header: Header) -> pl.DataFrame:
    """Return the first ten rows as they would be read, with only the start of personal values.

    Raises MappingError as for the whole table.
    """
    body = read_body(source, header, mapping.columns.get("upn", ""))
    table = next(_divide_blocks(SourceTable(header, body.rows), mapping))
    _refuse_undated(table, mapping)
    return mask_rows(apply_mapping(table, mapping, source.digest), mapping)


def complete_mapping(proposal: Proposal, source: Source) -> Mapping | None:
    """Return the mapping of a proposal, or None while a question about it is open."""
    mapping = proposal.mapping
    if mapping is None or proposal.questions:
        return None
    years = list(mapping.school_years.values())
    return replace(mapping, school_years={source.digest: years[0]} if years else {})


def read_body(source: Source, header: Header, key: str) -> Body:
    """Read the rows below a header as they stand, with a column for each place.

    key: the heading of the column that says whom a row is about.
    """
    names = header.cells
    columns = [(str(place), place) for place in range(len(names))]
    key_place = names.index(key) if key in names else 0
    return source.read_body((header.row, names), columns, key_place)
