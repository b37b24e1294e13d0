"""Rows that are likely a slip are taken, and told; their neighbours on the edge are not."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from intake.problems import Problem
from queries.contract import DOUBTS
from tests.support.schools.good_exports import (
    ANN,
    BEN,
    CAT,
    MORE,
    PLAIN,
    Files,
    added,
    checked,
    read_list,
    upn,
    with_cell,
)
from tests.support.schools.small_home import SmallHome

TODAY = date(2026, 11, 27)
ROLL, MARKS, SDQ, NUMBERS = "roll.csv", "attendance.csv", "sdq.csv", "other_numbers.csv"


def told(files: Files) -> list[tuple[str, int, str, str]]:
    found = checked(files)
    assert found.problems == ()
    return [(each.file, each.row, each.column, each.fault) for each in found.list_doubts(TODAY)]


def list_weeks(number: int) -> Files:
    """Return the plain folder with a school day in each of so many weeks from January 2028."""
    days = [date(2028, 1, 4) + timedelta(weeks=week) for week in range(number)]
    return added("calendar.csv", "\n".join(f"{day},school day" for day in days), PLAIN)


#: What takes another cell than one of a line; a line each of the list says the rest.
CASES = [
    (
        with_cell(ROLL, 2, "date_of_birth", "31/08/2017", PLAIN),
        (ROLL, "year_group", "year group and age"),
    ),
    (
        {**PLAIN, "school.csv": PLAIN["school.csv"].replace(",junior", ",infant")},
        (ROLL, "year_group", "year group of another school"),
    ),
    *(
        (with_cell(MARKS, 2, "code", code, PLAIN), (MARKS, "code", "withdrawn code"))
        for code in "HJF"
    ),
    (list_weeks(18), ("calendar.csv", "date", "no week of holiday")),
    (
        {**PLAIN, NUMBERS: f"upn,former_upn,authority,authority_child_id\n{CAT},{BEN},,\n"},
        (NUMBERS, "former_upn", "former UPN in use"),
    ),
]
#: What lies beside it and is in order.
FINE = [
    list_weeks(17),
    with_cell(ROLL, 2, "date_of_birth", "01/09/2017", PLAIN),
    # in August a year group may be that of the year that ends
    with_cell(ROLL, 4, "leaving_date", "31/08/2025", PLAIN),
]
for doubt, file, column, lines in read_list("doubts_of_a_row.txt", DAN=upn(4), EVE=upn(5)):
    files = added(file, lines.replace(" + ", "\n"), {**PLAIN, file: {**MORE, **PLAIN}[file]})
    if doubt == "fine":
        FINE.append(files)
    else:
        CASES.append((files, (file, column, doubt)))


@pytest.mark.parametrize(("files", "expected"), CASES, ids=[case[1][2] for case in CASES])
def test_an_unusual_row_is_told_and_taken(files: Files, expected: tuple[str, str, str]) -> None:
    assert expected in {(file, column, doubt) for file, _, column, doubt in told(files)}


def test_each_doubt_has_a_case() -> None:
    assert {doubt for _, (_, _, doubt) in CASES} == set(DOUBTS)


def test_ordinary_files_raise_no_doubt() -> None:
    assert told(PLAIN) == []
    assert [doubt for files in FINE for doubt in told(files)] == []


def test_words_of_a_doubt_hold_no_value() -> None:
    for doubt, (said, fix) in DOUBTS.items():
        assert "{has}" not in said + fix, doubt
        Problem("sdq.csv", 2, "date", doubt, said, fix)


@pytest.mark.slow
def test_a_doubtful_row_counts_and_is_listed_until_it_is_put_right(tmp_path: Path) -> None:
    """A file of other rows does not take it from the list; the same file put right does."""
    school = SmallHome(tmp_path)
    query = "select file_name, row_number, column_name, doubt from check_unusual"
    outcome = school.load(added(SDQ, f"{BEN},2026-09-28,self,15,,,,,,,", PLAIN))
    assert [each.fault for each in outcome.doubts] == ["own form under 11"]
    assert school.ask(query) == [(SDQ, 5, "informant", "own form under 11")]
    assert len(school.ask("from stg_sdq where informant = 'self'")) == 1
    header = PLAIN[SDQ].split("\n")[0]
    school.load({**PLAIN, SDQ: f"{header}\n{ANN},2026-11-02,carer,12,,,,,,,\n"})
    assert len(school.ask(query)) == 1
    school.load(added(SDQ, f"{BEN},2026-09-28,teacher,15,,,,,,,", PLAIN))
    assert school.ask(query) == []
