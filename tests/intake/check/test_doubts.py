"""Rows that are likely a slip are taken, and told; their neighbours on the edge are not."""

from datetime import date
from pathlib import Path

import pytest

from intake.problems import Problem
from queries.contract import DOUBTS
from tests.support.schools.good_exports import (
    ANN,
    BEN,
    CAT,
    PLAIN,
    Files,
    added,
    checked,
    upn,
    with_cell,
)
from tests.support.schools.small_home import SmallHome

TODAY = date(2026, 11, 27)
DAN = upn(4)
ROLL, CALENDAR, CARE, MARKS = "roll.csv", "calendar.csv", "care_episodes.csv", "attendance.csv"
SDQ, HEALTH, EHCP = "sdq.csv", "health.csv", "ehcp.csv"
PEP, SUSPENSIONS, NUMBERS = "pep.csv", "suspensions.csv", "other_numbers.csv"


def told(files: Files) -> list[tuple[str, int, str, str]]:
    found = checked(files)
    assert found.problems == ()
    return [(each.file, each.row, each.column, each.fault) for each in found.list_doubts(TODAY)]


def more(file: str, column: str, doubt: str, *rows: str) -> tuple[Files, tuple[str, str, str]]:
    return added(file, "\n".join(rows), PLAIN), (file, column, doubt)


CASES = [
    (
        with_cell(ROLL, 2, "date_of_birth", "31/08/2017", PLAIN),
        (ROLL, "year_group", "year group and age"),
    ),
    (
        {**PLAIN, "school.csv": PLAIN["school.csv"].replace(",junior", ",infant")},
        (ROLL, "year_group", "year group of another school"),
    ),
    more(ROLL, "upn", "one child, two UPNs", f"{DAN},O'Brien,Ben,,28/08/2019,M,3,,03/09/2025,,,,"),
    more(CALENDAR, "date", "school day on a bank holiday", "2026-12-25,school day"),
    more(CALENDAR, "date", "school day at a weekend", "2026-11-22,school day"),
    more(CALENDAR, "date", "weeks without a school day", "2027-01-04,school day"),
    more(
        CARE,
        "authority",
        "spelt two ways",
        f"{CAT},in need,2020-01-06,,2020-02-07,north-moor,,",
    ),
    more(
        CARE,
        "home",
        "adoptive home without an order",
        f"{CAT},looked after,2020-01-06,,2020-02-07,Northmoor,V2,adoptive",
    ),
    (with_cell(MARKS, 2, "code", "H", PLAIN), (MARKS, "code", "withdrawn code")),
    (with_cell(MARKS, 2, "code", "J", PLAIN), (MARKS, "code", "withdrawn code")),
    (with_cell(MARKS, 2, "code", "F", PLAIN), (MARKS, "code", "withdrawn code")),
    more(SDQ, "informant", "own form under 11", f"{CAT},2026-09-21,self,15,,,,,,,"),
    more(SDQ, "date", "form under 2", f"{CAT},2018-08-31,carer,15,,,,,,,"),
    more(
        HEALTH,
        "kind",
        "two initial assessments",
        f"{CAT},initial assessment,2026-01-05,done,,",
        f"{CAT},initial assessment,2026-09-07,done,,",
    ),
    more(
        EHCP,
        "date",
        "plan before the request",
        f"{CAT},2026-03-02,requested,",
        f"{CAT},2026-03-01,plan issued,SEMH",
    ),
    more(
        EHCP,
        "event",
        "agreed and refused",
        f"{CAT},2026-03-02,agreed to assess,",
        f"{CAT},2026-03-02,refused to assess,",
    ),
    more(EHCP, "date", "review before the plan", f"{BEN},2026-05-29,review meeting,"),
    more(EHCP, "event", "ceased twice", f"{BEN},2026-07-01,ceased,", f"{BEN},2026-07-02,ceased,"),
    more(PEP, "targets_set", "very many targets", f"{CAT},2026-10-06,held,,,21"),
    more(SUSPENSIONS, "sessions", "longer than the law allows", f"{CAT},2026-10-13,SUSP,91,PP"),
    more(SUSPENSIONS, "sessions", "suspension of no session", f"{CAT},2026-10-13,SUSP,0,PP"),
    more(SUSPENSIONS, "date", "suspended on a closed day", f"{CAT},2026-11-14,SUSP,2,PP"),
    more(SUSPENSIONS, "date", "suspended on a closed day", f"{CAT},2026-10-11,SUSP,2,PP"),
    more(SUSPENSIONS, "date", "suspended and marked present", f"{ANN},2026-11-16,SUSP,2,PP"),
    (
        {**PLAIN, NUMBERS: f"upn,former_upn,authority,authority_child_id\n{CAT},{BEN},,\n"},
        (NUMBERS, "former_upn", "former UPN in use"),
    ),
]  # fmt: skip

#: What lies beside it and is in order.
FINE = {
    "born on the first day of the year group": with_cell(
        ROLL, 2, "date_of_birth", "01/09/2017", PLAIN
    ),
    "a PEP of 20 targets": added(PEP, f"{CAT},2026-10-06,held,,,20", PLAIN),
    "a form on the second birthday": added(SDQ, f"{CAT},2018-09-01,carer,15,,,,,,,", PLAIN),
    "a suspension of 45 days": added(SUSPENSIONS, f"{CAT},2026-10-13,SUSP,90,PP", PLAIN),
    "a lunchtime": added(SUSPENSIONS, f"{CAT},2026-10-13,LNCH,0,PP", PLAIN),
    "an initial assessment a year later": added(
        HEALTH,
        f"{CAT},initial assessment,2025-01-06,done,,\n{CAT},initial assessment,2026-01-06,done,,",
        PLAIN,
    ),
    "another plan between": added(
        EHCP,
        f"{BEN},2026-07-01,ceased,\n{BEN},2026-08-03,plan issued,SEMH\n{BEN},2026-09-02,ceased,",
        PLAIN,
    ),
    "a plan on the day of the request": added(
        EHCP, f"{CAT},2026-03-02,requested,\n{CAT},2026-03-02,plan issued,SEMH", PLAIN
    ),
    "the summer holiday": added(CALENDAR, "2026-07-20,school day", PLAIN),
}


@pytest.mark.parametrize(("files", "expected"), CASES, ids=[case[1][2] for case in CASES])
def test_an_unusual_row_is_told_and_taken(files: Files, expected: tuple[str, str, str]) -> None:
    found = told(
        {name: text.format(other=CAT) if "{" in text else text for name, text in files.items()}
    )
    assert expected in {(file, column, doubt) for file, _, column, doubt in found}


def test_each_doubt_has_a_case() -> None:
    assert {doubt for _, (_, _, doubt) in CASES} == set(DOUBTS)


def test_ordinary_files_raise_no_doubt() -> None:
    assert told(PLAIN) == []
    assert {name: told(files) for name, files in FINE.items()} == {name: [] for name in FINE}


def test_words_of_a_doubt_hold_no_value() -> None:
    for doubt, (said, fix) in DOUBTS.items():
        assert "{" not in said + fix, doubt
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
