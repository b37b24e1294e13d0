"""What is wrong with an export, in words for the person who can put it right.

A sentence is made from the fault's own template.  The only values that it may show are
short ones of columns that are not personal, and only where a slipped row could not have
put a personal value there (see `redact_value`).
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
    """The exports cannot be read, or the list of problems not written; a message for people."""


@dataclass(frozen=True)
class Problem:
    """One fault: where it stands, what is wrong and how to put it right.

    `file` is the contract's name of it and `found_in` what people call it, where that is
    another, such as "export.xlsx: roll".  `row` is the spreadsheet line, and 0 for a fault of
    the whole file; `column` is "" for a fault of the row or the file; `fault` is a key of
    `contract.FAULTS` or `DOUBTS`; `heading` is what the school calls the column, where that
    is another; `value` is what the sentence shows of the cell.  No field holds a personal value.
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
        """The file as people know it."""
        return self.found_in or self.file

    @property
    def shown_column(self) -> str:
        """The column as people know it."""
        return self.heading or self.column

    def move_to_row(self, row: int, heading: str = "", found_in: str = "") -> "Problem":
        """The same fault in another row."""
        return replace(
            self, row=row, heading=heading or self.heading, found_in=found_in or self.found_in
        )

    def call_column(self, name: str) -> "Problem":
        """The same fault where the column has another name; as it is where the name is ""."""
        if not name:
            return self
        rest = self.problem.removeprefix(self.column)
        said = f"{name}{rest}" if self.column and rest != self.problem else self.problem
        return replace(self, column=name, problem=said)

    @property
    def without_value(self) -> str:
        """What is wrong, for who may see no value about a child."""
        return self.problem.replace(f' "{self.value}"', "", 1) if self.value else self.problem

    def __post_init__(self) -> None:
        """ValueError, a mistake of ours, if there is no such fault."""
        if self.fault not in FAULTS | TYPED_FAULTS | DOUBTS:
            raise ValueError(f"there is no fault called {self.fault}")


#: Values up to here are shown where they may be, in characters.
_LONGEST_SHOWN = 20
#: The longest attendance code.
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
    found: str = "",
    mend: str = "",
    expected: int = 0,
) -> Problem:
    """The problem of one cell, row or file, in words.

    `value` is the text of the cell, used only where `redact_value` lets it through; `fields`
    is the number of fields found, for the fault "field count" alone; `is_sheet` says that
    the rows come from a sheet of a workbook; `name` is what people call the file; `found` and
    `mend` are the words of a fault of the whole file; `expected` is how many fields a row of it
    has, where that is not the export's number.
    """
    visible = redact_value(export, column, value)
    limits = next((each.range for each in export.columns if each.name == column), None)
    words = {
        "file": name or export.name,
        "column": column,
        "has": f' "{visible}"' if visible else "",
        "mend": mend,
        "found": found or format_count(fields, "field"),
        "expected": format_count(expected or len(export.header), "field"),
        "key": _join_words(export.key, "and"),
        "allowed": _describe_allowed(export, column) if fault == "not allowed" else "",
        "range": limits.describe() if limits else "",
        "usual": limits.describe_usual() if limits else "",
    }
    is_of = column or ("a sheet" if is_sheet else "")
    problem, fix = OTHER_TEXTS.get((is_of, fault), (FAULT_TEXTS | DOUBTS)[fault])
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
    """The problem of a cell of a national file, which counts as one of the export's.

    name, heading: of the file and the column, as the sender calls them.  allowed: the codes or
    the range of the cell, in words.
    """
    words = {"file": name, "column": heading, "has": "", "key": "child and day"}
    words |= {"allowed": f"Use one of these: {allowed}.", "range": allowed}
    texts = OTHER_TEXTS.get((heading, fault), FAULT_TEXTS[fault])
    problem, fix = (text.format_map(words) for text in texts)
    return Problem(export.name, row, "", fault, problem, fix, name, heading)


