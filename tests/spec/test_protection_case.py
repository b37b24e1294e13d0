"""protection_case: where a child in need or on a plan stands on a day."""

import pytest

from tests.conftest import Answer, Given

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


@pytest.mark.parametrize(
    ("as_at", "stage", "plan_since", "abuse", "closed_date"),
    [
        ("2025-10-07", "referred", None, None, None),
        ("2026-02-25", "enquiry", None, None, None),
        ("2026-03-18", "on a plan", "2026-03-18", "Emotional abuse", None),
        ("2026-06-16", "on a plan", "2026-03-18", "Neglect", None),
        ("2026-12-07", "plan ended", None, None, None),
        ("2027-01-11", "closed", None, None, "2027-01-11"),
    ],
)
def test_the_newest_step_says_where_a_child_stands(
    given: Given,
    answer: Answer,
    as_at: str,
    stage: str,
    plan_since: str | None,
    abuse: str | None,
    closed_date: str | None,
) -> None:
    """Of one day the later step in the order of things; what belongs to a plan goes with it."""
    given(raw_protection=STORY)
    row = answer("protection_case", as_at=as_at, by="pupil")["P1"]
    assert (row["stage"], row["plan_since"], row["abuse"]) == (stage, plan_since, abuse)
    assert row["closed_date"] == closed_date
    assert (row["closure_reason"] is None) == (closed_date is None)


@pytest.mark.parametrize(
    ("earlier", "referrals", "is_re_referral"),
    [
        ("2025-11-07", 1, False),
        ("2025-11-08", 1, True),
        ("2025-11-20", 1, True),
        ("2025-11-21", 2, True),
        ("2024-02-29", 1, False),
    ],
)
def test_a_referral_within_twelve_months_of_another(
    given: Given, answer: Answer, earlier: str, referrals: int, is_re_referral: bool
) -> None:
    """Twelve months to the day is no longer within; the count looks back from the day asked for."""
    given(
        raw_protection=f"""
        pupil | protection_date | event
        ------+-----------------+---------
        P1    | {earlier}       | referral
        P1    | 2026-11-07      | referral """
    )
    row = answer("protection_case", by="pupil")["P1"]
    assert (row["referrals"], row["is_re_referral"]) == (referrals, is_re_referral)


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
