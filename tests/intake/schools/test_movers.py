"""A child who moves between the schools of a home is one child, with one year."""

from collections.abc import Callable
from pathlib import Path

import pytest

from queries.contract import NO_SCHOOL
from tests.conftest import Answer, Given
from tests.intake.schools.test_many_schools import ELM, OAK, school_of
from tests.support.schools.good_exports import ANN, GOOD, Files, upn, without
from tests.support.schools.school_rows import SchoolRows
from tests.support.small_store import SmallStore

#: Moved at the October half term of 2026: P1 from school 1 to school 2, whom P2 never left.
_YEAR = """
school_key | start      | end
-----------+------------+-----------
1          | 2026-09-01 | 2026-10-23
2          | 2026-09-01 | 2026-10-23
1          | 2026-11-02 | 2026-12-18
2          | 2026-11-02 | 2026-12-18
1          | 2027-01-04 | 2027-03-26
2          | 2027-01-04 | 2027-03-26"""
_STAYS = """
school_key | pupil | entry_date | leaving_date
-----------+-------+------------+-------------
1          | P1    | 2025-09-01 | 2026-10-23
2          | P1    | 2026-11-02 |
2          | P2    | 2025-09-01 |             """
_CARE = """
school_key | pupil | start_date | status
-----------+-------+------------+-------------
1          | P1    | 2025-03-03 | looked after
2          | P1    | 2025-03-03 | looked after
2          | P2    | 2025-03-03 | looked after"""


@pytest.fixture(name="moved")
def give_moved(given: Given) -> Callable[..., None]:
    """The two children, and what more a test gives."""
    given(calendar=_YEAR, raw_enrolment=_STAYS, raw_care_episode=_CARE)
    return given


def test_persistent_absence_is_of_the_whole_year(moved: Given, answer: Answer) -> None:
    """20 of 60 sessions at the first school and 0 of 30 at the second are 20 of 90."""
    moved(
        register="""
        school_key | pupil | start      | marks
        -----------+-------+------------+----------
        1          | P1    | 2026-09-01 | I*10 /*20
        2          | P1    | 2026-11-02 | /*15
        2          | P2    | 2026-09-01 | /*45     """
    )
    year = answer("pupil_attendance", as_at="2026-11-20", by="pupil")["P1"]
    assert (year["absent_sessions"], year["possible_sessions"]) == (20, 90)
    assert (year["is_persistent_absentee"], year["school_key"]) == (True, 2)


def test_a_meeting_before_the_move_ends_the_terms_duty(moved: Given, answer: Answer) -> None:
    """One held at the first school in September is the autumn's, wherever the child is now."""
    moved(
        raw_pep="""
        school_key | pupil | pep_date   | outcome
        -----------+-------+------------+--------
        1          | P1    | 2026-09-21 | held
        2          | P2    | 2025-10-06 | held   """
    )
    duties = answer("duty", as_at="2026-11-20", by="pupil rule started_on", columns="status")
    assert duties["P1", "PEP_REVIEW", "2026-09-01"] == "done"
    assert duties["P2", "PEP_REVIEW", "2026-09-01"] != "done"


def test_the_joining_does_not_start_anew(moved: Given, answer: Answer) -> None:
    """The first meeting is owed once in this home: no duty begins on the day of the move."""
    moved(
        raw_pep="""
        school_key | pupil | pep_date   | outcome
        -----------+-------+------------+--------
        2          | P2    | 2025-10-06 | held   """
    )
    started = answer("duty", as_at="2026-11-20", by="pupil rule started_on", columns="status")
    assert [key for key in started if "2026-11-02" in key] == []


def test_a_term_missed_before_the_move_stays_missed(moved: Given, answer: Answer) -> None:
    """In spring the autumn without a meeting is still told of the child who moved."""
    moved(
        raw_pep="""
        school_key | pupil | pep_date   | outcome
        -----------+-------+------------+--------
        2          | P2    | 2025-10-06 | held
        2          | P2    | 2026-10-06 | held   """
    )
    status = answer("duty", as_at="2027-01-15", by="pupil rule started_on", columns="status")
    assert status["P1", "PEP_REVIEW", "2026-09-01"] == "missed"
    assert status["P2", "PEP_REVIEW", "2026-09-01"] == "done"


def test_care_that_both_schools_tell_is_one_period(moved: Given, answer: Answer) -> None:
    """The same start in both files is one episode, and no move of home."""
    assert answer("stg_care_episode", by="pupil", columns="counts_from", as_at=None) == {
        "P1": "2025-03-03",
        "P2": "2025-03-03",
    }
    moved(raw_school="school_key | school_id\n1 | 1\n2 | 2")
    assert answer("care_history", by="pupil", columns="moves", as_at="2026-11-20") == {
        "P1": 0,
        "P2": 0,
    }


@pytest.mark.usefixtures("moved")
def test_the_child_is_listed_once_where_it_is_now(answer: Answer) -> None:
    """At the second school, with the entry there; nowhere among those who left."""
    members = answer(
        "cohort_member", as_at="2026-11-20", by="pupil", columns="school_key entry_date"
    )
    assert members["P1"] == {"school_key": 2, "entry_date": "2026-11-02"}
    assert answer("former_member", as_at="2026-11-20", by="pupil") == {}
    assert answer("no_school_place", as_at="2026-11-20", by="pupil") == {}


@pytest.mark.usefixtures("moved")
def test_between_two_places_the_child_has_none(answer: Answer) -> None:
    """In the week of the half term it is on no roll."""
    days = answer("no_school_place", as_at="2026-10-28", by="pupil", columns="days_without")
    assert days == {"P1": 5}


def test_two_schools_at_once_are_one_duty_and_two_registers(given: Given, answer: Answer) -> None:
    """The unit's register and the school's both stand; what is owed is owed once."""
    given(
        calendar=_YEAR,
        raw_enrolment="""
        school_key | pupil | entry_date | leaving_date
        -----------+-------+------------+-------------
        1          | P1    | 2025-09-01 |
        2          | P1    | 2026-09-07 |             """,
        raw_care_episode="""
        school_key | pupil | start_date | status
        -----------+-------+------------+-------------
        1          | P1    | 2025-03-03 | looked after""",
        register=r"""
        school_key | pupil | start      | marks
        -----------+-------+------------+------
        1          | P1    | 2026-11-16 | D*5
        2          | P1    | 2026-11-16 | I /*4""",
    )
    duties = answer("duty", as_at="2026-11-20", by="rule started_on", columns="school_key")
    assert set(duties.values()) == {2}
    sessions = answer("pupil_session", as_at="2026-11-20", columns="code")
    assert len(sessions) == 20
    assert {key[0] for key in sessions} == {1, 2}
    year = answer("pupil_attendance", as_at="2026-11-20", by="pupil")["P1"]
    assert (year["absent_sessions"], year["possible_sessions"]) == (2, 10)


def test_a_plans_year_goes_on_at_the_next_school(moved: Given, answer: Answer) -> None:
    """What the first school recorded of the plan starts the clock that the second one keeps."""
    moved(
        raw_ehcp="""
        school_key | pupil | ehcp_date  | event
        -----------+-------+------------+------------
        1          | P1    | 2026-01-12 | plan issued"""
    )
    due = answer("duty", as_at="2026-11-20", by="pupil rule started_on", columns="due_date")
    assert due["P1", "EHC_AR_YEAR", "2026-01-12"] == "2027-01-11"


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
