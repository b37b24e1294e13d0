"""A child who moves between the schools of a home is one child, with one year."""

from pathlib import Path

import pytest

from queries.contract import NO_SCHOOL
from tests.conftest import Answer, Given
from tests.intake.schools.test_many_schools import ELM, OAK, school_of
from tests.support.schools.good_exports import ANN, GOOD, Files, upn, without
from tests.support.schools.school_rows import SchoolRows
from tests.support.small_store import SmallStore

#: The days of both schools.
_YEAR = """
school_key | start      | end
-----------+------------+-----------
1          | 2026-09-01 | 2026-10-23
2          | 2026-09-01 | 2026-10-23
1          | 2026-11-02 | 2026-12-18
2          | 2026-11-02 | 2026-12-18
1          | 2027-01-04 | 2027-03-26
2          | 2027-01-04 | 2027-03-26"""
#: Of P1, by the name of a case: facts, each with the school that sent it.  Care began long before
#: where nothing is said.  "moved" is at half term; P2 never left school 2.
_MOVED = "stay 1 2025-09-01 2026-10-23; stay 2 2026-11-02"
_PLAN = f"{_MOVED}; ehcp 1 2026-01-12 plan issued"
_BOTH = "stay 1 2025-09-01; stay 2 2026-09-07"
FACTS = {
    "moved": _MOVED,
    "left": "stay 1 2025-09-01 2026-10-23",
    "back": f"{_MOVED} 2026-11-13; stay 1 2026-11-16",
    "one day at both": "stay 1 2025-09-01 2026-11-02; stay 2 2026-11-02",
    "both": f"{_BOTH}; marks 1 2026-11-16 D*5; marks 2 2026-11-16 I /*4",
    # 39 days to half term, 15 since
    "20 of 60, 0 of 30": f"{_MOVED}; marks 1 2026-09-01 I*10 /*20; marks 2 2026-11-02 /*15",
    "8 of 78, 0 of 30": f"{_MOVED}; marks 1 2026-09-01 I*4 /*35; marks 2 2026-11-02 /*15",
    "0 of 78, 12 of 30": f"{_MOVED}; marks 1 2026-09-01 /*39; marks 2 2026-11-02 I*6 /*9",
    "78 of 78, 0 of 30": f"{_MOVED}; marks 1 2026-09-01 I*39; marks 2 2026-11-02 /*15",
    "0 of 78, 30 of 30": f"{_MOVED}; marks 1 2026-09-01 /*39; marks 2 2026-11-02 I*15",
    "met before": f"{_MOVED}; pep 1 2026-09-21",
    "met since": f"{_MOVED}; pep 2 2026-11-09",
    # 20 working days end on 26 October
    "new in care": f"{_MOVED}; care 2026-09-28",
    "new, met before": f"{_MOVED}; care 2026-09-28; pep 1 2026-10-19",
    "new, met since": f"{_MOVED}; care 2026-09-28; pep 2 2026-11-04",
    "plan": _PLAN,
    "plan, reviewed since": f"{_PLAN}; ehcp 2 2026-11-10 review meeting",
}
#: A case, the day, what is asked, and the answer that was worked out by hand.
CASES = """
# one child is listed once, where it is
moved             | 2026-10-23 | cohort_member school_key               | 1
moved             | 2026-10-28 | cohort_member school_key               | none
moved             | 2026-11-02 | cohort_member school_key               | 2
moved             | 2026-11-20 | cohort_member entry_date               | 2026-11-02
moved             | 2026-11-20 | former_member handle                   | none
one day at both   | 2026-11-02 | cohort_member school_key               | 2
back              | 2026-11-18 | cohort_member school_key               | 1
back              | 2026-11-14 | cohort_member school_key               | none
both              | 2026-11-20 | cohort_member school_key               | 2
# days without a place run from the last day at any of them
moved             | 2026-10-28 | no_school_place days_without           | 5
moved             | 2026-11-20 | no_school_place days_without           | none
back              | 2026-11-15 | no_school_place days_without           | 2
left              | 2026-11-20 | no_school_place days_without           | 28
# a year's attendance is of all its sessions
20 of 60, 0 of 30 | 2026-11-20 | pupil_attendance absent_sessions       | 20
20 of 60, 0 of 30 | 2026-11-20 | pupil_attendance possible_sessions     | 90
20 of 60, 0 of 30 | 2026-11-20 | pupil_attendance school_key            | 2
# by the first school alone the child would be persistent, by the second alone a severe absentee
8 of 78, 0 of 30  | 2026-11-20 | pupil_attendance is_persistent_absentee | False
0 of 78, 12 of 30 | 2026-11-20 | pupil_attendance is_persistent_absentee | True
78 of 78, 0 of 30 | 2026-11-20 | pupil_attendance is_severe_absentee    | True
0 of 78, 30 of 30 | 2026-11-20 | pupil_attendance is_severe_absentee    | False
0 of 78, 30 of 30 | 2026-11-20 | pupil_attendance school_weeks          | 11
0 of 78, 30 of 30 | 2026-11-20 | pupil_attendance is_too_early          | False
both              | 2026-11-20 | pupil_attendance possible_sessions     | 10
both              | 2026-11-20 | pupil_attendance absent_sessions       | 2
# a meeting at either school is the term's, and the first meeting is not owed again
met before        | 2026-11-20 | duty status PEP_REVIEW 2026-09-01      | done
met since         | 2026-11-20 | duty status PEP_REVIEW 2026-09-01      | done
moved             | 2027-01-15 | duty status PEP_REVIEW 2026-09-01      | missed
moved             | 2026-11-20 | duty status PEP_JOINED 2026-11-02      | none
both              | 2026-11-20 | duty school_key PEP_REVIEW 2026-09-01  | 2
new in care       | 2026-11-20 | duty due_date PEP_COMPLETE 2026-09-28  | 2026-10-26
new in care       | 2026-11-20 | duty status PEP_COMPLETE 2026-09-28    | overdue
new, met before   | 2026-11-20 | duty status PEP_COMPLETE 2026-09-28    | done
new, met since    | 2026-11-20 | duty done_date PEP_COMPLETE 2026-09-28 | 2026-11-04
# what the first school recorded of a plan goes on at the next
plan              | 2026-11-20 | duty due_date EHC_AR_YEAR 2026-01-12   | 2027-01-11
plan, reviewed since | 2026-11-20 | duty status EHC_AR_MEETING 2026-01-12 | done
# care that both schools tell of is one time in care; the move of school is told by the rolls
moved             | 2026-11-20 | care_history moves                     | 0
moved             | 2026-11-20 | care_history schools                   | 1
back              | 2026-11-20 | care_history schools                   | 2
"""
_CASES = [list(map(str.strip, line.split(" | "))) for line in CASES.splitlines() if " | " in line]
_CARE = """
school_key | pupil | start_date | status
-----------+-------+------------+-------------
1          | P1    | {since}    | looked after
2          | P1    | {since}    | looked after
2          | P2    | 2025-03-03 | looked after"""
_TABLES = {
    "stay": ("raw_enrolment", "entry_date leaving_date"),
    "pep": ("raw_pep", "pep_date"),
    "ehcp": ("raw_ehcp", "ehcp_date event"),
    "marks": ("register", "start marks"),
}


