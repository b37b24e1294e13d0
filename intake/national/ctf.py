"""A Common Transfer File (CTF) as a roll, former numbers and marks.

Read as far as public programs show it.  In care is a state there without a day, so no period is
made of it; it is counted.  A year's marks stand in one string, in a layout that the file does not
name: it is read where exactly one agrees with the file's own totals, and left out elsewhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from xml.etree.ElementTree import Element

import polars as pl

from intake.national.layout import write_date
from intake.problems import Problem
from queries import reference
from queries.contract import ATTENDANCE
from queries.contract.model.dates import parse_date

ROOT = "CTfile"
#: Elements by which people are told where something stands: a child, and a year of its marks.
PUPIL, YEAR = "Pupil", "YearData"
Cells = tuple[str | None, ...]
Rows = list[tuple[int, Cells]]

_ROLL = (
    *("upn", "surname", "forename", "preferred_forename", "date_of_birth", "sex", "year_group"),
    *("entry_date", "leaving_date", "address", "postcode", "sen_provision"),
)
_NUMBERS = ("upn", "former_upn")
_MARKS = ("upn", "date", "session", "code")
_HALVES = ("AM", "PM")
_SCHOOL_DAYS, _WEEK_DAYS = 5, 7
_CLOSED = "#"
#: Of two weekends: that so many places in a row of days are closed by chance is most unlikely.
_FEWEST_WEEKEND_SESSIONS = 8
_NO_MARK = ("-", "_", " ", ".", "")
_ADDRESS = ("SAON", "PAON", "Street", "Locality", "Town")
_LINES = tuple(f"AddressLine{number}" for number in range(1, 6))
#: As the totals of a year are called, by what they count.
_TOTALS = {
    "SessionsPossible": "is_possible",
    "SessionsAttended": "is_attended",
    "SessionsAuthorised": "is_authorised",
}


#: Ours, and what a file calls them.
_HEADINGS = {
    "upn": "UPN",
    "former_upn": "FormerUPN",
    "surname": "Surname",
    "forename": "Forename",
    "preferred_forename": "PreferredForename",
    "date_of_birth": "DOB",
    "sex": "Sex",
    "year_group": "NCyearActual",
    "entry_date": "EntryDate",
    "leaving_date": "LeavingDate",
    "address": "Address",
    "postcode": "PostCode",
    "sen_provision": "SENprovision",
}
_SEX, _ONCE_SEX = "Sex", "Gender"
_START, _STRING = "AttendanceStartDate", "AttendanceMarks"
_AUGUST = 8
_TRUE, _FALSE = ("true", "1"), ("false", "0", "")
_MEND = (
    "Ask the sender to make the file again, or take these marks from your own register. Until "
    "then the marks of that year are left out."
)


@dataclass(frozen=True)
class Elements:
    """Where the rows of a table stand in the file, which is where people look for them.

    places: of each row, in their order, the number of its pupil, the first being 2, and its
    place.  headings: by a place and our column, the element's name.  faults: of years of marks
    that make no row, with the number of the year's element as the row; and their places.
    """

    places: list[tuple[int, str]] = field(default_factory=list)
    headings: dict[str, Mapping[str, str]] = field(default_factory=dict)
    faults: list[tuple[Problem, str]] = field(default_factory=list)


@dataclass(frozen=True)
class TransferFile:
    """The tables of a file by their names, where each stands, and what a person should know."""

    tables: dict[str, Rows]
    elements: dict[str, Elements]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class YearFault:
    """Why the marks of a year are not taken: the element, the fault of the contract, in words."""

    heading: str
    fault: str
    said: str


def read_transfer_file(root: Element) -> TransferFile:
    """The tables of a file, each with the names of its columns first."""
    tables: dict[str, Rows] = {
        "CTF roll": [(1, _ROLL)],
        "CTF numbers": [(1, _NUMBERS)],
        "CTF marks": [(1, _MARKS)],
    }
    elements = {name: Elements() for name in tables}
    in_care, years = 0, 1
    unclear: list[int] = []
    neither: list[int] = []
    unsure: list[int] = []
    school = tuple(_get(root, f"Header/SourceSchool/{tag}") for tag in ("LEA", "Estab"))
    for number, pupil in enumerate(root.iter(PUPIL), start=2):
        upn = _get(pupil, "UPN")
        sex = _SEX if _get(pupil, _SEX) or not _get(pupil, _ONCE_SEX) else _ONCE_SEX
        provision = find_provision(pupil)
        unclear += [number] * (provision is None)
        for cells in _list_stays(pupil, upn, school, sex, provision or ""):
            _append(tables, elements, "CTF roll", cells, (number, sex))
        if former := _get(pupil, "BasicDetails/FormerUPN"):
            _append(tables, elements, "CTF numbers", (upn, former), (number, ""))
        state = _get(pupil, "LookedAfter/InCare").casefold()
        in_care += state in _TRUE
        neither += [number] * (state not in (*_TRUE, *_FALSE))
        for year in pupil.iterfind(f"Attendance/{YEAR}"):
            years += 1
            sessions = find_sessions(year)
            if isinstance(sessions, YearFault):
                fault = _build_problem(sessions, years)
                elements["CTF marks"].faults.append((fault, sessions.heading))
                continue
            if sessions is None:
                unsure.append(number)
            for day, half, code in sessions or ():
                place = (number, f"{_STRING}, {write_date(f'{day}')} {half}")
                _append(tables, elements, "CTF marks", (upn, f"{day}", half, code), place)
    for found in elements.values():
        found.headings.update(_name_headings(found))
    return TransferFile(
        {name: rows for name, rows in tables.items() if len(rows) > 1 or elements[name].faults},
        elements,
        tuple(_write_notes(in_care, unclear, neither, unsure)),
    )


def find_provision(pupil: Element) -> str | None:
    """What the history of special educational needs says last: N, K or E; "" without any.

    None where that is not sure: it has ended, its start is no day, two start on that day, or
    it is of a kind that is no more.  An earlier kind is never taken for the present one.
    """
    rows = list(pupil.iterfind("SENhistory/SEN"))
    if not rows:
        return ""
    days = [found[0] for row in rows if (found := parse_date(_get(row, "StartDate")))]
    if len(days) < len(rows):
        return None
    newest = [row for day, row in zip(days, rows, strict=True) if day == max(days)]
    said = {_get(row, "SENprovision") for row in newest if not _get(row, "EndDate")}
    known = set(reference.read("sen_provision")["code"])  # less the kinds that ended by 2018
    return said.pop() if len(newest) == 1 and said and said <= known else None


def find_sessions(year: Element) -> list[tuple[date, str, str]] | YearFault | None:
    """The sessions of a year's string with their codes, or a fault; None where nothing is sure.

    A year without a string has no sessions.  Over seven days a week if each weekend of two at
    least is closed, over five if one is not; its totals must be those of the file.
    """
    text = (year.findtext(f"AttendSessions/{_STRING}") or "").strip()
    if not text:
        return []
    marks = text.split(",") if "," in text else list(text)
    given = _get(year, f"AttendSessions/{_START}")
    found = parse_date(given)
    if found is None:
        blank = ("missing value", "is blank")
        return YearFault(_START, *(("not a date", "is not a date that exists") if given else blank))
    if fault := (
        _find_year_fault(year, found[0])
        or _find_mark_fault(marks, found[0])
        or _find_total_fault(year, marks, found[0])
    ):
        return fault
    week, school_week = (
        list(_date_marks(found[0], marks, each)) for each in (_WEEK_DAYS, _SCHOOL_DAYS)
    )
    closed = [code == _CLOSED for day, _, code in week if day.weekday() >= _SCHOOL_DAYS]
    if week == school_week or (all(closed) and len(closed) >= _FEWEST_WEEKEND_SESSIONS):
        return [each for each in week if each[0].weekday() < _SCHOOL_DAYS]
    if not all(closed) and _has_weekends(marks):
        # of seven days a week, so that over five every mark would stand on another day
        said = "does not go with the weekends among its marks"
        return YearFault(_START, "does not add up", said)
    return None if all(closed) else school_week


def _append(
    tables: Mapping[str, Rows],
    elements: Mapping[str, Elements],
    name: str,
    cells: Cells,
    place: tuple[int, str],
) -> None:
    tables[name].append((len(tables[name]) + 1, cells))
    elements[name].places.append(place)


def _name_headings(found: Elements) -> Iterator[tuple[str, Mapping[str, str]]]:
    """What the file calls our columns, by each place that rows and faults have."""
    for place in {place for _, place in found.places}:
        if place.startswith(_STRING):
            yield place, {**_HEADINGS, "date": place, "code": place}
        else:
            yield place, {**_HEADINGS, "sex": place}
    for fault, place in found.faults:
        yield place, {fault.column: place}


def _build_problem(fault: YearFault, number: int) -> Problem:
    column = "date" if fault.heading == _START else "code"
    said = f"{column} {fault.said}."
    return Problem(ATTENDANCE.name, number, column, fault.fault, said, _MEND)


def _find_year_fault(year: Element, start: date) -> YearFault | None:
    """Marks that begin in another school year than the file says they are of.

    Whether a school year is called by its first or its last calendar year is not known.
    """
    named = _get(year, "Year")
    first = start.year if start.month >= _AUGUST else start.year - 1
    if not named or (named.isdecimal() and int(named) in (first, first + 1)):
        return None
    return YearFault(_START, "does not add up", "is not in the year that Year names")


def _find_mark_fault(marks: Sequence[str], start: date) -> YearFault | None:
    """Marks that are none, or that were none in that year."""
    codes = {text.strip() for text in marks if text.strip() not in _NO_MARK}
    if codes - _list_codes():
        said = "has a sign that is no attendance code"
        return YearFault(_STRING, "not allowed", said)
    if codes - _load_kinds(start).keys():
        said = "has a code that was not in use in that year"
        return YearFault(_STRING, "code not on that date", said)
    if len(marks) % 2:
        return YearFault(_STRING, "not allowed", "has a morning without an afternoon")
    return None


def _find_total_fault(year: Element, marks: Sequence[str], start: date) -> YearFault | None:
    """Totals that are no numbers, or not what the marks count to."""
    texts = {name: text for name in _TOTALS if (text := _get(year, name))}
    if not texts:
        return YearFault(next(iter(_TOTALS)), "missing value", "is blank")
    for name, text in texts.items():
        if not text.isdecimal():
            return YearFault(name, "not a whole number", "is not a whole number")
    counted = _count(marks, start)
    wrong = [name for name, text in texts.items() if int(text) != counted[_TOTALS[name]]]
    if not wrong:
        return None
    if len(wrong) == 1 < len(texts):
        return YearFault(wrong[0], "does not add up", "is not what the marks count to")
    return YearFault(_STRING, "does not add up", "does not count to the totals of its year")


def _has_weekends(marks: Sequence[str]) -> bool:
    """Whether two days on end of every seven are closed, whichever they are called."""
    is_closed = [text.strip() == _CLOSED for text in marks]
    cycle = 2 * _WEEK_DAYS
    for first in range(0, cycle, 2):
        places = [
            place for place in range(len(marks)) if (place - first) % cycle < 2 * len(_HALVES)
        ]
        if len(places) >= _FEWEST_WEEKEND_SESSIONS and all(is_closed[each] for each in places):
            return True
    return False


def _date_marks(
    start: date, marks: Sequence[str], days_a_week: int
) -> Iterator[tuple[date, str, str]]:
    """Marks from a day on, morning before afternoon."""
    day = start
    for place in range(0, len(marks), 2):
        while days_a_week == _SCHOOL_DAYS and day.weekday() >= _SCHOOL_DAYS:
            day += timedelta(1)
        for half, text in zip(_HALVES, marks[place : place + 2], strict=True):
            code = text.strip()
            present = {"AM": "/", "PM": "\\"}[half]
            code = present if code in ("/", "\\") else "" if code in _NO_MARK else code
            yield day, half, code
        day += timedelta(1)


def _count(marks: Sequence[str], start: date) -> dict[str, int]:
    """How many sessions are of each kind that the file counts."""
    kinds = _load_kinds(start)
    codes = [text.strip() for text in marks if text.strip() not in _NO_MARK]
    return {kind: sum(kind in kinds[code] for code in codes) for kind in _TOTALS.values()}


@cache
def _list_codes() -> frozenset[str]:
    """Every code of any year."""
    return frozenset(reference.read("attendance_code")["code"])


@cache
def _load_kinds(start: date) -> dict[str, frozenset[str]]:
    """What a session with a code counts as in the school year that begins so."""
    kinds = sorted(_TOTALS.values())
    codes = reference.read("attendance_code").filter(
        pl.col("valid_from").is_null() | (pl.col("valid_from") <= start),
        pl.col("valid_to").is_null() | (pl.col("valid_to") >= start),
    )
    rows = codes.select("code", *kinds).iter_rows(named=True)
    return {row["code"]: frozenset(kind for kind in kinds if row[kind]) for row in rows}


def _list_stays(
    pupil: Element, upn: str, school: tuple[str, ...], sex: str, provision: str
) -> Iterator[Cells]:
    """A row of the roll for each stay at the school that sent the file.

    Where its history names no such, one for the school at which the child was last.  sex: the
    element that tells it.  provision: what holds now, which is said of the newest stay alone.
    """
    schools = list(pupil.iterfind("SchoolHistory/School"))
    stays = [each for each in schools if (_get(each, "LEA"), _get(each, "Estab")) == school]
    if not stays:
        last = max(schools, key=lambda each: _get(each, "EntryDate"), default=Element("School"))
        stays = [last]
    newest = max(stays, key=lambda each: _get(each, "EntryDate"))
    for stay in stays:
        yield (
            upn,
            _get(pupil, "Surname"),
            _get(pupil, "Forename"),
            _get(pupil, "BasicDetails/PreferredForename"),
            _get(pupil, "DOB"),
            _get(pupil, sex),
            _get(pupil, "BasicDetails/NCyearActual"),
            _get(stay, "EntryDate"),
            _get(stay, "LeavingDate"),
            _join_address(pupil),
            _get(pupil, "Address/PostCode"),
            provision if stay is newest else "",
        )


def _join_address(pupil: Element) -> str:
    parts = [
        *(_get(pupil, f"Address/BS7666Address/{name}") for name in _ADDRESS),
        *(_get(pupil, f"Address/AddressLines/{name}") for name in _LINES),
    ]
    return ", ".join(part for part in parts if part)


def _write_notes(
    in_care: int, unclear: Sequence[int], neither: Sequence[int], unsure: Sequence[int]
) -> Iterator[str]:
    if in_care:
        yield (
            f"{in_care} in care as it says, without since when: give the periods as care "
            "episodes, which are the only thing that counts."
        )
    if unclear:
        yield (
            f"of {len(unclear)} it does not say for certain which special educational provision "
            "holds now, so none was taken: it is not the same as none "
            f"({_name_pupils(unclear)})."
        )
    if neither:
        yield (
            f"whether {len(neither)} are in care is neither true nor false there, so they were "
            f"not counted ({_name_pupils(neither)})."
        )
    if unsure:
        yield (
            f"the marks of {len(unsure)} were left out, since it is not sure whether their weeks "
            f"have five days or seven ({_name_pupils(unsure)})."
        )


def _name_pupils(numbers: Sequence[int]) -> str:
    shown = ", ".join(f"{number}" for number in numbers[:10])
    return f"{PUPIL}, rows {shown}{', ...' if len(numbers) > len(numbers[:10]) else ''}"


def _get(element: Element, path: str) -> str:
    return (element.findtext(path) or "").strip()
