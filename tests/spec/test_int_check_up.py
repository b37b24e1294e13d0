"""int_check_up: what satisfies a yearly or half-yearly duty, or says that it was not done."""

import pytest

from tests.conftest import Answer, Given


@pytest.mark.parametrize(
    ("age_band", "rule"),
    [("under 5", "RHA_U5"), ("5 to 9", "RHA_5PLUS"), ("10 and over", "RHA_5PLUS")],
)
def test_the_band_of_the_events_own_row(
    given: Given, answer: Answer, age_band: str, rule: str
) -> None:
    """A child assessed at 4 years 11 months is due again in 6 months, whatever comes after."""
    given(
        raw_health=f"""
        pupil | kind               | health_date | age_band
        ------+--------------------+-------------+------------
        P1    | initial assessment | 2026-03-02  | {age_band}
        P1    | review assessment  | 2026-09-02  | 5 to 9     """
    )
    found = answer("int_check_up", by="event_date", columns="rule")
    assert found == {"2026-03-02": rule, "2026-09-02": "RHA_5PLUS"}


def test_done_and_not_done(given: Given, answer: Answer) -> None:
    """Bookings and what is yet to come stand out; teacher and self forms are no carer's."""
    given(
        raw_health="""
        pupil | kind              | health_date | outcome
        ------+-------------------+-------------+---------
        P1    | review assessment | 2026-10-05  | done
        P2    | review assessment | 2026-10-05  | not done
        P3    | review assessment | 2026-10-05  | booked
        P4    | dental check      | 2026-11-21  | done
        P5    | dental check      | 2026-11-20  | not done
        P6    | optician          | 2026-11-20  | done     """,
        raw_sdq="""
        pupil | sdq_date   | informant | total | reason
        ------+------------+-----------+-------+-------
        P1    | 2026-10-05 | carer     | 12    |
        P2    | 2026-10-05 | carer     |       | SDQ2
        P3    | 2026-10-05 | teacher   | 12    |       """,
    )
    assert answer("int_check_up", by="pupil subject", columns="is_done") == {
        ("P1", "health assessment"): True,
        ("P2", "health assessment"): False,
        ("P5", "dental check"): False,
        ("P6", "optician"): True,
        ("P1", "SDQ by the carer"): True,
        ("P2", "SDQ by the carer"): False,
    }


def test_two_assessments_on_a_day_are_one(given: Given, answer: Answer) -> None:
    """The review's band counts, and the later of two days given."""
    given(
        raw_health="""
        pupil | kind               | health_date | outcome  | next_due   | age_band
        ------+--------------------+-------------+----------+------------+---------
        P1    | initial assessment | 2026-10-05  | done     | 2027-01-05 | under 5
        P1    | review assessment  | 2026-10-05  | done     | 2027-03-05 | 5 to 9
        P2    | initial assessment | 2026-10-05  | not done |            | 5 to 9
        P2    | review assessment  | 2026-10-05  | done     |            | under 5 """
    )
    found = answer("int_check_up", by="pupil", columns="rule is_done next_due")
    assert {pupil: tuple(row.values()) for pupil, row in found.items()} == {
        "P1": ("RHA_5PLUS", True, "2027-03-05"),
        "P2": ("RHA_U5", True, None),
    }
