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
from synthetic.calendar import build_register, compute_academic_year
from synthetic.faults.page import EditableExport, Fault
from synthetic.faults.spare import UnusedRows, corrupt_check_letter
from synthetic.faults.subjects import inject_subject_faults
from synthetic.school.school import School

_SATURDAY, _SUNDAY = 5, 6
_ONE_DAY = timedelta(days=1)

#: A pupil number that lacks its last digit.
_SHORT_UPN = "A00199992600"

#: H was withdrawn, and J1 came in, on this day.
_NEW_CODES_FROM = date(2024, 8, 19)


def inject_faults(
    school: School, files: dict[str, str], seed: int
) -> tuple[dict[str, bytes], list[Fault]]:
    """The files with faults planted, and the list of them in order of file and row.

    There is one at least of every class but a missing file and one without rows.  Two
    classes hide every other fault of their file: school.csv has the wrong header, and
    suspensions.csv is not UTF-8.
    """
    rng = random.Random(f"{seed}/dirt")
    pages = {export.name: EditableExport(export, files.get(export.name, "")) for export in EXPORTS}
    spare = UnusedRows(rng, school, pages[ROLL.name])
    _inject_school_faults(pages[SCHOOL.name])
    _inject_calendar_faults(rng, pages[CALENDAR.name])
    _inject_care_faults(pages[CARE_EPISODES.name], spare)
    _inject_attendance_faults(rng, pages[ATTENDANCE.name], school, spare)
    _inject_weekly_faults(
        pages[WHOLE_SCHOOL_WEEKLY.name], build_register(compute_academic_year(school.until)).days
    )
    inject_subject_faults(pages, spare)
    _inject_roll_faults(pages[ROLL.name], spare)
    faults = [fault for page in pages.values() for fault in sorted(page.faults, key=_sort_key)]
    return {name: page.data for name, page in pages.items()}, faults


def _sort_key(fault: Fault) -> tuple[int, str]:
    return fault.row, fault.column


def _inject_school_faults(page: EditableExport) -> None:
    page.lines[0] = page.lines[0].replace("school_id", "id")
    page.record_fault("wrong header", "", 0)


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


def _inject_roll_faults(page: EditableExport, spare: UnusedRows) -> None:
    """Faults in the rows of new children; the one that breaks the record comes last."""
    entry = spare.entry
    letter = spare.generate_upn()
    page.append_faulty_row("missing value", "surname", spare.build_row(surname=""))
    page.append_faulty_row("garbled", "forename", spare.build_row(forename="Zo\u00c3\u00ab"))
    page.append_faulty_row(
        "not a date", "date_of_birth", spare.build_row(date_of_birth="2018-02-30")
    )
    page.append_faulty_row(
        "two date forms", "entry_date", spare.build_row(entry_date=f"{entry:%d/%m/%Y}")
    )
    page.append_faulty_row("not allowed", "sex", spare.build_row(sex="girl"))
    page.append_faulty_row("not allowed", "year_group", spare.build_row(year_group="4A"))
    page.append_faulty_row("not allowed", "postcode", spare.build_row(postcode="ZZ99 0A"))
    page.append_faulty_row("UPN form", "upn", spare.build_row(upn=_SHORT_UPN))
    page.append_faulty_row(
        "UPN check letter", "upn", spare.build_row(upn=corrupt_check_letter(letter))
    )
    born = spare.build_row(date_of_birth=(entry + _ONE_DAY).isoformat())
    page.append_faulty_row("dates out of order", "entry_date", born)
    turned = spare.build_row(leaving_date=f"{entry.replace(day=13) + 60 * _ONE_DAY:%m/13/%Y}")
    page.append_faulty_row("month before day", "leaving_date", turned)
    left = spare.build_row(leaving_date=(entry - _ONE_DAY).isoformat())
    page.append_faulty_row("dates out of order", "leaving_date", left)
    first = spare.build_row(leaving_date=(entry + 20 * _ONE_DAY).isoformat())
    page.append_row(first)
    again = (entry + 40 * _ONE_DAY).isoformat()
    page.append_faulty_row(
        "one UPN, two children", "upn", spare.build_row(upn=first["upn"], entry_date=again)
    )
    twice = spare.build_row()
    page.append_row(twice)
    page.append_faulty_row("duplicate", "upn", twice)
    page.append_faulty_line("field count", "A,Sparrow,Robin")
    page.append_faulty_row("broken row", "", spare.build_row(address="1 Quarry\x07 Lane"))
    page.append_faulty_line("broken row", '"Sparrow')


