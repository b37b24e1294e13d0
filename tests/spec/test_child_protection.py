"""child_protection: children on roll who are in need or on a plan on the day."""

from tests.conftest import Answer, Given

CARE = """
    pupil | status               | start_date | known_since | end_date
    ------+----------------------+------------+-------------+-----------
    P1    | in need              | 2026-01-12 |             | 2026-11-20
    P1    | on a protection plan | 2026-11-20 |             |
    P2    | in need              |            | 2026-09-03  |
    P3    | looked after         | 2026-01-12 |             |
    P4    | in need              | 2026-01-12 |             |           """
ROLL = """
    pupil | entry_date | leaving_date
    ------+------------+-------------
    P1    | 2024-09-03 |
    P2    | 2024-09-03 |
    P3    | 2024-09-03 |
    P4    | 2024-09-03 | 2026-11-19  """


def test_the_last_day_before_the_plan(given: Given, answer: Answer) -> None:
    """An episode holds up to the day before its end; an unknown start has no since."""
    given(raw_care_episode=CARE, raw_enrolment=ROLL)
    assert answer("child_protection", as_at="2026-11-19", columns="since") == {
        ("P1", "in need"): "2026-01-12",
        ("P2", "in need"): None,
        ("P4", "in need"): "2026-01-12",
    }


def test_the_first_day_of_the_plan(given: Given, answer: Answer) -> None:
    """On its first day the plan has taken over, and who left yesterday is not listed."""
    given(raw_care_episode=CARE, raw_enrolment=ROLL)
    assert answer("child_protection", as_at="2026-11-20", columns="since") == {
        ("P1", "on a protection plan"): "2026-11-20",
        ("P2", "in need"): None,
    }
