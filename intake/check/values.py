"""Check one value at a time: whether it is there, of its type, allowed, and in one form.

Each distinct text of a column is judged once, so a register of 320,000 rows costs a few hundred
judgements.  Typing is exact: a value that would not read the same when it is written back is a
fault.
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
from intake.tables import FIRST_RETURN_ROW, UNPRINTABLE_PATTERN, WORD, ExportFile, build_schema
from queries.contract import ATTENDANCE, Column, Export
from queries.contract.model.dates import DateForm, find_month_first, parse_date

#: The place of a fault: the row, the column ("" for the whole row) and its class.
FAULT_SCHEMA = pl.Schema({"row": pl.UInt32(), "column": pl.String(), "fault": pl.String()})

#: For each kind of number: its form, its type, and the fault of any other text.  A whole number
#: has no leading zero, which would be lost on the way.
_NUMBERS: Mapping[str, tuple[re.Pattern[str], pl.DataType, str]] = {
    "whole number": (re.compile(r"0|-?[1-9][0-9]*"), pl.Int64(), "not a whole number"),
    "pounds": (re.compile(r"-?[0-9]+(\.[0-9]{1,2})?"), pl.Decimal(9, 2), "not an amount"),
}


@dataclass(frozen=True, eq=False)
class TypedFile:
    """One file with its values typed.

    Attributes:
        export: The export that it is.
        text: The values as their columns spell them.
        rows: Every row that was read: dates as Date, whole numbers as Int64, pounds as Decimal,
            other text as String, blank as null.  In a register UPNs are `TEXT`, and halves and
            codes are `WORD`.  A cell with a fault is null as well, and so is a date that is
            unknown.
        faults: `row`, `column` and `fault`, at most one fault for a cell.
        skipped_keys: The keys of rows that could not be read or were dropped.
        name: The name that people use for the file.
    """

    export: Export
    text: pl.DataFrame = field(repr=False)
    rows: pl.DataFrame = field(repr=False)
    faults: pl.DataFrame = field(repr=False)
    skipped_keys: tuple[str, ...] = field(repr=False)
    name: str = ""

    @cached_property
    def right_rows(self) -> pl.DataFrame:
        """Return the rows that have no fault."""
        if self.faults.is_empty():
            return self.rows
        return self.rows.join(self.faults, on="row", how="anti", maintain_order="left")

    def drop_rows(self, rows: pl.Series, keys: Iterable[str]) -> "TypedFile":
        """Return the file without some rows, whose faults stay, with their keys as skipped."""
        kept = self.rows.filter(~pl.col("row").is_in(rows.implode()))
        return replace(self, rows=kept, skipped_keys=(*self.skipped_keys, *keys))


def check_values(file: ExportFile) -> TypedFile:
    """Judge and type every value of a file.

    Judge rows of national files separately: how the school writes its dates says nothing of them.
    Their dates may have either form, unless a column shows that they may have the month first.
    """
    export, rows = file.export, file.rows
    is_given = rows["row"] >= FIRST_RETURN_ROW
    if is_given.any():
        national_rows = rows.filter(is_given)
        dates = [column.name for column in export.columns if column.kind == "date"]
        month_first = find_month_first(
            text for name in dates for text in national_rows[name].unique()
        )
        own_frames = _judge_rows(export, rows.filter(~is_given), ())
        frames = zip(own_frames, _judge_rows(export, national_rows, month_first), strict=True)
        text, typed, faults = (pl.concat(frames) for frames in frames)
    else:
        text, typed, faults = _judge_rows(export, rows, ())
    return TypedFile(export, text, typed, faults, file.skipped_keys, file.name)


def _judge_rows(
    export: Export, rows: pl.DataFrame, month_first: Collection[str]
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return the values as their columns spell them, the same typed, and the faults.

    Args:
        export: The file.
        rows: The values as they came.
        month_first: Texts of dates that have the month first, whatever else is in their column.
    """
    schema = build_schema(export)
    spelled, typed, faults = [rows["row"]], [rows["row"]], [FAULT_SCHEMA.to_frame()]
    for column in export.columns:
        values = rows[column.name]
        texts = values.unique().cast(pl.String).to_list()
        if others := spell_texts(column, texts):
            words = {text: others.get(text, text) for text in texts}
            values, texts = (
                _look_up(values, words, schema[column.name]),
                list(dict.fromkeys(words.values())),
            )
        days = {text: parsed for text in texts if (parsed := parse_date(text))}
        wrong = _find_faults(column, texts)
        if column.kind == "date":
            located = pl.LazyFrame([values.alias("text"), rows["row"]])
            form_faults = _judge_forms(located, days, texts, month_first)
            wrong |= {
                text: fault
                for text, fault in form_faults.items()
                if wrong.get(text, "not a date") == "not a date"
            }
        spelled.append(values)
        typed.append(_type_values(column, values, wrong, days))
        if wrong:
            faults.append(_locate_faults(rows["row"], values, wrong))
    right = pl.DataFrame(typed)
    if export.name == ATTENDANCE.name:
        right = right.cast({"session": WORD, "code": WORD})
    return pl.DataFrame(spelled), right, pl.concat(faults)


