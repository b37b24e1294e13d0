"""Frames for plain tables: words for headings, handles for children, and never an id."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import polars as pl

from dashboard.text import sentences, words
from safeguards.access import roles

_ISO_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def _write_day(match: re.Match[str]) -> str:
    return words.format_short_day(date.fromisoformat(match[0]))


def tabulate_check(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of a check as a table, by handle and date."""
    columns = []
    for name, title in words.TEXTS["check_columns"].items():
        if name in rows.columns:
            shown = pl.col(name)
            if rows.schema[name] == pl.Date:
                shown = shown.map_elements(words.format_short_day, pl.String)
                shown = shown.fill_null(words.NOT_RECORDED)
            elif name == "cohort":
                shown = shown.map_elements(words.capitalise, pl.String)
            elif name.endswith("_says"):
                shown = shown.map_elements(partial(_ISO_DAY.sub, _write_day), pl.String)
            columns.append(shown.alias(title))
    return sort_check(rows).select(columns)


def sort_check(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of a check in the order of its table."""
    # some checks are about a school
    order = ("handle", "calendar_date", "session_date", "half", "cohort")
    return rows.sort([name for name in order if name in rows.columns], maintain_order=True)


def tabulate_child_years(years: pl.DataFrame) -> pl.DataFrame:
    """Return a child's years in their order, with a rate only when it is not too early."""
    return years.select(
        pl.col("academic_year").alias("School year"),
        words.format_part_columns("absent_sessions", "possible_sessions").alias("Sessions missed"),
        pl.col("unauthorised_absent_sessions").alias("Not authorised"),
        pl.col("late_sessions").alias("Late"),
        _format_attended(pl.col("is_too_early")).alias("Attended"),
    )


def tabulate_plain_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows of a mart with each value in words, and a dash for null."""
    day = next((name for name in rows.columns if name.endswith("_date")), "")
    return pl.DataFrame(
        {
            _title_column(name, day): [format_cell(value) for value in column]
            for name, column in rows.to_dict(as_series=False).items()
        }
    )


def _title_column(name: str, day: str) -> str:
    """Return the heading of a column. `day` is the column with the date of the row."""
    plain = name.removeprefix("is_").removeprefix("has_").replace("_", " ")
    return "Day" if name == day else words.capitalise(plain)


def format_cell(value: object) -> str:
    """Return a value of a mart in words: a dash for null, yes or no, a day, or pounds."""
    match value:
        case None:
            return words.NOTHING
        case bool():
            return "yes" if value else "no"
        case date():
            return words.format_table_day(value)
        case Decimal():
            return words.format_pounds(value)
        case _:
            return str(value)


def tabulate_group_years(
    group: str,
    years: pl.DataFrame,
    school: pl.DataFrame,
    twelve_months: pl.DataFrame,
    lines: pl.DataFrame,
) -> pl.DataFrame:
    """Return a group's years beside the whole school's, and part of it beside England's.

    twelve_months: the years of those looked after for 12 months, whom England's figure counts.
    """

    def share(years: pl.DataFrame) -> pl.Expr:
        rates = dict(years.select("academic_year", "absence_rate").iter_rows())

        def in_year(year: str) -> str:
            rate = rates.get(year)
            return words.NOT_RECORDED if rate is None else words.format_percent(rate)

        return pl.col("academic_year").map_elements(in_year, pl.String)

    def national(year: str) -> str:
        rate = sentences.find_national_rate(group, year, lines)
        return "not published yet" if rate is None else words.format_percent(rate)

    columns = [
        pl.col("academic_year").alias("School year"),
        pl.col("children").alias("Children"),
        words.format_part_columns("absent_sessions", "possible_sessions").alias("Sessions missed"),
        pl.col("absence_rate")
        .map_elements(words.format_percent, pl.String)
        .fill_null(words.TOO_EARLY)
        .alias("Share missed"),
        share(school).alias("Whole school"),
    ]
    if group in sentences.NATIONAL:
        england = pl.col("academic_year").map_elements(national, pl.String)
        columns += [share(twelve_months).alias("Looked after 12 months"), england.alias("England")]
    return years.select(columns)


def tabulate_files(rows: pl.DataFrame, earlier: pl.DataFrame) -> pl.DataFrame:
    """Return the files of one load. For a refused one, say how far its earlier rows go."""

    def describe(row: dict[str, Any]) -> str:
        if not row["is_refused"]:
            return _describe_rows(row)
        loaded_before = earlier.filter(
            (pl.col("file_name") == row["file_name"])
            & ~pl.col("is_refused")
            & (pl.col("load_id") < row["load_id"])
        )
        rows_before = "there are no earlier rows"
        if loaded_before.height:
            last = loaded_before.sort("load_id")["last_date"].item(-1)
            rows_before = f"earlier rows run up to {words.format_short_day(last)}" if last else (
                "its earlier rows are kept"
            )  # fmt: skip
        return f"refused, {words.format_count(row['problem_count'], 'problem')}; {rows_before}"

    return rows.select(
        pl.col("file_name").alias("File"),
        pl.struct("first_date", "last_date")
        .map_elements(lambda row: words.format_span(row["first_date"], row["last_date"]), pl.String)
        .alias("Dates"),
        pl.struct(rows.columns).map_elements(describe, pl.String).alias("Rows"),
    )


def tabulate_access(role_names: Sequence[str]) -> pl.DataFrame:
    """Return the pages that each of the home's own roles sees."""
    heads = ("Role", "Pages", "In need, or child protection plan")
    rows = []
    for role in role_names:
        pages = [words.PAGES[page] for page in roles.list_pages(role) if page in words.PAGES]
        is_shown = "child_protection" in roles.list_categories(role)
        titles = words.format_list(pages) or "none"
        rows.append((words.ROLES[role], titles, "yes" if is_shown else "hidden"))
    return pl.DataFrame(rows, heads, orient="row")


def _describe_rows(row: dict[str, Any]) -> str:
    """Say what happened to the rows of a file, without the parts that are zero."""
    if row["file_name"] in words.SEALED_FILES:
        return f"{row['rows_read']:,} read, sealed in the vault"
    if not row["rows_read"]:
        return "filled from a national file"
    parts = [f"{row['rows_read']:,} read", f"{row['rows_taken']:,} taken"]
    others = {"not_shown": "about children who are not shown here", "left_out": "left out"}
    parts += [f"{row[f'rows_{k}']:,} {text}" for k, text in others.items() if row[f"rows_{k}"]]
    return ", ".join(parts)


def _format_attended(too_early: pl.Expr) -> pl.Expr:
    share = (1 - pl.col("absence_rate")).map_elements(words.format_percent, pl.String)
    return (
        pl.when(too_early | pl.col("absence_rate").is_null())
        .then(pl.lit(words.TOO_EARLY))
        .otherwise(share)
    )
