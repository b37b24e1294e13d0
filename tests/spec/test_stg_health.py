"""stg_health: one child, kind of check and day."""

from tests.conftest import Answer, Given


def test_an_event_of_each_kind(given: Given, answer: Answer) -> None:
    """Two kinds on a day are two events, each with its own band of age."""
    given(
        raw_health="""
        pupil | kind              | health_date | outcome  | age_band
        ------+-------------------+-------------+----------+---------
        P1    | review assessment | 2026-10-05  | done     | under 5
        P1    | dental check      | 2026-10-05  | not done | under 5 """
    )
    assert answer("stg_health", columns="outcome", as_at=None) == {
        ("P1", "review assessment", "2026-10-05"): "done",
        ("P1", "dental check", "2026-10-05"): "not done",
    }


def test_the_newest_source_counts(given: Given, answer: Answer) -> None:
    """What people typed corrects the file's row."""
    given(
        raw_health="""
        pupil | kind         | health_date | outcome  | source_id
        ------+--------------+-------------+----------+----------
        P1    | dental check | 2026-10-05  | not done | 9
        P1    | dental check | 2026-10-05  | done     | 4        """
    )
    assert answer("stg_health", by="pupil", columns="outcome", as_at=None) == {"P1": "not done"}
