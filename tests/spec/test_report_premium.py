"""report_premium: the pounds that a report adds up, by the day on which they count."""

from tests.conftest import YEAR_2026, Answer, Given


def test_sums_count_while_a_child_is_looked_after(given: Given, answer: Answer) -> None:
    """Agreed between terms, in the next one; not for P2 in need, nor beyond the day."""
    given(
        calendar=YEAR_2026,
        raw_care_episode="""
        pupil | status       | start_date | end_date
        ------+--------------+------------+-----------
        P1    | looked after | 2024-01-08 | 2027-01-11
        P2    | in need      | 2024-01-08 |           """,
        raw_premium="""
        pupil | premium_date | kind    | planned | spent
        ------+--------------+---------+---------+------
        P1    | 2026-08-20   | reading | 50      | 50
        P1    | 2026-10-05   | tutor   | 450     | 400
        P1    | 2026-10-05   | club    | 60.50   |
        P1    | 2026-12-21   | tutor   | 300     | 0
        P1    | 2027-01-11   | tutor   | 90      | 90
        P2    | 2026-10-05   | tutor   | 450     | 400  """,
    )
    found = answer("report_premium", as_at="2027-01-20", columns="planned spent")
    assert {key: tuple(row.values()) for key, row in found.items()} == {
        ("P1", "2026-09-02"): (50, 50),
        ("P1", "2026-10-05"): (510.5, 400),
        ("P1", "2027-01-04"): (300, 0),
    }
    assert set(answer("report_premium", as_at="2026-12-31")) == {
        ("P1", "2026-09-02"),
        ("P1", "2026-10-05"),
    }
