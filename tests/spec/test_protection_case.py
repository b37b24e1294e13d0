"""protection_case: where a child in need or on a plan stands on a day."""

import pytest

from tests.conftest import Answer, Given
from tests.support.text_tables import by_case, number_cases

STORY = """
    pupil | protection_date | event               | abuse | reason
    ------+-----------------+---------------------+-------+-------
    P1    | 2025-10-07      | referral            |       |
    P1    | 2026-02-25      | strategy discussion |       |
    P1    | 2026-02-25      | section 47 begun    |       |
    P1    | 2026-03-18      | initial conference  |       |
    P1    | 2026-03-18      | plan begun          | EMO   |
    P1    | 2026-04-02      | core group          |       |
    P1    | 2026-06-16      | review conference   |       |
    P1    | 2026-06-16      | category changed    | NEG   |
    P1    | 2026-12-07      | plan ended          |       |
    P1    | 2027-01-11      | case closed         |       | RC7"""
CEASED = "Services ceased for any other reason, including child no longer in need"
#: As at; the stage, since when there is a plan, for which abuse, when and why the case closed.
TURNS = {
    "2025-10-07": ("referred", None, None, None, None),
    "2026-02-25": ("enquiry", None, None, None, None),
    "2026-03-18": ("on a plan", "2026-03-18", "Emotional abuse", None, None),
    "2026-06-16": ("on a plan", "2026-03-18", "Neglect", None, None),
    "2026-12-07": ("plan ended", None, None, None, None),
    "2027-01-11": ("closed", None, None, "2027-01-11", CEASED),
}
#: The newest step of a child, and the stage.
STAGES = {
    "2026-11-02 | referral": "referred",
    "2026-11-02 | referral accepted": "being assessed",
    "2026-11-02 | no further action": "closed",
    "2026-11-02 | assessment completed": "assessed",
    "2026-11-02 | strategy discussion": "enquiry",
    "2026-11-02 | section 47 begun": "enquiry",
    "2026-11-02 | conference not needed": "assessed",
    "2026-11-02 | initial conference": "conference held",
    "2026-11-02 | plan begun": "on a plan",
    "2026-11-02 | category changed": "on a plan",
    "2026-11-02 | core group": "on a plan",
    "2026-11-02 | review conference": "on a plan",
    "2026-11-02 | plan ended": "plan ended",
    "2026-11-02 | case closed": "closed",
    # what is booked or still to come is no step
    "2026-11-02 | referral, 2026-11-09 | conference booked": "referred",
    "2026-11-02 | referral, 2026-11-21 | case closed": "referred",
    # of one day the later in the order of things
    "2026-11-02 | plan begun, 2026-11-02 | initial conference": "on a plan",
}
#: Referrals of a child; how many of the last twelve months, and whether the newest one came
#: within twelve months of the one before: to the day is no longer within.
REFERRALS = {
    "2025-11-07 | referral, 2026-11-07 | referral": (1, False),
    "2025-11-08 | referral, 2026-11-07 | referral": (1, True),
    "2025-11-20 | referral, 2026-11-07 | referral": (1, True),
    "2025-11-21 | referral, 2026-11-07 | referral": (2, True),
    "2024-02-29 | referral, 2026-11-07 | referral": (1, False),
    "2026-11-07 | referral": (1, False),
    "2026-11-07 | plan begun": (0, None),
}


def test_the_newest_step_says_where_a_child_stands(given: Given, answer: Answer) -> None:
    """What belongs to a plan goes with it, and what belongs to an end comes with it."""
    given(raw_protection=STORY)
    names = "stage plan_since abuse closed_date closure_reason"
    found = {
        day: tuple(answer("protection_case", as_at=day, by="pupil", columns=names)["P1"].values())
        for day in TURNS
    }
    assert found == TURNS


def test_the_newest_of_each_kind(given: Given, answer: Answer) -> None:
    """Up to the day asked for."""
    given(raw_protection=STORY)
    names = "referred_date last_review_date last_core_group_date plans"
    assert tuple(answer("protection_case", by="pupil", columns=names)["P1"].values()) == (
        *("2025-10-07", "2026-06-16", "2026-04-02", 1),
    )


def test_stages(given: Given, answer: Answer) -> None:
    """Each step has one."""
    given(raw_protection=number_cases("protection_date | event", STAGES))
    found = answer("protection_case", by="pupil", columns="stage")
    assert by_case(STAGES, found) == STAGES


def test_a_referral_within_twelve_months_of_another(given: Given, answer: Answer) -> None:
    """The count looks back from the day asked for."""
    given(raw_protection=number_cases("protection_date | event", REFERRALS))
    found = answer("protection_case", by="pupil", columns="referrals is_re_referral")
    assert by_case(REFERRALS, found) == REFERRALS


def test_a_second_plan_and_a_case_without_a_referral(given: Given, answer: Answer) -> None:
    """Plans are counted over the years; abuse told before a plan is not that plan's."""
    given(
        raw_protection="""
        pupil | protection_date | event      | abuse
        ------+-----------------+------------+------
        P1    | 2023-05-10      | plan begun | PHY
        P1    | 2024-01-15      | plan ended |
        P1    | 2026-09-14      | plan begun |      """
    )
    row = answer("protection_case", by="pupil")["P1"]
    assert (row["plans"], row["plan_since"], row["abuse"]) == (2, "2026-09-14", None)
    assert (row["referred_date"], row["referrals"], row["is_re_referral"]) == (None, 0, None)


@pytest.mark.parametrize(
    ("as_at", "booked"),
    [("2026-11-22", "2026-11-23"), ("2026-11-23", "2026-11-23"), ("2026-11-24", "2026-12-29")],
)
def test_the_next_core_group_is_the_first_that_is_booked(
    given: Given, answer: Answer, as_at: str, booked: str
) -> None:
    """On its day it is still to come; one that has passed is not."""
    given(
        raw_protection="""
        pupil | protection_date | event
        ------+-----------------+------------------
        P1    | 2026-09-14      | plan begun
        P1    | 2026-11-23      | core group booked
        P1    | 2026-12-29      | core group booked"""
    )
    row = answer("protection_case", as_at=as_at, by="pupil")["P1"]
    assert row["booked_core_group_date"] == booked


def test_a_child_who_left_has_no_case(given: Given, answer: Answer) -> None:
    """On the last day on roll it is there."""
    given(raw_protection=STORY, raw_enrolment="pupil | leaving_date\nP1 | 2026-11-19")
    assert answer("protection_case", as_at="2026-11-19", columns="stage") == {"P1": "on a plan"}
    assert answer("protection_case") == {}