def _inject_care_faults(page: EditableExport, spare: UnusedRows) -> None:
    """Faults in the periods of children who are new on the roll."""
    before, start, later, end = (
        (spare.entry + days * _ONE_DAY).isoformat() for days in (-30, 0, 30, 60)
    )

    def cared(**changes: str) -> dict[str, str]:
        good = {"upn": spare.add_pupil(), "status": "looked after", "start": start}
        return good | {"authority": "Ashmere", "legal_status": "C2", "home": "foster"} | changes

    def in_need(**changes: str) -> dict[str, str]:
        return {"upn": spare.add_pupil(), "status": "in need", "start": start} | changes

    # A good end comes first: the form of a column's first date is the column's.
    page.append_row(in_need(end=end))
    page.append_faulty_row("not allowed", "status", cared(status="in care"))
    page.append_faulty_row("not allowed", "home", cared(home="Foster home"))
    page.append_faulty_row("not allowed", "legal_status", cared(legal_status="Z9"))
    page.append_faulty_row("missing value", "start", in_need(start=""))
    page.append_faulty_row("not a date", "start", in_need(start="not known"))
    page.append_faulty_row(
        "two date forms", "end", in_need(end=f"{spare.entry + 9 * _ONE_DAY:%d/%m/%Y}")
    )
    page.append_faulty_row("garbled", "authority", cared(authority="Ashm\u00c3\u00a9re"))
    page.append_faulty_row("code not on that date", "legal_status", cared(legal_status="D1"))
    page.append_faulty_row("dates out of order", "end", in_need(end=before))
    page.append_faulty_row("known since", "known_since", in_need(start="unknown"))
    page.append_faulty_row("known since", "known_since", in_need(known_since=later))
    page.append_faulty_row("needed for status", "authority", cared(authority=""))
    page.append_faulty_row("needed for status", "legal_status", in_need(legal_status="C2"))
    page.append_faulty_row("needed for status", "home", in_need(home="foster"))
    page.append_faulty_row("not on the roll", "upn", in_need(upn=spare.generate_upn()))
    page.append_faulty_row(
        "UPN check letter", "upn", in_need(upn=corrupt_check_letter(spare.generate_upn()))
    )
    first = in_need(end=end)
    page.append_row(first)
    page.append_faulty_row("overlap", "start", first | {"start": later, "end": ""})
    plan = in_need(status="on a protection plan")
    page.append_row(plan)
    page.append_faulty_row("overlap", "start", plan | {"status": "in need", "start": later})
    page.append_faulty_line("field count", f"{spare.add_pupil()},in need,{start}")


