"""check_conflict: two sources that say different things about care, both of them kept."""

from tests.conftest import Answer, Given


def test_two_authorities_for_the_same_days(given: Given, answer: Answer) -> None:
    """From the first day that both tell of; one after the other is a move, and no conflict."""
    given(
        raw_source="""
        source_id | load_id | file_name         | sender
        ----------+---------+-------------------+-------
        1         | 1       | care_episodes.csv | office
        2         | 1       | social_care.csv   | Ashmere""",
        raw_care_episode="""
        pupil | start_date | end_date   | authority | source_id
        ------+------------+------------+-----------+----------
        P1    | 2024-03-01 |            | Ashmere   | 1
        P1    | 2024-03-11 |            | Wexbourne | 2
        P2    | 2024-03-01 | 2025-01-06 | Ashmere   | 1
        P2    | 2025-01-06 |            | Wexbourne | 2        """,
    )
    found = answer("check_conflict", columns="one_says other_says ask")
    assert found == {
        ("P1", "authority", "2024-03-11"): {
            "one_says": "Ashmere (care_episodes.csv, 2026-11-21)",
            "other_says": "Wexbourne (social_care.csv, 2026-11-21)",
            "ask": "Local authority",
        }
    }


def test_an_order_while_the_file_goes_on(given: Given, answer: Answer) -> None:
    """An end on the very day of the order agrees with it; so does care that came after."""
    given(
        raw_care_episode="""
        pupil | start_date | end_date
        ------+------------+-----------
        P1    | 2024-03-01 |
        P2    | 2024-03-01 | 2026-10-05
        P3    | 2026-10-06 |           """,
        raw_permanence="""
        pupil | permanence_date | event
        ------+-----------------+---------------------------
        P1    | 2026-10-05      | adoption order
        P2    | 2026-10-05      | adoption order
        P3    | 2026-10-05      | child arrangements order  """,
    )
    assert set(answer("check_conflict")) == {("P1", "end of care", "2026-10-05")}


def test_a_file_that_says_otherwise_than_what_was_typed(given: Given, answer: Answer) -> None:
    """Of the same period: another end, another authority.  Who agrees is no conflict."""
    given(
        raw_source="""
        source_id | load_id | file_name         | sender
        ----------+---------+-------------------+-------
        1         | 1       | care_episodes.csv | office
        2         | 1       | written           | typed""",
        raw_care_episode="""
        pupil | status       | start_date | end_date   | authority | source_id
        ------+--------------+------------+------------+-----------+----------
        P1    | looked after | 2024-03-01 |            | Ashmere   | 1
        P1    | looked after | 2024-03-01 | 2026-10-05 | Ashmere   | 2
        P2    | in need      | 2024-03-01 |            |           | 1
        P2    | in need      | 2024-03-01 |            |           | 2
        P3    | looked after | 2024-03-01 |            | Ashmere   | 1
        P3    | looked after | 2024-03-01 |            | Wexbourne | 2        """,
    )
    found = answer("check_conflict", columns="one_says other_says")
    assert found == {
        ("P1", "typed and file", "2024-03-01"): {
            "one_says": "looked after, Ashmere, until 2026-10-05, typed",
            "other_says": "looked after, Ashmere, no end, care_episodes.csv",
        },
        ("P3", "typed and file", "2024-03-01"): {
            "one_says": "looked after, Wexbourne, no end, typed",
            "other_says": "looked after, Ashmere, no end, care_episodes.csv",
        },
    }
