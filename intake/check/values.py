"""Checks of one value at a time: whether it is there, of its type, allowed, in one form.

Each distinct text of a column is judged once, so a register of 320,000 rows costs a few
hundred judgements.  Typing is exact: a value that would not read the same when it is
written back is a fault.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

import polars as pl

from intake.check import upn
from intake.spelling import is_garbled, list_codes, spell_texts
from intake.tables import FIRST_RETURN_ROW, UNPRINTABLE_PATTERN, ExportFile
from queries.contract import Column, Export
from queries.contract.model.dates import DateForm, find_month_first, parse_date

#: Where a fault stands: the row, the column ("" for the whole row) and its class.
FAULT_SCHEMA = pl.Schema({"row": pl.UInt32(), "column": pl.String(), "fault": pl.String()})

#: For each kind of number: its form, its type, and the fault of another text.  A whole number has
#: no leading zero, which would be lost on the way.
_NUMBERS: Mapping[str, tuple[re.Pattern[str], pl.DataType, str]] = {
    "whole number": (re.compile(r"0|-?[1-9][0-9]*"), pl.Int64(), "not a whole number"),
    "pounds": (re.compile(r"-?[0-9]+(\.[0-9]{1,2})?"), pl.Decimal(9, 2), "not an amount"),
}


@dataclass(frozen=True, eq=False)
class TypedFile:
    """One file with its values typed.

    `text` has the values as their columns spell them.  `rows` has every row that was read:
    dates as Date, whole numbers as Int64, pounds as Decimal, other text as String, blank as
    null; a cell with a fault is null as well, and so is the word unknown for a date.  `faults`
    (row, column, fault) has at most one fault for a cell.
    """

    export: Export
    text: pl.DataFrame = field(repr=False)
    rows: pl.DataFrame = field(repr=False)
    faults: pl.DataFrame = field(repr=False)
    skipped_keys: tuple[str, ...] = field(repr=False)
    name: str = ""

    @cached_property
    def right_rows(self) -> pl.DataFrame:
        """The rows that have no fault."""
        if self.faults.is_empty():
            return self.rows
        return self.rows.join(self.faults, on="row", how="anti", maintain_order="left")

    def drop_rows(self, rows: pl.Series, keys: Iterable[str]) -> "TypedFile":
        """Return the file without some rows, whose faults stay; keys: whose they are."""
        kept = self.rows.filter(~pl.col("row").is_in(rows.implode()))
        return replace(self, rows=kept, skipped_keys=(*self.skipped_keys, *keys))


@dataclass(frozen=True, eq=False)
class Judged:
    """What was found of the distinct texts of one column.

    spelled: how the column spells those that it spells in another way.  texts: all of them, so
    spelled.  days: of each that is a date.  wrong: the fault of each that has one.
    """

    spelled: Mapping[str, str]
    texts: Sequence[str]
    days: Mapping[str, date]
    wrong: Mapping[str, str]

    @property
    def blank(self) -> list[str]:
        """The texts that are no value."""
        return [text for text in self.texts if text == "" or text in self.wrong]

    def get_value(self, text: str) -> str | date | None:
        """The value of a text as it came; None for a blank, or one with a fault."""
        own = self.spelled.get(text, text)
        return None if own == "" or own in self.wrong else self.days.get(own, own)


def check_values(file: ExportFile, judged: Mapping[str, Judged] | None = None) -> TypedFile:
    """Judge and type every value of a file.

    judged: what was found of its columns already, by name, where these are not all its rows.

    Rows of national files are judged apart: how the school writes its dates says nothing of them.
    Their dates go with either form, but for those that may have the month first in any column.
    """
    is_given = file.rows["row"] >= FIRST_RETURN_ROW
    if judged is not None:
        text, typed, faults = _apply(file.export, file.rows, judged)
    elif is_given.any():
        given = file.rows.filter(is_given)
        dates = [column.name for column in file.export.columns if column.kind == "date"]
        month_first = find_month_first(text for name in dates for text in given[name].unique())
        own = _judge_rows(file.export, file.rows.filter(~is_given), ())
        both = zip(own, _judge_rows(file.export, given, month_first), strict=True)
        text, typed, faults = (pl.concat(frames) for frames in both)
    else:
        text, typed, faults = _judge_rows(file.export, file.rows, ())
    return TypedFile(
        export=file.export,
        text=text,
        rows=typed,
        faults=faults,
        skipped_keys=file.skipped_keys,
        name=file.name,
    )


def _judge_rows(
    export: Export, rows: pl.DataFrame, month_first: Collection[str]
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The values as their columns spell them, the same typed, and the faults: see `TypedFile`.

    month_first: texts of dates that have the month first whatever else is in their column.
    """
    distinct: tuple[list[str], ...] = rows.select(pl.col(export.header).unique().implode()).row(0)
    judged = {
        column.name: judge_texts(
            column,
            texts,
            rows.lazy().group_by(text=column.name).agg(number=pl.len(), row=pl.col("row").min())
            if column.kind == "date"
            else None,
            month_first,
        )
        for column, texts in zip(export.columns, distinct, strict=True)
    }
    return _apply(export, rows, judged)


