"""int_look_no_reason: N after the days in which its reason is found."""

import pytest

from tests.conftest import YEAR_2026, Answer, Given


@pytest.mark.parametrize(
    ("as_at", "figure"), [("2026-11-24", {}), ("2026-11-25", {"P1": 3}), ("2026-11-26", {"P1": 3})]
)
def test_every_n_counts_once_the_days_of_one_are_over(
    given: Given, answer: Answer, as_at: str, figure: dict[str, int]
) -> None:
    """The Tuesday's are over on the Tuesday after; P2 has a reason for all but one."""
    given(
        calendar=YEAR_2026,
        register=r"""
        pupil | start      | marks
        ------+------------+---------
        P1    | 2026-11-17 | NN N\
        P2    | 2026-11-19 | I\ IN   """,
    )
    assert answer("int_look_no_reason", as_at=as_at, by="pupil", columns="figure") == figure
    days = answer("int_look_no_reason", as_at=as_at, by="pupil", columns="days")
    assert days == dict.fromkeys(figure, 2)


def test_only_this_academic_year_counts(given: Given, answer: Answer) -> None:
    """In September the old year's are closed, found or not."""
    given(
        calendar=YEAR_2026,
        register=r"""
        pupil | start      | marks
        ------+------------+------
        P1    | 2026-11-17 | NN   """,
    )
    assert answer("int_look_no_reason", as_at="2027-09-01") == {}
