"""stg_action: one action and rule that listed the child then."""

from tests.conftest import Answer, Given


def test_a_row_for_each_rule(given: Given, answer: Answer) -> None:
    """An action about a child whom no rule listed is kept too, without a figure."""
    given(
        raw_action="""
        pupil | action_id | action_date | rule            | figure
        ------+-----------+-------------+-----------------+-------
        P1    | A1        | 2026-11-12  | missed_sessions | 6
        P1    | A1        | 2026-11-12  | no_reason_yet   | 1
        P2    | A2        | 2026-11-12  |                 |       """
    )
    assert answer("stg_action", columns="figure", as_at=None) == {
        ("P1", "A1", "missed_sessions"): 6,
        ("P1", "A1", "no_reason_yet"): 1,
        ("P2", "A2", "no rule"): None,
    }
