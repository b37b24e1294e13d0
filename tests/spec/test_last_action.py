"""last_action: the newest action about a child."""

from tests.conftest import Answer, Given


def test_the_newest_by_the_day_asked_for(given: Given, answer: Answer) -> None:
    """Today's counts, tomorrow's does not; of two on a day the later logged."""
    given(
        raw_action="""
        pupil | action_id | action_date | kind           | line            | rule
        ------+-----------+-------------+----------------+-----------------+----------------
        P1    | A1        | 2026-11-12  | called home    | no answer       |
        P1    | A2        | 2026-11-20  | called home    | left a message  | no_reason_yet
        P1    | A3        | 2026-11-20  | talked to child| at lunch        | no_reason_yet
        P1    | A3        | 2026-11-20  | talked to child| at lunch        | missed_sessions
        P1    | A4        | 2026-11-21  | called home    | will come       |
        P2    | A5        | 2026-11-21  | called home    | will come       |                """
    )
    found = answer("last_action", columns="action_date kind line")
    assert {pupil: tuple(row.values()) for pupil, row in found.items()} == {
        "P1": ("2026-11-20", "talked to child", "at lunch")
    }
