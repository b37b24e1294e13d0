"""check_step_order: steps of child protection dated before what they follow."""

from tests.conftest import Answer, Given


def test_a_conference_before_its_strategy_discussion(given: Given, answer: Answer) -> None:
    """On one day is in order; of two discussions the first counts; one alone is not wrong."""
    given(
        raw_protection="""
        pupil | protection_date | event               | abuse
        ------+-----------------+---------------------+------
        P1    | 2026-10-05      | initial conference  |
        P1    | 2026-10-06      | strategy discussion |
        P2    | 2026-10-05      | initial conference  |
        P2    | 2026-10-05      | strategy discussion |
        P3    | 2026-10-05      | initial conference  |
        P4    | 2026-09-01      | strategy discussion |
        P4    | 2026-10-05      | initial conference  |
        P4    | 2026-11-09      | strategy discussion |      """
    )
    found = answer("check_step_order", columns="follows follows_date")
    assert found == {
        ("P1", "initial conference", "2026-10-05"): {
            "follows": "strategy discussion",
            "follows_date": "2026-10-06",
        }
    }