def _look_up(values: pl.Series, meanings: Mapping[str, object], kind: pl.DataType) -> pl.Series:
    """Return the meaning of each text; null if it has none."""
    if not meanings:
        return pl.Series(values.name, [None], kind).new_from_index(0, values.len())
    if isinstance(values.dtype, pl.Categorical):
        # Look up each category once: a register is too large to look up the text of each row.
        texts = values.unique().drop_nulls()
        numbers = dict(zip(texts.to_physical(), texts.cast(pl.String), strict=True))
        by_number = [meanings.get(numbers.get(number, "")) for number in range(1 + max(numbers))]
        return pl.Series(values.name, by_number, kind).gather(values.to_physical())
    return values.replace_strict(
        list(meanings), list(meanings.values()), default=None, return_dtype=kind
    )


def _type_values(
    column: Column,
    values: pl.Series,
    wrong: Mapping[str, str],
    days: Mapping[str, tuple[date, DateForm]],
) -> pl.Series:
    """Return the values of a column with their type; null if a value is blank or wrong."""
    if column.kind == "date":
        right = {text: day for text, (day, _) in days.items() if text not in wrong}
        return _look_up(values, right, pl.Date())
    is_right = ~values.is_in(["", *wrong])
    # a register's column of UPNs is large, and mostly right already
    typed = values if is_right.all() else pl.select(pl.when(is_right).then(values)).to_series()
    return typed.cast(_NUMBERS[column.kind][1]) if column.kind in _NUMBERS else typed


def _find_faults(column: Column, texts: list[str]) -> dict[str, str]:
    """Return the fault of each wrong text of a column. The form of dates is not judged here."""
    codes = frozenset(list_codes(column))
    judged = ((text, _find_fault(column, text, codes)) for text in texts)
    return {text: fault for text, fault in judged if fault is not None}


def _find_fault(column: Column, text: str, codes: frozenset[str]) -> str | None:
    if text == "":
        return "missing value" if column.required else None
    if re.search(UNPRINTABLE_PATTERN, text):  # only in typed entries: no row of a file has one
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
    located: pl.LazyFrame,
    days: Mapping[str, tuple[date, DateForm]],
    texts: Sequence[str],
    month_first: Collection[str],
) -> dict[str, str]:
    """Return what is wrong with the form of dates, by text.

    Args:
        located: The `text` of each `row`.
        days: The date and the form of each text that is a date.
        texts: All texts of the column.
        month_first: See `_judge_rows`.
    """
    wrong_order = find_month_first(texts) or [text for text in texts if text in month_first]
    if wrong_order:
        return dict.fromkeys(wrong_order, "month before day")
    forms = {text: form for text, (_, form) in days.items() if form != "named"}
    if len(set(forms.values())) <= 1:
        return {}
    form = pl.col("text").replace_strict(
        list(forms), list(forms.values()), default=None, return_dtype=pl.String
    )
    written = located.group_by(form=form).agg(pl.len(), pl.col("row").min())
    # if two forms are equally common, that of the first row is the usual one
    first = written.drop_nulls().sort("len", "row", descending=[True, False]).first()
    usual = first.collect()["form"].item()
    return {text: "two date forms" for text, form in forms.items() if form != usual}


def _locate_faults(numbers: pl.Series, values: pl.Series, wrong: Mapping[str, str]) -> pl.DataFrame:
    """Return the rows of the texts with a fault."""
    rows = pl.DataFrame([numbers, values.alias("text")]).filter(pl.col("text").is_in(list(wrong)))
    fault = pl.col("text").replace_strict(wrong, return_dtype=pl.String)
    return rows.select("row", column=pl.lit(values.name), fault=fault)
