"""Put what is wrong with an export into words for the person who can correct it.

A sentence is made from the fault's own template.  It may show only short values of columns that
are not personal, and only if a slipped row could not have put a personal value there (see
`redact_value`).
"""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from queries import reference
from queries.contract import DOUBTS, FAULT_TEXTS, FAULTS, OTHER_TEXTS, TYPED_FAULTS, Export
from safeguards.cells import serialise_csv


class IntakeError(Exception):
    """The exports cannot be read, or the problems not be written; a message for people."""


@dataclass(frozen=True)
class Problem:
    """One fault: its place, what is wrong and how to correct it.

    `file` is the contract's name of the file, and `found_in` the name that people use, if it is
    another, such as "export.xlsx: roll".  `row` is the spreadsheet line, and 0 for a fault of
    the whole file; `column` is "" for a fault of the row or the file; `fault` is a key of
    `contract.FAULTS`, `TYPED_FAULTS` or `DOUBTS`; `heading` is the school's name for the column;
    `value` is what the sentence shows of the cell.  No field holds a personal value.
    """

    file: str
    row: int
    column: str
    fault: str
    problem: str
    fix: str
    found_in: str = ""
    heading: str = ""
    value: str = ""

    @property
    def shown_file(self) -> str:
        """Return the name that people use for the file."""
        return self.found_in or self.file

    @property
    def shown_column(self) -> str:
        """Return the name that people use for the column."""
        return self.heading or self.column

    def move_to_row(self, row: int, heading: str = "", found_in: str = "") -> "Problem":
        """Return the same fault in another row."""
        return replace(
            self, row=row, heading=heading or self.heading, found_in=found_in or self.found_in
        )

    def call_column(self, name: str) -> "Problem":
        """Return the same fault with another name for the column, or as it is if `name` is ""."""
        if not name:
            return self
        rest = self.problem.removeprefix(self.column)
        text = f"{name}{rest}" if self.column and rest != self.problem else self.problem
        return replace(self, column=name, problem=text)

    @property
    def without_value(self) -> str:
        """Return what is wrong, for a person who may see no value about a child."""
        return self.problem.replace(f' "{self.value}"', "", 1) if self.value else self.problem

    def __post_init__(self) -> None:
        """Raise ValueError, a mistake of ours, if there is no such fault."""
        if self.fault not in FAULTS | TYPED_FAULTS | DOUBTS:
            raise ValueError(f"there is no fault called {self.fault}")


#: The most characters of a value that is shown.
_LONGEST_SHOWN = 20
#: The length of the longest attendance code.
_LONGEST_CODE = 2
_SHORT_DATE_OR_NUMBER = re.compile(r"-?[0-9][0-9/.-]{0,9}")


def build_problem(
    export: Export,
    row: int,
    column: str,
    fault: str,
    value: str = "",
    fields: int = 0,
    *,
    is_sheet: bool = False,
    name: str = "",
    text: str = "",
    mend: str = "",
    expected: int = 0,
) -> Problem:
    """Return the problem of one cell, row or file, in words.

    `value` is the text of the cell, used only if `redact_value` lets it through; `fields` is the
    number of fields in the row, only for the fault "field count"; `is_sheet` says that the rows
    come from a sheet of a workbook; `name` is the name that people use for the file; `text` and
    `mend` are the words of a fault of the whole file; `expected` is the number of fields that a
    row of it should have, if that is not the export's number.
    """
    visible = redact_value(export, column, value)
    limits = next((item.range for item in export.columns if item.name == column), None)
    words = {
        "file": name or export.name,
        "column": column,
        "has": f' "{visible}"' if visible else "",
        "mend": mend,
        "found": text or format_count(fields, "field"),
        "expected": format_count(expected or len(export.header), "field"),
        "key": _join_words(export.key, "and"),
        "allowed": _describe_allowed(export, column) if fault == "not allowed" else "",
        "range": limits.describe() if limits else "",
        "usual": limits.describe_usual() if limits else "",
    }
    subject = column or ("a sheet" if is_sheet else "")
    problem, fix = OTHER_TEXTS.get((subject, fault), (FAULT_TEXTS | DOUBTS)[fault])
    return Problem(
        file=export.name,
        row=row,
        column=column,
        fault=fault,
        problem=problem.format_map(words),
        fix=fix.format_map(words),
        found_in=name if name != export.name else "",
        value=visible,
    )


def build_return_problem(
    export: Export, name: str, row: int, heading: str, fault: str, allowed: str
) -> Problem:
    """Return the problem of a cell of a national file, which counts as a problem of the export.

    name, heading: the sender's names for the file and the column.  allowed: the codes or the range
    of the cell, in words.
    """
    words = {"file": name, "column": heading, "has": "", "key": "child and day"}
    words |= {"allowed": f"Use one of these: {allowed}.", "range": allowed}
    texts = OTHER_TEXTS.get((heading, fault), FAULT_TEXTS[fault])
    problem, fix = (text.format_map(words) for text in texts)
    return Problem(export.name, row, "", fault, problem, fix, name, heading)


