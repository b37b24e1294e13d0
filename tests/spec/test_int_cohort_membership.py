"""int_cohort_membership: a child's groups on the day asked for, as pages pool them."""

from tests.conftest import Answer, Given

CARE = """
    pupil | status                  | start_date | end_date
    ------+-------------------------+------------+-----------
    P1    | looked after            | 2024-03-01 | 2026-11-20
    P1    | in need                 | 2024-03-01 |
    P2    | previously looked after | 2024-03-01 |
    P2    | on a protection plan    | 2024-03-01 |           """


def groups(answer: Answer, as_at: str) -> set[tuple[str, str]]:
    """Each child with each of its groups."""
    return set(answer("int_cohort_membership", as_at=as_at, columns="pupil"))


def test_a_looked_after_child_is_not_counted_again(given: Given, answer: Answer) -> None:
    """Who is looked after is not among those who have a social worker; others can be twice."""
    given(raw_care_episode=CARE)
    assert groups(answer, "2026-11-19") == {
        ("P1", "all"),
        ("P1", "looked after"),
        ("P1", "looked after 12 months"),
        ("P2", "all"),
        ("P2", "previously looked after"),
        ("P2", "has a social worker"),
    }


def test_the_group_changes_on_the_day_care_ends(given: Given, answer: Answer) -> None:
    """An episode does not hold on its end date, so the social worker counts from that day."""
    given(raw_care_episode=CARE)
    found = groups(answer, "2026-11-20")
    assert {cohort for pupil, cohort in found if pupil == "P1"} == {"all", "has a social worker"}
