"""int_look_review: what was to be looked at again and is still open."""

from tests.conftest import Answer, Given


def test_open_notes_past_their_day(given: Given, answer: Answer) -> None:
    """The day itself is not past; what is closed, or has no day, is not counted."""
    given(
        raw_concern="""
        pupil | concern_date | line | follow_up_date | closed_date
        ------+--------------+------+----------------+------------
        P1    | 2026-11-02   | a    | 2026-11-19     |
        P1    | 2026-11-02   | b    | 2026-11-18     | 2026-11-23
        P1    | 2026-11-02   | c    | 2026-11-18     | 2026-11-20
        P2    | 2026-11-02   | d    | 2026-11-20     |
        P2    | 2026-11-02   | e    |                |            """
    )
    assert answer("int_look_review", columns="figure") == {("P1", "concern_follow_up"): 2}


def test_what_is_over_is_not_looked_at_again(given: Given, answer: Answer) -> None:
    """Help is over on the day on which it ended; a timetable after its last day."""
    given(
        raw_intervention="""
        pupil | intervention_date | kind   | review_date | end_date
        ------+-------------------+--------+-------------+-----------
        P1    | 2026-11-02        | tutor  | 2026-11-18  | 2026-11-21
        P1    | 2026-11-03        | tutor  | 2026-11-18  | 2026-11-20
        P1    | 2026-11-04        | tutor  | 2026-11-18  |           """,
        raw_provision="""
        pupil | provision_date | kind                | review_date | end_date
        ------+----------------+---------------------+-------------+-----------
        P1    | 2026-11-02     | part-time timetable | 2026-11-18  | 2026-11-20
        P1    | 2026-11-03     | part-time timetable | 2026-11-18  | 2026-11-19
        P1    | 2026-11-04     | part-time timetable | 2026-11-18  |           """,
    )
    assert answer("int_look_review", columns="figure") == {
        ("P1", "intervention_review"): 2,
        ("P1", "timetable_review"): 2,
    }
