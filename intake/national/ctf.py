"""A Common Transfer File (CTF) as a roll, former numbers and marks.

Read as far as public programs show it.  In care is a state there without a day, so no period is
made of it; it is counted.  A year's marks stand in one string, in a layout that the file does not
name: it is read where exactly one agrees with the file's own totals, and left out elsewhere.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from xml.etree.ElementTree import Element

import polars as pl

from intake.contract.model.dates import parse_date
from queries import reference

ROOT = "CTfile"
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
#: Provision for special educational needs, less the kinds that ended by 2018.
_PROVISIONS = ("N", "K", "E")
#: As the totals of a year are called, by what they count.
_TOTALS = {
    "SessionsPossible": "is_possible",
    "SessionsAttended": "is_attended",
    "SessionsAuthorised": "is_authorised",
}


@dataclass(frozen=True)
class TransferFile:
    """The tables of a file by their names, and what a person should know of it."""

    tables: dict[str, Rows]
    notes: tuple[str, ...]


def read_transfer_file(root: Element) -> TransferFile:
    """The tables of a file, each with the names of its columns first."""
    roll: Rows = [(1, _ROLL)]
    numbers: Rows = [(1, _NUMBERS)]
    marks: Rows = [(1, _MARKS)]
    in_care, unclear, refused = 0, 0, []
    school = tuple(_get(root, f"Header/SourceSchool/{tag}") for tag in ("LEA", "Estab"))
    for number, pupil in enumerate(root.iter("Pupil"), start=1):
        upn = _get(pupil, "UPN")
        provision = find_provision(pupil)
        unclear += provision is None
        stays = _list_stays(pupil, upn, school, provision or "")
        roll += [(len(roll) + place, cells) for place, cells in stays]
        if former := _get(pupil, "BasicDetails/FormerUPN"):
            numbers.append((number + 1, (upn, former)))
        in_care += _get(pupil, "LookedAfter/InCare").casefold() in ("true", "1")
        for year in pupil.iterfind("Attendance/YearData"):
            sessions = find_sessions(year)
            if sessions is None:
                refused.append(number)
            for day, half, code in sessions or ():
                marks.append((len(marks) + 1, (upn, f"{day}", half, code)))
    tables = {"CTF roll": roll, "CTF numbers": numbers, "CTF marks": marks}
    return TransferFile(
        {name: rows for name, rows in tables.items() if len(rows) > 1},
        tuple(_write_notes(in_care, unclear, refused)),
    )


def find_provision(pupil: Element) -> str | None:
    """What the history of special educational needs says last: N, K or E; "" without any.

    None where that is not sure: it has ended, its start is no day, two start on that day, or
    it is of a kind that is no more.  An earlier kind is never taken for the present one.
    """
    rows = list(pupil.iterfind("SENhistory/SEN"))
    days = [found[0] for row in rows if (found := parse_date(_get(row, "StartDate")))]
    if len(days) < len(rows):
        return None
    newest = [row for day, row in zip(days, rows, strict=True) if day == max(days)]
    said = {_get(row, "SENprovision") for row in newest if not _get(row, "EndDate")}
    if not rows:
        return ""
    return said.pop() if len(newest) == 1 and said <= {*_PROVISIONS} and said else None


def find_sessions(year: Element) -> list[tuple[date, str, str]] | None:
    """The sessions of a year's string with their codes; None where no layout is sure.

    A year without a string has no sessions.  Over seven days a week if each weekend of two at
    least is closed, over five if one is not; its totals must be those of the file.
    """
    text = year.findtext("AttendSessions/AttendanceMarks") or ""
    if not text.strip():
        return []
    found = parse_date(_get(year, "AttendSessions/AttendanceStartDate"))
    marks = text.strip().split(",") if "," in text else list(text.strip())
    if found is None or len(marks) % 2:
        return None
    totals = {
        kind: int(total)
        for name, kind in _TOTALS.items()
        if (total := _get(year, name)).isdecimal()
    }
    if not totals or _count(marks, totals, found[0]) != totals:
        return None
    week, school_week = (
        list(_date_marks(found[0], marks, each)) for each in (_WEEK_DAYS, _SCHOOL_DAYS)
    )
    closed = [code == _CLOSED for day, _, code in week if day.weekday() >= _SCHOOL_DAYS]
    if week == school_week or (all(closed) and len(closed) >= _FEWEST_WEEKEND_SESSIONS):
        return [each for each in week if each[0].weekday() < _SCHOOL_DAYS]
    return school_week if not all(closed) else None


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


def _count(marks: Sequence[str], totals: dict[str, int], start: date) -> dict[str, int] | None:
    """How many sessions are of each kind that the file counts; None for a code unknown."""
    kinds = _load_kinds(start)
    codes = [text.strip() for text in marks if text.strip() not in _NO_MARK]
    if any(code not in kinds for code in codes):
        return None
    return {kind: sum(kind in kinds[code] for code in codes) for kind in totals}


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
    pupil: Element, upn: str, school: tuple[str, ...], provision: str
) -> Iterator[tuple[int, Cells]]:
    """A row of the roll for each stay at the school that sent the file, counted from 1.

    Where its history names no such, one for the school at which the child was last.  provision:
    what holds now, which is said of the newest stay alone.
    """
    schools = list(pupil.iterfind("SchoolHistory/School"))
    stays = [each for each in schools if (_get(each, "LEA"), _get(each, "Estab")) == school]
    if not stays:
        last = max(schools, key=lambda each: _get(each, "EntryDate"), default=Element("School"))
        stays = [last]
    newest = max(stays, key=lambda each: _get(each, "EntryDate"))
    for place, stay in enumerate(stays, start=1):
        yield (
            place,
            (
                upn,
                _get(pupil, "Surname"),
                _get(pupil, "Forename"),
                _get(pupil, "BasicDetails/PreferredForename"),
                _get(pupil, "DOB"),
                _get(pupil, "Sex") or _get(pupil, "Gender"),
                _get(pupil, "BasicDetails/NCyearActual"),
                _get(stay, "EntryDate"),
                _get(stay, "LeavingDate"),
                _join_address(pupil),
                _get(pupil, "Address/PostCode"),
                provision if stay is newest else "",
            ),
        )


def _join_address(pupil: Element) -> str:
    parts = [
        *(_get(pupil, f"Address/BS7666Address/{name}") for name in _ADDRESS),
        *(_get(pupil, f"Address/AddressLines/{name}") for name in _LINES),
    ]
    return ", ".join(part for part in parts if part)


def _write_notes(in_care: int, unclear: int, refused: Sequence[int]) -> Iterator[str]:
    if in_care:
        yield (
            f"{in_care} in care as it says, without since when: give the periods as care "
            "episodes, which are the only thing that counts."
        )
    if unclear:
        yield (
            f"of {unclear} it does not say for certain which special educational provision holds "
            "now, so none was taken: it is not the same as none."
        )
    if refused:
        shown = ", ".join(f"{number}" for number in refused[:10])
        yield (
            f"the marks of {len(refused)} were left out, since no known layout agrees with their "
            f"own totals (Pupil {shown}{', ...' if len(refused) > len(refused[:10]) else ''})."
        )


def _get(element: Element, path: str) -> str:
    return (element.findtext(path) or "").strip()
