"""every_look: all reasons to look, also those that the safeguarding lead alone sees."""

from tests.conftest import Answer, Given


def test_a_note_past_its_day_is_for_the_lead(given: Given, answer: Answer) -> None:
    """It is in this list and not in the one of everybody; no action closes it."""
    given(
        raw_care_episode="""
        pupil | start_date
        ------+-----------
        P1    | 2025-01-06""",
        raw_concern="""
        pupil | concern_date | follow_up_date
        ------+--------------+---------------
        P1    | 2026-11-02   | 2026-11-09    """,
        raw_action="""
        pupil | action_id | action_date
        ------+-----------+------------
        P1    | A1        | 2026-11-19 """,
    )
    found = answer("every_look", by="rule", columns="figure is_closed category")
    assert found == {
        "concern_follow_up": {"figure": 1, "is_closed": False, "category": "child_protection"}
    }
    assert answer("needs_a_look", by="rule") == {}
