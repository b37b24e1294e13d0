"""check_unexplained_n: a mark of N that has outlived its five school days."""

import pytest

from tests.conftest import Answer, Given

CALENDAR = """
    start      | end        | kind
    -----------+------------+-----------
    2026-10-19 | 2026-10-23 | school day
    2026-10-26 | 2026-10-30 | holiday
    2026-11-02 | 2026-11-02 | INSET
    2026-11-03 | 2026-11-06 | school day
    2026-11-09 | 2026-11-13 | school day"""


@pytest.mark.parametrize(
    ("as_at", "school_days"),
    [
        ("2026-10-22", {}),
        ("2026-11-06", {}),
        ("2026-11-08", {}),
        ("2026-11-09", {"P1": 1 + 4 + 1}),
        ("2026-11-11", {"P1": 1 + 4 + 3}),
    ],
)
def test_five_school_days_over_a_half_term(
    given: Given, answer: Answer, as_at: str, school_days: dict[str, int]
) -> None:
    """Exactly five school days after the mark is in time; the sixth is not."""
    given(
        calendar=CALENDAR,
        register=r"""
        pupil | start      | marks
        ------+------------+------
        P1    | 2026-10-22 | N\
        P2    | 2026-10-22 | I\
        P3    | 2026-11-05 | N\   """,
    )
    found = answer("check_unexplained_n", as_at=as_at, by="pupil", columns="school_days")
    assert found == school_days


def test_an_n_on_a_closed_day_is_not_forgotten(given: Given, answer: Answer) -> None:
    """It counts as an absence like any other, so its school days are counted too."""
    given(
        calendar=CALENDAR,
        register="""
        pupil | start      | marks
        ------+------------+------
        P1    | 2026-11-02 | N-
        P2    | 2026-10-16 | N-   """,
    )
    found = answer("check_unexplained_n", as_at="2026-11-10", by="pupil", columns="school_days")
    assert found == {"P1": 4 + 2, "P2": 5 + 4 + 2}
