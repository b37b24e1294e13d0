"""Fifty registers of 276 children: forty as five usual systems export them, ten of our own making.

Nobody's export was at hand: each is made after what is public of the system, and what school
offices do to such a file.  The truth of a register is its marks by child, day and half.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from tests.support.schools.good_exports import upn
from tests.support.text_tables import read_rows

Cell = str | int | date | None
Grid = list[list[Cell]]
#: By child, day and half.
Marks = dict[tuple[str, date, str], str]

CHILDREN = [upn(number) for number in range(1, 277)]
_HOLIDAYS = [
    (date(2026, 10, 26), date(2026, 10, 30)),
    (date(2026, 12, 21), date(2027, 1, 1)),
    (date(2027, 2, 15), date(2027, 2, 19)),
    (date(2027, 3, 26), date(2027, 4, 9)),
    (date(2027, 5, 31), date(2027, 6, 4)),
]
_FIRST = date(2026, 9, 7)
_HALVES = ("AM", "PM")
_BUSY = ["I", "L", "U", "M", "B", "E", "N"]
#: Which children have no UPN, where some have none.
_NAMELESS = (3, 57, 102)
_SERIAL_START = date(1899, 12, 30)


@dataclass(frozen=True)
class Layout:
    """How a register is written.

    head: how its headings stand.  file: its ending and, of text, its encoding.  extras: what
    else is in it.  days: how many school days it goes over.
    """

    system: str
    head: str
    file: str
    days: int
    extras: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What it is called in a report."""
        return " ".join([self.system, self.head, self.file, f"{self.days}", *self.extras])


@dataclass
class Register:
    """A register's sheets, and where its marks stand in them.

    body: the first and last row of children in each sheet.  places: the columns of marks.
    hidden: columns and rows that are hidden, by sheet.
    """

    layout: Layout
    sheets: dict[str, Grid]
    truth: Marks
    nameless: int = 0
    body: dict[str, tuple[int, int]] = field(default_factory=dict)
    places: tuple[int, int] = (0, 0)
    hidden: dict[str, list[tuple[str, int]]] = field(default_factory=dict)


def list_school_days(number: int) -> list[date]:
    """The first school days of the made-up year."""
    days: list[date] = []
    day = _FIRST
    while len(days) < number:
        is_off = day.weekday() > 4 or any(first <= day <= last for first, last in _HOLIDAYS)
        days += [] if is_off else [day]
        day += timedelta(1)
    return days


@lru_cache(maxsize=4)
def draw_marks(days: int, seed: int) -> Marks:
    """Marks of everybody on so many days: mostly present, a few of each code, some blank."""
    rng = random.Random(seed)
    found: Marks = {}
    for child in CHILDREN:
        for day in list_school_days(days):
            for half in _HALVES:
                drawn = rng.random()
                code = "/" if half == "AM" else "\\"
                code = rng.choice(_BUSY) if drawn > 0.92 else "" if drawn < 0.004 else code
                found[child, day, half] = code
    return found


def _name(child: str) -> str:
    number = CHILDREN.index(child)
    return f"Made{chr(65 + number % 26)}é, Up{chr(65 + number // 26)}"


def _write_day(layout: Layout, day: date) -> Cell:
    """A day of a heading or a cell, as the layout writes it."""
    if "serial dates" in layout.extras:
        return (day - _SERIAL_START).days
    if "date cells" in layout.extras:
        return day
    if "names of days" in layout.extras:
        return f"{day:%a} {day.day} {day:%b}"
    if "two figures" in layout.extras:
        return f"{day:%d/%m/%y}"
    return f"{day:%d/%m/%Y}"


def _mark(marks: Marks, child: str, day: date, half: str, blank: str = "") -> str:
    return marks[child, day, half] or blank