def redact_value(export: Export, column: str, value: str) -> str:
    """`value` if a message may show it, else "".

    Never a personal column.  Fields slip: one comma too many and one too few put a
    surname under `sex`.  So in a file that holds names nothing is shown, and in one that
    holds UPNs only what no name or UPN can look like: a short date or number.  (Codes of
    the register are shown too, up to two characters.)  Values of national files never get here.
    """
    if not column or not value or export.get_column(column).personal:
        return ""
    personal_kinds = {each.kind for each in export.columns if each.personal}
    if personal_kinds - {"UPN"} or len(value) > _LONGEST_SHOWN or not value.isprintable():
        return ""
    if personal_kinds and not _SHORT_DATE_OR_NUMBER.fullmatch(value) and len(value) > _LONGEST_CODE:
        return ""
    return value


def list_first(rows: Sequence[int], most: int = 5) -> str:
    """The numbers of the first of some rows, in words: 7, 62, ..."""
    shown = [f"{row}" for row in rows[:most]]
    return ", ".join([*shown, *(["..."] if len(rows) > most else [])])


@dataclass(frozen=True)
class ProblemGroup:
    """One fault of a file and column, however many rows have it; `first` is the first of them."""

    first: Problem
    rows: tuple[int, ...]

    @property
    def first_rows(self) -> str:
        """The numbers of the first rows; "" for a fault of the whole file."""
        return list_first([row for row in self.rows if row])

    @property
    def place(self) -> str:
        """The place in words: the file, its first rows and the column."""
        if self.first.row == 0:
            rows = "whole file"
        elif len(self.rows) == 1:
            rows = f"row {self.first_rows}"
        else:
            rows = f"{len(self.rows):,} rows ({self.first_rows})"
        shown = self.first.shown_column
        column = f', column "{shown}"' if shown else ""
        return f"{self.first.shown_file}, {rows}{column}"


def group_problems(problems: Iterable[Problem]) -> list[ProblemGroup]:
    """Problems by file, column and fault, in the order of the first of each."""
    groups: dict[tuple[str, str, str], tuple[Problem, list[int]]] = {}
    for each in problems:
        key = (each.shown_file, each.shown_column, each.fault)
        groups.setdefault(key, (each, []))[1].append(each.row)
    return [ProblemGroup(first, tuple(rows)) for first, rows in groups.values()]


def write_problems(problems: Iterable[Problem], path: Path) -> None:
    """Write the problems as CSV in UTF-8, one row each: file, row, column, problem, fix.

    A path that ends in .xlsx becomes a workbook of the same.  A cell that a spreadsheet would
    take for a formula gets a leading '.  IntakeError if the file cannot be written.
    """
    try:
        if path.suffix.casefold() == ".xlsx":
            path.write_bytes(build_problem_book(problems))
        else:
            rows = (_list_cells(each, each.problem) for each in problems)
            path.write_bytes(serialise_csv(_BOOK_COLUMNS, rows).encode("utf-8"))
    except OSError as error:
        raise IntakeError(
            f"The list of problems cannot be written to {path}. Choose another file name."
        ) from error


def build_problem_book(problems: Iterable[Problem]) -> bytes:
    """The problems as a workbook, one row each; without the values of cells."""
    import xlsxwriter  # noqa: PLC0415 - every command knows of problems, and few write a workbook

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


def _list_cells(problem: Problem, said: str = "") -> tuple[str, ...]:
    row = f"{problem.row}"
    return (
        problem.shown_file,
        row,
        problem.shown_column,
        said or problem.without_value,
        problem.fix,
    )


_BOOK_COLUMNS = ("file", "row", "column", "problem", "fix")
_BOOK_WIDTHS = (24, 8, 20, 60, 60)


def _describe_allowed(export: Export, column: str) -> str:
    """How to put right a value that is not allowed in `column`."""
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
    """A number with its noun: 1 field, 1,200 marks."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
