"""National files among the files, as rows of ours for the children on the roll."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import polars as pl

from intake.map.mapping import SourceRow
from intake.national import cin
from intake.national.layout import (
    Children,
    Layout,
    MatchedTables,
    NationalTable,
    build_given_rows,
    find_wrong_values,
    identify_layout,
    match_children,
    merge_tables,
    write_date,
)
from intake.national.rows import build_rows, list_children, write_notes
from intake.national.ssda903 import build_care_rows, identify_table, write_return_notes
from intake.problems import IntakeError, Problem, build_problem, build_return_problem
from intake.read.source import Source
from intake.read.tables import FIRST_RETURN_ROW, ExportFile, build_schema
from queries.contract import ALL_EXPORTS, CARE_EPISODES, OTHER_NUMBERS, ROLL, Export
from queries.contract.model.spelling import spell_upn

#: What a national file may give in place of a file that is required.
MAY_BE_GIVEN = (ROLL, CARE_EPISODES)

_EXPORTS = {each.name: each for each in ALL_EXPORTS}
_NO_AUTHORITY = (
    "They do not say whose return it is: the local authority's name is not known.",
    "Name the authority: --authority, or on the page Bring in files.",
)

#: The layout that may give the roll.
_CENSUS = "census"

Files = Mapping[str, ExportFile]


@dataclass(frozen=True, eq=False)
class NationalSource:
    """A file or sheet that is one table of a layout, and the row that names its columns."""

    source: Source
    kind: str
    header: SourceRow


def find_return_table(sources: Sequence[Source]) -> Source | None:
    """The way to read a table in which it is one of a national file; None if it is none."""
    return next((each for each in sources if _find_header(each)), None)


def has_sender(sources: Sequence[Source]) -> bool:
    """Whether a local authority sent one of the tables, so that it may be asked which."""
    headers = [header for each in sources if (header := _find_header(each))]
    found = [identify_layout(header[1]) for header in headers]
    return any(each is None or each[0].from_authority for each in found)


def add_returns(
    files: Files, sources: Sequence[Source], authority: str
) -> tuple[dict[str, ExportFile], tuple[str, ...]]:
    """The files that national tables add to, or are instead of, and what a person should know.

    A row of a child who is not on the roll adds nothing.
    """
    by_layout: dict[str, tuple[Layout, list[NationalSource]]] = {}
    yearly = []
    for source in sources:
        header = _find_header(source)
        if header and (found := identify_layout(header[1])):
            layout, kind = found
            tables = by_layout.setdefault(layout.name, (layout, []))[1]
            tables.append(NationalSource(source, kind, header))
        else:
            yearly.append(source)
    added: dict[str, ExportFile] = {}
    notes: list[str] = []
    if yearly:
        added, notes = _add_yearly_return(files, yearly, authority)
    # the census may give the roll that the others are matched with
    for name in sorted(by_layout, key=lambda name: name != _CENSUS):
        layout, tables = by_layout[name]
        if layout.refused:
            names = dict.fromkeys(each.source.name.partition(": ")[0] for each in tables)
            notes += [f"{each}: {layout.title}. {layout.refused}" for each in names]
            continue
        more, said = _add_tables({**files, **added}, layout, tables, authority)
        added |= more
        notes += said
    return added, tuple(notes)


def add_marks(own: ExportFile, more: ExportFile) -> ExportFile:
    """A register with marks of a transfer file, of each child on days of which it has none.

    Two registers of one day may differ, and the school's own is the one that it corrects.
    """
    if own.rows.height and own.rows["row"].cast(pl.Int64).to_list()[-1] >= FIRST_RETURN_ROW:
        return own
    key = ["child", "day"]
    known = _name_days(own.rows).select(key).unique()
    missing = _name_days(more.rows).join(known, on=key, how="anti", maintain_order="left")
    rows = missing.with_columns(date="day").select(own.rows.columns)
    places = [each.places for each in (own, more) if each.places is not None]
    return replace(
        own,
        digest=sha256(f"{own.digest}{more.digest}".encode()).hexdigest(),
        rows_read=own.rows_read + more.rows_read - more.rows.height + rows.height,
        problems=(*own.problems, *more.problems),
        rows=pl.concat([own.rows, rows]),
        places=pl.concat(places),
        headings={**own.headings, **more.headings},
    )


def _name_days(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with whose they are and of which day, in one spelling."""
    days = {text: write_date(text) for text in rows["date"].unique()}
    return rows.with_columns(
        child=pl.col("upn").str.strip_chars().str.to_uppercase(), day=pl.col("date").replace(days)
    )