def _inject_attendance_faults(
    rng: random.Random, page: EditableExport, school: School, spare: UnusedRows
) -> None:
    """Faults in marks of the children who were there, each in a row of its own."""
    rows = list(range(2, len(page.lines) + 1))
    rng.shuffle(rows)
    used: set[int] = set()

    def take(ending: str) -> int:
        row = next(r for r in rows if r not in used and page.lines[r - 1].endswith(ending))
        used.add(row)
        return row

    page.inject_fault("not allowed", "code", take(",AM,/"), "0")
    page.inject_fault("not allowed", "code", take(",AM,I"), "ill")
    page.inject_fault("wrong session", "code", take(",AM,/"), "\\")
    page.inject_fault("wrong session", "code", take(",PM,\\"), "/")
    page.inject_fault("not allowed", "code", take(",AM,/"), "//")
    page.inject_fault("not allowed", "session", take(",PM,\\"), "evening")
    row = take(",AM,I")
    is_new = date.fromisoformat(page.parse_row(row)["date"]) >= _NEW_CODES_FROM
    page.inject_fault("code not on that date", "code", row, "H" if is_new else "J1")
    twice = page.parse_row(take(",AM,/"))
    mark = {"date": twice["date"], "session": "AM", "code": "/"}
    here = twice["upn"]
    page.append_faulty_row("duplicate", "upn", twice)
    late = take(",AM,/")
    page.record_fault("rows at odds", "upn", late)
    page.append_faulty_row("rows at odds", "upn", page.parse_row(late) | {"code": "L"})
    page.append_faulty_row("not a date", "date", mark | {"upn": here, "date": "2026-02-30"})
    page.append_faulty_row("two date forms", "date", mark | {"upn": here, "date": "14/09/2026"})
    page.append_faulty_row("missing value", "date", mark | {"upn": here, "date": ""})
    page.append_faulty_row("missing value", "upn", mark)
    page.append_faulty_row("UPN form", "upn", mark | {"upn": _SHORT_UPN})
    page.append_faulty_row(
        "UPN check letter", "upn", mark | {"upn": corrupt_check_letter(spare.generate_upn())}
    )
    page.append_faulty_row("not on the roll", "upn", mark | {"upn": spare.generate_upn()})
    # Saturdays: a Sunday may have a faulty row in the calendar, and then nobody knows.
    saturday = _saturday_after(date.fromisoformat(twice["date"]))
    closed = {
        "upn": _find_enrolled_upn(school, saturday),
        "date": saturday.isoformat(),
        "session": "AM",
    }
    page.append_faulty_row("mark on a closed day", "date", closed | {"code": "/"})
    page.append_faulty_row("mark on a closed day", "date", closed | {"session": "PM", "code": "O"})
    days = build_register(
        compute_academic_year(date.fromisoformat(page.parse_row(2)["date"]))
    ).open_days
    joined, left = spare.build_row(entry_date=days[5].isoformat()), spare.build_row()
    left |= {"entry_date": days[0].isoformat(), "leaving_date": days[5].isoformat()}
    for stay, day in ((joined, days[0]), (left, days[9])):
        spare.roll.append_row(stay)
        outside = mark | {"upn": stay["upn"], "date": day.isoformat()}
        page.append_faulty_row("outside enrolment", "date", outside)
    page.append_faulty_line("field count", f"{here},{twice['date']},AM")
    page.append_faulty_line("broken row", f'{here},{twice["date"]},AM,"')
    sunday = {**closed, "date": (saturday + _ONE_DAY).isoformat()}
    page.append_faulty_row("cut row", "", sunday)
    page.append_faulty_line("field count", "/")


def _inject_weekly_faults(page: EditableExport, days: tuple[date, ...]) -> None:
    """A file of good weeks and faulty ones."""
    mondays = iter(sorted({day - day.weekday() * _ONE_DAY for day in days}))

    def week(**changes: str) -> dict[str, str]:
        counts = ("2740", "96", "41")
        values = dict(zip(page.export.header[1:], counts, strict=True))
        return {"week_start": next(mondays).isoformat()} | values | changes

    for _ in range(6):
        page.append_row(week())
    again = page.parse_row(len(page.lines))
    tuesday = (next(mondays) + _ONE_DAY).isoformat()
    page.append_faulty_row("duplicate", "week_start", again)
    page.append_faulty_row("not a Monday", "week_start", week(week_start=tuesday))
    page.append_faulty_row(
        "more absent than possible", "possible_sessions", week(possible_sessions="136")
    )
    page.append_faulty_row(
        "not a whole number", "possible_sessions", week(possible_sessions="2,740")
    )
    unauthorised, authorised = "unauthorised_absent_sessions", "authorised_absent_sessions"
    page.append_faulty_row("not a whole number", unauthorised, week(**{unauthorised: "-4"}))
    page.append_faulty_row("missing value", authorised, week(**{authorised: ""}))


def _saturday_after(day: date) -> date:
    return day + (_SATURDAY - day.weekday()) * _ONE_DAY


def _find_enrolled_upn(school: School, day: date) -> str:
    """The number of a child who is on roll on `day` and the day after."""
    return next(c.upn for c in school.children if c.entry <= day < c.leaving)
