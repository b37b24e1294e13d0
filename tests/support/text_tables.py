"""The rows of raw_ tables from text tables, as specs write them; a blank cell is null."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

Row = dict[str, Any]

AS_AT = "2026-11-20"
#: A school's days from September 2026 to July 2027, for `calendar`: spring ends on
#: Thursday 25 March before Easter Sunday, the 28th.
YEAR_2026 = """
    start      | end        | kind
    -----------+------------+-----------
    2026-09-02 | 2026-10-23 | school day
    2026-10-26 | 2026-10-30 | holiday
    2026-11-02 | 2026-12-18 | school day
    2026-12-21 | 2027-01-01 | holiday
    2027-01-04 | 2027-02-12 | school day
    2027-02-15 | 2027-02-19 | holiday
    2027-02-22 | 2027-03-25 | school day
    2027-03-26 | 2027-04-09 | holiday
    2027-04-12 | 2027-04-30 | school day
    2027-05-03 | 2027-05-03 | holiday
    2027-05-04 | 2027-05-28 | school day
    2027-05-31 | 2027-06-04 | holiday
    2027-06-07 | 2027-07-21 | school day"""
_SHORT_NAMES = {"pupil": "pupil_key"}
_DEFAULTS: dict[str, Row] = {
    "raw_load": {"load_id": 1, "loaded_at": "2026-11-21 07:00:00", "lac_version": "0.1.0"},
    "raw_source": {
        "file_name": "attendance.csv",
        "sender": "office",
        "sha256": "0" * 64,
        "is_refused": False,
        "problem_count": 0,
        "rows_read": 0,
        "rows_taken": 0,
        "rows_not_shown": 0,
        "rows_left_out": 0,
        "rows_refused": 0,
    },
    "raw_school": {"school_name": "Larkfield Junior School", "phase": "junior"},
    "raw_pupil": {"is_on_newest_roll": True},
    "raw_enrolment": {
        "entry_date": "2020-01-01",
        "sex": "U",
        "year_group": 4,
        "year_group_date": "2026-11-20",
    },
    "raw_care_episode": {"status": "looked after"},
    "raw_calendar_day": {"kind": "school day"},
    "raw_sdq": {"informant": "carer"},
    "raw_health": {"outcome": "done", "age_band": "5 to 9"},
    "raw_pep": {"outcome": "held"},
    "raw_flagged_row": {"fault": "not allowed", "is_left_out": True},
    "raw_suspension": {"category": "SUSP", "sessions": 2},
    "raw_concern": {"kind": "home", "level": "note", "raised_by": "teacher", "line": "tired"},
    "raw_review": {"outcome": "held"},
    "raw_care_change": {"kind": "social worker"},
    "raw_missing": {"kind": "M"},
    "raw_assessment": {"subject": "reading", "step": 9},
    "raw_attainment": {"subject": "maths", "level": "at"},
    "raw_test": {"test": "tables"},
    "raw_intervention": {"kind": "reading"},
    "raw_premium": {"kind": "tutor", "planned": 400},
    "raw_provision": {"kind": "part-time timetable", "agreed_by": "parent or carer"},
    "raw_offending": {"kind": "youth caution"},
    "raw_substance": {"has_help": True},
    "raw_development": {"outcome": "up to date"},
    "raw_permanence": {"event": "matched"},
    "raw_care_leaver": {"in_touch": "YES"},
    "raw_choice": {"item": "sdq", "given_by": "parent"},
    "raw_words": {"setting": "PEP", "line": "break is loud"},
    "raw_restriction": {"since_date": "2026-11-20"},
    "raw_action": {
        "kind": "talked to child",
        "line": "at lunch",
        "actor": "Sam Hale",
        "logged_at": "2026-11-20 08:00:00",
    },
    "raw_school_week": {
        "school_days": 5,
        "possible_sessions": 2800,
        "authorised_absent_sessions": 0,
        "unauthorised_absent_sessions": 0,
    },
}


def read_rows(text: str) -> list[Row]:
    """The rows of an aligned text table: cells as text, blank cells None."""
    lines = [line for line in text.splitlines() if line.strip()]
    header, *body = [line for line in lines if set(line.strip()) - set("-+")]
    names = [_SHORT_NAMES.get(name.strip(), name.strip()) for name in header.split("|")]
    rows = []
    for line in body:
        cells = [cell.strip() or None for cell in line.split("|")]
        row: Row = dict(zip(names, cells, strict=True))
        if row.get("pupil_key"):
            row["pupil_key"] = int(row["pupil_key"].removeprefix("P"))
        rows.append(row)
    return rows


def number_cases(names: str, cases: Iterable[str]) -> str:
    """A table with a child for each case, P1 for the first.

    A case holds the child's rows, with commas between; a row's cells stand as in a table.
    """
    rows = [f"P{n} | {row}" for n, case in enumerate(cases, 1) for row in case.split(", ") if row]
    return "\n".join((f"pupil | {names}", *rows))


def by_case(cases: Iterable[Any], found: Mapping[str, Any]) -> dict[Any, Any]:
    """What a view answered of each case; a row's values as a tuple, None where it has no row."""
    rows = {case: found.get(f"P{n}") for n, case in enumerate(cases, 1)}
    return {
        case: tuple(row.values()) if isinstance(row, dict) else row for case, row in rows.items()
    }


