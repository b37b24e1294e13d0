"""Propose a mapping from the headings and first rows of a table, and ask what they do not show.

These are pure functions.  Nothing is guessed: a value that can be read in two ways is a question,
and so is a value that none of our lists has.
"""

import re
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import get_args

from intake.map.forms import DateForm, has_short_year, parse_in_form
from intake.map.labels import Label, Order, find_order, parse_serial, resolve_all
from intake.map.mapping import (
    AM,
    GRIDS,
    MARKS,
    NAME,
    NO_MARK,
    PM,
    Header,
    Layout,
    Mapping,
    list_headers,
)
from intake.map.marks import split_cell
from intake.map.other_names import list_names
from intake.spelling import list_codes, spell_value
from intake.tables import SourceRow
from queries.contract import ALL_EXPORTS, ATTENDANCE, CARE_EPISODES, UPN, Column, Export
from queries.contract.model.dates import parse_date
from queries.contract.model.spelling import normalise_name

#: Answers by the keys of questions; "" says that there is no such column or value.
Answers = AnyMapping[str, str]

_FORMS: dict[Order, DateForm] = {
    "day first": "day first",
    "month first": "month first",
    "year first": "as written",
    "named": "as written",
}
_DATE_FORMS: tuple[DateForm, ...] = get_args(DateForm)
#: The name in other_names.csv for the first day of a week of marks.
_WEEK_START = "week start"
#: The form of a UPN, right or wrong.
UPN_FORM = re.compile(r"[A-Za-z][0-9]{11}[0-9A-Za-z]")
#: If nobody is marked present by these signs, the first letter of the word may mean it, or
#: the code for sport.
_PRESENT, _LIKE_PRESENT = frozenset("/\\"), ("P", "p")
#: A day has the same weekday again after five years at the earliest.
_YEARS_BACK = 3
#: A table with fewer of our columns is not worth asking about.
_FEWEST_COLUMNS, _FEWEST_WITHOUT_UPN = 2, 3


#: The answer if a box is ticked.
YES = "yes"


@dataclass(frozen=True)
class Question:
    """A question about something that a table does not show.

    key: the key of its answer.  choices: the possible answers, without "".
    """

    key: str
    text: str
    choices: tuple[str, ...] = ()

    @property
    def is_tick(self) -> bool:
        """Say whether it is a box to tick."""
        return self.choices == (YES,)


@dataclass(frozen=True)
class Proposal:
    """A mapping as far as the table shows it, and what must still be asked; None if there is none.

    header: the table's header, from which the mapping was made.  why_not: the reason why the table
    is none of ours, in words.
    """

    mapping: Mapping | None
    header: Header | None = None
    questions: tuple[Question, ...] = ()
    why_not: str = ""


@dataclass(frozen=True)
class _Draft:
    """A table that is becoming a mapping."""

    header: Header
    rows: Sequence[tuple[str, ...]] = field(repr=False)
    file: str
    layout: Layout
    columns: dict[str, str]

    @property
    def export(self) -> Export:
        return next(export for export in ALL_EXPORTS if export.name == self.file)

    def list_values(self, ours: str) -> list[str]:
        """Return the values of one of our columns in the first rows, without blanks."""
        heading = self.columns.get(ours)
        if heading is None or heading not in self.header.cells:
            return []
        return self.list_cells(self.header.cells.index(heading))

    def list_cells(self, place: int) -> list[str]:
        cells = [row[place].strip() for row in self.rows if place < len(row)]
        return [cell for cell in cells if cell]

    def list_day_cells(self) -> list[str]:
        """Return the cells under headings that are days, without blanks."""
        return [cell for place in self.header.days for cell in self.list_cells(place)]


