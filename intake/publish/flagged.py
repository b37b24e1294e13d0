"""Rows of files with a fault or a doubt, listed until a later file speaks for them.

Pure functions on frames.  A later file of the same name speaks for a row if it goes over the
days that the row may be about, and names the child, or has as many rows as the file that
the row stood in where the row does not tell whose it is.  A file that is taken whole speaks
for every row of the one before.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from intake.check.check import CheckResult
from intake.check.lines import MAY_NAME
from queries.contract import ATTENDANCE, EXPORTS, FILE_TABLES, TABLES
from safeguards.journal.typed_entries import Entry
from safeguards.vault.lines import NOT_SHOWN, name_sealed_line

TABLE, KEY = "raw_flagged_row", TABLES["raw_flagged_row"].key
#: The tables and columns of lines in somebody's own words.
LINES = tuple(
    (FILE_TABLES[export.name], column.name)
    for export in EXPORTS
    for column in export.columns
    if column.is_line
)
_KEYS = ("upn", "handle")
#: Of a waiver, what it was typed about; day is "" where the row has none of its own.
WAIVED = ("file_name", "sha256", "row_number", "column_name", "fault", "day")
#: Of a waiver that lets a text be shown, the note in the place of the text.
NOTE = "in_place_of"
#: What rows of one child and one day have in common that a waiver of one of them takes all.
_ALIKE = ("file_name", "pupil_id", "column_name", "fault")


@dataclass(frozen=True)
class FileReach:
    """The days of a file, its children (pupil_key), and how many rows it has."""

    first: date
    last: date
    pupils: frozenset[int]
    rows_read: int


def compute_reaches(
    checked: CheckResult, keys: pl.DataFrame, numbers: Mapping[str, int]
) -> dict[str, FileReach]:
    """Compute the reach of each file that is taken row by row, with its faulty rows.

    keys: `upn`, `handle` and `pupil_key` of every child in scope.  numbers: of rows, by file.
    """
    reaches = {}
    children = checked.taken_register.children
    spans = pl.concat(children.select("upn", date=day) for day in ("first", "last"))
    known = {by: dict(keys.select(by, "pupil_key").drop_nulls().iter_rows()) for by in _KEYS}
    for name, rows in checked.accepted_frames.items():
        if name not in checked.row_by_row_files:
            continue
        taken = spans if name == ATTENDANCE.name else rows
        faulty = checked.left_out.filter(file=name)
        days = pl.concat([taken["date"], faulty["date"]])
        first, last = days.min(), days.max()
        if isinstance(first, date) and isinstance(last, date):
            pupils = frozenset(
                known[by][child]
                for rows_of in (taken, faulty)
                for by in known.keys() & {*rows_of.columns}
                for child in known[by].keys() & {*rows_of[by]}
            )
            reaches[name] = FileReach(first, last, pupils, numbers.get(name, 0))
    return reaches


def build_flagged_rows(
    checked: CheckResult, keys: pl.DataFrame, reaches: Mapping[str, FileReach], today: date
) -> pl.DataFrame:
    """Build the rows of raw_flagged_row for this load, with `file_name`; see the table's note.

    A row without a day of its own may be about any day of its file.
    """
    flagged = pl.concat(
        [
            checked.left_out.with_columns(is_left_out=True),
            checked.find_doubts(today).with_columns(is_left_out=False),
        ],
        how="diagonal",
    )
    flagged = flagged.join(
        checked.doubtful_lines.drop("line"),
        on=["file", "row", "column", "fault"],
        how="left",
        maintain_order="left",
    )
    found = _name_places(_find_pupils(flagged, keys), checked)
    # nothing is kept of a text about a child who is not shown here
    found = found.filter((pl.col("fault") != MAY_NAME) | pl.col("pupil_key").is_not_null())
    spans = pl.DataFrame(
        [(name, reach.first, reach.last) for name, reach in reaches.items()],
        schema={"file": pl.String, "first": pl.Date, "last": pl.Date},
        orient="row",
    )
    found = found.join(spans, on="file", how="left", maintain_order="left")
    return found.select(
        pl.col("pupil_key").cast(pl.Int64),
        pl.col("row").cast(pl.Int64).alias("row_number"),
        pl.col("column").replace("", None).alias("column_name"),
        "fault",
        "is_left_out",
        pl.col("sealed").alias("sealed_line"),
        first_date=pl.coalesce("date", "first"),
        last_date=pl.coalesce("date", "last"),
        file_name="file",
    )


def _name_places(rows: pl.DataFrame, checked: CheckResult) -> pl.DataFrame:
    """Give the rows the line and the heading at which people find them."""
    cells = rows.select("file", "row", "column").rows()
    found = [
        (line, column and (heading or column))
        for (*_, column), (line, heading, _) in zip(cells, checked.places.find(cells), strict=True)
    ]
    schema = {"row": pl.UInt32, "column": pl.String}
    return rows.with_columns(pl.DataFrame(found, schema=schema, orient="row"))


def keep_unanswered(
    old: pl.DataFrame,
    sources: pl.DataFrame,
    reaches: Mapping[str, FileReach],
    whole_files: Collection[str],
) -> pl.DataFrame:
    """Return the rows of raw_flagged_row for which no file at hand speaks.

    sources: raw_source.  whole_files: those at hand that are taken whole.
    """
    counts = (
        old.filter("is_left_out")
        .group_by("source_id")
        .agg(pl.col("row_number").n_unique().alias("faulty"))
    )
    named = old.join(sources.select("source_id", "file_name", "rows_read"), on="source_id")
    named = named.join(counts, on="source_id", how="left", maintain_order="left")
    answered = pl.col("file_name").is_in(list(whole_files))
    for name, reach in reaches.items():
        is_named = pl.col("pupil_key").is_in(list(reach.pupils))
        is_long = reach.rows_read >= pl.col("rows_read") - pl.col("faulty").fill_null(0)
        answered = answered | (
            (pl.col("file_name") == name)
            & pl.col("first_date").is_between(reach.first, reach.last)
            & pl.col("last_date").is_between(reach.first, reach.last)
            & pl.when(pl.col("pupil_key").is_null()).then(is_long).otherwise(is_named)
        )
    return named.filter(~answered).select(old.columns)


def drop_answered_lines(rows: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Return the rows without those whose hidden text a later file has put right.

    rows: the raw_ rows of a version in which nothing is typed.
    """
    hidden = {name_sealed_line(each) for each in rows[TABLE]["sealed_line"].drop_nulls()}
    kept = dict(rows)
    for table, column in LINES:
        if table in kept:
            line = pl.col(column)
            is_hidden = line.str.starts_with(f"{NOT_SHOWN} (")
            kept[table] = kept[table].filter(~is_hidden | line.is_in(list(hidden)))
    return kept


