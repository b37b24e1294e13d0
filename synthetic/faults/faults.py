"""Faults planted in good export files, each alone, so that one fault is one problem.

A faulty row is a new row: a fault in an existing row of the roll would hide faults of other rows
that are checked against it.  There is one fault of each kind, and nearly all are in faults.toml.
"""

import csv
import io
import random
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter
from pathlib import Path

from queries import contract
from queries.contract import Export
from synthetic.calendar import build_register, compute_academic_year
from synthetic.population.people import generate_upn
from synthetic.population.story import open_stream

#: The date formats by their signs in faults.toml, and the days from a Monday to other weekdays.
_DATE_FORMS = {"day": "%Y-%m-%d", "dmy": "%d/%m/%Y", "mdy": "%m/13/%Y"}
_WEEKDAYS = {"mon": 0, "sat": 5}
#: On this day the code Y was withdrawn, and J1 was introduced.
_NEW_CODES_FROM = date(2024, 8, 19)
_TABLE = tomllib.loads(Path(__file__).with_name("faults.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Fault:
    """A fault that intake must report.

    `row` is the line of the file (header 1, whole file 0).  `column` is "" for a whole row or file.
    `kind` is the class, a key of contract.FAULTS.
    """

    file: str
    row: int
    column: str
    kind: str


class EditableExport:
    """The lines of one file and the faults planted in it."""

    def __init__(self, export: Export, text: str) -> None:
        """Take the text of a file without faults, or "" for a file with only a header."""
        self.export = export
        self.lines = text.splitlines() or [",".join(export.header)]
        self.faults: list[Fault] = []
        self.encoding = "utf-8"

    @property
    def data(self) -> bytes:
        """Return the whole file."""
        return ("\n".join(self.lines) + "\n").encode(self.encoding)

    def append_row(self, values: dict[str, str]) -> int:
        """Append a row with blanks for missing columns, and return its line number."""
        text = io.StringIO()
        fields = [values.get(column, "") for column in self.export.header]
        csv.writer(text, lineterminator="").writerow(fields)
        self.lines.append(text.getvalue())
        return len(self.lines)

    def append_faulty_line(self, kind: str, line: str) -> None:
        """Append a line as it is, which is not a row of this file, and record its fault."""
        self.lines.append(line)
        self.record_fault(kind, "", len(self.lines))

    def record_fault(self, kind: str, column: str, row: int) -> None:
        """Add a fault to the list."""
        self.faults.append(Fault(self.export.name, row, column, kind))


def inject_faults(
    files: Mapping[str, str], until: date, seed: int
) -> tuple[dict[str, bytes], list[Fault]]:
    """Return the files with faults in them, and the list of faults in order of file and row.

    There is a fault of every class except a missing file and a file without rows.  Two faults hide
    all others in their file: school.csv has the wrong header, and suspensions.csv is not UTF-8.

    Args:
        files: The good files' text by name.
        until: The last day with marks.
        seed: The seed of the school.
    """
    rng = open_stream(seed, "dirt")
    entry = build_register(compute_academic_year(until)).open_days[0]
    pages = {
        export.name: EditableExport(export, files.get(export.name, ""))
        for export in contract.EXPORTS
    }
    roll = pages[contract.ROLL.name]
    taken = {line.partition(",")[0] for line in roll.lines}
    for name, kind, column, values, *before in _TABLE["faults"]:
        page = pages[name]
        child = {"upn": generate_upn(rng, entry.year - 4, taken)}
        child |= _build_child(entry, len(taken) % 26)
        if "upn" in page.export.header and page is not roll:
            roll.append_row(child)
        for row in (*before, values):
            signs = _TABLE["good"][name] | row
            new = {key: _replace_sign(rng, taken, sign, entry) for key, sign in signs.items()}
            place = page.append_row(child | new)
            if kind == "rows at odds" or (kind and row is values):
                page.record_fault(kind, column, place)
    school = pages[contract.SCHOOL.name]
    school.lines[0] = school.lines[0].replace("school_id", "id")
    school.record_fault("wrong header", "", 0)
    # The pound sign shows that a spreadsheet wrote the file in its own encoding.
    suspensions = pages[contract.SUSPENSIONS.name]
    suspensions.encoding = "cp1252"
    suspensions.record_fault("not UTF-8", "", 0)
    attendance = pages[contract.ATTENDANCE.name]
    attendance.append_faulty_line("field count", "/")
    roll.append_faulty_line("broken row", '"Sparrow')
    faults = [
        fault
        for page in pages.values()
        for fault in sorted(page.faults, key=attrgetter("row", "column"))
    ]
    return {name: page.data for name, page in pages.items()}, faults


def _build_child(entry: date, number: int) -> dict[str, str]:
    """Return the values on the roll of a child without marks, for a row with a fault."""
    return {
        "surname": "Sparrow",
        "forename": f"Robin {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[number]}",
        "date_of_birth": (entry - timedelta(days=3000 + number)).isoformat(),
        "sex": "U",
        "year_group": "4",
        "class": "4A",
        "entry_date": entry.isoformat(),
        "postcode": "ZZ99 0AA",
    }


def _replace_sign(rng: random.Random, taken: set[str], value: str, entry: date) -> str:
    """Return the value, or replace it if it is a sign of those that faults.toml explains."""
    sign, days = value[:3], value[3:]
    if sign in _DATE_FORMS or sign in _WEEKDAYS:
        first = _WEEKDAYS[sign] - entry.weekday() if sign in _WEEKDAYS else 0
        day = entry + timedelta(days=first + int(days))
        return f"{day:{_DATE_FORMS.get(sign, '%Y-%m-%d')}}"
    match value:
        case "!withdrawn":
            return "Y" if entry >= _NEW_CODES_FROM else "J1"
        case "!letter":
            upn = generate_upn(rng, entry.year - 4, taken)
            return ("B" if upn[0] != "B" else "C") + upn[1:]
        case "!stranger":
            return generate_upn(rng, entry.year - 4, taken)
    return value
