"""What becomes of a made-up register: read, refused with the way on, or silently something else."""

import csv
import io
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

import openpyxl
import polars as pl
from openpyxl.utils import get_column_letter

from intake.check.account import Scope, build_accounts, describe_accounts
from intake.check.check import CheckResult, check_exports
from intake.map.mapping import Mapping
from intake.map.propose import Proposal, propose_mapping
from intake.problems import IntakeError, Problem
from intake.read.mapped import complete_mapping
from intake.read.read import list_unmapped, read_exports
from intake.tables import Source
from tests.support.registers.layouts import (
    CHILDREN,
    Cell,
    Layout,
    Marks,
    Register,
    list_school_days,
)

#: A later day than any mark.
TODAY = date(2027, 9, 1)
_OLD_EXCEL = bytes.fromhex("D0CF11E0A1B11AE1")
_MOST_QUESTIONS = 12
_CODE = ("upn", "date", "session", "code")


def write_register(made: Register) -> dict[str, bytes]:
    """The register as a file."""
    kind, _, encoding = made.layout.file.partition(" ")
    if kind == "xls":
        return {"register.xls": _OLD_EXCEL + bytes(600)}
    if kind == "csv":
        out = io.StringIO()
        separator = ";" if "semicolons" in made.layout.extras else ","
        (rows,) = made.sheets.values()
        csv.writer(out, delimiter=separator).writerows([list(map(_write, row)) for row in rows])
        return {"register.csv": out.getvalue().encode(encoding)}
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in made.sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for what, place in made.hidden.get(name, ()):
            if what == "column":
                sheet.column_dimensions[get_column_letter(place + 1)].hidden = True
            else:
                sheet.row_dimensions[place + 1].hidden = True
    content = io.BytesIO()
    book.save(content)
    return {"register.xlsx": content.getvalue()}


def _write(cell: Cell) -> str:
    return "" if cell is None else f"{cell:%d/%m/%Y}" if isinstance(cell, date) else f"{cell}"


def is_readable(layout: Layout) -> bool:
    """Whether it is of a kind that is read."""
    return layout.file != "xls" and "cp1252" not in layout.file


def build_school(days: int) -> dict[str, bytes]:
    """The roll and the calendar beside a register of so many days."""
    roll = ["upn,surname,forename,date_of_birth,sex,year_group,entry_date,leaving_date"]
    roll += [f"{child},Made,Up,2017-05-04,F,4,2022-09-05," for child in CHILDREN]
    calendar = ["date,kind", *(f"{day},school day" for day in list_school_days(days))]
    texts = {"roll.csv": roll, "calendar.csv": calendar}
    return {name: ("\n".join(lines) + "\n").encode() for name, lines in texts.items()}


@dataclass(frozen=True)
class Outcome:
    """What became of a register.

    marks: those that are taken, blank ones aside; None where the file is refused.  said: all
    that a person is told, in order.  faults: the same of single rows alone, problems: as they
    are.  questions: keys.
    """

    marks: Marks | None
    said: tuple[str, ...]
    faults: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def answer_questions(source: Source) -> tuple[Proposal, dict[str, str]]:
    """The proposal for a table once the office has answered, and its answers."""
    answers: dict[str, str] = {}
    proposal = propose_mapping(source.head, answers, TODAY)
    while proposal.questions and len(answers) < _MOST_QUESTIONS:
        key = proposal.questions[0].key
        right = {"school_year": "2026", "date_form": "day first"}
        if key == "date_form" and "two figures" in proposal.questions[0].choices[2]:
            is_short = any("/26" in (cell or "") for _, row in source.head for cell in row)
            right["date_form"] = "day first, two figures of the year" if is_short else "day first"
        answers[key] = right.get(key, key.rpartition(":")[2])
        proposal = propose_mapping(source.head, answers, TODAY)
    return proposal, answers


def map_tables(files: dict[str, bytes]) -> tuple[list[Mapping], list[str], list[str]]:
    """The mappings for a school's own tables, what was asked, and why some cannot be read."""
    mappings: list[Mapping] = []
    asked: list[str] = []
    why_not: list[str] = []
    left = list_unmapped(files)
    while left:
        source = next(iter(left.values()))
        proposal, answers = answer_questions(source)
        mapping = complete_mapping(proposal, source)
        if mapping is None:
            why_not.append(proposal.why_not)
            left.pop(next(iter(left)))
            continue
        mappings.append(mapping)
        asked += answers
        gone = {name for name in left if name not in list_unmapped(files, mappings)}
        left = {name: each for name, each in left.items() if name not in gone}
    return mappings, asked, why_not


def read_register(made: Register, mappings: list[Mapping] | None = None) -> Outcome:
    """What becomes of a register beside the roll and calendar of its school."""
    files = write_register(made)
    asked: list[str] = []
    why_not: list[str] = []
    try:
        if mappings is None:
            mappings, asked, why_not = map_tables(files)
        school = build_school(max(made.layout.days, 5))
        result = check_exports(read_exports({**files, **school}, mappings))
    except IntakeError as error:
        return Outcome(None, (f"{error}",), questions=tuple(asked))
    problems = [each for each in result.problems if each.fault != "missing file"]
    faults = tuple(f"{each.row} {each.column} {each.fault}" for each in problems)
    unread = [*result.unread, *why_not]
    accounts = describe_accounts(build_accounts(result, Scope(())))
    lines = (*accounts, *result.list_lacks(TODAY), *result.notes, *unread)
    said = tuple(line for line in lines if "register" in line or line in why_not)
    is_taken = "attendance.csv" in result.accepted_frames
    marks = _list_marks(result) if is_taken else None
    return Outcome(marks, said, faults, tuple(asked), tuple(problems))


def _list_marks(result: CheckResult) -> Marks:
    rows = result.accepted_frames["attendance.csv"].filter(pl.col("code").is_not_null())
    return {(upn, day, half): code for upn, day, half, code in rows.select(_CODE).iter_rows()}


def list_truth(made: Register) -> Marks:
    """The marks of a register, blank ones aside."""
    return {key: code for key, code in made.truth.items() if code}


def judge(made: Register, outcome: Outcome) -> str:
    """read, refused with the way on, or silent: other marks, and nothing of it is told."""
    truth = list_truth(made)
    if outcome.marks is None:
        return "refused" if any(outcome.said) or outcome.faults else "silent"
    if outcome.marks == truth:
        nameless = [line for line in outcome.said if "marks and no UPN" in line]
        return "read" if len(nameless) == bool(made.nameless) else "silent"
    return "told" if outcome.faults else "silent"


def describe_difference(made: Register, outcome: Outcome) -> str:
    """How what was read differs from the truth, for who looks for the cause."""
    truth, marks = list_truth(made), outcome.marks or {}
    lacking = Counter(day for _, day, _ in truth.keys() - marks.keys())
    more = len(marks.keys() - truth.keys())
    other = sum(truth[key] != marks[key] for key in truth.keys() & marks.keys())
    return f"{made.layout.name}: lacking {lacking.most_common(3)}, more {more}, other {other}"


def without_count(outcome: Outcome) -> Outcome:
    """What a reader without the count would say of the same file: its faults alone."""
    return replace(outcome, said=())
