"""A Common Transfer File (CTF) as a roll, former numbers and marks.

Read as far as public programs show it.  In care is a state there without a day, so no period is
made of it; it is counted.  A year's marks stand in one string, in a layout that the file does not
name: it is read where it agrees with what its year says and its weeks are sure, and left out
elsewhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from xml.etree.ElementTree import Element

import polars as pl

from intake.map.marks import SCHOOL_DAYS, WEEK_DAYS, list_sessions
from intake.national.given import GivenRows, add_rows, write_date
from intake.national.returns import get_text
from intake.problems import IntakeError, Problem, build_problem, list_first
from intake.tables import (
    FAULT,
    FIRST_RETURN_ROW,
    LINES,
    UNPRINTABLE_PATTERN,
    Counted,
    ExportFile,
    Files,
    Given,
    Table,
)
from queries import reference
from queries.contract import ATTENDANCE, OTHER_NUMBERS, ROLL, Export
from queries.contract.model.dates import parse_date
from queries.school_year import get_school_year

#: Elements by which people are told where something stands: a child, and a year of its marks.
_PUPIL, _YEAR = "Pupil", "YearData"
#: What sends such rows; see `Counted.kind`.
_SENDER = "ctf"

#: Where our columns stand in a pupil, and in a stay at a school.
_PUPILS_OWN = {
    "upn": "UPN",
    "surname": "Surname",
    "forename": "Forename",
    "preferred_forename": "BasicDetails/PreferredForename",
    "date_of_birth": "DOB",
    "year_group": "BasicDetails/NCyearActual",
    "postcode": "Address/PostCode",
}
_STAYS_OWN = {"entry_date": "EntryDate", "leaving_date": "LeavingDate"}
_FORMER = "BasicDetails/FormerUPN"
_ADDRESS = (
    *(f"Address/BS7666Address/{part}" for part in ("SAON", "PAON", "Street", "Locality", "Town")),
    *(f"Address/AddressLines/AddressLine{number}" for number in range(1, 6)),
)
_SEX, _ONCE_SEX = "Sex", "Gender"
#: Ours, and what a file calls them.
_HEADINGS = {
    **{ours: path.rpartition("/")[2] for ours, path in (_PUPILS_OWN | _STAYS_OWN).items()},
    "former_upn": "FormerUPN",
    "address": "Address",
    "sen_provision": "SENprovision",
}
_START, _STRING = "AttendanceStartDate", "AttendanceMarks"
#: Of two weekends: that so many days in a row of them are closed by chance is most unlikely.
_FEWEST_WEEKEND_DAYS = 4
_CLOSED = "#"
_NO_MARK = ("-", "_", " ", ".", "")
#: As the totals of a year are called, by what they count.
_TOTALS = {
    "SessionsPossible": "is_possible",
    "SessionsAttended": "is_attended",
    "SessionsAuthorised": "is_authorised",
}
_TRUE, _FALSE = ("true", "1"), ("false", "0", "")
#: What a person should know: of so many children, and of which.
_IN_CARE = (
    "in care according to the file, without a start date. Give the periods as care episodes: "
    "nothing else is counted."
)
_UNCLEAR = (
    "for {} it does not say clearly which special educational provision applies now, so "
    "it was not recorded, which is not the same as none"
)
_NEITHER = "for {} it says neither yes nor no to being in care, so they were not counted"
_UNSURE = (
    "the marks of {} were left out, since it is not certain whether their weeks have five "
    "days or seven"
)
#: Of a year whose marks do not agree with the rest of it; what begins so is called by its element.
_AT_ODDS = (
    "code does not agree with the start, the totals or the codes of that school year.",
    "Ask the sender to make the file again, or load these marks from your own register.",
)


@dataclass(frozen=True, eq=False)
class _Part:
    """What a file tells of one file of ours, called `name`.

    rows: our columns, each with the number of its pupil as `line`, the first being 2, and its
    `place`.  faults: of years of marks that make no row, with the number of the year's element.
    """

    export: Export
    table: Table
    name: str
    rows: list[dict[str, object]] = field(default_factory=list, repr=False)
    faults: list[Problem] = field(default_factory=list)

    def count(self, file: ExportFile | None, own: ExportFile | None) -> Counted:
        """Count how much is in it, by child; file: with what is taken, if anything is."""
        number = len(self.rows) + len(self.faults)
        given, faulty = LINES.to_frame(), 0
        if file is not None:
            rows = file.rows.filter(pl.col("row") >= FIRST_RETURN_ROW)
            upn = pl.col("upn").cast(pl.String).str.strip_chars().str.to_uppercase()
            given = rows.group_by(upn=upn, rule=pl.lit("")).agg(number=pl.len()).cast(LINES)
            before = len(own.problems) if own and own.is_read else 0
            faulty = len(file.problems) - before
        empty = sum(not any(row.get(name) for name in self.export.header) for row in self.rows)
        known = number - int(given["number"].sum()) - faulty - empty
        rest = [(None, FAULT, faulty), (None, "they are empty", empty)]
        rest.append((None, "the school's own file has them", known))
        lines = pl.concat([given, pl.DataFrame(rest, schema=LINES, orient="row")])
        return Counted(
            self.name, number, lines=lines.filter(pl.col("number") > 0),
            kind=f"{_SENDER} {self.export.name.removesuffix('.csv')}", gives=[self.export.name],
        )  # fmt: skip


class TransferFile:
    """Reads it; see `intake.tables.Adapter`."""

    from_authority = False
    may_give_roll = True

    def recognise(self, table: Table) -> Table | None:
        """The file, by its root."""
        return table if table.root is not None and table.root.tag == "CTfile" else None

    def read(self, tables: Sequence[Table], so_far: Files, _: str = "") -> Given:
        """A roll, former numbers and marks; what the school's own files tell goes before.

        To a register that there is the days are added that a child lacks: two registers of one
        day may differ, and the school's own is the one that it corrects.  IntakeError if two
        files tell the same.
        """
        parts: dict[str, _Part] = {}
        notes: list[str] = []
        for table in tables:
            found, said = _read_pupils(table)
            notes += [f"{table.name}: {each}" for each in said]
            for part in found:
                if (other := parts.setdefault(part.export.name, part)) is not part:
                    both = f"{other.name} and {part.name}"
                    raise IntakeError(f"{both} are both {part.export.name}. Keep only one of them.")
        files: dict[str, ExportFile] = {}
        for name, part in parts.items():
            own = so_far.get(name)
            told = own and f"{part.name}: {own.name} has the same data and is used first."
            if own is None:
                files[name] = _add_part(None, part)
            elif part.export is ATTENDANCE and own.is_read:
                notes.append(f"{told} Added: the days of each child that it lacks.")
                files[name] = _add_part(own, part)
            else:
                notes.append(f"{told}")
        counted = [part.count(files.get(name), so_far.get(name)) for name, part in parts.items()]
        counted += [Counted(each.name, 0) for each in tables]
        return Given(files, notes, counted=counted)


def _add_part(own: ExportFile | None, part: _Part) -> ExportFile:
    """The file of ours with what a transfer file has of it."""
    columns = part.export.header
    schema = {"line": pl.UInt32, **dict.fromkeys(("place", *columns), pl.String)}
    rows = pl.DataFrame(part.rows, schema=schema).with_columns(pl.col(pl.String).fill_null(""))
    rows = rows.filter(pl.any_horizontal(pl.col(columns).str.strip_chars() != ""))
    is_broken = pl.any_horizontal(pl.col(columns).str.contains(UNPRINTABLE_PATTERN))
    file = f"{part.table.name}: {_PUPIL}"
    broken = [
        build_problem(part.export, line, "", "broken row", is_sheet=True, name=file)
        for line in rows.filter(is_broken)["line"]
    ]
    rows = rows.filter(~is_broken)
    if own is not None:
        rows = _drop_known_days(rows, own.rows)
    places = dict(_name_headings(part))
    given = GivenRows(part.export.name, rows.with_columns(file=pl.lit(file)), places)
    faults = [(problem, None) for problem in (*broken, *part.faults)]
    return add_rows(own, part.export, given, faults, part.table.digest, part.name, _SENDER)


def _read_pupils(table: Table) -> tuple[list[_Part], list[str]]:
    """What a file tells of each file of ours, and what a person should know."""
    root = table.root
    assert root is not None  # noqa: S101 - by it the file was known
    roll, numbers, marks = parts = [
        _Part(export, table, f"{table.name}: {name}")
        for export, name in (
            (ROLL, "CTF roll"),
            (OTHER_NUMBERS, "CTF numbers"),
            (ATTENDANCE, "CTF marks"),
        )
    ]
    in_care, years = 0, 1
    doubts: dict[str, list[int]] = {_UNCLEAR: [], _NEITHER: [], _UNSURE: []}
    school = [get_text(root, f"Header/SourceSchool/{tag}") for tag in ("LEA", "Estab")]
    for number, pupil in enumerate(root.iter(_PUPIL), start=2):
        upn = get_text(pupil, "UPN")
        provision = find_provision(pupil)
        doubts[_UNCLEAR] += [number] * (provision is None)
        roll.rows.extend(
            {"line": number, **row} for row in _list_stays(pupil, school, provision or "")
        )
        if former := get_text(pupil, _FORMER):
            numbers.rows.append({"line": number, "upn": upn, "former_upn": former})
        state = get_text(pupil, "LookedAfter/InCare").casefold()
        in_care += state in _TRUE
        doubts[_NEITHER] += [number] * (state not in (*_TRUE, *_FALSE))
        for year in pupil.iterfind(f"Attendance/{_YEAR}"):
            years += 1
            try:
                sessions = find_sessions(year)
            except ValueError:
                where = (f"{table.name}: {_YEAR}", _STRING)
                marks.faults.append(
                    Problem(ATTENDANCE.name, years, "code", "does not add up", *_AT_ODDS, *where)
                )
                continue
            doubts[_UNSURE] += [number] * (sessions is None)
            for day, half, code in sessions or ():
                place = f"{_STRING}, {write_date(f'{day}')} {half}"
                cells = {"upn": upn, "date": f"{day}", "session": half, "code": code}
                marks.rows.append({"line": number, "place": place, **cells})
    told = [each for each in parts if each.rows or each.faults]
    notes = [f"{in_care} {_IN_CARE}"] if in_care else []
    notes += [
        f"{said.format(len(numbers))} ({_PUPIL}, rows {list_first(numbers, 10)})."
        for said, numbers in doubts.items()
        if numbers
    ]
    return told, notes


def find_provision(pupil: Element) -> str | None:
    """What the history of special educational needs says last: N, K or E; "" without any.

    None where that is not sure: it has ended, its start is no day, two start on that day, or
    it is of a kind that is no more.  An earlier kind is never taken for the present one.
    """
    rows = list(pupil.iterfind("SENhistory/SEN"))
    if not rows:
        return ""
    days = [found[0] for row in rows if (found := parse_date(get_text(row, "StartDate")))]
    if len(days) < len(rows):
        return None
    newest = [row for day, row in zip(days, rows, strict=True) if day == max(days)]
    said = {get_text(row, "SENprovision") for row in newest if not get_text(row, "EndDate")}
    known = set(reference.read("sen_provision")["code"])  # less the kinds that ended by 2018
    return said.pop() if len(newest) == 1 and said and said <= known else None


def find_sessions(year: Element) -> list[tuple[date, str, str]] | None:
    """The sessions of a year's string with their codes; None where its weeks are not sure.

    A year without a string has no sessions.  Over seven days a week if each weekend of two at
    least is closed, over five if one is not.  ValueError if it does not agree with its year.
    """
    text = (year.findtext(f"AttendSessions/{_STRING}") or "").strip()
    if not text:
        return []
    marks = text.split(",") if "," in text else list(text)
    found = parse_date(get_text(year, f"AttendSessions/{_START}"))
    if found is None or not _is_sound(year, marks, found[0]):
        raise ValueError("the marks do not agree with what their year says")
    week, school_week = (
        [
            (day, half, _spell(half, text.strip()))
            for day, half, text in list_sessions(found[0], marks, each)
        ]
        for each in (WEEK_DAYS, SCHOOL_DAYS)
    )
    closed = [code == _CLOSED for day, _, code in week if day.weekday() >= SCHOOL_DAYS]
    if week == school_week or (all(closed) and len(closed) >= 2 * _FEWEST_WEEKEND_DAYS):
        return [each for each in week if each[0].weekday() < SCHOOL_DAYS]
    if not all(closed) and _has_weekends(marks):
        # of seven days a week, so that over five every mark would stand on another day
        raise ValueError("the first day does not fit the weekends among the marks")
    return None if all(closed) else school_week


def _drop_known_days(rows: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """Marks of each child on days of which a register has none."""
    key = ["child", "day"]
    known = _name_days(own).select(key).unique()
    missing = _name_days(rows).join(known, on=key, how="anti", maintain_order="left")
    return missing.with_columns(date="day").drop(key)


def _name_days(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with whose they are and of which day, in one spelling."""
    rows = rows.with_columns(pl.col("upn", "date").cast(pl.String))
    days = {text: write_date(text) for text in rows["date"].unique()}
    return rows.with_columns(
        child=pl.col("upn").str.strip_chars().str.to_uppercase(), day=pl.col("date").replace(days)
    )


