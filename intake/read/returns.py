"""National returns among the files, as rows of ours for the children on the roll."""

from collections.abc import Mapping, Sequence
from hashlib import sha256

import polars as pl

from intake.contract import CARE_EPISODES, OTHER_NUMBERS, ROLL, Export
from intake.contract.model.spelling import spell_upn
from intake.national.ssda903 import ReturnRows, ReturnTable, build_care_rows, identify_table
from intake.problems import Problem, build_problem, build_return_problem
from intake.read.source import Source
from intake.read.tables import ExportFile, build_schema

#: Rows of a return are numbered from here on, behind those of the school's own file.
_FIRST_ROW = 1_000_000
_NO_AUTHORITY = (
    "They do not say whose return it is: the local authority's name is not known.",
    "Name the authority: --authority, or on the page Bring in files.",
)


def find_return_table(sources: Sequence[Source]) -> Source | None:
    """The way to read a table in which it is one of a national return; None if it is none."""
    return next((each for each in sources if each.head and identify_table(each.head[0][1])), None)


def add_return(
    files: Mapping[str, ExportFile], sources: Sequence[Source], authority: str
) -> dict[str, ExportFile]:
    """care_episodes.csv and other_numbers.csv with what the tables of a return add to them.

    A fault of a child on the roll is a problem of care_episodes.csv, at its row of the return.
    """
    tables = [_read_table(each) for each in sources]
    found = build_care_rows(tables, _list_upns(files))
    digest = sha256("".join(sorted({each.digest for each in sources})).encode()).hexdigest()
    name = tables[0].file if len(tables) == 1 else f"{tables[0].file} and others"
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
    care = found.care if authority.strip() else found.care.clear()
    care = care.with_columns(authority=pl.lit(authority.strip()), known_since=pl.lit(""))
    numbers = found.numbers.with_columns(authority=pl.lit(authority.strip()), former_upn=pl.lit(""))
    added = {CARE_EPISODES.name: _extend(files, CARE_EPISODES, care, digest, name)}
    added[CARE_EPISODES.name] = _replace_problems(
        added[CARE_EPISODES.name], problems, _write_notes(found, name)
    )
    if not numbers.is_empty() and authority.strip():
        placed = numbers.with_row_index("line", offset=2).with_columns(file=pl.lit(name))
        added[OTHER_NUMBERS.name] = _extend(files, OTHER_NUMBERS, placed, digest, name)
    return added


def _read_table(source: Source) -> ReturnTable:
    """A table of a return with its columns in the return's own spelling."""
    header = source.head[0]
    kind = identify_table(header[1])
    assert kind is not None  # noqa: S101 - it was found by it
    columns = [
        ((cell or "").strip().upper(), place)
        for place, cell in enumerate(header[1])
        if (cell or "").strip()
    ]
    return ReturnTable(kind, source.name, source.read_body(header, columns, 0).rows)


def _list_unread(source: Source, table: ReturnTable) -> list[Problem]:
    """Rows that are no rows, such as one cut off in its middle."""
    header = source.head[0]
    faults = source.read_body(header, [("CHILD", 0)], 0).faults
    return [
        build_problem(CARE_EPISODES, row, "", fault, fields=fields, name=table.file)
        for row, fault, fields, _ in faults.iter_rows()
    ]


def _list_upns(files: Mapping[str, ExportFile]) -> set[str]:
    """Every number under which a child of the roll is or was known."""
    columns = [(ROLL.name, "upn"), (OTHER_NUMBERS.name, "former_upn")]
    texts = [files[name].rows[column] for name, column in columns if name in files]
    return {spell_upn(text.strip()) for each in texts for text in each} - {""}


def _extend(
    files: Mapping[str, ExportFile], export: Export, rows: pl.DataFrame, digest: str, name: str
) -> ExportFile:
    """The school's own file of an export, if there is one, with rows of a return behind it."""
    numbered = rows.with_columns(
        row=pl.int_range(_FIRST_ROW, _FIRST_ROW + rows.height, dtype=pl.UInt32)
    )
    places = numbered.select("row", "line", place=pl.lit(""), found_in="file")
    coming = numbered.select(build_schema(export).names())
    own = files.get(export.name)
    if own is None or not own.is_read:
        return ExportFile(
            export, digest, is_read=True, rows_read=rows.height, problems=(), rows=coming,
            name=name, places=places,
        )  # fmt: skip
    both = [places] if own.places is None else [own.places, places]
    return ExportFile(
        export=export,
        digest=sha256(f"{own.digest}{digest}".encode()).hexdigest(),
        is_read=True,
        rows_read=own.rows_read + rows.height,
        problems=own.problems,
        rows=pl.concat([own.rows, coming]),
        skipped_keys=own.skipped_keys,
        name=own.name,
        notes=own.notes,
        places=pl.concat(both),
    )


def _replace_problems(
    file: ExportFile, problems: Sequence[Problem], notes: Sequence[str]
) -> ExportFile:
    return ExportFile(
        **{
            **vars(file),
            "problems": (*file.problems, *problems),
            "notes": (*file.notes, *notes),
        }
    )


def _write_notes(found: ReturnRows, name: str) -> list[str]:
    """What a person should know of how a return was read."""
    on_roll = f"{found.known} of {found.known + found.unknown} children are on the roll"
    notes = [f"{name}: a return of children looked after (SSDA903); {on_roll}."]
    if found.unused:
        notes.append(
            f"{name}: checked, and used by no page: {', '.join(found.unused)}. Yearly outcomes "
            "have no dates, and none were made."
        )
    return notes
