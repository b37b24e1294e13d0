"""report_absence: the sessions that each counted child missed this term, by reason."""

from tests.conftest import YEAR_2026, Answer, Given


def test_sessions_of_this_term_by_reason_add_up_to_the_childs(given: Given, answer: Answer) -> None:
    """Last year's, later ones and those of a child in need are in none."""
    given(
        calendar=YEAR_2026,
        raw_care_episode="""
        pupil | status       | start_date
        ------+--------------+-----------
        P1    | looked after | 2024-01-08
        P2    | in need      | 2024-01-08""",
        register=r"""
        pupil | start      | marks
        ------+------------+-----------
        P1    | 2025-09-08 | II*5
        P1    | 2026-09-07 | II I\ O\
        P1    | 2026-11-23 | II
        P2    | 2026-09-07 | II        """,
    )
    found = answer("report_absence", as_at="2026-11-20")
    names = ("cohort", "is_authorised", "absent_sessions")
    assert {key: tuple(row[name] for name in names) for key, row in found.items()} == {
        ("P1", "I"): ("looked after", True, 3),
        ("P1", "O"): ("looked after", False, 1),
    }
    total = answer("report_child", as_at="2026-11-20", columns="absent_sessions")["P1"]
    assert total == sum(row["absent_sessions"] for row in found.values())