def _name_headings(part: _Part) -> Iterator[tuple[str, Mapping[str, str]]]:
    """What the file calls our columns, by each place that rows and faults have."""
    for place in {f"{row.get('place', '')}" for row in part.rows}:
        is_mark = place.startswith(_STRING)
        yield place, _HEADINGS | ({"date": place, "code": place} if is_mark else {"sex": place})
    yield _STRING, {"code": _STRING}


def _is_sound(year: Element, marks: Sequence[str], start: date) -> bool:
    """Whether marks are codes of the school year that the file names, and come to its totals.

    Whether a school year is called by its first or its last calendar year is not known.
    """
    codes = [text.strip() for text in marks if text.strip() not in _NO_MARK]
    first = get_school_year(start)
    is_of_year = get_text(year, "Year") in ("", f"{first}", f"{first + 1}")
    kinds = _load_kinds(start)
    if not is_of_year or len(marks) % 2 or not kinds.keys() >= set(codes):
        return False
    totals = {kind: text for name, kind in _TOTALS.items() if (text := get_text(year, name))}
    return bool(totals) and all(
        text.isdecimal() and int(text) == sum(kind in kinds[code] for code in codes)
        for kind, text in totals.items()
    )


def _has_weekends(marks: Sequence[str]) -> bool:
    """Whether two days on end of every seven are closed, whichever they are called."""
    is_closed = [
        {text.strip() for text in marks[place : place + 2]} == {_CLOSED}
        for place in range(0, len(marks), 2)
    ]
    for first in range(WEEK_DAYS):
        weekends = [*is_closed[first::WEEK_DAYS], *is_closed[(first + 1) % WEEK_DAYS :: WEEK_DAYS]]
        if len(weekends) >= _FEWEST_WEEKEND_DAYS and all(weekends):
            return True
    return False


