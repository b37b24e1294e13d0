"""int_duty_pep: the first meeting and one each term, for children in care."""

from tests.conftest import YEAR_2026, Answer, Given
from tests.support.text_tables import number_cases

CARE = """
    pupil | start_date
    ------+-----------
    P1    | {start}   """


def test_a_child_who_came_mid_term_has_no_duty_for_that_term(given: Given, answer: Answer) -> None:
    """The first meeting within its working days stands for it; each later term has its own."""
    given(
        calendar=YEAR_2026,
        raw_care_episode=CARE.format(start="2026-10-05"),
        raw_pep="""
        pupil | pep_date
        ------+-----------
        P1    | 2026-10-29""",
    )
    found = answer("int_duty_pep", as_at="2027-04-20", by="rule started_on", columns="done_date")
    assert found == {
        ("PEP_COMPLETE", "2026-10-05"): "2026-10-29",
        ("PEP_REVIEW", "2027-01-04"): None,
        ("PEP_REVIEW", "2027-04-12"): None,
    }


#: When care began, and the first days of the terms of which there is a duty.
BEGAN = {
    "2026-09-01": {"2026-09-02", "2027-01-04"},
    "2026-09-02": {"2027-01-04"},
    "2027-01-03": {"2027-01-04"},
    "2027-01-04": set(),
}


def test_in_care_before_the_term_began(given: Given, answer: Answer) -> None:
    """Care that begins on a term's first day begins within it."""
    given(
        calendar=YEAR_2026,
        raw_care_episode=number_cases("start_date", BEGAN),
        raw_pep="""
        pupil | pep_date
        ------+-----------
        P9    | 2026-09-03""",
    )
    found = answer("int_duty_pep", as_at="2027-02-12", by="pupil rule started_on")
    assert {
        start: {day for who, rule, day in found if (who, rule) == (f"P{n}", "PEP_REVIEW")}
        for n, start in enumerate(BEGAN, 1)
    } == BEGAN


def test_a_late_meeting_ends_its_own_terms_duty_only(given: Given, answer: Answer) -> None:
    """One held in spring after an autumn without one."""
    given(
        calendar=YEAR_2026,
        raw_care_episode=CARE.format(start="2025-01-06"),
        raw_pep="""
        pupil | pep_date
        ------+-----------
        P1    | 2027-01-14
        P2    | 2026-09-03""",
    )
    found = answer("int_duty_pep", as_at="2027-02-12", by="rule started_on")
    told = {key[1]: (row["done_date"], row["is_missed"]) for key, row in found.items()}
    assert told["2026-09-02"] == (None, True)
    assert told["2027-01-04"] == ("2027-01-14", False)


def test_years_before_the_schools_first_record_are_left_out(given: Given, answer: Answer) -> None:
    """Nothing tells of them; the autumn before a first record in January still counts."""
    given(
        calendar=YEAR_2026
        + """
    2026-04-13 | 2026-07-21 | school day""",
        raw_care_episode=CARE.format(start="2026-01-06"),
        raw_pep="""
        pupil | pep_date
        ------+-----------
        P1    | 2027-01-14""",
    )
    found = answer("int_duty", by="rule started_on", columns="done_date", as_at="2027-04-20")
    assert {first: done for (rule, first), done in found.items() if rule[:3] == "PEP"} == {
        "2026-09-02": None,
        "2027-01-04": "2027-01-14",
        "2027-04-12": None,
    }
    kept = answer("int_duty_pep", by="rule started_on", as_at="2027-04-20")
    assert {row["counts_if_due_from"] for row in kept.values()} == {"2026-09-01"}


def test_another_schools_records_tell_nothing(given: Given, answer: Answer) -> None:
    """Each school sends a file of its own, or none; then the newest term stands alone."""
    given(
        calendar=YEAR_2026,
        raw_care_episode="""
        school_key | pupil | start_date
        -----------+-------+-----------
        1          | P1    | 2026-01-06""",
        raw_pep="""
        school_key | pupil | pep_date
        -----------+-------+-----------
        2          | P2    | 2026-09-10""",
    )
    found = answer("int_duty", as_at="2027-04-20", by="rule started_on", columns="has_no_record")
    assert {key: unheard for key, unheard in found.items() if key[0][:3] == "PEP"} == {
        ("PEP_COMPLETE", "2026-01-06"): True,
        ("PEP_REVIEW", "2027-04-12"): True,
    }


def test_held_by_then(given: Given, answer: Answer) -> None:
    """Neither a booked meeting nor one that is still to come does the duty."""
    given(
        raw_care_episode="""
        pupil | start_date
        ------+-----------
        P1    | 2026-11-02
        P2    | 2026-11-02
        P3    | 2026-11-02""",
        raw_pep="""
        pupil | pep_date   | outcome
        ------+------------+--------
        P1    | 2026-11-20 | held
        P2    | 2026-11-21 | held
        P3    | 2026-11-20 | booked """,
    )
    found = answer("int_duty_pep", by="pupil", columns="done_date")
    assert found == {"P1": "2026-11-20", "P2": None, "P3": None}


def test_an_unknown_start(given: Given, answer: Answer) -> None:
    """The first meeting's last day cannot be known; the terms' can."""
    given(
        calendar=YEAR_2026,
        raw_care_episode="""
        pupil | known_since
        ------+------------
        P1    | 2026-06-01 """,
    )
    found = answer("int_duty_pep", by="rule", columns="missing")
    assert found == {"PEP_COMPLETE": "the day on which care began", "PEP_REVIEW": None}


def test_a_child_new_to_the_school(given: Given, answer: Answer) -> None:
    """Its first term counts from the day of joining."""
    given(
        calendar=YEAR_2026,
        raw_care_episode=CARE.format(start="2026-06-01"),
        raw_enrolment="""
        pupil | entry_date
        ------+-----------
        P1    | 2026-11-02""",
    )
    found = answer("int_duty_pep", as_at="2027-01-08", by="rule started_on")
    assert sorted(first for rule, first in found if rule == "PEP_REVIEW") == [
        "2026-11-02",
        "2027-01-04",
    ]
