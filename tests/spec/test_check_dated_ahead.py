"""check_dated_ahead: what has happened, but is dated after the latest load."""

from tests.conftest import Answer, Given


def test_after_the_day_of_the_load(given: Given, answer: Answer) -> None:
    """The load's own day is not ahead; bookings and planned closures are so by right."""
    given(
        raw_load="""
        load_id | loaded_at           | data_until
        --------+---------------------+-----------
        1       | 2026-11-20 17:00:00 | 2026-11-20""",
        raw_mark="""
        pupil | session_date | half | code
        ------+--------------+------+-----
        P1    | 2026-11-20   | AM   | /
        P1    | 2026-11-21   | AM   | M
        P1    | 2026-11-21   | PM   | M
        P1    | 2026-12-21   | AM   | #""",
        raw_pep="""
        pupil | pep_date   | outcome
        ------+------------+--------
        P1    | 2026-11-23 | held
        P2    | 2026-11-23 | booked """,
        raw_health="""
        pupil | kind         | health_date | outcome
        ------+--------------+-------------+--------
        P1    | dental check | 2027-01-05  | done   """,
        raw_ehcp="""
        pupil | ehcp_date  | event
        ------+------------+--------------
        P1    | 2026-11-23 | plan issued
        P2    | 2026-11-23 | review booked""",
        raw_sdq="""
        pupil | sdq_date   | total
        ------+------------+------
        P2    | 2026-11-20 | 12
        P2    | 2026-11-21 | 12   """,
        raw_suspension="""
        pupil | suspension_date
        ------+----------------
        P2    | 2026-11-30     """,
        raw_care_episode="""
        pupil | start_date
        ------+-----------
        P3    | 2027-01-04""",
    )
    assert answer("check_dated_ahead", columns="number") == {
        ("P1", "marks", "2026-11-21"): 2,
        ("P1", "PEP meeting held", "2026-11-23"): 1,
        ("P1", "dental check", "2027-01-05"): 1,
        ("P1", "plan issued", "2026-11-23"): 1,
        ("P2", "SDQ", "2026-11-21"): 1,
        ("P2", "suspension", "2026-11-30"): 1,
        ("P3", "start of care", "2027-01-04"): 1,
    }