def _spell(half: str, code: str) -> str:
    """A mark as ours: either sign of present as the half's own, and blank for none."""
    if code in ("/", "\\"):
        return "/" if half == "AM" else "\\"
    return "" if code in _NO_MARK else code


@cache
def _load_kinds(start: date) -> dict[str, frozenset[str]]:
    """What a session with a code counts as in the school year that begins so."""
    kinds = sorted(_TOTALS.values())
    codes = reference.read("attendance_code").filter(reference.is_valid_on(start))
    rows = codes.select("code", *kinds).iter_rows(named=True)
    return {row["code"]: frozenset(kind for kind in kinds if row[kind]) for row in rows}


def _list_stays(pupil: Element, school: Sequence[str], provision: str) -> Iterator[dict[str, str]]:
    """A row of the roll for each stay at the school that sent the file.

    Where its history names no such, one for the school at which the child was last.  provision:
    what holds now, which is said of the newest stay alone.
    """
    schools = list(pupil.iterfind("SchoolHistory/School"))
    stays = [
        each for each in schools if [get_text(each, tag) for tag in ("LEA", "Estab")] == school
    ]
    if not stays:
        last = max(schools, key=lambda each: get_text(each, "EntryDate"), default=Element("School"))
        stays = [last]
    newest = max(stays, key=lambda each: get_text(each, "EntryDate"))
    sex = _SEX if get_text(pupil, _SEX) or not get_text(pupil, _ONCE_SEX) else _ONCE_SEX
    address = filter(None, (get_text(pupil, path) for path in _ADDRESS))
    own = {ours: get_text(pupil, path) for ours, path in _PUPILS_OWN.items()}
    own |= {"sex": get_text(pupil, sex), "place": sex, "address": ", ".join(address)}
    for stay in stays:
        of_stay = {ours: get_text(stay, tag) for ours, tag in _STAYS_OWN.items()}
        yield own | of_stay | {"sen_provision": provision if stay is newest else ""}
