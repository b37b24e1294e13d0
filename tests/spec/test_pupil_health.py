"""pupil_health: of each kind of check the last that was done, and whether it still holds."""

import pytest

from tests.conftest import YEAR_2026, Answer, Given
from tests.support.text_tables import number_cases

CARE = """
    pupil | start_date
    ------+-----------
    P1    | 2024-01-08"""


def test_four_checks_of_a_child_in_care(given: Given, answer: Answer) -> None:
    """A kind without a record is not recorded, which is not the same as not done."""
    given(
        raw_care_episode="""
        pupil | status       | start_date
        ------+--------------+-----------
        P1    | looked after | 2024-01-08
        P2    | in need      | 2024-01-08""",
        raw_health="""
        pupil | kind         | health_date | outcome
        ------+--------------+-------------+---------
        P1    | dental check | 2026-10-05  | not done
        P2    | dental check | 2026-10-05  | done    """,
    )
    found = answer("pupil_health", columns="state last_outcome last_done_date")
    assert {key: tuple(row.values()) for key, row in found.items()} == {
        ("P1", "health assessment"): ("not recorded", None, None),
        ("P1", "dental check"): ("not up to date", "not done", None),
        ("P1", "immunisations"): ("not recorded", None, None),
        ("P1", "optician"): ("not recorded", None, None),
    }


#: Checks that hold until 20 November 2026: the kind, the child's band and the day.
HOLDS = (
    "review assessment | under 5 | 2026-05-20",
    "review assessment | 5 to 9 | 2025-11-20",
    "initial assessment | 10 and over | 2025-11-20",
    "dental check | under 5 | 2025-11-20",
    "immunisations | 5 to 9 | 2025-11-20",
    "optician | 5 to 9 | 2025-11-20",
)


@pytest.mark.parametrize(
    ("as_at", "state"), [("2026-11-20", "up to date"), ("2026-11-21", "not up to date")]
)
def test_the_last_day_that_it_holds(given: Given, answer: Answer, as_at: str, state: str) -> None:
    """12 months to the day, 6 for an assessment under five; the day after it is over."""
    given(
        raw_care_episode=number_cases("start_date", ["2024-01-08"] * len(HOLDS)),
        raw_health=number_cases("kind | age_band | health_date", HOLDS),
    )
    columns = "state due_date last_done_date"
    found = answer("pupil_health", as_at=as_at, by="pupil subject", columns=columns)
    told = [tuple(each.values())[:2] for each in found.values() if each["last_done_date"]]
    assert told == [(state, "2026-11-20")] * len(HOLDS)


def test_the_day_that_health_services_gave(given: Given, answer: Answer) -> None:
    """It rules over the interval both ways; a booking is shown and changes no state."""
    given(
        raw_care_episode=CARE,
        raw_health="""
        pupil | kind              | health_date | outcome | next_due
        ------+-------------------+-------------+---------+-----------
        P1    | review assessment | 2026-05-20  | done    | 2026-11-19
        P1    | review assessment | 2026-12-03  | booked  |
        P1    | dental check      | 2025-09-01  | done    | 2026-11-20""",
    )
    found = answer("pupil_health", by="subject", columns="state booked_date")
    assert tuple(found["health assessment"].values()) == ("not up to date", "2026-12-03")
    assert tuple(found["dental check"].values()) == ("up to date", None)


def test_immunisations_found_not_done(given: Given, answer: Answer) -> None:
    """They are not up to date whatever came before; a missed dental check takes nothing back."""
    given(
        raw_care_episode=CARE,
        raw_health="""
        pupil | kind          | health_date | outcome
        ------+---------------+-------------+---------
        P1    | immunisations | 2026-05-20  | done
        P1    | immunisations | 2026-09-14  | not done
        P1    | dental check  | 2026-05-20  | done
        P1    | dental check  | 2026-09-14  | not done""",
    )
    found = answer("pupil_health", by="subject", columns="state last_outcome")
    assert tuple(found["immunisations"].values()) == ("not up to date", "not done")
    assert tuple(found["dental check"].values()) == ("up to date", "not done")


def test_before_care(given: Given, answer: Answer) -> None:
    """A dental check before care is a check; an assessment of earlier care is none of this."""
    given(
        calendar=YEAR_2026,
        raw_care_episode="""
        pupil | start_date
        ------+-----------
        P1    | 2026-10-05""",
        raw_health="""
        pupil | kind              | health_date
        ------+-------------------+------------
        P1    | review assessment | 2026-10-04
        P1    | dental check      | 2026-09-14
        P1    | optician          | 2026-09-14 """,
    )
    found = answer("pupil_health", by="subject", columns="state last_done_date due_date")
    assert {subject: tuple(row.values()) for subject, row in found.items()} == {
        "health assessment": ("not up to date", None, "2026-11-02"),
        "dental check": ("up to date", "2026-09-14", "2027-10-05"),
        "immunisations": ("not recorded", None, None),
        "optician": ("not recorded", "2026-09-14", None),
    }
