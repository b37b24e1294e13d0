"""check_plan_at_odds: on a plan by the care file and not by the recorded steps, or otherwise."""

from tests.conftest import Answer, Given


def test_the_file_and_the_steps_disagree(given: Given, answer: Answer) -> None:
    """Where one of them says nothing there is nothing to compare."""
    given(
        raw_care_episode="""
        pupil | status               | start_date | end_date
        ------+----------------------+------------+-----------
        P1    | on a protection plan | 2026-03-18 |
        P2    | on a protection plan | 2026-03-18 | 2026-10-05
        P3    | on a protection plan | 2026-03-18 |
        P4    | on a protection plan | 2026-03-18 |
        P5    | in need              | 2026-03-18 |           """,
        raw_protection="""
        pupil | protection_date | event      | abuse
        ------+-----------------+------------+------
        P1    | 2026-03-18      | plan begun | NEG
        P1    | 2026-10-05      | plan ended |
        P2    | 2026-03-18      | plan begun | NEG
        P3    | 2026-03-18      | plan begun | NEG
        P5    | 2026-03-18      | plan begun | NEG  """,
    )
    found = answer("check_plan_at_odds", columns="is_on_plan_by_file plan_since")
    assert found == {
        "P1": {"is_on_plan_by_file": True, "plan_since": None},
        "P2": {"is_on_plan_by_file": False, "plan_since": "2026-03-18"},
    }
