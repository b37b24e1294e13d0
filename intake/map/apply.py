"""Apply a mapping to a table: make rows of our columns, and keep where each of them stood.

These are pure functions on frames of text.  A value that cannot be read is left as it is, for the
checks to report.  A heading that is no day of the school year refuses the whole table.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from intake.map.forms import DateForm, parse_in_form
from intake.map.labels import Label, Order, resolve_all
from intake.map.mapping import AM, MARKS, NAME, NO_MARK, PM, Mapping, MappingError, SourceTable
from intake.map.marks import HALVES, SCHOOL_DAYS, WEEK_DAYS, list_sessions, split_cell
from queries.contract import UNKNOWN

_CLOSED = ("", "#")
#: The two signs of present. In a register by days either is read as the sign of its half.
_PRESENT = ("/", "\\")
_SHOWN_ROWS = 10
_HIDDEN = "\u2022\u2022\u2022"


def apply_mapping(table: SourceTable, mapping: Mapping, digest: str = "") -> pl.DataFrame:
    """Return the table's rows as rows of the export, with `row`, `place` and its columns as text.

    `row` is the line in the table, which may give several rows. `place` is the heading under which
    a mark stood, or "" if each column has its own.  Dates that can be read are YYYY-MM-DD.
    digest: of the file, to find the school year that a person chose for it.
    Raise MappingError, in words, if a heading is missing or is not a day of the school year.
    """
    if mapping.is_grid:
        long = _unfold_columns(table, mapping, digest)
    elif mapping.layout == "rows":
        return _take_rows(table, mapping)
    else:
        long = _unfold_rows(table, mapping)
    return _spell_marks(long, mapping)


def list_mark_places(table: SourceTable, mapping: Mapping) -> tuple[list[int], list[int]]:
    """Return the columns that hold marks, and those of a register by days that may hold some.

    The latter have a sign of present alone in a cell, and no day in their heading.
    """
    cells = table.header.cells
    if not mapping.is_grid:
        names = {"rows": ("code",), "a day a row": (AM, PM)}.get(mapping.layout, (MARKS,))
        headings = [mapping.columns.get(name, "") for name in names]
        return [cells.index(heading) for heading in headings if heading in cells], []
    signs = pl.Series([*_PRESENT, *(am + pm for am in _PRESENT for pm in _PRESENT)]).implode()
    upn = cells.index(mapping.columns["upn"])
    others = set(range(len(cells))) - {*table.header.days, upn}
    named = table.body.filter(~is_nobody(f"{upn}"))  # a row without a UPN may be a key of signs
    undated = [
        place for place in sorted(others)
        if named[str(place)].str.strip_chars().is_in(signs).any()
    ]  # fmt: skip
    return list(table.header.days), undated


def count_marks(table: SourceTable, places: Sequence[int], mapping: Mapping) -> dict[str, int]:
    """Count the marks in some columns by code, whatever becomes of the rows."""
    if not places or table.body.is_empty():
        return {}
    cells = pl.concat([table.body[f"{place}"].alias("cell") for place in places])
    known = {**mapping.values.get("code", {}), **dict.fromkeys(NO_MARK, "")}
    marks: Counter[str] = Counter()
    for text, number in cells.str.strip_chars().value_counts().iter_rows():
        # a cell that cannot be divided counts as one mark, as the checks report it
        for mark in split_cell(text, mapping.layout) or [text]:
            marks[known.get(mark.strip(), mark.strip()).upper()] += number
    return {code: number for code, number in marks.items() if code}


def mask_rows(rows: pl.DataFrame, mapping: Mapping) -> pl.DataFrame:
    """Return the first ten rows as they would be read, and of personal values the first letter."""
    personal = [column.name for column in mapping.export.columns if column.personal]
    return rows.head(_SHOWN_ROWS).with_columns(
        pl.when(pl.col(name) == "")
        .then(pl.lit(""))
        .otherwise(pl.col(name).str.slice(0, 1) + _HIDDEN)
        .alias(name)
        for name in personal
    )


def _take_rows(table: SourceTable, mapping: Mapping) -> pl.DataFrame:
    """Return a row of ours for each row of the table."""
    taken = _select(table, mapping.columns)
    if NAME in mapping.columns:
        parts = pl.col(NAME).str.split_exact(",", 1).struct
        taken = taken.with_columns(
            parts.field("field_0").str.strip_chars().fill_null("").alias("surname"),
            parts.field("field_1").str.strip_chars().fill_null("").alias("forename"),
        )
    export = mapping.export
    absent = [name for name in export.header if name not in taken.columns]
    taken = taken.with_columns(pl.lit("").alias(name) for name in absent)
    dates = [column.name for column in export.columns if column.kind == "date"]
    replaced = {
        name: _spell_dates(taken[name], mapping.date_form)
        if name in dates
        else _replace_values(taken[name], mapping)
        for name in export.header
    }
    rows = pl.DataFrame({"row": taken["row"], "place": "", **replaced})
    if not mapping.known_since:
        return rows
    no_start, no_day = (pl.col(name).str.strip_chars() == "" for name in ("start", "known_since"))
    return rows.with_columns(
        start=pl.when(no_start).then(pl.lit(UNKNOWN)).otherwise("start"),
        known_since=pl.when(no_start & no_day)
        .then(pl.lit(mapping.known_since))
        .otherwise("known_since"),
    )


def _unfold_columns(table: SourceTable, mapping: Mapping, digest: str) -> pl.DataFrame:
    """Return a row for each child and session of a register with days in its headings."""
    labels = table.header.days
    days = _resolve_days(list(labels.values()), mapping, digest)
    child = _find_place(table, mapping.columns["upn"])
    parts = []
    for (place, label), day in zip(labels.items(), days, strict=True):
        cells = table.body.select(
            "row", pl.col(str(child)).alias("upn"), pl.col(str(place)).alias("cell")
        )
        heading = table.header.cells[place]
        if label.half:
            sessions = [(day, label.half, cells["cell"])]
        else:
            sessions = _split_cells(cells["cell"], day, mapping.layout)
        parts += [
            cells.select(
                "row", "upn", place=pl.lit(heading), date=pl.lit(str(when)), session=pl.lit(half)
            ).with_columns(code.alias("code"))
            for when, half, code in sessions
        ]
    return _drop_empty_rows(pl.concat(parts).sort("row", maintain_order=True))


def _unfold_rows(table: SourceTable, mapping: Mapping) -> pl.DataFrame:
    """Return a row for each session of a table whose rows are a child's day or week."""
    taken = _select(table, mapping.columns)
    rows: list[tuple[int, str, str, str, str, str]] = []
    headings = [mapping.columns.get(name) or mapping.columns[MARKS] for name in (AM, PM)]
    for row in taken.iter_rows(named=True):
        child = row["row"], row["upn"]
        start = parse_in_form(row["date"], mapping.date_form)
        marks = _divide_row(row, mapping)
        # the checks report the date or the mark, whichever is wrong
        if marks is None:
            day = row["date"] if start is None else str(start)
            rows.append((*child, headings[0], day, "AM", row[MARKS]))
            continue
        if start is None:
            rows += [
                (*child, headings[place % 2], row["date"], HALVES[place % 2], mark)
                for place, mark in enumerate(marks)
            ]
            continue
        for day, half, code in list_sessions(start, marks):
            rows.append((*child, headings[HALVES.index(half)], str(day), half, code))
    names = ("row", "upn", "place", "date", "session", "code")
    schema = pl.Schema({name: pl.UInt32() if name == "row" else pl.String() for name in names})
    return _drop_empty_rows(pl.DataFrame(rows, schema=schema, orient="row"))


