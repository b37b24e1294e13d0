"""Faults injected into good export files, each alone, so that one fault is one problem.

A faulty row is new: a fault in a child's own row on the roll would otherwise shadow what is
checked against that row.  Nearly all are in faults.toml.
"""

import random
import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from operator import attrgetter
from pathlib import Path
from typing import Any

from queries import contract
from synthetic.calendar import build_register, compute_academic_year
from synthetic.faults.page import EditableExport, Fault
from synthetic.population.people import generate_upn
from synthetic.population.story import open_stream

#: By the sign of faults.toml, how a date is written; and the days from a Monday to another day.
_DATE_FORMS = {"day": "%Y-%m-%d", "dmy": "%d/%m/%Y", "mdy": "%m/13/%Y"}
_WEEKDAYS = {"mon": 0, "sat": 5}

#: A pupil number that lacks its last digit.
_SHORT_UPN = "A00199992600"

#: Y was withdrawn, and J1 came in, on this day.
_NEW_CODES_FROM = date(2024, 8, 19)

#: What every file with pupil numbers and a date can have: class, column, what the row has.
_OF_EVERY_FILE: list[tuple[str, str, dict[str, str]]] = [
    ("missing value", "date", {"date": ""}),
    ("not a date", "date", {"date": "2026-11-31"}),
    ("two date forms", "date", {"date": "dmy+8"}),
    ("not a date", "date", {"date": "day+7 9:15"}),
    ("not on the roll", "upn", {"upn": "!stranger"}),
    ("UPN check letter", "upn", {"upn": "!letter"}),
    ("UPN form", "upn", {"upn": "!short"}),
]


class _Children:
    """Children who stand on the roll without a mark, to carry faults."""

    def __init__(self, rng: random.Random, roll: EditableExport, entry: date) -> None:
        self.rng = rng
        self.roll = roll
        self.taken = {line.partition(",")[0] for line in roll.lines}
        self.entry = entry
        self.count = 0

    def generate_upn(self) -> str:
        """A good pupil number that stands nowhere yet."""
        return generate_upn(self.rng, self.entry.year - 4, self.taken)

    def build_row(self, **changes: str) -> dict[str, str]:
        """A good row for the roll, but for the `changes`."""
        self.count += 1
        values = {
            "upn": self.generate_upn(),
            "surname": "Sparrow",
            "forename": f"Robin {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[self.count % 26]}",
            "date_of_birth": (self.entry - timedelta(days=3000 + self.count)).isoformat(),
            "sex": "U",
            "year_group": "4",
            "class": "4A",
            "entry_date": self.entry.isoformat(),
            "postcode": "ZZ99 0AA",
        }
        return values | self.fill_in(changes)

    def build_carrier(self, name: str) -> dict[str, str]:
        """What a row of the file says of a new child: all that the roll has, or the number."""
        row = self.build_row()
        if name == contract.ROLL.name:
            return row
        self.roll.append_row(row)
        return {"upn": row["upn"]}

    def fill_in(self, values: Mapping[str, str]) -> dict[str, str]:
        """The values with their signs replaced, as faults.toml tells of them."""
        return {column: self._replace_sign(value) for column, value in values.items()}

    def _replace_sign(self, value: str) -> str:
        sign, (days, space, rest) = value[:3], value[3:].partition(" ")
        if sign in _DATE_FORMS or sign in _WEEKDAYS:
            first = _WEEKDAYS[sign] - self.entry.weekday() if sign in _WEEKDAYS else 0
            day = self.entry + timedelta(days=first + int(days))
            return f"{day:{_DATE_FORMS.get(sign, '%Y-%m-%d')}}{space}{rest}"
        match value:
            case "!withdrawn":
                return "Y" if self.entry >= _NEW_CODES_FROM else "J1"
            case "!short":
                return _SHORT_UPN
            case "!letter":
                upn = self.generate_upn()
                return ("B" if upn[0] != "B" else "C") + upn[1:]
            case "!stranger":
                return self.generate_upn()
        return value


def inject_faults(
    files: Mapping[str, str], until: date, seed: int
) -> tuple[dict[str, bytes], list[Fault]]:
    """The files with faults injected, and the list of them in order of file and row.

    There is one at least of every class but a missing file and one without rows.  Two
    classes hide every other fault of their file: school.csv has the wrong header, and
    suspensions.csv is not UTF-8.
    """
    rng = open_stream(seed, "dirt")
    pages = {
        export.name: EditableExport(export, files.get(export.name, ""))
        for export in contract.EXPORTS
    }
    first_day = build_register(compute_academic_year(until)).open_days[0]
    children = _Children(rng, pages[contract.ROLL.name], first_day)
    _inject_school_fault(pages[contract.SCHOOL.name])
    text = Path(__file__).with_name("faults.toml").read_text(encoding="utf-8")
    for table in tomllib.loads(text)["file"]:
        _inject_table(pages[table["name"]], children, **table)
    _inject_encoding_fault(pages[contract.SUSPENSIONS.name], children)
    _inject_cut_row(pages[contract.ATTENDANCE.name], children)
    pages[contract.CALENDAR.name].append_faulty_line("field count", "2031-01-19,holiday,Sunday")
    roll = pages[contract.ROLL.name]
    roll.append_faulty_line("field count", "A,Sparrow,Robin")
    roll.append_faulty_line("broken row", '"Sparrow')
    faults = [
        fault
        for page in pages.values()
        for fault in sorted(page.faults, key=attrgetter("row", "column"))
    ]
    return {name: page.data for name, page in pages.items()}, faults


def _inject_table(
    page: EditableExport, children: _Children, name: str, good: dict[str, str], faults: list[Any]
) -> None:
    """One table of faults.toml, and before it what every file with a date can have."""
    is_first = page.export in (*contract.HANDLE_EXPORTS, contract.ATTENDANCE) and not page.faults
    if is_first:
        faults = [("duplicate", "upn", {}, {}), *_OF_EVERY_FILE, *faults]
        upn = children.build_carrier(name)["upn"]
        page.append_faulty_line("field count", f"{upn},{children.entry.isoformat()}")
    for kind, column, has, *before in faults:
        carrier = children.build_carrier(name) if "upn" in page.export.header else {}
        for first in before:
            place = page.append_row(carrier | children.fill_in(good | first))
            if kind == "rows at odds":
                page.record_fault(kind, column, place)
        row = carrier | children.fill_in(good | has)
        if kind:
            page.append_faulty_row(kind, column, row)
        else:
            page.append_row(row)


def _inject_school_fault(page: EditableExport) -> None:
    page.lines[0] = page.lines[0].replace("school_id", "id")
    page.record_fault("wrong header", "", 0)


def _inject_encoding_fault(page: EditableExport, children: _Children) -> None:
    """A file that a spreadsheet wrote in its own encoding: the pound sign gives it away."""
    row = {"date": "day+7", "category": "SUSP", "sessions": "2", "reason": "DM £40"}
    page.append_row(children.fill_in(row) | children.build_carrier(contract.SUSPENSIONS.name))
    page.encoding = "cp1252"
    page.record_fault("not UTF-8", "", 0)


def _inject_cut_row(page: EditableExport, children: _Children) -> None:
    """A row of marks whose end stands alone in the next line, and one that never ends."""
    row = children.build_carrier(page.export.name)
    row |= children.fill_in({"date": "day+0", "session": "AM", "code": "/"})
    page.append_faulty_line("broken row", f'{row["upn"]},{row["date"]},AM,"')
    page.append_faulty_row("cut row", "", row)
    page.append_faulty_line("field count", "/")
