"""A Common Transfer File of a made-up school: its roll and its register, in place of both."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from synthetic.returns.tables import Rows, read_rows

_ROLL, _MARKS = "roll.csv", "attendance.csv"
_ESTABLISHMENT = ("001", "9999")
_ONE_DAY, _AUGUST = timedelta(days=1), 8
#: How a year's totals count a code, in the words of the guidance; none of the rest is possible.
_ATTENDED = frozenset("/\\LBKPVW")
_AUTHORISED = frozenset(["C", "C1", "C2", "E", "H", "I", "J", "J1", "M", "R", "S", "T"])
_UNAUTHORISED = frozenset("GNOU")


def write_transfer_file(
    files: Mapping[str, str], *, has_commas: bool = True
) -> tuple[dict[str, str], str]:
    """The files with a transfer file in place of the roll and the register.

    has_commas: between the marks of a year, as from 2024/25 on; without them a code is one
    sign.  The second value is no authority: a transfer file says whose it is.
    """
    root = Element("CTfile")
    header = SubElement(root, "Header")
    _add(header, "DocumentName", "Common Transfer File")
    _add(header, "CTFversion", "26.0" if has_commas else "23.0")
    _add(header, "DocumentQualifier", "full")
    _add_school(SubElement(header, "SourceSchool"))
    marks: dict[str, Rows] = {}
    for row in read_rows(files[_MARKS]):
        marks.setdefault(row["upn"], []).append(row)
    stays: dict[str, Rows] = {}
    for row in read_rows(files[_ROLL]):
        stays.setdefault(row["upn"], []).append(row)
    pupils = SubElement(root, "CTFpupilData")
    for upn, rows in stays.items():
        _add_pupil(SubElement(pupils, "Pupil"), rows, marks.get(upn, []), "," if has_commas else "")
    indent(root)
    rest = {name: text for name, text in files.items() if name not in (_ROLL, _MARKS)}
    name = f"{''.join(_ESTABLISHMENT)}_CTF_{_ESTABLISHMENT[0]}LLLL_001.xml"
    return {**rest, name: tostring(root, encoding="unicode", xml_declaration=False)}, ""


def _add_pupil(pupil: Element, stays: Rows, marks: Rows, separator: str) -> None:
    last = stays[-1]
    for tag, column in (("UPN", "upn"), ("Surname", "surname"), ("Forename", "forename")):
        _add(pupil, tag, last[column])
    _add(pupil, "DOB", last["date_of_birth"])
    _add(pupil, "Sex", last["sex"])
    details = SubElement(pupil, "BasicDetails")
    _add(details, "PreferredForename", last["preferred_forename"])
    _add(details, "NCyearActual", last["year_group"])
    if last["sen_provision"]:
        needs = SubElement(SubElement(pupil, "SENhistory"), "SEN")
        _add(needs, "StartDate", last["entry_date"])
        _add(needs, "SENprovision", last["sen_provision"])
    address = SubElement(pupil, "Address")
    _add(SubElement(address, "AddressLines"), "AddressLine1", last["address"])
    _add(address, "PostCode", last["postcode"])
    attendance = SubElement(pupil, "Attendance")
    for year, rows in _group_by_year(marks):
        _add_year(SubElement(attendance, "YearData"), year, rows, separator)
    history = SubElement(pupil, "SchoolHistory")
    for stay in stays:
        school = SubElement(history, "School")
        _add_school(school)
        _add(school, "EntryDate", stay["entry_date"])
        _add(school, "LeavingDate", stay["leaving_date"])


def _add_year(element: Element, year: int, rows: Rows, separator: str) -> None:
    """A year's totals, and its marks for every day from the first Monday to a last Sunday."""
    codes = {(row["date"], row["session"]): row["code"] or "-" for row in rows}
    first, last = (date.fromisoformat(choose(row["date"] for row in rows)) for choose in (min, max))
    monday = first - first.weekday() * _ONE_DAY
    days = [monday + number * _ONE_DAY for number in range((last - monday).days + 14)]
    days = days[: len(days) // 7 * 7]
    sessions = [codes.get((f"{day}", half), "#") for day in days for half in ("AM", "PM")]
    _add(element, "Year", f"{year}")
    kinds = (_ATTENDED, _AUTHORISED, _UNAUTHORISED)
    attended, authorised, unauthorised = (sum(code in kind for code in sessions) for kind in kinds)
    _add(element, "SessionsPossible", f"{attended + authorised + unauthorised}")
    _add(element, "SessionsAuthorised", f"{authorised}")
    _add(element, "SessionsAttended", f"{attended}")
    _add(element, "SessionsUnauthorised", f"{unauthorised}")
    strings = SubElement(element, "AttendSessions")
    _add(strings, "AttendanceStartDate", f"{monday}")
    _add(strings, "AttendanceMarks", separator.join(sessions))


def _group_by_year(marks: Rows) -> Iterator[tuple[int, Rows]]:
    """The marks by the calendar year in which their school year begins."""
    years: dict[int, Rows] = {}
    for row in marks:
        day = date.fromisoformat(row["date"])
        years.setdefault(day.year if day.month > _AUGUST else day.year - 1, []).append(row)
    yield from years.items()


def _add_school(element: Element) -> None:
    for tag, text in zip(("LEA", "Estab"), _ESTABLISHMENT, strict=True):
        _add(element, tag, text)


def _add(element: Element, tag: str, text: str) -> None:
    """An element with its text; none where there is nothing to say."""
    if text:
        SubElement(element, tag).text = text