def read_facts(facts: str) -> dict[str, str]:
    """The text tables of P1's facts, beside P2 at school 2 with a meeting of the year before."""
    lines: dict[str, list[str]] = {
        "raw_enrolment": ["2 | P2 | 2025-09-01 |"],
        "raw_pep": ["2 | P2 | 2025-10-06"],
    }
    heads = {"raw_pep": "pep_date"}
    since = "2025-03-03"
    for fact in facts.split("; "):
        kind, school, *rest = fact.split(" ", 3)
        if kind == "care":
            since = school
            continue
        table, columns = _TABLES[kind]
        cells = (*rest, *[""] * (len(columns.split()) - len(rest)))
        lines.setdefault(table, []).append(" | ".join((school, "P1", *cells)))
        heads[table] = columns
    tables = {
        table: "\n".join(
            (f"school_key | pupil | {' | '.join(heads[table].split())}", "---", *lines[table])
        )
        for table in lines
    }
    return {**tables, "raw_care_episode": _CARE.format(since=since)}


@pytest.mark.parametrize(("case_name", "day", "asked", "expected"), _CASES)
def test_who_moves_is_one_child(
    given: Given, answer: Answer, case_name: str, day: str, asked: str, expected: str
) -> None:
    """Each answer as by hand; "none" where there is no such row."""
    schools = "school_key | school_id\n1 | 1\n2 | 2"
    given(calendar=_YEAR, raw_school=schools, **read_facts(FACTS[case_name]))
    view, column, *key = asked.split()
    by = "pupil rule started_on" if key else "pupil"
    if view == "pupil_attendance":
        by, key = "pupil academic_year", ["2026/27"]
    found = answer(view, as_at=day, by=by, columns=column)
    told = found.get(("P1", *key) if key else "P1", "none")
    assert f"{told}" == expected


