"""Faults planted in good export files, each alone, so that one fault is one problem.

A faulty row is new: a fault in a child's own row on the roll would otherwise shadow what is
checked against that row.  There is one of each kind; nearly all are in faults.toml.
"""

import random
import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from operator import attrgetter
from pathlib import Path

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
_TABLE = tomllib.loads(Path(__file__).with_name("faults.toml").read_text(encoding="utf-8"))


class _Children:
    """Children who stand on the roll without a mark, to carry faults."""

    def __init__(self, rng: random.Random, roll: EditableExport, entry: date) -> None:
        self.rng = rng
        self.roll = roll
        self.taken = {line.partition(",")[0] for line in roll.lines}
        self.entry = entry
        self.count = 0

    def generate_upn(self) -> str:
        """Return a good pupil number that stands nowhere yet."""
        return generate_upn(self.rng, self.entry.year - 4, self.taken)

    def build_carrier(self, name: str) -> dict[str, str]:
        """Return what a row of the file says of a new child: all that the roll has, or the UPN."""
        self.count += 1
        row = {
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
        if name == contract.ROLL.name:
            return row
        self.roll.append_row(row)
        return {"upn": row["upn"]}

    def fill_in(self, values: Mapping[str, str]) -> dict[str, str]:
        """Return the values with their signs replaced, as faults.toml tells of them."""
        return {column: self._replace_sign(value) for column, value in values.items()}

    def _replace_sign(self, value: str) -> str:
        sign, days = value[:3], value[3:]
        if sign in _DATE_FORMS or sign in _WEEKDAYS:
            first = _WEEKDAYS[sign] - self.entry.weekday() if sign in _WEEKDAYS else 0
            day = self.entry + timedelta(days=first + int(days))
            return f"{day:{_DATE_FORMS.get(sign, '%Y-%m-%d')}}"
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
    """Return the files with faults in them, and the list of faults in order of file and row.

    There is one of every class but a missing file and one without rows.  Two classes hide every
    other fault of their file: school.csv has the wrong header, and suspensions.csv is not UTF-8.

    Args:
        files: The good files' text by name.
        until: The last day with marks.
        seed: The school's.
    """
    pages = {
        export.name: EditableExport(export, files.get(export.name, ""))
        for export in contract.EXPORTS
    }
    first_day = build_register(compute_academic_year(until)).open_days[0]
    children = _Children(open_stream(seed, "dirt"), pages[contract.ROLL.name], first_day)
    school = pages[contract.SCHOOL.name]
    school.lines[0] = school.lines[0].replace("school_id", "id")
    school.record_fault("wrong header", "", 0)
    for name, kind, column, has, *before in _TABLE["faults"]:
        page, good = pages[name], _TABLE["good"][name]
        carrier = children.build_carrier(name) if "upn" in page.export.header else {}
        for first in before:
            place = page.append_row(carrier | children.fill_in(good | first))
            if kind == "rows at odds":
                page.record_fault(kind, column, place)
        place = page.append_row(carrier | children.fill_in(good | has))
        if kind:
            page.record_fault(kind, column, place)
    _spoil_encoding(pages[contract.SUSPENSIONS.name], children)
    _cut_row(pages[contract.ATTENDANCE.name], children)
    pages[contract.ROLL.name].append_faulty_line("broken row", '"Sparrow')
    faults = [
        fault
        for page in pages.values()
        for fault in sorted(page.faults, key=attrgetter("row", "column"))
    ]
    return {name: page.data for name, page in pages.items()}, faults


def _spoil_encoding(page: EditableExport, children: _Children) -> None:
    """Write the file as a spreadsheet does in its own encoding: the pound sign gives it away."""
    row = {"date": "day+7", "category": "SUSP", "sessions": "2", "reason": "DM £40"}
    page.append_row(children.fill_in(row) | children.build_carrier(page.export.name))
    page.encoding = "cp1252"
    page.record_fault("not UTF-8", "", 0)


def _cut_row(page: EditableExport, children: _Children) -> None:
    """Append a row of marks whose end stands alone in the next line."""
    row = children.build_carrier(page.export.name)
    row |= children.fill_in({"date": "day+0", "session": "AM", "code": "/"})
    page.record_fault("cut row", "", page.append_row(row))
    page.append_faulty_line("field count", "/")
