"""int_look_missed: sessions missed in the last ten school days."""

import pytest

from tests.conftest import YEAR_2026, Answer, Given


@pytest.mark.parametrize(
    ("as_at", "figure", "base"),
    [
        ("2026-11-13", 4, 20),
        ("2026-11-15", 4, 20),  # on a Sunday the ten days are those up to Friday
        ("2026-11-16", 2, 18),  # the eleventh day back is out, the day itself has no mark
    ],
)
def test_the_window_is_school_days(
    given: Given, answer: Answer, as_at: str, figure: int, base: int
) -> None:
    """Half term lies before it: 2 to 13 November are ten school days."""
    given(
        calendar=YEAR_2026,
        register=r"""
        pupil | start      | marks
        ------+------------+-------------------------------------
        P1    | 2026-10-23 | II
        P1    | 2026-11-02 | II /\ O\ /\ /\ /\ /\ /\ /\ /N       """,
    )
    found = answer("int_look_missed", as_at=as_at, by="pupil", columns="figure base")
    assert found == {"P1": {"figure": figure, "base": base}}