def _find_header(source: Source) -> SourceRow | None:
    """The first row that names the columns of a national table."""
    return next(
        (row for row in source.head if identify_table(row[1]) or identify_layout(row[1])), None
    )


def _add_tables(
    files: Files, layout: Layout, tables: Sequence[NationalSource], authority: str
) -> tuple[dict[str, ExportFile], list[str]]:
    """What the tables of one layout add; IntakeError where rows of two could be mixed up."""
    _refuse_two(layout, tables)
    read = [_read_national_table(layout, each) for each in tables]
    name = _name_tables([each.file for each in read])
    digest = _join_digests([each.source for each in tables])
    added: dict[str, ExportFile] = {}
    if ROLL.name not in files:
        added = _build_roll(layout, tables, read, digest)
    children = _find_children({**files, **added}, authority)
    linked = match_children(layout, read, children)
    given = [
        build_given_rows(each, linked.tables[each.table], _EXPORTS[each.file].header)
        for each in layout.gives
        if each.table in linked.tables and each.file != ROLL.name
    ]
    if layout.name == cin.LAYOUT:
        given = [*map(cin.drop_told_days, given), cin.list_periods(linked.tables)]
    unread = [
        each
        for table in tables
        for each in _list_broken(layout, table, _choose_export(layout, table.kind), children)
    ]
    unread += _list_wrong_values(layout, linked)
    for file in dict.fromkeys([each.file for each in given]):
        export = _EXPORTS[file]
        parts = [each for each in given if each.file == file]
        rows = build_rows(export, parts, authority, _get_rows(files, file))
        problems = [each for each in unread if each.file == file]
        if rows.height or problems or (export.may_be_empty and layout.from_authority):
            headings = {place: names for part in parts for place, names in part.headings.items()}
            added[file] = _extend(files, export, rows, digest, name, headings, problems)
    care = _get_rows({**files, **added}, CARE_EPISODES.name)
    return added, list(write_notes(layout, linked, name, authority, care))


def _find_children(files: Files, authority: str) -> Children:
    return list_children(
        _get_rows(files, ROLL.name), _get_rows(files, OTHER_NUMBERS.name), authority
    )


def _get_rows(files: Files, name: str) -> pl.DataFrame | None:
    return files[name].rows if name in files and files[name].is_read else None


def _refuse_two(layout: Layout, tables: Sequence[NationalSource]) -> None:
    """Two of one table, of which the numbers that link rows may mean different children."""
    for kind in layout.tables:
        names = [each.source.name for each in tables if each.kind == kind]
        if len(names) > 1 and any(each.parent for each in layout.tables.values()):
            both = " and ".join(names[:2])
            raise IntakeError(f"{both} are both of {layout.title}. Load one after the other.")


def _build_roll(
    layout: Layout, tables: Sequence[NationalSource], read: Sequence[NationalTable], digest: str
) -> dict[str, ExportFile]:
    """The roll that a layout gives, where it gives one."""
    together = merge_tables(layout, read)
    gives = [each for each in layout.gives if each.file == ROLL.name and each.table in together]
    if not gives:
        return {}
    kinds = {each.table for each in gives}
    given = [
        build_given_rows(each, _name_upn(together[each.table], each.columns["upn"]), ROLL.header)
        for each in gives
    ]
    broken = [
        fault
        for table in tables
        if table.kind in kinds
        for fault in _list_broken(layout, table, ROLL)
    ]
    rows = build_rows(ROLL, given, "", None)
    headings = {place: names for part in given for place, names in part.headings.items()}
    name = next(each.file for each in read if each.kind in kinds)
    return {ROLL.name: _extend({}, ROLL, rows, digest, name, headings, broken)}


