"""Faults planted in good export files, each alone, so that one fault is one problem.

A planted row is new where it can be: a fault in a child's own row on the roll would
otherwise shadow what is checked against that row.
"""

import random
from datetime import date, timedelta

from intake.contract import (
    ATTENDANCE,
    CALENDAR,
    CARE_EPISODES,
    EXPORTS,
    ROLL,
    SCHOOL,
    WHOLE_SCHOOL_WEEKLY,
)
from synthetic.calendar import academic_year, register
from synthetic.faults.page import Fault, Page
from synthetic.faults.spare import Spare, other_letter
from synthetic.faults.subjects import spoil_subjects
from synthetic.school.school import School

_SATURDAY, _SUNDAY = 5, 6
_ONE_DAY = timedelta(days=1)

#: A pupil number that lacks its last digit.
_SHORT_UPN = "A00199992600"

#: H was withdrawn, and J1 came in, on this day.
_NEW_CODES_FROM = date(2024, 8, 19)


def make_dirty(
    school: School, files: dict[str, str], seed: int
) -> tuple[dict[str, bytes], list[Fault]]:
    """The files with faults planted, and the list of them in order of file and row.

    There is one at least of every class but a missing file and one without rows.  Two
    classes hide every other fault of their file: school.csv has the wrong header, and
    suspensions.csv is not UTF-8.
    """
    rng = random.Random(f"{seed}/dirt")
    pages = {export.name: Page(export, files.get(export.name, "")) for export in EXPORTS}
    spare = Spare(rng, school, pages[ROLL.name])
    _spoil_school(pages[SCHOOL.name])
    _spoil_calendar(rng, pages[CALENDAR.name])
    _spoil_care(pages[CARE_EPISODES.name], spare)
    _spoil_attendance(rng, pages[ATTENDANCE.name], school, spare)
    _spoil_weekly(pages[WHOLE_SCHOOL_WEEKLY.name], register(academic_year(school.until)).days)
    spoil_subjects(pages, spare)
    _spoil_roll(pages[ROLL.name], spare)
    faults = [fault for page in pages.values() for fault in sorted(page.faults, key=_place)]
    return {name: page.data for name, page in pages.items()}, faults


def _place(fault: Fault) -> tuple[int, str]:
    return fault.row, fault.column


def _spoil_school(page: Page) -> None:
    page.lines[0] = page.lines[0].replace("school_id", "id")
    page.note("wrong header", "", 0)


def _spoil_calendar(rng: random.Random, page: Page) -> None:
    """Faults on Sundays only, for which nobody has a mark."""
    sundays = [
        row
        for row in range(2, len(page.lines) + 1)
        if date.fromisoformat(page.values(row)["date"]).weekday() == _SUNDAY
    ]
    wrong, blank, padded, twice, crowded = rng.sample(sundays, 5)
    again = page.values(twice)
    page.spoil("not allowed", "kind", wrong, "weekend")
    page.spoil("missing value", "kind", blank, "")
    page.spoil("spaces around", "kind", padded, "holiday ")
    page.lines[crowded - 1] += ",Sunday"
    page.note("field count", "", crowded)
    page.plant("duplicate", "date", again)
    page.plant("not a date", "date", {"date": "2026-06-31", "kind": "holiday"})
    page.plant("two date forms", "date", {"date": "05/09/2021", "kind": "holiday"})


