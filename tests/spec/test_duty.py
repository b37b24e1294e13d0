"""duty: what is due, by when, by whom, and what came of it; see every_duty for each rule."""

import pytest

from tests.conftest import YEAR_2026, Answer, Given


def test_a_row_says_all_of_a_duty(given: Given, answer: Answer) -> None:
    """What started its clock, the last day, what came of it, who holds it and whose eyes."""
    given(
        calendar=YEAR_2026,
        raw_care_episode="""
        pupil | start_date
        ------+-----------
        P1    | 2026-11-02""",
        raw_pep="""
        pupil | pep_date
        ------+-----------
        P1    | 2026-12-01""",
    )
    names = "name holder started_on due_date done_date status is_late"
    found = answer("duty", by="rule", columns=names, as_at="2026-12-10")
    assert tuple(found["PEP_COMPLETE"].values()) == (
        *("First PEP meeting", "school and social worker"),
        *("2026-11-02", "2026-11-30", "2026-12-01", "done", True),
    )
    names = "category clock booked_date missing is_verified"
    found = answer("duty", by="rule", columns=names, as_at="2026-12-10")
    told = ("health", "previous dental check", None, None, False)
    assert tuple(found["DENTAL_YEARLY"].values()) == told


@pytest.mark.parametrize(("as_at", "is_listed"), [("2026-11-19", True), ("2026-11-20", False)])
def test_a_child_who_left(given: Given, answer: Answer, as_at: str, is_listed: bool) -> None:
    """Duties go with the child: on the last day on roll they stand, the day after they do not."""
    given(
        calendar=YEAR_2026,
        raw_care_episode="pupil | start_date\nP1 | 2026-11-02",
        raw_enrolment="""
        pupil | leaving_date
        ------+-------------
        P1    | 2026-11-19  """,
        raw_ehcp="""
        pupil | ehcp_date  | event
        ------+------------+----------
        P1    | 2026-11-02 | requested""",
        register=r"""
        pupil | start      | marks
        ------+------------+------
        P1    | 2026-11-02 | N\ """,
    )
    found = answer("duty", as_at=as_at, by="rule", columns="status")
    assert len(found) == (9 if is_listed else 0)


@pytest.mark.parametrize(("as_at", "is_listed"), [("2026-11-19", True), ("2026-11-20", False)])
def test_a_child_who_left_care(given: Given, answer: Answer, as_at: str, is_listed: bool) -> None:
    """The duties of care end with it; those of a plan and the register go on."""
    given(
        calendar=YEAR_2026,
        raw_care_episode="""
        pupil | start_date | end_date
        ------+------------+-----------
        P1    | 2026-11-02 | 2026-11-20""",
        raw_ehcp="""
        pupil | ehcp_date  | event
        ------+------------+-------------
        P1    | 2026-11-02 | advice asked""",
    )
    found = set(answer("duty", as_at=as_at, by="rule", columns="status"))
    care = {"PEP_COMPLETE", "LAC_REVIEW_1", "IHA", "DENTAL_YEARLY", "SDQ_YEARLY"}
    assert found == {"EHC_ADVICE"} | (care if is_listed else set())
