"""int_duty: the last day of every duty; see every_duty for each rule's calendar."""

import pytest

from tests.conftest import YEAR_2026, Answer, Given


def test_the_day_that_health_services_gave(given: Given, answer: Answer) -> None:
    """It rules over the interval, sooner or later."""
    given(
        raw_care_episode="""
        pupil | start_date
        ------+-----------
        P1    | 2026-01-05""",
        raw_health="""
        pupil | kind              | health_date | next_due
        ------+-------------------+-------------+-----------
        P1    | review assessment | 2026-02-02  | 2026-09-14
        P1    | dental check      | 2026-02-02  | 2027-04-05""",
    )
    found = answer("int_duty", by="rule", columns="due_date")
    assert (found["RHA_5PLUS"], found["DENTAL_YEARLY"]) == ("2026-09-14", "2027-04-05")


def test_beyond_the_schools_calendar(given: Given, answer: Answer) -> None:
    """A school day that the calendar does not reach cannot be known, and says so."""
    given(
        calendar="""
        start      | end        | kind
        -----------+------------+-----------
        2026-11-16 | 2026-11-20 | school day""",
        register=r"""
        pupil | start      | marks
        ------+------------+------
        P1    | 2026-11-17 | N\ """,
    )
    assert answer("int_duty", by="rule", columns="due_date missing") == {
        "REGISTER_N": {"due_date": None, "missing": "the days of the calendar that follow"}
    }


def test_a_day_without_a_reason_is_one_duty(given: Given, answer: Answer) -> None:
    """Both halves are one; a mark that was replaced is none; nor is a child's who left."""
    given(
        register=r"""
        pupil | start      | marks
        ------+------------+---------------
        P1    | 2026-11-16 | NN N\ /\ IN \\
        P2    | 2026-11-16 | N\
        P3    | 2026-11-19 | // // NN      """.replace(r"\\", r"/\ "),
        raw_enrolment="""
        pupil | leaving_date
        ------+-------------
        P1    |
        P2    | 2026-11-19
        P3    |             """,
    )
    found = answer("int_duty", by="pupil started_on", columns="rule")
    days = ("2026-11-16", "2026-11-17", "2026-11-19")
    assert found == {("P1", day): "REGISTER_N" for day in days}


@pytest.mark.parametrize(
    ("as_at", "status"), [("2026-09-14", "due soon"), ("2026-09-15", "waiting on others")]
)
def test_immunisations_found_undone(given: Given, answer: Answer, as_at: str, status: str) -> None:
    """They are due by then, unless they were due before, even where care began nobody knows when.

    The day after, they are late.
    """
    given(
        calendar=YEAR_2026,
        raw_care_episode="""
        pupil | start_date | known_since
        ------+------------+------------
        P1    | 2024-03-04 |
        P2    | 2024-03-04 |
        P3    |            | 2024-03-04 """,
        raw_health="""
        pupil | kind          | health_date | outcome
        ------+---------------+-------------+---------
        P1    | immunisations | 2026-05-04  | done
        P1    | immunisations | 2026-09-14  | not done
        P2    | immunisations | 2025-05-05  | done
        P2    | immunisations | 2026-09-14  | not done
        P3    | immunisations | 2026-09-14  | not done """,
    )
    found = answer("int_duty", as_at=as_at, by="pupil rule", columns="due_date status missing")
    assert {
        key[0]: tuple(row.values())
        for key, row in found.items()
        if key[1] == "IMMUNISATIONS_YEARLY"
    } == {
        "P1": ("2026-09-14", status, None),
        "P2": ("2026-05-05", "waiting on others", None),
        "P3": ("2026-09-14", status, None),
    }