def propose_mapping(
    head: Sequence[SourceRow], answers: Answers | None = None, today: date | None = None
) -> Proposal:
    """Return what a table is, from its rows near the top and the answers that were given.

    today: used to find the year by the names of weekdays, if they match only one of the last years.
    The place of an open question in the mapping is blank, and the mapping must not be used
    yet.
    """
    answers = answers or {}
    draft = _find_grid(head) or _find_rows(head)
    if draft is None:
        return Proposal(None, why_not="its columns are not those of any file that we recognise")
    columns = {**draft.columns}
    for column in draft.export.columns:
        if (answer := answers.get(f"column:{column.name}")) and answer in draft.header.cells:
            columns[column.name] = answer
    draft = replace(draft, columns=columns)
    questions = [*_ask_columns(draft, answers)]
    if "upn" not in columns and answers.get("column:upn") == "":
        return Proposal(None, draft.header, why_not="it does not identify children by UPN")
    absent = tuple(
        column.name
        for column in draft.export.columns
        if column.name not in columns
        and draft.layout == "rows"
        and (column.must_be_named or answers.get(f"column:{column.name}") == "")
    )
    known_since, about_starts = _find_known_since(draft, answers, today)
    settled = ("start",) if known_since or about_starts else ()
    required = [column.name for column in draft.export.columns if column.required]
    if lacking := [name for name in absent if name in required and name not in settled]:
        needed = ", ".join(lacking)
        return Proposal(None, draft.header, why_not=f"{draft.file} needs {needed}")
    date_form, about_dates = _find_date_form(draft, answers)
    school_year, about_year = _find_school_year(draft, answers, today)
    values, about_values = _find_values(draft, answers)
    questions += [*about_starts, *about_dates, *about_year, *about_values]
    mapping = Mapping(
        file=draft.file,
        layout=draft.layout,
        columns=columns,
        signature=draft.header.signature,
        date_form=date_form,
        values=values,
        absent=absent,
        known_since=known_since,
    )
    if school_year is not None:
        mapping = replace(mapping, school_years={"": school_year})
    return Proposal(mapping, draft.header, tuple(questions))


# which table it is


def _find_grid(head: Sequence[SourceRow]) -> _Draft | None:
    """Return a register with days in its headings, with its layout and the place of the UPN."""
    grids = [
        (header, rows, upn)
        for header in list_headers(head)
        if header.days
        if (upn := _find_upn(header, rows := _rows_below(head, header))) is not None
    ]
    if not grids:
        return None
    header, rows, upn = max(grids, key=lambda grid: len(grid[0].days))
    place = header.cells.index(upn)
    rows = [row for row in rows if place < len(row) and row[place].strip()]  # no sums, no key
    repeats = [number for number, row in enumerate(rows) if header.names[place] in row]
    rows = [row for row in rows[: repeats[0] if repeats else None] if not _is_line(row)]
    draft = _Draft(header, rows, ATTENDANCE.name, "rows", {UPN.name: upn})
    layout = _find_grid_layout(list(header.days.values()), draft.list_day_cells())
    return None if layout is None else replace(draft, layout=layout)


def _is_line(row: Sequence[str]) -> bool:
    """Say whether a row is a title of the weeks below it, in a table with weeks in blocks."""
    return sum(bool(cell.strip()) for cell in row) <= _FEWEST_COLUMNS


def _find_grid_layout(labels: Sequence[Label], cells: Sequence[str]) -> Layout | None:
    """Return the layout by the cells under days: a mark, two of a day, those of a week, or None."""
    marked = [cell for cell in cells if cell and cell not in NO_MARK]
    if all(label.half for label in labels):
        return "a session a column"
    if any(label.half for label in labels) or not marked:
        return None
    is_week = all(label.is_week for label in labels)
    if is_week and all(split_cell(cell, "a week a column") for cell in marked):
        return "a week a column"
    return "a day a column" if all(split_cell(cell, "a day a column") for cell in marked) else None


def _find_rows(head: Sequence[SourceRow]) -> _Draft | None:
    """Return a table with a row of ours, or a child's day or week, in each of its rows."""
    best: tuple[int, _Draft] | None = None
    for header in list_headers(head):
        rows = _rows_below(head, header)
        for draft in _list_drafts(header, rows):
            needed = [column.name for column in draft.export.columns if not column.may_be_absent]
            if draft.layout == "rows":
                lacking = sum(
                    name not in draft.columns
                    and not (NAME in draft.columns and name in ("surname", "forename"))
                    for name in needed
                )
            else:
                lacking = -len(needed)
            fewest = _FEWEST_COLUMNS if UPN.name in draft.columns else _FEWEST_WITHOUT_UPN
            is_enough = len(draft.columns) >= fewest
            rank = len(draft.columns) - 2 * lacking
            if is_enough and lacking * 2 < len(needed) and (best is None or rank > best[0]):
                best = (rank, draft)
    return None if best is None else best[1]


