"""int_leaver_duty: what is owed to a child who has left, and by when."""

from tests.conftest import YEAR_2026, Answer, Given
from tests.spec.test_every_duty import CALENDAR
from tests.support.text_tables import number_cases

#: The last day on roll, and by when the next school has each of the two files: 5 and 15
#: school days later, over half-terms, holidays and bank holidays.
LEAVING = {
    "2024-02-22": ("2024-02-29", "2024-03-14"),
    "2026-04-30": ("2026-05-08", "2026-05-22"),
    "2026-05-21": ("2026-06-04", "2026-06-18"),
    "2026-07-21": ("2026-09-08", "2026-09-22"),
    "2026-10-19": ("2026-11-02", "2026-11-16"),
    "2026-10-23": ("2026-11-06", "2026-11-20"),
    "2026-11-10": ("2026-11-17", "2026-12-01"),
    "2026-11-20": ("2026-11-27", "2026-12-11"),
    "2026-12-11": ("2026-12-18", "2027-01-15"),
    "2026-12-18": ("2027-01-08", "2027-01-22"),
    "2027-02-12": ("2027-02-26", "2027-03-12"),
    "2027-03-25": ("2027-04-16", "2027-04-30"),
    "2027-04-27": ("2027-05-05", "2027-05-19"),
}


def test_two_things_are_owed_by_school_days_after_the_last_day(
    given: Given, answer: Answer
) -> None:
    """5 school days for the protection file, 15 for the record; nothing while a child is here."""
    given(calendar=CALENDAR, raw_enrolment=number_cases("leaving_date", [*LEAVING, " "]))
    found = answer("int_leaver_duty", as_at="2027-06-30", columns="due_date")
    rules = ("CP_FILE_TRANSFER", "PUPIL_RECORD_TRANSFER")
    assert found == {
        (f"P{number}", rule): due
        for number, days in enumerate(LEAVING.values(), 1)
        for rule, due in zip(rules, days, strict=True)
    }


def test_who_leaves_where_the_calendar_ends(given: Given, answer: Answer) -> None:
    """Null while next year's days are not in it."""
    given(calendar=YEAR_2026, raw_enrolment="pupil | leaving_date\nP1 | 2027-07-21")
    assert set(answer("int_leaver_duty", columns="due_date").values()) == {None}


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
