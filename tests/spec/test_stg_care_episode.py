"""stg_care_episode: a period of one status with one home and legal status."""

from tests.conftest import Answer, Given


def test_an_unknown_start_counts_from_the_day_it_was_known(given: Given, answer: Answer) -> None:
    """Where nobody knows the start, the child counts from the day the school knew."""
    given(
        raw_care_episode="""
        pupil | status                  | start_date | known_since | end_date
        ------+-------------------------+------------+-------------+-----------
        P1    | looked after            | 2024-03-01 |             | 2025-05-31
        P2    | previously looked after |            | 2026-09-03  |           """
    )
    found = answer(
        "stg_care_episode", by="pupil", columns="counts_from is_start_known end_date", as_at=None
    )
    assert found == {
        "P1": {"counts_from": "2024-03-01", "is_start_known": True, "end_date": "2025-05-31"},
        "P2": {"counts_from": "2026-09-03", "is_start_known": False, "end_date": None},
    }