def show_lines(
    rows: Mapping[str, pl.DataFrame], shown: Mapping[str, str]
) -> dict[str, pl.DataFrame]:
    """Return the rows with the texts that a person lets be shown, off the list of doubts.

    shown: by the note in the place of a text, what is shown for it.
    """
    changed = dict(rows)
    for table, column in LINES:
        if table in changed:
            changed[table] = changed[table].with_columns(pl.col(column).replace(shown))
    if TABLE in changed:
        note = pl.col("sealed_line").map_elements(name_sealed_line, pl.String)
        is_shown = note.is_in(list(shown)).fill_null(value=False)
        changed[TABLE] = changed[TABLE].filter(~is_shown)
    return changed


def find_waived_rows(
    flagged: pl.DataFrame, sources: pl.DataFrame, pupils: pl.DataFrame, waivers: Iterable[Entry]
) -> pl.DataFrame:
    """Return the rows of raw_flagged_row that a person has waived.

    A waiver is of the row of one file, by its bytes; and where the row says whose it is and
    of which day, of the same fault about that child and day in any file of the name.
    sources, pupils: raw_source and raw_pupil.
    """
    texts = [(each.pupil_id, *(each.values[name] for name in WAIVED)) for each in waivers]
    said = pl.DataFrame(texts, schema=dict.fromkeys(("pupil_id", *WAIVED), pl.String), orient="row")
    own_day = pl.when(pl.col("first_date") == pl.col("last_date")).then(pl.col("first_date"))
    named = (
        flagged.with_row_index("place")
        .join(sources.select("source_id", "file_name", "sha256"), on="source_id")
        .join(pupils.select("pupil_key", "pupil_id"), on="pupil_key", how="left")
        .select(
            "place",
            "file_name",
            "sha256",
            "fault",
            pl.col("row_number").cast(pl.String),
            pl.col("column_name").fill_null(""),
            pl.col("pupil_id").fill_null(""),
            day=own_day.cast(pl.String).fill_null(""),
        )
    )
    of_file = named.join(said, on=["sha256", "row_number", "column_name", "fault"], how="semi")
    is_dated = (pl.col("pupil_id") != "") & (pl.col("day") != "")
    of_child = named.filter(is_dated).join(said, on=[*_ALIKE, "day"], how="semi")
    places = pl.concat([of_file["place"], of_child["place"]]).unique()
    return (
        flagged.with_row_index("place")
        .filter(pl.col("is_left_out"), pl.col("place").is_in(places.implode()))
        .drop("place")
    )


def count_alike(found: pl.DataFrame) -> pl.Series:
    """Count for each row of check_left_out the rows that a waiver of it takes, itself included."""
    is_dated = pl.col("pupil_id").is_not_null() & (pl.col("first_date") == pl.col("last_date"))
    alike = pl.len().over(*_ALIKE, "first_date", "last_date")
    return found.select(pl.when(is_dated).then(alike).otherwise(1)).to_series()


def drop_waived_rows(
    rows: Mapping[str, pl.DataFrame], waivers: Sequence[Entry]
) -> dict[str, pl.DataFrame]:
    """Return a version's raw_ rows without the faulty ones that a person has waived."""
    if TABLE not in rows or not waivers:
        return dict(rows)
    waived = find_waived_rows(rows[TABLE], rows["raw_source"], rows["raw_pupil"], waivers)
    left = rows[TABLE].join(waived, on=KEY, how="anti", nulls_equal=True, maintain_order="left")
    return {**rows, TABLE: left}


def _find_pupils(rows: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    """Add `pupil_key` to the rows, null for a child who is not in scope or not known."""
    for name in _KEYS:
        if name in rows.columns:
            pairs = keys.select(name, pl.col("pupil_key").alias(f"by_{name}")).drop_nulls()
            rows = rows.join(pairs.unique(name), on=name, how="left", maintain_order="left")
    by = [f"by_{name}" for name in _KEYS if f"by_{name}" in rows.columns]
    return rows.with_columns(pupil_key=pl.coalesce(by)).drop(by)