def list_facts(told: Mapping[str, list[Row]]) -> dict[str, list[Row]]:
    r"""The rows of every raw_ table, defaults filled in.

    Schools, one load, the children whom any table names and a long stay for each are
    added unless the test gives that table.  `register` holds marks in short: `marks` are
    days from `start` on, weekends left out, each two codes (`/\`, or `C2,Y1`), `-` for no
    mark, `*10` for ten such days.  `calendar` holds weekdays `start` to `end` of a kind.
    """
    tables = {name: [dict(row) for row in rows] for name, rows in told.items()}
    marks = [mark for row in tables.pop("register", []) for mark in _register(row)]
    tables["raw_mark"] = tables.get("raw_mark", []) + marks
    days = [day for row in tables.pop("calendar", []) for day in _calendar(row)]
    tables["raw_calendar_day"] = tables.get("raw_calendar_day", []) + days
    rows = [row for table in tables.values() for row in table]
    schools = {row["pupil_key"]: row.get("school_key", 1) for row in rows if row.get("pupil_key")}
    keys = sorted({str(row.get("school_key", 1)) for row in rows} or {"1"})
    tables.setdefault(
        "raw_load", [{"school_key": key, "load_id": key, "data_until": AS_AT} for key in keys]
    )
    tables.setdefault("raw_school", [{"school_key": key, "school_id": key} for key in keys])
    children = [{"pupil_key": key, "school_key": school} for key, school in schools.items()]
    tables.setdefault("raw_pupil", [dict(child) for child in children])
    tables.setdefault("raw_enrolment", children)
    for row in tables["raw_pupil"]:
        row.setdefault("pupil_id", f"id-P{row['pupil_key']}")
        row.setdefault("handle", f"copper lantern {row['pupil_key']}")
    return {
        table: [{**_ids(table), **_DEFAULTS.get(table, {}), **row} for row in rows]
        for table, rows in tables.items()
    }


def _ids(table: str) -> Row:
    return {"school_key": 1} | ({} if table == "raw_load" else {"source_id": 1, "load_id": 1})


def _register(row: Row) -> Iterator[Row]:
    day = date.fromisoformat(row.pop("start"))
    for token in row.pop("marks").split():
        codes, _, times = token.partition("*")
        for _ in range(int(times or 1)):
            while day.weekday() > 4:
                day += timedelta(1)
            pair = codes.split(",") if "," in codes else (codes * 2 if len(codes) == 1 else codes)
            for half, code in zip(("AM", "PM"), pair, strict=True):
                if code != "-":
                    yield {**row, "session_date": str(day), "half": half, "code": code}
            day += timedelta(1)


def _calendar(row: Row) -> Iterator[Row]:
    day, end = (date.fromisoformat(row.pop(name)) for name in ("start", "end"))
    while day <= end:
        if day.weekday() < 5:
            yield {**row, "calendar_date": str(day)}
        day += timedelta(1)