def redact_value(export: Export, column: str, value: str) -> str:
    """Return `value` if a message may show it, else "".

    A personal column is never shown.  Fields slip: one comma too many and one too few put a
    surname under `sex`.  So nothing is shown of a file that holds names. Of a file that holds
    UPNs only a text that cannot be a name or UPN is shown: a short date or number, or up to two
    characters, as codes of the register have.  Values of national files never get here.
    """
    if not column or not value or export.get_column(column).personal:
        return ""
    personal_kinds = {item.kind for item in export.columns if item.personal}
    if personal_kinds - {"UPN"} or len(value) > _LONGEST_SHOWN or not value.isprintable():
        return ""
    if personal_kinds and not _SHORT_DATE_OR_NUMBER.fullmatch(value) and len(value) > _LONGEST_CODE:
        return ""
    return value


def list_first(rows: Sequence[int], most: int = 5) -> str:
    """Return the first of some numbers of rows, in words: 7, 62, ..."""
    shown = [f"{row}" for row in rows[:most]]
    return ", ".join([*shown, *(["..."] if len(rows) > most else [])])


@dataclass(frozen=True)
class ProblemGroup:
    """One fault of a file and column in all its rows; `first` is the first of them."""

    first: Problem
    rows: tuple[int, ...]

    @property
    def first_rows(self) -> str:
        """Return the numbers of the first rows, or "" for a fault of the whole file."""
        return list_first([row for row in self.rows if row])

    @property
    def place(self) -> str:
        """Return the place in words: the file, its first rows and the column."""
        if self.first.row == 0:
            rows = "whole file"
        elif len(self.rows) == 1:
            rows = f"row {self.first_rows}"
        else:
            rows = f"{len(self.rows):,} rows ({self.first_rows})"
        name = self.first.shown_column
        column = f', column "{name}"' if name else ""
        return f"{self.first.shown_file}, {rows}{column}"


def group_problems(problems: Iterable[Problem]) -> list[ProblemGroup]:
    """Group problems by file, column and fault, in the order of the first of each group."""
    groups: dict[tuple[str, str, str], tuple[Problem, list[int]]] = {}
    for problem in problems:
        key = (problem.shown_file, problem.shown_column, problem.fault)
        groups.setdefault(key, (problem, []))[1].append(problem.row)
    return [ProblemGroup(first, tuple(rows)) for first, rows in groups.values()]


def write_problems(problems: Iterable[Problem], path: Path) -> None:
    """Write the problems as CSV in UTF-8, one row each: file, row, column, problem, fix.

    If the path ends in .xlsx, write a workbook without the values of cells.  A CSV cell that a
    spreadsheet would take for a formula gets a leading '.  Raise IntakeError if writing fails.
    """
    try:
        if path.suffix.casefold() == ".xlsx":
            path.write_bytes(build_problem_book(problems))
        else:
            rows = (_list_cells(problem, problem.problem) for problem in problems)
            path.write_bytes(serialise_csv(_BOOK_COLUMNS, rows).encode("utf-8"))
    except OSError as error:
        raise IntakeError(
            f"The list of problems cannot be written to {path}. Choose another file name."
        ) from error


def build_problem_book(problems: Iterable[Problem]) -> bytes:
    """Return the problems as a workbook, one row each, without the values of cells."""
    import xlsxwriter  # noqa: PLC0415 - every command imports this module, few write a workbook

    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet("faults")
    for row, texts in enumerate((_BOOK_COLUMNS, *map(_list_cells, problems))):
        for place, text in enumerate(texts):
            sheet.write_string(row, place, text)
    sheet.freeze_panes(1, 0)
    for place, width in enumerate(_BOOK_WIDTHS):
        sheet.set_column(place, place, width)
    book.close()
    return content.getvalue()


def _list_cells(problem: Problem, text: str = "") -> tuple[str, ...]:
    row = f"{problem.row}"
    return (
        problem.shown_file,
        row,
        problem.shown_column,
        text or problem.without_value,
        problem.fix,
    )


_BOOK_COLUMNS = ("file", "row", "column", "problem", "fix")
_BOOK_WIDTHS = (24, 8, 20, 60, 60)


def _describe_allowed(export: Export, column: str) -> str:
    """Say how to correct a value that is not allowed in `column`."""
    contract = export.get_column(column)
    if contract.kind == "date":
        # A date that exists is refused only here: see check_across.
        return (
            "Enter this row by UPN, because up to the end of Reception what is due depends on the "
            "date of birth."
        )
    if contract.allowed:
        return f"Use one of these: {', '.join(contract.allowed)}."
    if contract.code_list:
        in_use = reference.read_current(contract.code_list)
        if "is_withdrawn" in in_use.columns:
            in_use = in_use.filter(~pl.col("is_withdrawn"))
        codes = in_use["code"].unique(maintain_order=True)
        return f"Use one of these: {', '.join(codes)}."
    return "Remove unusual characters, or shorten the text."


def _join_words(words: tuple[str, ...], link: str) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {link} {words[-1]}"


def format_count(number: int, noun: str) -> str:
    """Return a number with its noun: 1 field, 1,200 marks."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