def _name_upn(rows: pl.DataFrame, column: str) -> pl.DataFrame:
    return rows.with_columns(upn=pl.col(column).str.to_uppercase())


def _choose_export(layout: Layout, kind: str) -> Export:
    """Which file has what is wrong with a whole row of a table: the first that it gives to."""
    files = [each.file for each in layout.gives if each.table == kind and each.file != ROLL.name]
    return _EXPORTS[files[0]] if files else CARE_EPISODES


def _list_wrong_values(layout: Layout, linked: MatchedTables) -> Iterator[Problem]:
    for kind, rows in linked.tables.items():
        own = rows.filter(pl.col("upn").is_not_null())
        export = _choose_export(layout, kind)
        for row, name, column, allowed in find_wrong_values(layout.tables[kind], own):
            yield build_return_problem(export, name, row, column, "not allowed", allowed)


def _read_national_table(layout: Layout, found: NationalSource) -> NationalTable:
    """A table with its columns in the layout's spelling, "" for those that it lacks."""
    source, header = found.source, found.header
    table = layout.tables[found.kind]
    ours = {name.casefold(): name for name in table.columns} | dict(table.once_called)
    places: dict[str, int] = {}
    for place, cell in enumerate(header[1]):
        if name := ours.get((cell or "").strip().casefold()):
            places.setdefault(name, place)
    rows = source.read_body(header, list(places.items()), 0).rows
    lacking = [pl.lit("").alias(name) for name in table.columns if name not in places]
    stripped = rows.with_columns(pl.col(pl.String).str.strip_chars(), *lacking)
    return NationalTable(found.kind, source.name, stripped.select("row", *table.columns))


def _list_broken(
    layout: Layout, found: NationalSource, export: Export, children: Children | None = None
) -> Iterator[Problem]:
    """Rows that are no rows, such as one cut by a comma in a name: of children on the roll.

    children: None where whoever is in the table is on the roll.
    """
    table = layout.tables[found.kind]
    source, header = found.source, found.header
    names = [(cell or "").strip().casefold() for cell in header[1]]
    key = names.index(table.upns[0].casefold()) if table.upns else 0
    faults = source.read_body(header, [("key", key)], key).faults
    for row, fault, fields, text in faults.iter_rows():
        if children is None or not table.upns or spell_upn(text.strip()) in children.upns:
            yield build_problem(
                export, row, "", fault, fields=fields, name=source.name, expected=len(names)
            )


def _add_yearly_return(
    files: Files, sources: Sequence[Source], authority: str
) -> tuple[dict[str, ExportFile], list[str]]:
    """care_episodes.csv and other_numbers.csv with what the tables of the SSDA903 add to them.

    A fault of a child on the roll is a problem of care_episodes.csv, at its row of the return.
    """
    tables = [_read_table(each) for each in sources]
    found = build_care_rows(tables, _find_children(files, authority))
    digest = _join_digests(sources)
    name = _name_tables([each.file for each in tables])
    problems = [
        build_return_problem(
            CARE_EPISODES, each.file, each.row, each.column, each.fault, each.allowed
        )
        for each in found.faults
    ]
    if not authority.strip():
        problems.append(Problem(CARE_EPISODES.name, 0, "", "missing value", *_NO_AUTHORITY, name))
    for source, table in zip(sources, tables, strict=True):
        problems += _list_unread(source, table)
    added: dict[str, ExportFile] = {}
    for file in dict.fromkeys([CARE_EPISODES.name, *(each.file for each in found.events)]):
        export = _EXPORTS[file]
        parts = [each for each in (found.care, *found.events) if each.file == file]
        rows = build_rows(export, parts, authority, _get_rows(files, file))
        if not authority.strip():
            rows = rows.clear()
        if rows.height or export is CARE_EPISODES:
            headings = {place: names for part in parts for place, names in part.headings.items()}
            added[file] = _extend(files, export, rows, digest, name, headings)
    own = added[CARE_EPISODES.name]
    added[CARE_EPISODES.name] = replace(own, problems=(*own.problems, *problems))
    numbers = found.numbers.with_columns(authority=pl.lit(authority.strip()), former_upn=pl.lit(""))
    if not numbers.is_empty() and authority.strip():
        placed = numbers.with_row_index("line", offset=2).with_columns(
            file=pl.lit(name), place=pl.lit("")
        )
        added[OTHER_NUMBERS.name] = _extend(files, OTHER_NUMBERS, placed, digest, name)
    return added, write_return_notes(found, name)


