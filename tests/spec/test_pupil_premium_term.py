"""pupil_premium_term: a child's pupil premium plus by term."""

from tests.conftest import YEAR_2026, Answer, Given


def test_the_amounts_of_a_child_in_a_term(given: Given, answer: Answer) -> None:
    """What they were for, once each; nothing known of what was spent adds nothing."""
    given(
        calendar=YEAR_2026,
        raw_premium="""
        pupil | premium_date | kind  | planned | spent | is_in_pep
        ------+--------------+-------+---------+-------+----------
        P1    | 2026-09-02   | tutor | 450     | 400   | true
        P1    | 2026-10-05   | tutor | 50      | 50    | false
        P1    | 2026-11-10   | club  | 60      |       | true
        P1    | 2026-12-19   | club  | 70      | 70    |
        P2    | 2026-11-10   | club  | 80      | 0     |      """,
    )
    names = "first_day kinds sums planned spent unspent_sums in_pep"
    found = answer("pupil_premium_term", as_at="2027-01-04", by="pupil term", columns=names)
    club, tutor = "Clubs, trips and music", "A tutor"
    assert {key: tuple(row.values()) for key, row in found.items()} == {
        ("P1", "autumn"): ("2026-09-02", f"{tutor}, {club}", 3, 560, 450, 1, 2),
        ("P1", "spring"): ("2027-01-04", club, 1, 70, 70, 0, 0),
        ("P2", "autumn"): ("2026-09-02", club, 1, 80, 0, 0, 0),
    }
