"""Rows that a national file gives, behind those of the school's own file.

Rows that the school's own file has already do not come again, and a state without since when
adds nothing where periods are known.
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
#: The statuses of which a child has one at a time.
_IN_OR_AFTER_CARE = ("looked after", "previously looked after")
#: Where a blank says that something goes on.
_BLANK_SAYS = ("end", "back")


@dataclass(frozen=True, eq=False)
class GivenRows:
    """Rows of one export: its columns as text, `file`, `line` and `place`, where each stands.

    headings: by place and our column, how the sender calls it.
    """

    file: str
    rows: pl.DataFrame = field(repr=False)
    headings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def build_period(
    row: Mapping[str, str], status: str, start: str, end: str, **more: str
) -> dict[str, object]:
    """A care episode that a row of a national table tells; more: its other columns."""
    where = {"line": row["row"], "file": row["file"], "place": ""}
    return {**where, "upn": row["upn"], "status": status, "start": start, "end": end, **more}


def gather_periods(
    found: Sequence[Mapping[str, object]], headings: Mapping[str, Mapping[str, str]]
) -> GivenRows:
    """Care episodes; headings: see `GivenRows`."""
    names = ("file", "place", *CARE_EPISODES.header)
    schema = pl.Schema({"line": pl.UInt32(), **dict.fromkeys(names, pl.String())})
    return GivenRows(CARE_EPISODES.name, pl.DataFrame(found, schema=schema), headings)


def merge_rows(
    export: Export, parts: Sequence[GivenRows], authority: str, own: pl.DataFrame | None
) -> GivenRows:
    """The rows that come to an export: each once, in forms that go with those of others.

    own: the rows of the school's own file; what stands there already does not come again.
    """
    rows = pl.concat([each.rows for each in parts], how="diagonal")
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
    whole = [each.name for each in export.columns if each.kind == "whole number"]
    rows = rows.with_columns(pl.col(name).str.strip_suffix(".0") for name in whole)
    rows = _spell_dates_by_file(export, rows)
    rows = rows.unique(list(export.header), keep="first", maintain_order=True)
    if own is not None:
        own = own.with_columns(cs.categorical().cast(pl.String))
        stripped = _spell_dates(export, own).with_columns(pl.col(pl.String).str.strip_chars())
        ours = stripped.with_columns(pl.col("upn").str.to_uppercase())
        if export is CARE_EPISODES:
            rows = _drop_known_states(rows, ours)
        rows = _drop_known_rows(export, rows, ours)
    return GivenRows(export.name, rows, {k: v for each in parts for k, v in each.headings.items()})


def add_rows(
    own: ExportFile | None,
    export: Export,
    given: GivenRows,
    faults: Sequence[tuple[Problem, str | None]],
    digest: str,
    name: str,
    sender: str,
) -> ExportFile:
    """The file of an export, if there is one, with given rows behind it.

    faults: of rows that are left out, at their lines, and at a heading if it is another's place,
    with the child.  sender: the kind of national file that gives them.
    """
    first = FIRST_RETURN_ROW
    if own is not None and own.rows.height:
        first = max(first, 1 + own.rows["row"].cast(pl.Int64).to_list()[-1])
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
    if own is None or not own.is_read:
        return ExportFile(
            export, digest, is_read=True, rows_read=places.height, problems=problems, rows=coming,
            name=name, places=places, headings=given.headings,
        )  # fmt: skip
    return replace(
        own,
        digest=sha256(f"{own.digest}{digest}".encode()).hexdigest(),
        rows_read=own.rows_read + places.height,
        problems=(*own.problems, *problems),
        rows=pl.concat([own.rows.cast(schema), coming]),
        places=places if own.places is None else pl.concat([own.places, places], how="diagonal"),
        headings={**own.headings, **given.headings},
    )


def _write_date(text: str) -> str:
    """A date with its month in letters, which goes with either form; other text as it is."""
    found = parse_date(text.strip())
    if found is None:
        return text
    return f"{found[0].day} {_MONTHS[found[0].month - 1]} {found[0].year}"


def _drop_known_states(rows: pl.DataFrame, ours: pl.DataFrame) -> pl.DataFrame:
    """Less times after care of whom such a time, or without since when any of care, is known."""
    after, either = (
        ours.filter(pl.col("status").is_in(statuses))["upn"].implode()
        for statuses in (_IN_OR_AFTER_CARE[1:], _IN_OR_AFTER_CARE)
    )
    is_after = pl.col("status") == _IN_OR_AFTER_CARE[1]
    is_known = is_after & pl.col("upn").is_in(after)
    is_known |= (pl.col("start") == UNKNOWN) & pl.col("upn").is_in(either)
    return rows.filter(~is_known)


def _drop_known_rows(export: Export, rows: pl.DataFrame, ours: pl.DataFrame) -> pl.DataFrame:
    """Less those with which a row of the same key agrees: a blank mostly says nothing."""
    key = ["upn", "status", "start"] if export is CARE_EPISODES else list(export.key)
    # who sent a period is no part of it
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
    """The rows in their order, with the dates of each file in a form that goes with others."""
    numbered = rows.with_row_index("place_among_all")
    files = [_spell_dates(export, each) for each in numbered.partition_by("file")]
    return pl.concat(files or [numbered]).sort("place_among_all").drop("place_among_all")


def _spell_dates(export: Export, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of one file with their dates in a form that goes with others.

    Dates that may have the month first stay as they came, so that the check tells them.
    """
    dates = [column.name for column in export.columns if column.kind == "date"]
    texts = {name: [text.strip() for text in rows[name].unique()] for name in dates}
    turned = find_month_first(text for each in texts.values() for text in each)
    return rows.with_columns(
        pl.col(name)
        .str.strip_chars()
        .replace(
            {text: _write_date(text) for text in set(each) - set(turned or find_month_first(each))}
        )
        for name, each in texts.items()
    )
