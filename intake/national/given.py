"""Rows that a national file gives, which are added after those of the school's own file.

Rows that the school's own file has already are not added again.  A status without a start date
is not added if periods are known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

import polars as pl
import polars.selectors as cs

from intake.problems import Problem
from intake.tables import FIRST_RETURN_ROW, ExportFile, build_schema
from queries.contract import CARE_EPISODES, OTHER_NUMBERS, UNKNOWN, Export
from queries.contract.model.dates import find_month_first, parse_date

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
#: The statuses of which a child has only one at a time.
_IN_OR_AFTER_CARE = ("looked after", "previously looked after")
#: The columns in which a blank means that something goes on.
_BLANK_SAYS = ("end", "back")


@dataclass(frozen=True, eq=False)
class GivenRows:
    """Rows of one export: its columns as text, and `file`, `line` and `place` of each row.

    headings: by place and our column, the name of the column in the sender's file.
    """

    file: str
    rows: pl.DataFrame = field(repr=False)
    headings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def build_period(
    row: Mapping[str, str], status: str, start: str, end: str, **more: str
) -> dict[str, object]:
    """Make a care episode of a row of a national table; more: its other columns."""
    where = {"line": row["row"], "file": row["file"], "place": ""}
    return {**where, "upn": row["upn"], "status": status, "start": start, "end": end, **more}


def gather_periods(
    periods: Sequence[Mapping[str, object]], headings: Mapping[str, Mapping[str, str]]
) -> GivenRows:
    """Put care episodes into one table; headings: see `GivenRows`."""
    names = ("file", "place", *CARE_EPISODES.header)
    schema = pl.Schema({"line": pl.UInt32(), **dict.fromkeys(names, pl.String())})
    return GivenRows(CARE_EPISODES.name, pl.DataFrame(periods, schema=schema), headings)


def merge_rows(
    export: Export, parts: Sequence[GivenRows], authority: str, own_rows: pl.DataFrame | None
) -> GivenRows:
    """Return the rows to add to an export, without repetitions, with dates in a form that fits.

    own_rows: the rows of the school's own file, or None; rows in it already are left out.
    """
    rows = pl.concat([part.rows for part in parts], how="diagonal")
    lacking = [pl.lit("").alias(name) for name in export.header if name not in rows.columns]
    rows = rows.with_columns(*lacking).with_columns(pl.col(pl.String).fill_null(""))
    if export is CARE_EPISODES:
        rows = rows.with_columns(authority=pl.lit(authority))
    if export is OTHER_NUMBERS:
        has_number = pl.col("authority_child_id") != ""
        rows = rows.with_columns(
            authority=pl.when(has_number).then(pl.lit(authority)).otherwise(pl.lit(""))
        )
        rows = rows.filter(pl.col("former_upn").str.to_uppercase() != pl.col("upn"))
    whole = [column.name for column in export.columns if column.kind == "whole number"]
    rows = rows.with_columns(pl.col(name).str.strip_suffix(".0") for name in whole)
    rows = _spell_dates_by_file(export, rows)
    rows = rows.unique(list(export.header), keep="first", maintain_order=True)
    if own_rows is not None:
        own_rows = own_rows.with_columns(cs.categorical().cast(pl.String))
        stripped = _spell_dates(export, own_rows).with_columns(pl.col(pl.String).str.strip_chars())
        ours = stripped.with_columns(pl.col("upn").str.to_uppercase())
        if export is CARE_EPISODES:
            rows = _drop_known_states(rows, ours)
        rows = _drop_known_rows(export, rows, ours)
    return GivenRows(export.name, rows, {k: v for part in parts for k, v in part.headings.items()})


def add_rows(
    base: ExportFile | None,
    export: Export,
    given: GivenRows,
    faults: Sequence[tuple[Problem, str | None]],
    digest: str,
    name: str,
    sender: str,
) -> ExportFile:
    """Return the file of an export with the given rows after its own, or a file of them alone.

    base: the school's own file, or None.  faults: problems of rows that are left out, each with the
    child's UPN or None.  sender: the kind of national file that gives the rows.
    """
    first = FIRST_RETURN_ROW
    if base is not None and base.rows.height:
        first = max(first, 1 + base.rows["row"].cast(pl.Int64).to_list()[-1])
    rows = given.rows.with_columns(
        row=pl.int_range(first, first + given.rows.height, dtype=pl.UInt32),
        found_in="file",
        child="upn",
    )
    last = first + rows.height
    placed = [
        (last + n, problem.row, problem.heading, problem.shown_file, upn)
        for n, (problem, upn) in enumerate(faults)
    ]
    problems = tuple(problem.move_to_row(last + n) for n, (problem, _) in enumerate(faults))
    places = rows.select("row", "line", "place", "found_in", "child")
    places = pl.concat([places, pl.DataFrame(placed, schema=places.schema, orient="row")])
    places = places.with_columns(sender=pl.lit(sender))
    schema = build_schema(export)
    coming = rows.select(schema.names()).cast(schema)
    if base is None or not base.is_read:
        return ExportFile(
            export, digest, is_read=True, rows_read=places.height, problems=problems, rows=coming,
            name=name, places=places, headings=given.headings,
        )  # fmt: skip
    return replace(
        base,
        digest=sha256(f"{base.digest}{digest}".encode()).hexdigest(),
        rows_read=base.rows_read + places.height,
        problems=(*base.problems, *problems),
        rows=pl.concat([base.rows.cast(schema), coming]),
        places=places if base.places is None else pl.concat([base.places, places], how="diagonal"),
        headings={**base.headings, **given.headings},
    )


def _write_date(text: str) -> str:
    """Return a date with its month in letters, which fits any form, or other text as it is."""
    day = parse_date(text.strip())
    if day is None:
        return text
    return f"{day[0].day} {_MONTHS[day[0].month - 1]} {day[0].year}"


def _drop_known_states(rows: pl.DataFrame, ours: pl.DataFrame) -> pl.DataFrame:
    """Drop times after care if ours has one, and undated rows if ours has time in or after care."""
    after, either = (
        ours.filter(pl.col("status").is_in(statuses))["upn"].implode()
        for statuses in (_IN_OR_AFTER_CARE[1:], _IN_OR_AFTER_CARE)
    )
    is_after = pl.col("status") == _IN_OR_AFTER_CARE[1]
    is_known = is_after & pl.col("upn").is_in(after)
    is_known |= (pl.col("start") == UNKNOWN) & pl.col("upn").is_in(either)
    return rows.filter(~is_known)


def _drop_known_rows(export: Export, rows: pl.DataFrame, ours: pl.DataFrame) -> pl.DataFrame:
    """Drop rows with which one of ours of the same key agrees; a blank mostly says nothing."""
    key = ["upn", "status", "start"] if export is CARE_EPISODES else list(export.key)
    # the sender of a period is no part of it
    others = [name for name in export.header if name not in (*key, "authority", "known_since")]
    agree = [
        (pl.col(name) == "")
        | (pl.col(name) == pl.col(f"{name}_own"))
        | (pl.lit(name not in _BLANK_SAYS) & (pl.col(f"{name}_own") == ""))
        for name in others
    ]
    known = rows.join(ours, on=key, suffix="_own").filter(*agree)
    return rows.join(known, on=key, how="anti", maintain_order="left")


def _spell_dates_by_file(export: Export, rows: pl.DataFrame) -> pl.DataFrame:
    """Write the dates of every file in a form that fits, and keep the order of rows."""
    numbered = rows.with_row_index("place_among_all")
    files = [_spell_dates(export, part) for part in numbered.partition_by("file")]
    return pl.concat(files or [numbered]).sort("place_among_all").drop("place_among_all")


def _spell_dates(export: Export, rows: pl.DataFrame) -> pl.DataFrame:
    """Write the dates of one file's rows with the month in letters.

    Dates that may have the month first stay as they came, so that the check lists them.
    """
    dates = [column.name for column in export.columns if column.kind == "date"]
    texts = {name: [text.strip() for text in rows[name].unique()] for name in dates}
    turned = find_month_first(text for days in texts.values() for text in days)
    return rows.with_columns(
        pl.col(name)
        .str.strip_chars()
        .replace(
            {text: _write_date(text) for text in set(days) - set(turned or find_month_first(days))}
        )
        for name, days in texts.items()
    )
