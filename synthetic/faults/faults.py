"""Faults injected into good export files, each alone, so that one fault is one problem.

A faulty row is new where it can be: a fault in a child's own row on the roll would
otherwise shadow what is checked against that row.  Most are in faults.toml; what hangs on
the rows that are there stands below.
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
from synthetic.school.school import School

_SATURDAY, _SUNDAY = 5, 6
_ONE_DAY = timedelta(days=1)

#: By the sign of faults.toml, how a date is written.
_DATE_FORMS = {"day": "%Y-%m-%d", "dmy": "%d/%m/%Y", "mdy": "%m/13/%Y"}

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

    def __init__(self, rng: random.Random, school: School, roll: EditableExport) -> None:
        self.rng = rng
        self.roll = roll
        self.taken = {child.upn for child in school.children}
        self.entry = build_register(compute_academic_year(school.until)).open_days[0]
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
        if value[:3] in _DATE_FORMS:
            days, space, rest = value[3:].partition(" ")
            day = self.entry + int(days) * _ONE_DAY
            return f"{day:{_DATE_FORMS[value[:3]]}}{space}{rest}"
        match value:
            case "!short":
                return _SHORT_UPN
            case "!letter":
                upn = self.generate_upn()
                return ("B" if upn[0] != "B" else "C") + upn[1:]
            case "!stranger":
                return self.generate_upn()
        return value


def inject_faults(
    school: School, files: dict[str, str], seed: int
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
    children = _Children(rng, school, pages[contract.ROLL.name])
    days = build_register(compute_academic_year(school.until)).days
    _inject_school_fault(pages[contract.SCHOOL.name])
    _inject_calendar_faults(rng, pages[contract.CALENDAR.name])
    _inject_attendance_faults(rng, pages[contract.ATTENDANCE.name], school, children)
    _inject_weekly_faults(pages[contract.WHOLE_SCHOOL_WEEKLY.name], days)
    text = Path(__file__).with_name("faults.toml").read_text(encoding="utf-8")
    for table in tomllib.loads(text)["file"]:
        _inject_table(pages[table["name"]], children, **table)
    _inject_encoding_fault(pages[contract.SUSPENSIONS.name], children)
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
    is_first = page.export in contract.HANDLE_EXPORTS and not page.faults
    if is_first:
        faults = [("duplicate", "upn", {}, {}), *_OF_EVERY_FILE, *faults]
        upn = children.build_carrier(name)["upn"]
        page.append_faulty_line("field count", f"{upn},{children.entry.isoformat()}")
    for kind, column, has, *before in faults:
        carrier = children.build_carrier(name)
        for first in before:
            page.append_row(carrier | children.fill_in(good | first))
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


def _inject_calendar_faults(rng: random.Random, page: EditableExport) -> None:
    """Faults on Sundays only, for which nobody has a mark."""
    sundays = [
        row
        for row in range(2, len(page.lines) + 1)
        if date.fromisoformat(page.parse_row(row)["date"]).weekday() == _SUNDAY
    ]
    wrong, blank, unknown, twice, crowded = rng.sample(sundays, 5)
    again = page.parse_row(twice)
    page.inject_fault("not allowed", "kind", wrong, "weekend")
    page.inject_fault("missing value", "kind", blank, "")
    page.inject_fault("not allowed", "kind", unknown, "half term")
    page.lines[crowded - 1] += ",Sunday"
    page.record_fault("field count", "", crowded)
    page.append_faulty_row("duplicate", "date", again)
    page.append_faulty_row("not a date", "date", {"date": "2026-06-31", "kind": "holiday"})
    page.append_faulty_row("two date forms", "date", {"date": "05/09/2021", "kind": "holiday"})


def _inject_attendance_faults(
    rng: random.Random, page: EditableExport, school: School, children: _Children
) -> None:
    """Faults in marks of the children who were there, each in a row of its own."""
    rows = list(range(2, len(page.lines) + 1))
    rng.shuffle(rows)
    taken: set[int] = set()

    def take(ending: str) -> int:
        row = next(r for r in rows if r not in taken and page.lines[r - 1].endswith(ending))
        taken.add(row)
        return row

    for kind, column, ending, changed in (
        ("not allowed", "code", ",AM,/", "0"),
        ("not allowed", "code", ",AM,I", "ill"),
        ("wrong session", "code", ",AM,/", "\\"),
        ("wrong session", "code", ",PM,\\", "/"),
        ("not allowed", "code", ",AM,/", "//"),
        ("not allowed", "session", ",PM,\\", "evening"),
    ):
        page.inject_fault(kind, column, take(ending), changed)
    row = take(",AM,I")
    is_new = date.fromisoformat(page.parse_row(row)["date"]) >= _NEW_CODES_FROM
    page.inject_fault("code not on that date", "code", row, "Y" if is_new else "J1")
    twice = page.parse_row(take(",AM,/"))
    day, here = date.fromisoformat(twice["date"]), twice["upn"]
    page.append_faulty_row("duplicate", "upn", twice)
    late = take(",AM,/")
    page.record_fault("rows at odds", "upn", late)
    page.append_faulty_row("rows at odds", "upn", page.parse_row(late) | {"code": "L"})
    # Saturdays: a Sunday may have a faulty row in the calendar, and then nobody knows.
    saturday = day + (_SATURDAY - day.weekday()) * _ONE_DAY
    expected = next(c.upn for c in school.children if c.entry <= saturday < c.leaving)
    closed = {"upn": expected, "date": saturday.isoformat()}
    first_year = compute_academic_year(date.fromisoformat(page.parse_row(2)["date"]))
    days = build_register(first_year).open_days
    joined = children.build_row(entry_date=days[5].isoformat())
    left = children.build_row(entry_date=days[0].isoformat(), leaving_date=days[5].isoformat())
    children.roll.append_row(joined)
    children.roll.append_row(left)
    for kind, column, changes in (
        ("not a date", "date", {"date": "2026-02-30"}),
        ("two date forms", "date", {"date": "14/09/2026"}),
        ("missing value", "date", {"date": ""}),
        ("missing value", "upn", {"upn": ""}),
        ("UPN form", "upn", {"upn": "!short"}),
        ("UPN check letter", "upn", {"upn": "!letter"}),
        ("not on the roll", "upn", {"upn": "!stranger"}),
        ("mark on a closed day", "date", closed),
        ("mark on a closed day", "date", closed | {"session": "PM", "code": "O"}),
        ("outside enrolment", "date", {"upn": joined["upn"], "date": days[0].isoformat()}),
        ("outside enrolment", "date", {"upn": left["upn"], "date": days[9].isoformat()}),
    ):
        page.append_faulty_row(kind, column, twice | children.fill_in(changes))
    page.append_faulty_line("field count", f"{here},{twice['date']},AM")
    page.append_faulty_line("broken row", f'{here},{twice["date"]},AM,"')
    sunday = closed | {"date": (saturday + _ONE_DAY).isoformat(), "session": "AM"}
    page.append_faulty_row("cut row", "", sunday)
    page.append_faulty_line("field count", "/")


def _inject_weekly_faults(page: EditableExport, days: tuple[date, ...]) -> None:
    """A file of good weeks and faulty ones."""
    mondays = iter(sorted({day - day.weekday() * _ONE_DAY for day in days}))
    possible, authorised, unauthorised = page.export.header[1:]

    def build_week(**changes: str) -> dict[str, str]:
        counts = {possible: "2740", authorised: "96", unauthorised: "41"}
        return {"week_start": next(mondays).isoformat()} | counts | changes

    for _ in range(6):
        page.append_row(build_week())
    again = page.parse_row(len(page.lines))
    tuesday = (next(mondays) + _ONE_DAY).isoformat()
    page.append_faulty_row("duplicate", "week_start", again)
    page.append_faulty_row("not a Monday", "week_start", build_week(week_start=tuesday))
    for kind, column, value in (
        ("more absent than possible", possible, "136"),
        ("not a whole number", possible, "2,740"),
        ("not a whole number", unauthorised, "-4"),
        ("missing value", authorised, ""),
    ):
        page.append_faulty_row(kind, column, build_week(**{column: value}))