def judge_texts(
    column: Column,
    distinct: Sequence[str],
    told: pl.LazyFrame | None = None,
    month_first: Collection[str] = (),
) -> Judged:
    """Judge the distinct texts of a column; month_first: see `_judge_rows`.

    told: of dates, how often each `text` stands there (`number`), and in which `row` first; it is
    asked only where they are written in two ways.
    """
    spelled = spell_texts(column, distinct)
    texts = list(dict.fromkeys(spelled.get(text, text) for text in distinct))
    wrong = _faults_by_text(column, texts)
    days: dict[str, date] = {}
    if column.kind == "date" and told is not None:
        parsed = {text: found for text in texts if (found := parse_date(text))}
        days = {text: day for text, (day, _) in parsed.items()}
        forms = {text: form for text, (_, form) in parsed.items()}
        own = told.with_columns(pl.col("text").replace(spelled))
        for text, fault in _judge_forms(own, forms, texts, month_first).items():
            if wrong.get(text, "not a date") == "not a date":
                wrong[text] = fault
    return Judged(spelled, texts, days, wrong)


def _apply(
    export: Export, rows: pl.DataFrame, judged: Mapping[str, Judged]
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The rows as `_judge_rows` has them, by what was found of their texts."""
    spelled = rows.select(
        "row",
        *(
            pl.col(name).replace(others) if (others := judged[name].spelled) else pl.col(name)
            for name in export.header
        ),
    )
    typed = []
    faults = [pl.DataFrame(schema=FAULT_SCHEMA)]
    for column in export.columns:
        found, value = judged[column.name], pl.col(column.name)
        if column.kind == "date":
            texts, days = list(found.days), list(found.days.values())
            value = value.replace_strict(texts, days, default=None, return_dtype=pl.Date)
        if blank := found.blank:
            value = pl.when(~pl.col(column.name).is_in(blank)).then(value)
        if column.kind in _NUMBERS:
            value = value.cast(_NUMBERS[column.kind][1])
        typed.append(value.alias(column.name))
        if found.wrong:
            faults.append(_locate_faults(spelled, column.name, found.wrong))
    return spelled, spelled.select("row", *typed), pl.concat(faults)


def _faults_by_text(column: Column, texts: list[str]) -> dict[str, str]:
    """The texts of a column that have a fault, and which; the form of dates is not judged."""
    codes = frozenset(list_codes(column))
    judged = ((text, _find_fault(column, text, codes)) for text in texts)
    return {text: fault for text, fault in judged if fault is not None}


def _find_fault(column: Column, text: str, codes: frozenset[str]) -> str | None:
    if text == "":
        return "missing value" if column.required else None
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
    if column.kind in _NUMBERS:
        form, _, fault = _NUMBERS[column.kind]
        if not form.fullmatch(text):
            return fault
        return None if column.range is None or Decimal(text) in column.range else "out of range"
    if column.kind == "text" and is_garbled(text):
        return "garbled"
    is_listed = not codes or text in codes
    has_form = column.pattern is None or re.fullmatch(column.pattern, text)
    return None if is_listed and has_form else "not allowed"


def _judge_forms(
    told: pl.LazyFrame,
    forms: Mapping[str, DateForm],
    distinct: Sequence[str],
    month_first: Collection[str],
) -> dict[str, str]:
    """What is wrong with how dates are written.  told: see `judge_texts`; forms: of each date."""
    turned = find_month_first(distinct) or [text for text in distinct if text in month_first]
    if turned:
        return dict.fromkeys(turned, "month before day")
    forms = {text: form for text, form in forms.items() if form != "named"}
    if len(set(forms.values())) <= 1:
        return {}
    form = pl.col("text").replace_strict(list(forms), list(forms.values()), default=None)
    written = told.group_by(form=form).agg(pl.col("number").sum(), pl.col("row").min())
    # of as many in the one form as in the other, the first row shows which is meant
    first = written.drop_nulls().sort("number", "row", descending=[True, False]).first()
    usual = first.collect()["form"].item()
    return {text: "two date forms" for text, form in forms.items() if form != usual}


def _locate_faults(
    rows: pl.DataFrame, column: str, faults_by_text: Mapping[str, str]
) -> pl.DataFrame:
    """Where the texts with a fault stand."""
    found = rows.filter(pl.col(column).is_in(list(faults_by_text)))
    return found.select(
        "row",
        pl.lit(column).alias("column"),
        pl.col(column).replace_strict(faults_by_text, return_dtype=pl.String).alias("fault"),
    )