def _spoil_roll(page: Page, spare: Spare) -> None:
    """Faults in the rows of new children; the one that breaks the record comes last."""
    entry = spare.entry
    letter = spare.upn()
    page.plant("missing value", "surname", spare.row(surname=""))
    page.plant("spaces around", "forename", spare.row(forename=" Robin"))
    page.plant("not a date", "date_of_birth", spare.row(date_of_birth="2018-02-30"))
    page.plant("two date forms", "entry_date", spare.row(entry_date=f"{entry:%d/%m/%Y}"))
    page.plant("not allowed", "sex", spare.row(sex="Female"))
    page.plant("not allowed", "year_group", spare.row(year_group="Year 4"))
    page.plant("not allowed", "postcode", spare.row(postcode="zz99 0aa"))
    page.plant("UPN form", "upn", spare.row(upn=_SHORT_UPN))
    page.plant("UPN check letter", "upn", spare.row(upn=other_letter(letter)))
    born = spare.row(date_of_birth=(entry + _ONE_DAY).isoformat())
    page.plant("dates out of order", "entry_date", born)
    left = spare.row(leaving_date=(entry - _ONE_DAY).isoformat())
    page.plant("dates out of order", "leaving_date", left)
    first = spare.row(leaving_date=(entry + 20 * _ONE_DAY).isoformat())
    page.add(first)
    again = (entry + 40 * _ONE_DAY).isoformat()
    page.plant("one UPN, two children", "upn", spare.row(upn=first["upn"], entry_date=again))
    twice = spare.row()
    page.add(twice)
    page.plant("duplicate", "upn", twice)
    page.plant_raw("field count", "A,Sparrow,Robin")
    page.plant("broken row", "", spare.row(address="1 Quarry\x07 Lane"))
    page.plant_raw("broken row", '"Sparrow')


def _spoil_care(page: Page, spare: Spare) -> None:
    """Faults in the periods of children who are new on the roll."""
    before, start, later, end = (
        (spare.entry + days * _ONE_DAY).isoformat() for days in (-30, 0, 30, 60)
    )

    def cared(**changes: str) -> dict[str, str]:
        good = {"upn": spare.child(), "status": "looked after", "start": start}
        return good | {"authority": "Ashmere", "legal_status": "C2", "home": "foster"} | changes

    def in_need(**changes: str) -> dict[str, str]:
        return {"upn": spare.child(), "status": "in need", "start": start} | changes

    # A good end comes first: the form of a column's first date is the column's.
    page.add(in_need(end=end))
    page.plant("not allowed", "status", cared(status="Looked After"))
    page.plant("not allowed", "home", cared(home="Foster home"))
    page.plant("not allowed", "legal_status", cared(legal_status="Z9"))
    page.plant("missing value", "start", in_need(start=""))
    page.plant("not a date", "start", in_need(start="not known"))
    page.plant("two date forms", "end", in_need(end=f"{spare.entry + 9 * _ONE_DAY:%d/%m/%Y}"))
    page.plant("spaces around", "authority", cared(authority="Ashmere "))
    page.plant("code not on that date", "legal_status", cared(legal_status="D1"))
    page.plant("dates out of order", "end", in_need(end=before))
    page.plant("known since", "known_since", in_need(start="unknown"))
    page.plant("known since", "known_since", in_need(known_since=later))
    page.plant("needed for status", "authority", cared(authority=""))
    page.plant("needed for status", "legal_status", in_need(legal_status="C2"))
    page.plant("needed for status", "home", in_need(home="foster"))
    page.plant("not on the roll", "upn", in_need(upn=spare.upn()))
    page.plant("UPN check letter", "upn", in_need(upn=other_letter(spare.upn())))
    first = in_need(end=end)
    page.add(first)
    page.plant("overlap", "start", first | {"start": later, "end": ""})
    plan = in_need(status="on a protection plan")
    page.add(plan)
    page.plant("overlap", "start", plan | {"status": "in need", "start": later})
    page.plant_raw("field count", f"{spare.child()},in need,{start}")