def _read_table(source: Source) -> NationalTable:
    """A table of the SSDA903 with its columns in the return's own spelling."""
    header = source.head[0]
    kind = identify_table(header[1])
    assert kind is not None  # noqa: S101 - it was found by it
    columns = [
        ((cell or "").strip().upper(), place)
        for place, cell in enumerate(header[1])
        if (cell or "").strip()
    ]
    return NationalTable(kind, source.name, source.read_body(header, columns, 0).rows)


def _list_unread(source: Source, table: NationalTable) -> list[Problem]:
    """Rows that are no rows, such as one cut off in its middle."""
    header = source.head[0]
    faults = source.read_body(header, [("CHILD", 0)], 0).faults
    return [
        build_problem(CARE_EPISODES, row, "", fault, fields=fields, name=table.file)
        for row, fault, fields, _ in faults.iter_rows()
    ]


def _join_digests(sources: Sequence[Source]) -> str:
    return sha256("".join(sorted({each.digest for each in sources})).encode()).hexdigest()


def _name_tables(names: Sequence[str]) -> str:
    """The file that tables are of, or the first of several."""
    distinct = list(dict.fromkeys(name.partition(": ")[0] for name in names))
    return distinct[0] if len(distinct) == 1 else f"{distinct[0]} and others"


def _extend(
    files: Files,
    export: Export,
    rows: pl.DataFrame,
    digest: str,
    name: str,
    headings: Mapping[str, Mapping[str, str]] | None = None,
    broken: Sequence[Problem] = (),
) -> ExportFile:
    """The file of an export, if there is one, with rows of a return behind it.

    rows: the columns of the export, and `line`, `place` and `file`, where each stands.
    broken: the faults of rows that could not be read, at their lines.
    """
    own = files.get(export.name)
    first = FIRST_RETURN_ROW
    if own is not None and own.rows.height:
        first = max(first, 1 + own.rows["row"].cast(pl.Int64).to_list()[-1])
    numbered = rows.with_columns(
        row=pl.int_range(first, first + rows.height, dtype=pl.UInt32), found_in="file"
    )
    last = first + rows.height
    placed = [(last + n, each.row, "", each.shown_file) for n, each in enumerate(broken)]
    problems = tuple(each.move_to_row(last + n) for n, each in enumerate(broken))
    places = numbered.select("row", "line", "place", "found_in")
    places = pl.concat([places, pl.DataFrame(placed, schema=places.schema, orient="row")])
    coming = numbered.select(build_schema(export).names())
    if own is None or not own.is_read:
        return ExportFile(
            export, digest, is_read=True, rows_read=places.height, problems=problems, rows=coming,
            name=name, places=places, headings=headings or {},
        )  # fmt: skip
    both = [places] if own.places is None else [own.places, places]
    return replace(
        own,
        digest=sha256(f"{own.digest}{digest}".encode()).hexdigest(),
        rows_read=own.rows_read + places.height,
        problems=(*own.problems, *problems),
        rows=pl.concat([own.rows, coming]),
        places=pl.concat(both),
        headings={**own.headings, **(headings or {})},
    )
