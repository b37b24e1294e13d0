"""care_history: what changed in a year for a child who is looked after."""

from tests.conftest import Answer, Given


def test_twelve_months_up_to_the_day(given: Given, answer: Answer) -> None:
    """The day twelve months ago is no longer within; what is yet to come is not counted.

    P3 is on no roll any more, and moved home since.  Nothing changed for P4.
    """
    given(
        raw_enrolment="""
        pupil | leaving_date
        ------+-------------
        P1    |
        P2    |
        P3    | 2026-10-16
        P4    |             """,
        raw_care_episode="""
        pupil | start_date | end_date   | home    | status
        ------+------------+------------+---------+--------------
        P1    | 2024-03-01 | 2025-11-20 | kinship | looked after
        P1    | 2025-11-20 | 2025-11-21 | foster  | looked after
        P1    | 2025-11-21 | 2026-10-05 | other   | looked after
        P1    | 2026-10-05 |            | foster  | looked after
        P2    | 2024-03-01 |            |         | in need
        P3    | 2024-03-01 | 2026-10-19 | foster  | looked after
        P3    | 2026-10-19 |            | kinship | looked after
        P4    | 2024-03-01 |            | foster  | looked after """,
        raw_care_change="""
        pupil | care_change_date | kind
        ------+-------------+--------------
        P1    | 2025-11-20  | social worker
        P1    | 2026-03-09  | social worker
        P1    | 2026-11-20  | school
        P1    | 2026-11-21  | social worker""",
    )
    assert answer("care_history", by="pupil") == {
        "P1": {
            "pupil_key": 1,
            "school_key": 1,
            "pupil_id": "id-P1",
            "handle": "copper lantern 1",
            "moves": 2,
            "last_moved_on": "2026-10-05",
            "schools": 1,
            "social_workers": 1,
        },
        "P3": {
            "pupil_key": 3,
            "school_key": 1,
            "pupil_id": "id-P3",
            "handle": "copper lantern 3",
            "moves": 1,
            "last_moved_on": "2026-10-19",
            "schools": 0,
            "social_workers": 0,
        },
        "P4": {
            "pupil_key": 4,
            "school_key": 1,
            "pupil_id": "id-P4",
            "handle": "copper lantern 4",
            "moves": 0,
            "last_moved_on": None,
            "schools": 0,
            "social_workers": 0,
        },
    }


def test_a_usual_start_at_a_school_is_no_move(given: Given, answer: Answer) -> None:
    """From 1 August to 30 September no change of school counts, by either source."""
    given(
        raw_enrolment="""
        school_key | pupil | entry_date | leaving_date
        -----------+-------+------------+-------------
        1          | P1    | 2020-09-01 | 2026-07-17
        2          | P1    | 2026-09-01 |
        1          | P2    | 2020-09-01 | 2026-09-30
        2          | P2    | 2026-10-01 |
        1          | P3    | 2026-09-01 |
        1          | P4    | 2026-10-01 |
        1          | P5    | 2020-09-01 | 2026-07-30
        2          | P5    | 2026-07-31 |            """,
        raw_care_episode="""
        pupil | start_date
        ------+-----------
        P1    | 2024-03-01
        P2    | 2024-03-01
        P3    | 2024-03-01
        P4    | 2024-03-01
        P5    | 2024-03-01""",
        raw_care_change="""
        pupil | care_change_date | kind
        ------+------------------+-------
        P3    | 2026-08-01       | school
        P3    | 2026-09-30       | school
        P4    | 2026-10-01       | school""",
    )
    found = answer("care_history", by="pupil", columns="schools")
    assert found == {"P1": 0, "P2": 1, "P3": 0, "P4": 1, "P5": 1}
