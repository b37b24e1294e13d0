"""cohort_attendance: the sessions of a group's children, pooled."""

import pytest

from tests.conftest import Answer, Given

CARE = """
    pupil | status                  | start_date | end_date
    ------+-------------------------+------------+-----------
    P1    | looked after            | 2026-01-08 |
    P2    | looked after            | 2026-01-08 | 2026-11-20
    P2    | previously looked after | 2026-11-20 |
    P3    | in need                 | 2024-01-08 |           """


def test_a_rate_is_pooled_never_a_mean_of_rates(given: Given, answer: Answer) -> None:
    """Sum of absent over sum of possible: a child who was there for two days counts as two."""
    given(
        raw_care_episode=CARE,
        register=r"""
        pupil | start      | marks
        ------+------------+--------
        P1    | 2026-09-07 | /\*9 II
        P2    | 2026-09-07 | II     """,
    )
    found = answer("cohort_attendance", as_at="2026-11-19", by="cohort")
    assert found["looked after"]["possible_sessions"] == 2 * 10 + 2
    assert found["looked after"]["absence_rate"] == (2 + 2) / (2 * 10 + 2)
    assert found["all"]["absence_rate"] == (2 + 2) / (2 * 10 + 2)


def test_who_belongs_is_asked_of_the_day(given: Given, answer: Answer) -> None:
    """On the day care ends the child's whole year moves to the group it is in from then."""
    given(
        raw_care_episode=CARE,
        register=r"""
        pupil | start      | marks
        ------+------------+------
        P1    | 2026-09-07 | /\
        P2    | 2026-09-07 | /\   """,
    )
    before = answer("cohort_attendance", as_at="2026-11-19", by="cohort", columns="children")
    after = answer("cohort_attendance", as_at="2026-11-20", by="cohort", columns="children")
    assert before == {"all": 2, "looked after": 2}
    assert after == {"all": 2, "looked after": 1, "previously looked after": 1}


def test_persistent_children_have_weeks_enough(given: Given, answer: Answer) -> None:
    """Whose rate it is too early to tell is counted apart, not among the persistent."""
    given(
        raw_care_episode=CARE,
        register=r"""
        pupil | start      | marks
        ------+------------+--------------
        P1    | 2026-09-07 | II*3 /\*27
        P2    | 2026-09-07 | II*3 /\*22
        P3    | 2026-09-07 | II*2 /\*28   """,
    )
    names = "children too_early_children persistent_children"
    found = answer("cohort_attendance", as_at="2026-11-19", by="cohort", columns=names)
    assert {cohort: tuple(row.values()) for cohort, row in found.items()} == {
        "all": (3, 1, 1),
        "looked after": (2, 1, 1),
        "has a social worker": (1, 0, 0),
    }


def test_nothing_possible_is_null_not_nought(given: Given, answer: Answer) -> None:
    """A group for whom nothing was possible has no rate."""
    given(
        raw_care_episode=CARE,
        register="""
        pupil | start      | marks
        ------+------------+------
        P1    | 2026-09-07 | ##   """,
    )
    names = "children possible_sessions absence_rate"
    found = answer("cohort_attendance", by="cohort", columns=names)
    nothing = {"children": 1, "possible_sessions": 0, "absence_rate": None}
    assert found == {"all": nothing, "looked after": nothing}


@pytest.mark.parametrize("as_at", ["2026-09-06", "2026-11-20"])
def test_children_without_a_mark_are_not_counted(given: Given, answer: Answer, as_at: str) -> None:
    """Before the first mark, and for a child without any, there is no row."""
    given(
        raw_care_episode="""
        pupil | start_date
        ------+-----------
        P1    | 2026-01-08
        P2    | 2026-01-08""",
        register="""
        pupil | start      | marks
        ------+------------+------
        P1    | 2026-09-07 | //   """,
    )
    found = answer("cohort_attendance", as_at=as_at, by="cohort", columns="children")
    assert found == ({} if as_at < "2026-09-07" else {"all": 1, "looked after": 1})


def test_twelve_months_is_a_group_of_its_own(given: Given, answer: Answer) -> None:
    """The national line's children: a year in care on the day, not a day less."""
    given(
        raw_care_episode="""
        pupil | status       | start_date
        ------+--------------+-----------
        P1    | looked after | 2025-11-20
        P2    | looked after | 2025-11-21""",
        register=r"""
        pupil | start      | marks
        ------+------------+------
        P1    | 2026-09-07 | /I
        P2    | 2026-09-07 | /\   """,
    )
    found = answer("cohort_attendance", by="cohort", columns="children absent_sessions")
    assert found["looked after"] == {"children": 2, "absent_sessions": 1}
    assert found["looked after 12 months"] == {"children": 1, "absent_sessions": 1}