def _build_long(layout: Layout, marks: Marks, children: Sequence[str]) -> tuple[Grid, int]:
    days = list_school_days(layout.days)
    if layout.head == "a mark a row":
        rows: Grid = [["UPN", "Name", "Date", "Session", "Mark"]]
        rows += [
            [child, _name(child), _write_day(layout, day), half, _mark(marks, child, day, half)]
            for child in children for day in days for half in _HALVES
        ]  # fmt: skip
    elif layout.head == "a day a row":
        rows = [["UPN", "Name", "Date", "AM", "PM"]]
        rows += [
            [child, _name(child), _write_day(layout, day)]
            + [_mark(marks, child, day, half) for half in _HALVES]
            for child in children for day in days
        ]  # fmt: skip
    else:
        rows = [["UPN", "WeekStart", "WeekMarks"]]
        for child in children:
            for monday in days[::5]:
                week = [day for day in days if monday <= day < monday + timedelta(5)]
                text = "".join(
                    _mark(marks, child, day, half, "-") for day in week for half in _HALVES
                )
                rows.append([child, _write_day(layout, monday), text])
    return rows, 1


def _build_heads(layout: Layout, days: Sequence[date]) -> Grid:
    """The rows of headings of a register by days."""
    who: list[Cell] = ["UPN", "Name", "Reg"]
    nobody: list[Cell] = [None, None, None]
    if layout.head == "a week a column":
        return [[*who, *(f"w/c {day:%d/%m/%Y}" for day in days[::5])]]
    written = [_write_day(layout, day) for day in days]
    if layout.head == "a day a column":
        return [[*who, *written]]
    if layout.head == "a session a column":
        return [[*who, *(f"{day} {half}" for day in written for half in _HALVES)]]
    merged: list[Cell] = [cell for day in written for cell in (day, None)]
    halves: list[Cell] = [half for _ in days for half in _HALVES]
    if layout.head == "days over halves":
        return [[*nobody, *merged], [*who, *halves]]
    if layout.head == "days over halves, names above":
        return [[*who, *merged], [*nobody, *halves]]
    weeks: list[Cell] = []
    for number in range(0, len(days), 5):
        weeks += [f"Week {number // 5 + 1}", *[None] * (2 * len(days[number : number + 5]) - 1)]
    names = layout.head == "weeks over days over halves, names above"
    return [
        [*(who if names else nobody), *weeks],
        [*nobody, *merged],
        [*(nobody if names else who), *halves],
    ]


def _list_cells(layout: Layout, marks: Marks, child: str, days: Sequence[date]) -> list[Cell]:
    if layout.head == "a week a column":
        return [
            "".join(
                _mark(marks, child, day, half, "-") for day in days[n : n + 5] for half in _HALVES
            )
            for n in range(0, len(days), 5)
        ]
    if layout.head == "a day a column":
        return ["".join(_mark(marks, child, day, half, "-") for half in _HALVES) for day in days]
    return [_mark(marks, child, day, half) for day in days for half in _HALVES]


def build_grid(
    layout: Layout, marks: Marks, children: Sequence[str], days: Sequence[date]
) -> tuple[Grid, int]:
    """A register by days, and the number of its first row of a child."""
    rows: Grid = []
    if "titles" in layout.extras:
        rows += [["Made-up Junior School", None, None, "Printed 01/12/2026"], []]
    rows += _build_heads(layout, days)
    first = len(rows)
    for number, child in enumerate(children):
        if "lines of classes" in layout.extras and number % 30 == 0:
            rows.append([None, f"Class {number // 30 + 1}"])
        is_nameless = "children without UPN" in layout.extras and number in _NAMELESS
        cells = _list_cells(layout, marks, child, days)
        rows.append([None if is_nameless else child, _name(child), "3A", *cells])
    if "totals below" in layout.extras:
        rows.append([None, "Present", None, *(200 + place for place in range(len(rows[-1]) - 3))])
    if "a key" in layout.extras:
        rows += [[], [None, "Key: / present"], [None, "I ill"]]
    if "totals beside" in layout.extras:
        rows[first - 1] += ["Present", "Absent"]
        for row in rows[first:]:
            if row and row[0]:
                row += [30, 2]
    return rows, first


