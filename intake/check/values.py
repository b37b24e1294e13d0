"""Checks of one value at a time: whether it is there, of its type, allowed, in one form.

Each distinct text of a column is judged once, so a register of 320,000 rows costs a few
hundred judgements.  Typing is exact: a value that would not read the same when it is
written back is a fault.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import polars as pl

from intake.check import upn
from intake.contract import Column, Export
from intake.read.tables import UNPRINTABLE_PATTERN, ExportFile
from queries import reference

DateForm = Literal["YYYY-MM-DD", "DD/MM/YYYY"]

#: Where a fault stands: the row, the column ("" for the whole row) and its class.
FAULT_SCHEMA = pl.Schema({"row": pl.UInt32(), "column": pl.String(), "fault": pl.String()})

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_BRITISH = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")
#: No leading zero, which would be lost on the way, and no more than 64 bits can hold.
#: A year typed as 0206 is a slip, though the day exists.
_YEARS = range(1900, 2100)
_WHOLE_NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")


@dataclass(frozen=True, eq=False)
class TypedFile:
    """One file with its values typed.

    `rows` has every row that was read: dates as Date, whole numbers as Int64, other text
    as String, blank as null; a cell with a fault is null as well, and so is the word
    unknown for a date.  `faults` (row, column, fault) has at most one fault for a cell.
    """

    export: Export
    text: pl.DataFrame = field(repr=False)
    rows: pl.DataFrame = field(repr=False)
    faults: pl.DataFrame = field(repr=False)
    skipped_first_fields: tuple[str, ...] = field(repr=False)

    def drop_faulty_rows(self) -> pl.DataFrame:
        """The rows that have no fault."""
        return self.rows.join(self.faults, on="row", how="anti", maintain_order="left")


def parse_date(text: str) -> tuple[date, DateForm] | None:
    """The date and the form in which it is written; None if it is no date that exists."""
    form: DateForm
    if match := _ISO.fullmatch(text):
        year, month, day = match.groups()
        form = "YYYY-MM-DD"
    elif match := _BRITISH.fullmatch(text):
        day, month, year = match.groups()
        form = "DD/MM/YYYY"
    else:
        return None
    if int(year) not in _YEARS:
        return None
    try:
        return date(int(year), int(month), int(day)), form
    except ValueError:
        return None


def check_values(file: ExportFile) -> TypedFile:
    """Judge and type every value of a file."""
    typed: list[pl.Series] = [file.rows["row"]]
    faults = [pl.DataFrame(schema=FAULT_SCHEMA)]
    for column in file.export.columns:
        texts = file.rows[column.name]
        faults_by_text = _faults_by_text(column, texts.unique().to_list())
        if column.kind == "date":
            values, other_form = _parse_dates(texts)
            faults_by_text |= {
                text: "two date forms" for text in other_form if text not in faults_by_text
            }
            values = _blank_values(values, texts, faults_by_text)
        else:
            values = _blank_values(texts, texts, faults_by_text | {"": ""})
            if column.kind == "whole number":
                values = values.cast(pl.Int64)
        typed.append(values.alias(column.name))
        if faults_by_text:
            faults.append(_locate_faults(file.rows, column.name, faults_by_text))
    return TypedFile(
        export=file.export,
        text=file.rows,
        rows=pl.DataFrame(typed),
        faults=pl.concat(faults),
        skipped_first_fields=file.skipped_first_fields,
    )


def _faults_by_text(column: Column, texts: list[str]) -> dict[str, str]:
    """The texts of a column that have a fault, and which; the form of dates is not judged."""
    codes = _codes(column)
    judged = ((text, _find_fault(column, text, codes)) for text in texts)
    return {text: fault for text, fault in judged if fault is not None}


def _find_fault(column: Column, text: str, codes: frozenset[str]) -> str | None:
    if text == "":
        return "missing value" if column.required else None
    if text != text.strip():
        return "spaces around"
    if re.search(UNPRINTABLE_PATTERN, text):  # of what is typed: a file's row with one is no row
        return "not allowed"
    if text in column.also_allowed:
        return None
    return (
        upn.find_upn_fault(text) if column.kind == "UPN" else _find_kind_fault(column, text, codes)
    )


def _find_kind_fault(column: Column, text: str, codes: frozenset[str]) -> str | None:
    if column.kind == "date":
        return None if parse_date(text) else "not a date"
    if column.kind == "whole number":
        return None if _WHOLE_NUMBER.fullmatch(text) else "not a whole number"
    is_listed = not codes or text in codes
    has_form = column.pattern is None or re.fullmatch(column.pattern, text)
    return None if is_listed and has_form else "not allowed"


def _codes(column: Column) -> frozenset[str]:
    """Every value that the column may have on some date; empty if it is free."""
    if column.code_list:
        return frozenset(reference.read(column.code_list)["code"].to_list())
    return frozenset(column.allowed)


def _parse_dates(texts: pl.Series) -> tuple[pl.Series, list[str]]:
    """The dates, null where the text is none, and the texts in another form than the first."""
    parsed = {text: found for text in texts.unique().to_list() if (found := parse_date(text))}
    dates = texts.replace_strict(
        list(parsed), [when for when, _ in parsed.values()], default=None, return_dtype=pl.Date
    )
    forms = {form for _, form in parsed.values()}
    if len(forms) <= 1:
        return dates, []
    first = texts.filter(dates.is_not_null())[0]
    return dates, [text for text, (_, form) in parsed.items() if form != parsed[first][1]]


def _blank_values(values: pl.Series, texts: pl.Series, blank: dict[str, str]) -> pl.Series:
    """`values` with null where the text is a key of `blank`."""
    if not blank:
        return values
    is_blank = texts.is_in(list(blank))
    return values.set(is_blank, None) if is_blank.any() else values


def _locate_faults(rows: pl.DataFrame, column: str, faults_by_text: dict[str, str]) -> pl.DataFrame:
    """Where the texts with a fault stand."""
    found = rows.filter(pl.col(column).is_in(list(faults_by_text)))
    return found.select(
        "row",
        pl.lit(column).alias("column"),
        pl.col(column).replace_strict(faults_by_text, return_dtype=pl.String).alias("fault"),
    )
