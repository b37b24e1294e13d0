"""A Common Transfer File of a made-up school: its roll and its register, in place of both."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from xml.etree.ElementTree import Element, SubElement, indent, tostring

Rows = list[dict[str, str]]

_ROLL, _MARKS = "roll.csv", "attendance.csv"
_ESTABLISHMENT = {"LEA": "001", "Estab": "9999"}
_ONE_DAY, _AUGUST = timedelta(days=1), 8
#: How a year's totals count a code, in the words of the guidance; none of the rest is possible.
_ATTENDED = frozenset("/\\LBKPVW")
_AUTHORISED = frozenset(["C", "C1", "C2", "E", "H", "I", "J", "J1", "M", "R", "S", "T"])
_UNAUTHORISED = frozenset("GNOU")


def write_transfer_file(files: Mapping[str, str], *, has_commas: bool = True) -> dict[str, str]:
    """The files with a transfer file in place of the roll and the register.

    has_commas: between the marks of a year, as from 2024/25 on; without them a code is one
    sign.
    """
    root = Element("CTfile")
    header = SubElement(root, "Header")
    _add_all(header, DocumentName="Common Transfer File")
    _add_all(header, CTFversion="26.0" if has_commas else "23.0", DocumentQualifier="full")
    _add_all(SubElement(header, "SourceSchool"), **_ESTABLISHMENT)
    marks = _group_by_child(read_rows(files[_MARKS]))
    pupils = SubElement(root, "CTFpupilData")
    for upn, rows in _group_by_child(read_rows(files[_ROLL])).items():
        _add_pupil(SubElement(pupils, "Pupil"), rows, marks[upn], "," if has_commas else "")
    indent(root)
    rest = {name: text for name, text in files.items() if name not in (_ROLL, _MARKS)}
    name = f"{''.join(_ESTABLISHMENT.values())}_CTF_{_ESTABLISHMENT['LEA']}LLLL_001.xml"
    return {**rest, name: tostring(root, encoding="unicode", xml_declaration=False)}


def read_rows(text: str) -> Rows:
    """The rows of a file below the names of its columns."""
    return list(csv.DictReader(io.StringIO(text)))


def _group_by_child(rows: Iterable[dict[str, str]]) -> defaultdict[str, Rows]:
    found: defaultdict[str, Rows] = defaultdict(list)
    for row in rows:
        found[row["upn"]].append(row)
    return found


def _add_all(element: Element, **texts: str) -> None:
    """An element for each text; none where there is nothing to say."""
    for tag, text in texts.items():
        if text:
            SubElement(element, tag).text = text


def _add_pupil(pupil: Element, stays: Rows, marks: Rows, separator: str) -> None:
    last = stays[-1]
    _add_all(pupil, UPN=last["upn"], Surname=last["surname"], Forename=last["forename"])
    _add_all(pupil, DOB=last["date_of_birth"], Sex=last["sex"])
    details = SubElement(pupil, "BasicDetails")
    _add_all(details, PreferredForename=last["preferred_forename"], NCyearActual=last["year_group"])
    if last["sen_provision"]:
        needs = SubElement(SubElement(pupil, "SENhistory"), "SEN")
        _add_all(needs, StartDate=last["entry_date"], SENprovision=last["sen_provision"])
    address = SubElement(pupil, "Address")
    _add_all(SubElement(address, "AddressLines"), AddressLine1=last["address"])
    _add_all(address, PostCode=last["postcode"])
    attendance = SubElement(pupil, "Attendance")
    for year, rows in _group_by_year(marks).items():
        _add_year(SubElement(attendance, "YearData"), year, rows, separator)
    history = SubElement(pupil, "SchoolHistory")
    for stay in stays:
        days = {"EntryDate": stay["entry_date"], "LeavingDate": stay["leaving_date"]}
        _add_all(SubElement(history, "School"), **_ESTABLISHMENT, **days)


def _add_year(element: Element, year: int, rows: Rows, separator: str) -> None:
    """A year's totals, and its marks for every day from the first Monday to a last Sunday."""
    codes = {(row["date"], row["session"]): row["code"] or "-" for row in rows}
    first, last = (date.fromisoformat(choose(row["date"] for row in rows)) for choose in (min, max))
    monday = first - first.weekday() * _ONE_DAY
    days = [monday + number * _ONE_DAY for number in range((last - monday).days + 14)]
    days = days[: len(days) // 7 * 7]
    sessions = [codes.get((f"{day}", half), "#") for day in days for half in ("AM", "PM")]
    kinds = (_ATTENDED, _AUTHORISED, _UNAUTHORISED)
    attended, authorised, unauthorised = (sum(code in kind for code in sessions) for kind in kinds)
    _add_all(
        element,
        Year=f"{year}",
        SessionsPossible=f"{attended + authorised + unauthorised}",
        SessionsAuthorised=f"{authorised}",
        SessionsAttended=f"{attended}",
        SessionsUnauthorised=f"{unauthorised}",
    )
    strings = SubElement(element, "AttendSessions")
    _add_all(strings, AttendanceStartDate=f"{monday}", AttendanceMarks=separator.join(sessions))


def _group_by_year(marks: Rows) -> dict[int, Rows]:
    """The marks by the calendar year in which their school year begins."""
    years: dict[int, Rows] = {}
    for row in marks:
        day = date.fromisoformat(row["date"])
        years.setdefault(day.year if day.month > _AUGUST else day.year - 1, []).append(row)
    return years