def build_register(layout: Layout, children: Sequence[str] = CHILDREN) -> Register:
    """The register that a layout is, of some of the children."""
    marks = draw_marks(layout.days, seed=0)
    days = list_school_days(layout.days)
    truth = {key: code for key, code in marks.items() if key[0] in set(children)}
    build: Callable[[Sequence[str]], tuple[Grid, int]]
    if layout.head.endswith("a row"):
        build = lambda some: _build_long(layout, marks, some)  # noqa: E731 - one of two
    else:
        build = lambda some: build_grid(layout, marks, some, days)  # noqa: E731 - one of two
    sheets: dict[str, Grid] = {}
    body: dict[str, tuple[int, int]] = {}
    if "a sheet a class" in layout.extras:
        for number in range(0, len(children), 35):
            sheets[f"Class {number // 35 + 1}"], first = build(children[number : number + 35])
            body[f"Class {number // 35 + 1}"] = (
                first,
                len(sheets[f"Class {number // 35 + 1}"]) - 1,
            )
    elif "blocks of weeks" in layout.extras:
        rows: Grid = []
        first = 0
        for number in range(0, len(days), 5):
            part, first = build_grid(layout, marks, children, days[number : number + 5])
            rows += part
        sheets["Sheet1"], body["Sheet1"] = rows, (first, first + len(children) - 1)
    else:
        sheets["Sheet1"], first = build(children)
        body["Sheet1"] = (first, first + len(children) - 1)
    if "a second sheet" in layout.extras:
        sheets["Notes"] = [["Of this register"], ["Made up"]]
    made = Register(layout, sheets, truth, body=body)
    wide = len(next(row for rows in sheets.values() for row in rows if row and row[0] in children))
    marks_beside = {"a mark a row": 1, "a day a row": 2, "a week a row": 1}
    made.places = (wide - marks_beside.get(layout.head, wide - 3), wide - 1)
    if "children without UPN" in layout.extras:
        gone = {child for number, child in enumerate(children) if number in _NAMELESS}
        made.truth = {key: code for key, code in truth.items() if key[0] not in gone}
        made.nameless = len(gone)
    if "hidden columns" in layout.extras:
        made.hidden = {"Sheet1": [("column", 2), ("column", 5), ("row", first + 2)]}
    return made


def _read_layouts() -> list[Layout]:
    text = (Path(__file__).parents[2] / "golden" / "registers.txt").read_text("utf-8")
    rows = [[f"{cell or ''}" for cell in row.values()] for row in read_rows(text)]
    return [
        Layout(system, head, file, int(days), tuple(filter(None, extras.split(", "))))
        for system, head, file, days, extras in rows
    ]


LAYOUTS = _read_layouts()


def mutate(made: Register, rng: random.Random) -> tuple[str, Register]:
    """A register with one column or row dropped, doubled, shifted, hidden or blanked."""
    sheet = rng.choice(list(made.body))
    rows = [[*row] for row in made.sheets[sheet]]
    first, last = made.body[sheet]
    low, high = made.places
    what, how = rng.choice(("column", "row")), rng.choice(HOW)
    if how == "hidden" and made.layout.file != "xlsx":
        how = "dropped"
    hidden = {name: [*places] for name, places in made.hidden.items()}
    row = rng.randint(first, last)
    while not rows[row] or rows[row][0] not in CHILDREN:
        row = rng.randint(first, last)
    place = rng.randint(low, min(high, len(rows[row]) - 1))
    if how == "hidden":
        hidden.setdefault(sheet, []).append((what, place if what == "column" else row))
    elif what == "column":
        _change_column(rows, place, how, first)
    else:
        _change_row(rows, row, how)
    changed = replace(made, sheets={**made.sheets, sheet: rows}, hidden=hidden)
    return f"{made.layout.name}: {what} {how}, {sheet} {row} {place}", changed


HOW = ("dropped", "doubled", "shifted", "hidden", "blanked")


def _change_column(rows: Grid, place: int, how: str, first: int) -> None:
    wide = [row for row in rows if len(row) > place]
    if how == "dropped":
        for row in wide:
            del row[place]
    elif how == "doubled":
        for row in wide:
            row.insert(place, row[place])
    elif how == "blanked":
        for row in (row for row in rows[first:] if len(row) > place):
            row[place] = None
    else:
        cells = [row[place] for row in wide]
        for row, cell in zip(wide, [None, *cells], strict=False):
            row[place] = cell
        rows.append([*[None] * place, cells[-1]])


def _change_row(rows: Grid, number: int, how: str) -> None:
    if how == "dropped":
        del rows[number]
    elif how == "doubled":
        rows.insert(number, [*rows[number]])
    elif how == "blanked":
        rows[number] = [None] * len(rows[number])
    else:
        rows[number] = [None, *rows[number]]
