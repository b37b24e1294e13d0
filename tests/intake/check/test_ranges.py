"""Every number of every file at its bounds and beyond: a row is named, and the rest is loaded."""

from datetime import date, timedelta
from itertools import count
from pathlib import Path

import pytest

from intake.problems import Problem
from intake.publish import typed
from queries.contract import ALL_EXPORTS, FACT_EXPORTS, FILE_TABLES, TABLES, Column, Export
from queries.contract.model.columns import Range
from queries.contract.model.spelling import spell_pounds
from queries.rows import read_rows
from tests.support.schools.good_exports import ANN, GOOD, Files, checked
from tests.support.schools.small_home import SmallHome

NUMBERS = [
    (export, column, column.range)
    for export in ALL_EXPORTS
    for column in export.columns
    if column.range is not None
]
_WIDEST = (2**15, 2**31, 2**63, 2**64, 10**30)
_SCALES = ("emotional", "conduct", "hyperactivity", "peer", "prosocial")
#: What stands in the other columns of a row that is right; of a weekly file as many as go in.
_GOOD = {
    "whole_school_weekly.csv": {"possible_sessions": "50000", "authorised_absent_sessions": "0"}
    | {"unauthorised_absent_sessions": "0"},
    "sdq.csv": {"informant": "carer", "total": "0"} | dict.fromkeys(_SCALES, "0"),
    "pep.csv": {"outcome": "held"},
    "suspensions.csv": {"category": "SUSP", "sessions": "2"},
    "assessments.csv": {"subject": "maths", "step": "3"},
    "tests.csv": {"test": "reading age", "score": "100"},
    "premium.csv": {"kind": "tutor", "planned": "450.50"},
    "provision.csv": {"kind": "part-time timetable", "agreed_by": "social worker"},
    "contacts.csv": {"priority": "1", "contact_name": "Xavier Dunn", "relation": "carer"},
}


def build_row(export: Export, column: Column | None, number: int, place: int) -> dict[str, str]:
    """Return a row whose number in the column is alone in question, of a day of its own."""
    days = {"date": date(2026, 10, 31) - timedelta(place), "week_start": date(2026, 11, 2)}
    days["week_start"] -= timedelta(7 * place)
    row = {"upn": ANN, **{name: f"{day}" for name, day in days.items()}, **_GOOD[export.name]}
    if column is not None:
        row[column.name] = f"{number}"
        if column.name in _SCALES and column.name != "prosocial" and number in _get_range(column):
            row["total"] = f"{number}"
        if column.name == "total":
            row |= dict.fromkeys(_SCALES, "")
    return {name: row.get(name, "") for name in export.header}


def _get_range(column: Column) -> Range:
    assert column.range is not None
    return column.range


def list_wrong(limits: Range) -> list[int]:
    """Return the numbers beyond the bounds, and those that no type of a database holds."""
    return [
        limits.lowest - 1,
        limits.highest + 1,
        *(sign * wide for wide in _WIDEST for sign in (1, -1) if sign * wide not in limits),
    ]


def build_files() -> tuple[Files, set[tuple[str, int, str]], dict[str, int]]:
    """Return files with every number at its bounds and beyond, where it is wrong, and the right.

    A file has so many good rows that the faulty ones are a small part of it.
    """
    texts, places, right = dict(GOOD), set(), {}
    for export in dict.fromkeys(export for export, _, _ in NUMBERS):
        rows, days = [], count()
        columns = [column for column in export.columns if column.range is not None]
        for column in columns:
            limits = _get_range(column)
            for number in (limits.lowest, limits.highest, *list_wrong(limits)):
                rows.append(build_row(export, column, number, next(days)))
                if number not in limits:
                    places.add((export.name, len(rows) + 1, column.name))
        faulty = sum(name == export.name for name, _, _ in places)
        if export.is_row_by_row:
            rows += [build_row(export, None, 0, next(days)) for _ in range(20 * faulty)]
        right[export.name] = len(rows) - faulty
        lines = (",".join(row.values()) for row in rows)
        texts[export.name] = "\n".join([",".join(export.header), *lines]) + "\n"
    return texts, places, right


def _list_places(problems: tuple[Problem, ...]) -> set[tuple[str, int, str]]:
    assert {each.fault for each in problems} == {"out of range"}
    return {(each.file, each.row, each.column) for each in problems}


def test_a_number_out_of_its_range_is_a_fault_of_its_row(tmp_path: Path) -> None:
    """Check and load name the same rows, and the load takes all others as they are."""
    files, places, right = build_files()
    told = checked(files).problems
    assert _list_places(told) == places
    home = SmallHome(tmp_path)
    loaded = home.load(files)
    assert loaded.problems == told
    assert loaded.version is not None
    for name, number in right.items():
        if name in FILE_TABLES and TABLES[FILE_TABLES[name]].is_about_pupils:
            assert len(home.rows(FILE_TABLES[name])) == number, name


def test_every_number_has_a_range_and_a_reason() -> None:
    """Its usual numbers lie within it, and no other column has one."""
    for row in read_rows("queries.contract", "columns"):
        is_number = row["form"].removesuffix("?") in ("whole number", "pounds")
        assert bool(row["range"]) == bool(row["range_reason"]) == is_number, row["name"]
    for _, column, limits in NUMBERS:
        usual = limits.usual_lowest, limits.usual_highest
        assert limits.lowest <= usual[0] < usual[1] <= limits.highest, column.name


@pytest.mark.parametrize("export", FACT_EXPORTS, ids=lambda export: export.name)
def test_a_form_takes_the_numbers_that_a_file_takes(export: Export) -> None:
    for column in (each for each in export.columns if each.range is not None):
        limits = _get_range(column)
        for number in (limits.lowest, limits.highest, *list_wrong(limits)):
            values = build_row(export, column, number, 0)
            del values["upn"]
            told = typed.check_fact(
                export,
                values,
                where_written="a letter",
                latest=date(2026, 11, 20),
                is_name=lambda _: False,
            )
            wrong = [(column.name, "out of range")] * (number not in limits)
            assert [(each.column, each.fault) for each in told] == wrong, number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("£450", "450"),
        ("£1,200.5", "1200.5"),
        ("1,234,567.89", "1234567.89"),
        ("-300", "-300"),
        ("-£300", "-300"),
        ("£-300.00", "-300.00"),
        ("(300)", "-300"),
        ("\u2212300", "-300"),
        ("1,20", "1,20"),
        ("12,0000", "12,0000"),
        ("(300", "(300"),
        ("£", "£"),
    ],
)
def test_money_is_read_as_finance_writes_it(text: str, expected: str) -> None:
    """What is none stays as it is, for the checks to judge."""
    assert spell_pounds(text) == expected
