"""premium_term: pupil premium plus by child, term and kind of help, planned and spent."""

from tests.conftest import YEAR_2026, Answer, Given


def test_sums_are_of_the_term_in_which_they_were_agreed(given: Given, answer: Answer) -> None:
    """Nothing known of what was spent adds nothing and is counted; a holiday is of the next.

    Pence and refunds add up as they are.

    P2's is to be spent while it is a child's who is looked after; what is spent is not.  A day
    beyond the calendar is of a term that nobody knows.
    """
    given(
        calendar=YEAR_2026,
        raw_care_episode="pupil | start_date\nP1 | 2026-11-01\nP2 | 2026-11-01\nP3 | 2026-11-01",
        raw_premium="""
        pupil | premium_date | kind  | planned | spent | is_in_pep
        ------+--------------+-------+---------+-------+----------
        P1    | 2026-09-02   | tutor | 450     | 400   | true
        P1    | 2026-10-05   | tutor | 50.55   | 50.45 | false
        P1    | 2026-10-06   | tutor | -0.15   | -0.10 | false
        P2    | 2026-12-17   | tutor | 40      | 10    | true
        P2    | 2026-12-18   | tutor | 300     |       | false
        P2    | 2026-12-19   | tutor | 200     | 0     | true
        P1    | 2026-11-10   | club  | 60      | 60    |
        P3    | 2027-01-04   | tutor | 0.60    |       | false
        P1    | 2027-07-22   | club  | 70      | 70    | true     """,
    )
    found = answer(
        "premium_term",
        as_at="2027-08-31",
        by="pupil term kind",
        columns="first_day sums planned spent unspent_sums in_pep spend_by",
    )
    club, tutor = "Clubs, trips and music", "A tutor"
    assert {key: tuple(row.values()) for key, row in found.items()} == {
        ("P1", "autumn", tutor): ("2026-09-02", 3, 500.4, 450.35, 0, 1, None),
        ("P1", "autumn", club): ("2026-09-02", 1, 60, 60, 0, 0, None),
        ("P2", "autumn", tutor): ("2026-09-02", 2, 340, 10, 1, 1, "2027-03-31"),
        ("P2", "spring", tutor): ("2027-01-04", 1, 200, 0, 0, 1, "2027-03-31"),
        ("P3", "spring", tutor): ("2027-01-04", 1, 0.6, 0, 1, 0, "2027-03-31"),
    }
