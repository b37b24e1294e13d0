"""int_care_episode: an episode of a status with its words, short breaks left out."""

from tests.conftest import Answer, Given


def test_short_breaks_are_left_out(given: Given, answer: Answer) -> None:
    """V3 and V4 make nobody looked after; a code that is not recorded has no words."""
    given(
        raw_care_episode="""
        pupil | start_date | end_date   | legal_status | home
        ------+------------+------------+--------------+--------
        P1    | 2024-03-01 | 2024-05-01 | V2           | foster
        P1    | 2024-05-01 | 2024-06-01 | V3           | foster
        P2    | 2024-03-01 |            | V4           |
        P3    | 2024-03-01 |            |              |        """
    )
    found = answer("int_care_episode", by="pupil", columns="end_date home_kind", as_at=None)
    assert found == {
        "P1": {"end_date": "2024-05-01", "home_kind": "foster home"},
        "P3": {"end_date": None, "home_kind": None},
    }


def test_an_order_begins_an_episode_on_its_day(given: Given, answer: Answer) -> None:
    """Of the orders for good only; where the care file has that very day, it is the file's."""
    given(
        raw_care_episode="""
        pupil | start_date | end_date   | status
        ------+------------+------------+-----------------------
        P1    | 2024-03-01 | 2026-10-05 | looked after
        P2    | 2026-10-05 |            | previously looked after""",
        raw_permanence="""
        pupil | permanence_date | event
        ------+-----------------+---------------------------
        P1    | 2026-10-05      | adoption order
        P1    | 2025-10-06      | placement order
        P2    | 2026-10-05      | special guardianship order
        P3    | 2026-11-21      | child arrangements order  """,
    )
    found = answer("int_care_episode", columns="is_start_known end_date", as_at=None)
    known = {"is_start_known": True, "end_date": None}
    assert found == {
        ("P1", "looked after", "2024-03-01"): {"is_start_known": True, "end_date": "2026-10-05"},
        ("P1", "previously looked after", "2026-10-05"): known,
        ("P2", "previously looked after", "2026-10-05"): known,
        ("P3", "previously looked after", "2026-11-21"): known,
    }