def _spoil_attendance(rng: random.Random, page: Page, school: School, spare: Spare) -> None:
    """Faults in marks of the children who were there, each in a row of its own."""
    rows = list(range(2, len(page.lines) + 1))
    rng.shuffle(rows)
    used: set[int] = set()

    def take(ending: str) -> int:
        row = next(r for r in rows if r not in used and page.lines[r - 1].endswith(ending))
        used.add(row)
        return row

    page.spoil("not allowed", "code", take(",AM,/"), "0")
    page.spoil("not allowed", "code", take(",AM,I"), "i")
    page.spoil("wrong session", "code", take(",AM,/"), "\\")
    page.spoil("wrong session", "code", take(",PM,\\"), "/")
    page.spoil("spaces around", "code", take(",AM,/"), "/ ")
    page.spoil("not allowed", "session", take(",PM,\\"), "pm")
    row = take(",AM,I")
    is_new = date.fromisoformat(page.values(row)["date"]) >= _NEW_CODES_FROM
    page.spoil("code not on that date", "code", row, "H" if is_new else "J1")
    twice = page.values(take(",AM,/"))
    mark = {"date": twice["date"], "session": "AM", "code": "/"}
    here = twice["upn"]
    page.plant("duplicate", "upn", twice)
    page.plant("not a date", "date", mark | {"upn": here, "date": "2026-02-30"})
    page.plant("two date forms", "date", mark | {"upn": here, "date": "14/09/2026"})
    page.plant("missing value", "date", mark | {"upn": here, "date": ""})
    page.plant("missing value", "upn", mark)
    page.plant("UPN form", "upn", mark | {"upn": _SHORT_UPN})
    page.plant("UPN check letter", "upn", mark | {"upn": other_letter(spare.upn())})
    page.plant("not on the roll", "upn", mark | {"upn": spare.upn()})
    # Saturdays: a Sunday may have a faulty row in the calendar, and then nobody knows.
    saturday = _saturday_after(date.fromisoformat(twice["date"]))
    closed = {"upn": _stayer(school, saturday), "date": saturday.isoformat(), "session": "AM"}
    page.plant("mark on a closed day", "date", closed | {"code": "/"})
    page.plant("mark on a closed day", "date", closed | {"session": "PM", "code": "O"})
    days = register(academic_year(date.fromisoformat(page.values(2)["date"]))).open_days
    joined, left = spare.row(entry_date=days[5].isoformat()), spare.row()
    left |= {"entry_date": days[0].isoformat(), "leaving_date": days[5].isoformat()}
    for stay, day in ((joined, days[0]), (left, days[9])):
        spare.roll.add(stay)
        outside = mark | {"upn": stay["upn"], "date": day.isoformat()}
        page.plant("outside enrolment", "date", outside)
    page.plant_raw("field count", f"{here},{twice['date']},AM")
    page.plant_raw("broken row", f'{here},{twice["date"]},AM,"')


def _spoil_weekly(page: Page, days: tuple[date, ...]) -> None:
    """A file of good weeks and faulty ones."""
    mondays = iter(sorted({day - day.weekday() * _ONE_DAY for day in days}))

    def week(**changes: str) -> dict[str, str]:
        counts = ("2740", "96", "41")
        values = dict(zip(page.export.header[1:], counts, strict=True))
        return {"week_start": next(mondays).isoformat()} | values | changes

    for _ in range(6):
        page.add(week())
    again = page.values(len(page.lines))
    tuesday = (next(mondays) + _ONE_DAY).isoformat()
    page.plant("duplicate", "week_start", again)
    page.plant("not a Monday", "week_start", week(week_start=tuesday))
    page.plant("more absent than possible", "possible_sessions", week(possible_sessions="136"))
    page.plant("not a whole number", "possible_sessions", week(possible_sessions="2,740"))
    unauthorised, authorised = "unauthorised_absent_sessions", "authorised_absent_sessions"
    page.plant("not a whole number", unauthorised, week(**{unauthorised: "-4"}))
    page.plant("missing value", authorised, week(**{authorised: ""}))


def _saturday_after(day: date) -> date:
    return day + (_SATURDAY - day.weekday()) * _ONE_DAY


def _stayer(school: School, day: date) -> str:
    """The number of a child who is on roll on `day` and the day after."""
    return next(c.upn for c in school.children if c.entry <= day < c.leaving)