def _list_drafts(header: Header, rows: Sequence[tuple[str, ...]]) -> list[_Draft]:
    """Return the tables that may have this header."""
    named = {normalise_name(cell): cell for cell in reversed(header.cells) if cell.strip()}
    upn = _find_upn(header, rows)
    drafts = []
    for export in ALL_EXPORTS:
        if export.columns[0].kind != "UPN":
            continue
        columns: dict[str, str] = {}
        for column in export.columns:
            for alias in list_names(column.name, export.name):
                theirs = named.get(normalise_name(alias))
                if theirs is not None and theirs not in columns.values():
                    columns.setdefault(column.name, theirs)
        if upn is not None:
            columns[UPN.name] = upn
        has_names = "surname" in columns and "forename" in columns
        name = None if has_names else _find_named(named, list_names(NAME))
        if "surname" in export.header and name and not _has_figures(header, rows, name):
            columns = {NAME: name} | {
                ours: theirs for ours, theirs in columns.items()
                if ours not in ("surname", "forename")
            }  # fmt: skip
        drafts.append(_Draft(header, rows, export.name, "rows", columns))
    if upn is not None:
        drafts += _list_mark_drafts(header, rows, named, upn)
    return drafts


def _list_mark_drafts(
    header: Header, rows: Sequence[tuple[str, ...]], named: AnyMapping[str, str], upn: str
) -> list[_Draft]:
    """Return tables whose rows are a child's day or week of marks."""
    drafts = []
    am, pm, marks = (_find_named(named, list_names(name)) for name in (AM, PM, MARKS))
    day = _find_named(named, list_names("date", ATTENDANCE.name))
    week = _find_named(named, list_names(_WEEK_START))
    if am and pm and day:
        columns = {UPN.name: upn, "date": day, AM: am, PM: pm}
        drafts.append(_Draft(header, rows, ATTENDANCE.name, "a day a row", columns))
    if marks and week:
        columns = {UPN.name: upn, "date": week, MARKS: marks}
        drafts.append(_Draft(header, rows, ATTENDANCE.name, "a week a row", columns))
    return drafts


def _find_upn(header: Header, rows: Sequence[tuple[str, ...]]) -> str | None:
    """Return the column of UPNs: it has such a name, or each of its values is one."""
    named = {normalise_name(cell): cell for cell in header.cells}
    for name in list_names(UPN.name):
        if normalise_name(name) in named:
            return named[normalise_name(name)]
    for place, cell in enumerate(header.cells):
        values = [row[place].strip() for row in rows if place < len(row) and row[place].strip()]
        if cell.strip() and values and all(UPN_FORM.fullmatch(value) for value in values):
            return cell
    return None


def _has_figures(header: Header, rows: Sequence[tuple[str, ...]], name: str) -> bool:
    """Say whether a column of names has figures, so that it holds numbers of children."""
    place = header.cells.index(name)
    return any(re.search(r"[0-9]", row[place]) for row in rows if place < len(row))


def _find_named(named: AnyMapping[str, str], called: Sequence[str]) -> str | None:
    return next((named[key] for name in called if (key := normalise_name(name)) in named), None)


def _rows_below(head: Sequence[SourceRow], header: Header) -> list[tuple[str, ...]]:
    return [tuple(cell or "" for cell in cells) for row, cells in head if row > header.row]


# what it does not show


def _ask_columns(draft: _Draft, answers: Answers) -> list[Question]:
    """Ask for the required columns that were not recognised."""
    if draft.layout != "rows":
        return []
    has_name = NAME in draft.columns
    free = tuple(cell for cell in draft.header.cells if cell and cell not in draft.columns.values())
    return [
        Question(f"column:{column.name}", f"Which column is {describe_column(column)}?", free)
        for column in draft.export.columns
        if column.required
        and column.name not in draft.columns
        and not (has_name and column.name in ("surname", "forename"))
        and f"column:{column.name}" not in answers
    ]


def _find_date_form(draft: _Draft, answers: Answers) -> tuple[DateForm, list[Question]]:
    """Return the order of the figures in dates, and a question if the dates do not show it."""
    for form in _DATE_FORMS:
        if answers.get("date_form") == form:
            return form, []
    question = Question(
        "date_form", "The dates can be read in two ways. Which way is right?", _DATE_FORMS[1:5]
    )
    if draft.layout in GRIDS:
        labels = list(draft.header.days.values())
        if any(label.year is None for label in labels):
            is_figures = any(label.is_figures for label in labels)
            return ("day first", [question]) if is_figures else ("as written", [])
        order = find_order(labels)
        return ("day first", [question]) if order is None else (_FORMS[order], [])
    dated = [column.name for column in draft.export.columns if column.kind == "date"]
    figures = [text for name in dated for text in draft.list_values(name) if _is_figures(text)]
    if not figures or all(map(parse_serial, figures)):
        return ("numbers of a spreadsheet" if figures else "as written"), []
    if any(map(has_short_year, figures)):
        return "day first, two figures of the year", [question]
    orders: list[Order] = [
        order for order in _TWO if all(parse_in_form(text, _FORMS[order]) for text in figures)
    ]
    return (_FORMS[orders[0]], []) if len(orders) == 1 else ("day first", [question])


