"""int_cohort_period: when a child belongs to a group that the pages speak of."""

from tests.conftest import Answer, Given


def test_in_need_and_on_a_plan_are_one_group(given: Given, answer: Answer) -> None:
    """Pages say "has a social worker": only the safeguarding lead sees which of the two."""
    given(
        raw_care_episode="""
        pupil | status                  | start_date | end_date
        ------+-------------------------+------------+-----------
        P1    | in need                 | 2024-03-01 | 2024-09-10
        P2    | on a protection plan    | 2024-03-01 |
        P3    | looked after            | 2024-03-01 |
        P4    | previously looked after | 2024-03-01 |           """
    )
    assert answer("int_cohort_period", by="pupil", columns="cohort end_date", as_at=None) == {
        "P1": {"cohort": "has a social worker", "end_date": "2024-09-10"},
        "P2": {"cohort": "has a social worker", "end_date": None},
        "P3": {"cohort": "looked after", "end_date": None},
        "P4": {"cohort": "previously looked after", "end_date": None},
    }
