"""int_booking: the next day that is booked for a duty."""

from tests.conftest import Answer, Given


def test_the_next_day_of_each_subject(given: Given, answer: Answer) -> None:
    """Today's counts, yesterday's does not; either assessment is one subject."""
    given(
        raw_health="""
        pupil | kind               | health_date | outcome
        ------+--------------------+-------------+--------
        P1    | initial assessment | 2026-12-03  | booked
        P1    | review assessment  | 2026-11-20  | booked
        P1    | dental check       | 2026-11-19  | booked
        P2    | dental check       | 2026-12-03  | done   """,
        raw_pep="""
        pupil | pep_date   | outcome
        ------+------------+--------
        P1    | 2026-11-19 | booked
        P1    | 2026-12-10 | booked
        P1    | 2026-12-17 | booked """,
        raw_ehcp="""
        pupil | ehcp_date  | event
        ------+------------+---------------
        P1    | 2027-01-12 | review booked
        P2    | 2027-01-12 | review meeting""",
    )
    assert answer("int_booking", columns="booked_date") == {
        ("P1", "health assessment"): "2026-11-20",
        ("P1", "PEP"): "2026-12-10",
        ("P1", "review of a plan"): "2027-01-12",
    }
