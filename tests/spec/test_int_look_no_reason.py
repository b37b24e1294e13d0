"""int_look_no_reason: N after its own day."""

import pytest

from tests.conftest import Answer, Given


@pytest.mark.parametrize(
    ("as_at", "figure"),
    [("2026-11-17", {}), ("2026-11-18", {"P1": 2}), ("2027-08-01", {})],
)
def test_n_of_today_does_not_count(
    given: Given, answer: Answer, as_at: str, figure: dict[str, int]
) -> None:
    """The office has the day to ring; from the next on it counts, in its academic year."""
    given(
        register=r"""
        pupil | start      | marks
        ------+------------+---------
        P1    | 2026-11-17 | NN N\
        P2    | 2026-11-17 | I\ IN   """
    )
    found = answer("int_look_no_reason", as_at=as_at, by="pupil", columns="figure")
    assert found == figure
