"""int_action: an action once, and whether it stands."""

from tests.conftest import Answer, Given


def test_what_nothing_corrects_stands(given: Given, answer: Answer) -> None:
    """Two people may have corrected it at once: one of them is told."""
    given(
        raw_action="""
        pupil | action_id | action_date | corrects | rule
        ------+-----------+-------------+----------+----------------
        P1    | A1        | 2026-11-12  |          | missed_sessions
        P1    | A1        | 2026-11-12  |          | no_reason_yet
        P1    | A2        | 2026-11-12  | A1       |
        P1    | A3        | 2026-11-12  | A1       |                """
    )
    assert answer("int_action", columns="corrected_by", as_at=None) == {
        "A1": "A3",
        "A2": None,
        "A3": None,
    }
