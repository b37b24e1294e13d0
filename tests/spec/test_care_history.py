"""care_history: what changed in a year for a child who is looked after."""

from tests.conftest import Answer, Given


def test_twelve_months_up_to_the_day(given: Given, answer: Answer) -> None:
    """The day twelve months ago is no longer within; what is yet to come is not counted."""
    given(
        raw_care_episode="""
        pupil | start_date | end_date   | home    | status
        ------+------------+------------+---------+--------------
        P1    | 2024-03-01 | 2025-11-20 | kinship | looked after
        P1    | 2025-11-20 | 2025-11-21 | foster  | looked after
        P1    | 2025-11-21 | 2026-10-05 | other   | looked after
        P1    | 2026-10-05 |            | foster  | looked after
        P2    | 2024-03-01 |            |         | in need      """,
        raw_care_change="""
        pupil | care_change_date | kind
        ------+-------------+--------------
        P1    | 2025-11-20  | social worker
        P1    | 2026-03-09  | social worker
        P1    | 2026-11-20  | school
        P1    | 2026-11-21  | social worker""",
        raw_review="""
        pupil | review_date | outcome | has_school_report
        ------+-------------+---------+------------------
        P1    | 2025-12-03  | held    | false
        P1    | 2026-06-02  | held    | true
        P1    | 2026-10-07  | held    |
        P1    | 2027-04-06  | booked  |                  """,
    )
    assert answer("care_history", by="pupil") == {
        "P1": {
            "pupil_key": 1,
            "school_key": 1,
            "pupil_id": "id-P1",
            "handle": "copper lantern 1",
            "moves": 2,
            "schools": 1,
            "social_workers": 1,
            "last_review_date": "2026-10-07",
            "next_review_date": "2027-04-06",
            "reports_missed": 1,
        }
    }
