"""int_leaver_duty: what is owed to a child who has left, and by when."""

from tests.conftest import YEAR_2026, Answer, Given


def test_two_things_are_owed_by_school_days_after_the_last_day(
    given: Given, answer: Answer
) -> None:
    """5 school days for the protection file, 15 for the record; holidays do not count."""
    given(
        calendar=YEAR_2026,
        raw_enrolment="""
        pupil | entry_date | leaving_date
        ------+------------+-------------
        P1    | 2022-09-01 | 2026-10-23
        P2    | 2022-09-01 | 2026-11-10
        P3    | 2022-09-01 |             """,
    )
    assert answer("int_leaver_duty", columns="due_date") == {
        # 2-6 Nov are 1 to 5, 9-13 to 10, 16-20 to 15
        ("P1", "CP_FILE_TRANSFER"): "2026-11-06",
        ("P1", "PUPIL_RECORD_TRANSFER"): "2026-11-20",
        # 11-13 Nov are 1 to 3, 16-17 to 5; 18-20 to 8, 23-27 to 13, 30 Nov and 1 Dec to 15
        ("P2", "CP_FILE_TRANSFER"): "2026-11-17",
        ("P2", "PUPIL_RECORD_TRANSFER"): "2026-12-01",
    }


def test_who_leaves_in_july_is_owed_by_the_first_days_of_term(given: Given, answer: Answer) -> None:
    """The first five of September; null while next year's days are not in the calendar."""
    leaver = """
        pupil | entry_date | leaving_date
        ------+------------+-------------
        P1    | 2022-09-01 | 2026-07-21
        P2    | 2022-09-01 | 2027-07-21  """
    given(calendar=YEAR_2026, raw_enrolment=leaver)
    assert answer("int_leaver_duty", columns="due_date") == {
        # 2-4 Sept are 1 to 3, 7-8 to 5; 9-11 to 8, 14-18 to 13, 21-22 to 15
        ("P1", "CP_FILE_TRANSFER"): "2026-09-08",
        ("P1", "PUPIL_RECORD_TRANSFER"): "2026-09-22",
        ("P2", "CP_FILE_TRANSFER"): None,
        ("P2", "PUPIL_RECORD_TRANSFER"): None,
    }


def test_a_child_who_came_back_and_left_again_is_owed_anew(given: Given, answer: Answer) -> None:
    """By the last stay: its first day is there too, so that what went before it is told."""
    given(
        calendar=YEAR_2026,
        raw_enrolment="""
        pupil | entry_date | leaving_date
        ------+------------+-------------
        P1    | 2022-09-01 | 2026-07-21
        P1    | 2026-11-02 | 2026-11-10  """,
    )
    found = answer("int_leaver_duty", columns="entry_date leaving_date due_date")
    assert found["P1", "CP_FILE_TRANSFER"] == {
        "entry_date": "2026-11-02",
        "leaving_date": "2026-11-10",
        "due_date": "2026-11-17",
    }
