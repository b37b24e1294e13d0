"""int_premium: each sum of pupil premium plus with its term."""

from tests.conftest import YEAR_2026, Answer, Given


def test_a_sum_between_terms_is_of_the_next(given: Given, answer: Answer) -> None:
    """The last day of autumn is still autumn's; a day that has not come is not there.

    July, before the calendar begins, is of a term that nobody knows.
    """
    given(
        calendar=YEAR_2026,
        raw_care_episode="pupil | start_date\nP1 | 2026-08-02",
        raw_premium="""
        pupil | premium_date | kind  | planned
        ------+--------------+-------+--------
        P1    | 2026-07-31   | tutor | 900
        P1    | 2026-08-01   | tutor | 50
        P1    | 2026-12-18   | tutor | 300
        P1    | 2026-12-19   | tutor | 200
        P1    | 2027-01-05   | club  | 70     """,
    )
    names = "term planned spend_by"
    found = answer("int_premium", as_at="2027-01-04", by="premium_date", columns=names)
    assert {str(day): tuple(row.values()) for day, row in found.items()} == {
        "2026-08-01": ("autumn", 50, None),
        "2026-12-18": ("autumn", 300, "2027-03-31"),
        "2026-12-19": ("spring", 200, "2027-03-31"),
    }