def _divide_row(row: dict[str, str], mapping: Mapping) -> list[str] | None:
    """Return the marks of a row, two a day, or None if the cell cannot be divided."""
    if mapping.layout == "a day a row":
        return [row[AM], row[PM]]
    return split_cell(row[MARKS], mapping.layout)


def _split_cells(cells: pl.Series, day: date, layout: str) -> list[tuple[date, str, pl.Series]]:
    """Divide cells of several marks into columns of one. Keep a cell that cannot be divided."""
    divided = {text: split_cell(text, layout) for text in cells.unique().to_list()}
    columns = []
    for place in range(2 * WEEK_DAYS if layout == "a week a column" else 2):
        codes = {
            text: marks[place] if marks is not None else (text if place == 0 else "")
            for text, marks in divided.items()
        }
        series = cells.replace_strict(list(codes), list(codes.values()), return_dtype=pl.String)
        columns.append((day + timedelta(place // 2), HALVES[place % 2], series))
    return columns


def _resolve_days(labels: Sequence[Label], mapping: Mapping, digest: str) -> list[date]:
    """Return the days of the headings. Raise MappingError if they are no days, or have no year."""
    is_turned = mapping.date_form.startswith("month first")
    order: Order = "month first" if is_turned else "day first"
    if all(label.year is not None for label in labels):
        days = resolve_all(labels, order, None)
        if days is None:
            raise MappingError("a heading is not a real date, or its weekday does not match")
        return days
    has_names = all(label.weekday is not None for label in labels)
    chosen = mapping.school_years.get(digest)
    # names of weekdays prove the year; figures alone do not
    known = set(mapping.school_years.values())
    following = {max(known) + 1} if known else set()
    years = [chosen] if chosen else sorted(known | following) if has_names else []
    for year in years:
        if days := resolve_all(labels, order, year):
            return days
    raise MappingError("its headings have no year: say which school year it is for")


def _drop_empty_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """Leave out rows that name nobody (sums, keys) and weekends on which nothing was marked."""
    blank = is_nobody("upn")
    weekend = pl.col("date").str.to_date(strict=False).dt.weekday() > SCHOOL_DAYS
    empty = pl.col("code").is_in([*_CLOSED, *NO_MARK])
    return rows.filter(~blank, ~(weekend.fill_null(value=False) & empty))


def is_nobody(column: str) -> pl.Expr:
    """Say whether a row is blank in the column that would name its child."""
    return pl.col(column).str.strip_chars() == ""


def _spell_marks(rows: pl.DataFrame, mapping: Mapping) -> pl.DataFrame:
    """Replace codes by ours, and either sign of present by the one of its half."""
    code = _replace_values(rows["code"].str.strip_chars(), mapping, "code")
    is_present = pl.col("code").is_in(list(_PRESENT))
    sign = pl.when(pl.col("session") == HALVES[0]).then(pl.lit("/")).otherwise(pl.lit("\\"))
    return (
        rows.with_columns(code.alias("code"))
        .with_columns(pl.when(is_present).then(sign).otherwise(pl.col("code")).alias("code"))
        .select("row", "place", *mapping.export.header)
    )


def _select(table: SourceTable, columns: dict[str, str] | object) -> pl.DataFrame:
    assert isinstance(columns, dict)  # noqa: S101 - TOML gives a dict
    return table.body.select(
        "row",
        *(pl.col(str(_find_place(table, theirs))).alias(ours) for ours, theirs in columns.items()),
    )


def _find_place(table: SourceTable, heading: str) -> int:
    """Return where a heading stands. Raise MappingError if the table does not have it."""
    if heading not in table.header.cells:
        raise MappingError(f'it has no column "{heading}"')
    return table.header.cells.index(heading)


def _replace_values(values: pl.Series, mapping: Mapping, column: str = "") -> pl.Series:
    """Replace their values by ours, and what stands for no mark by a blank."""
    name = column or values.name
    known = dict(mapping.values.get(name, {}))
    if name == "code":
        known |= dict.fromkeys(NO_MARK, "")
    stripped = values.str.strip_chars()
    return stripped.replace(list(known), list(known.values())) if known else values


def _spell_dates(values: pl.Series, form: DateForm) -> pl.Series:
    """Write dates as YYYY-MM-DD. A text that is no date stays as it is."""
    read = {text: parse_in_form(text, form) for text in values.unique().to_list()}
    known = {text: str(day) for text, day in read.items() if day is not None}
    return values.replace(list(known), list(known.values())) if known else values