def test_the_cases_by_hand_are_thirty() -> None:
    """At least; no two of them are the same."""
    assert len({tuple(case) for case in _CASES}) == len(_CASES) >= 30


def test_two_schools_at_once_are_two_registers(given: Given, answer: Answer) -> None:
    """The unit's sessions and the school's both stand."""
    given(calendar=_YEAR, **read_facts(FACTS["both"]))
    sessions = answer("pupil_session", as_at="2026-11-20", columns="code")
    of_child = [school for school, pupil, *_ in sessions if pupil == "P1"]
    assert (of_child.count(1), of_child.count(2)) == (10, 10)


def take_in() -> Files:
    """The good files of another school, which took Ann in on 9 November."""
    files = {name: text.replace(upn(106), ANN) for name, text in school_of(2).items()}
    return {**files, "roll.csv": files["roll.csv"].replace("01/09/2024,,", "09/11/2026,,")}


def test_one_vault_keeps_the_code_name(tmp_path: Path) -> None:
    """Whom two schools' files name is one record, with the marks of both."""
    home = SchoolRows(tmp_path)
    home.load(GOOD, school=ELM)
    record = home.vault.find_by_upn(ANN)
    home.load(take_in(), school=OAK)
    again = home.vault.find_by_upn(ANN)
    assert record is not None
    assert again is not None
    assert (again.pupil_id, again.handle) == (record.pupil_id, record.handle)
    assert home.of(ANN, "school_key, entry_date", "raw_enrolment") == [
        (ELM, "2024-09-01"),
        (OAK, "2026-11-09"),
    ]
    assert home.of(ANN, "distinct school_key", "raw_mark") == [(ELM,), (OAK,)]
    assert home.of(ANN, "school_key", "raw_pupil") == [(OAK,)]


def test_an_older_roll_does_not_bring_the_child_back(tmp_path: Path) -> None:
    """The first school's next roll has no row of the child: its stay there stays as it was."""
    home = SchoolRows(tmp_path)
    home.load(school_of(1), school=ELM)
    home.load(take_in(), school=OAK)
    home.load(school_of(1), school=ELM)
    assert home.of(ANN, "school_key, is_on_newest_roll", "raw_pupil") == [(OAK, True)]


def test_an_authoritys_child_has_no_place_until_a_roll_has_it(
    tmp_path: Path, case: SmallStore
) -> None:
    """Its care file alone brings a child in; the school that takes it in gives it its school."""
    home = SchoolRows(tmp_path)
    home.load({"care_episodes.csv": GOOD["care_episodes.csv"]}, school=NO_SCHOOL)
    assert home.of(ANN, "school_key", "raw_pupil") == [(NO_SCHOOL,)]
    case.put({name: frame.to_dicts() for name, frame in home.rows.items() if frame.height})
    days = case.ask("no_school_place", "2026-11-20")
    assert [row["days_without"] for row in days] == [1299]
    record = home.vault.find_by_upn(ANN)
    home.load(without("care_episodes.csv"), school=ELM)
    again = home.vault.find_by_upn(ANN)
    assert record is not None
    assert again is not None
    assert (record.pupil_id, record.handle) == (again.pupil_id, again.handle)
    assert home.of(ANN, "distinct school_key", "raw_care_episode") == [(ELM,)]
    case.put({name: frame.to_dicts() for name, frame in home.rows.items() if frame.height})
    assert case.ask("no_school_place", "2026-11-20") == []
