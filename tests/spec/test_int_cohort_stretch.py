"""int_cohort_stretch: a group without a break, whatever lies within it."""

from tests.conftest import Answer, Given


def test_from_need_to_a_plan_is_no_change(given: Given, answer: Answer) -> None:
    """Being in need and a protection plan are one group, also where they overlap."""
    given(
        raw_care_episode="""
        pupil | status               | start_date | end_date
        ------+----------------------+------------+-----------
        P1    | in need              | 2025-01-06 | 2025-06-02
        P1    | on a protection plan | 2025-06-02 | 2025-09-01
        P2    | in need              | 2025-01-06 |
        P2    | on a protection plan | 2025-06-02 | 2025-09-01
        P3    | in need              | 2025-01-06 | 2025-06-02
        P3    | on a protection plan | 2025-06-03 |
        P4    | in need              | 2025-01-06 | 2025-06-02
        P4    | on a protection plan | 2025-01-06 |           """
    )
    found = answer("int_cohort_stretch", columns="end_date", by="pupil counts_from", as_at=None)
    assert found == {
        ("P1", "2025-01-06"): "2025-09-01",
        ("P2", "2025-01-06"): None,
        ("P3", "2025-01-06"): "2025-06-02",
        ("P3", "2025-06-03"): None,
        ("P4", "2025-01-06"): None,
    }


def test_care_and_after_it_are_two_groups(given: Given, answer: Answer) -> None:
    """The day that ends one begins the other."""
    given(
        raw_care_episode="""
        pupil | status                  | start_date | end_date
        ------+-------------------------+------------+-----------
        P1    | looked after            | 2024-01-08 | 2025-06-02
        P1    | previously looked after | 2025-06-02 |           """
    )
    found = answer("int_cohort_stretch", by="cohort", columns="counts_from", as_at=None)
    assert found == {"looked after": "2024-01-08", "previously looked after": "2025-06-02"}