_TWO: tuple[Order, ...] = ("day first", "month first")


def _is_figures(text: str) -> bool:
    """Say whether a date can be read in more than one way, or not at all."""
    parsed = parse_date(text)
    return parsed is None or parsed[1] == "day first"


def _find_school_year(
    draft: _Draft, answers: Answers, today: date | None
) -> tuple[int | None, list[Question]]:
    """Return the year in which the school year begins, if the headings have no year.

    Find it by the names of weekdays, if only one year around today matches. Otherwise ask.
    """
    days = list(draft.header.days.values())
    if draft.layout not in GRIDS or all(label.year is not None for label in days):
        return None, []
    answer = answers.get("school_year", "")
    if answer.isdecimal() and resolve_all(days, "day first", int(answer)) is not None:
        return int(answer), []
    if today is not None and not answer and all(label.weekday is not None for label in days):
        around = range(today.year - _YEARS_BACK, today.year + 1)
        fitting = [year for year in around if resolve_all(days, "day first", year)]
        if len(fitting) == 1:
            return fitting[0], []
    text = "The headings have no year. In which year did the school year begin?"
    if answer:
        text = f"The weekdays do not match the school year that began in {answer}. {text}"
    return None, [Question("school_year", text)]


def _find_known_since(
    draft: _Draft, answers: Answers, today: date | None
) -> tuple[str, list[Question]]:
    """Return the day from which children without a start of care count: today, if ticked."""
    is_asked = answers.get("column:start") == "" or "start" in draft.columns
    if draft.file != CARE_EPISODES.name or today is None or not is_asked:
        return "", []
    cells = draft.header.cells
    upn, start = (cells.index(draft.columns[name]) if name in draft.columns else None
                  for name in ("upn", "start"))  # fmt: skip
    children = [row for row in draft.rows if _has_cell(row, upn)]
    if all(_has_cell(row, start) for row in children):
        return "", []
    if (answer := answers.get("known_since")) is not None:
        return f"{today}" if answer else "", []
    return "", [Question("known_since", _NO_START, (YES,))]


def _has_cell(row: Sequence[str], place: int | None) -> bool:
    return place is not None and place < len(row) and bool(row[place].strip())


_NO_START = "Children without a start date count from today, and are left out of 12-month figures."


def _find_values(
    draft: _Draft, answers: Answers
) -> tuple[dict[str, dict[str, str]], list[Question]]:
    """Return the meanings of values that none of our lists has, and ask for those not given."""
    values: dict[str, dict[str, str]] = {}
    questions = []
    for column in draft.export.columns:
        texts = dict.fromkeys(_list_single_values(draft, column))
        is_sure = not column.code_list or bool(_PRESENT & texts.keys())
        for value in texts:
            key = f"value:{column.name}:{value}"
            known = (*list_codes(column), *column.also_allowed, "")
            if spell_value(column, value) in known and (is_sure or value not in _LIKE_PRESENT):
                continue
            if (answer := answers.get(key)) is not None:
                values.setdefault(column.name, {})[value] = answer
            else:
                text = f'What does "{value}" mean in {describe_column(column)}?'
                if column.code_list:
                    text += " Write the code that it means: / is present."
                questions.append(Question(key, text, column.allowed))
    return values, questions


def describe_column(column: Column) -> str:
    """Return the name that a school uses for a column of ours."""
    return column.label or column.name.replace("_", " ")


def _list_single_values(draft: _Draft, column: Column) -> list[str]:
    """Return the values of a column that has a list, wherever the layout has them."""
    if not (column.allowed or column.code_list):
        return []
    if draft.layout == "rows":
        return draft.list_values(column.name)
    if column.name != "code":
        return []
    if draft.layout in GRIDS:
        cells = draft.list_day_cells()
    else:
        cells = [cell for name in (AM, PM, MARKS) for cell in draft.list_values(name)]
    marks = [mark for cell in cells for mark in split_cell(cell, draft.layout) or ()]
    return [mark for mark in marks if mark and mark not in NO_MARK]
