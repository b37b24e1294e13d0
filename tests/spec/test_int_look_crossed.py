"""int_look_crossed: absence that reached 1 session in 10 within the last 20 school days."""

import pytest

from tests.conftest import YEAR_2026, Answer, Given


@pytest.mark.parametrize(
    ("marks", "as_at", "figures"),
    [
        # 7 Sept to 23 Oct: 35 days are 70 sessions; the last 20 are from 28 September
        ("/*31 I*3 I\\", "2026-10-23", {"P1": (7, 70)}),  # exactly 1 in 10
        ("/*32 I*3", "2026-10-23", {}),  # 6 of 70
        ("I*3 /*28 I*4", "2026-10-23", {}),  # at it when the window began: 6 of 30
        ("I\\ /*14 /*17 I*3", "2026-10-23", {"P1": (7, 70)}),  # 1 of 30 then
        ("I/ I\\ I\\ /*12 /*18 I*2", "2026-10-23", {}),  # 3 of 30, exactly 1 in 10 then
        ("/*22 I*3", "2026-10-09", {}),  # 6 of 50 in five school weeks: too early
        ("/*22 I*4", "2026-10-12", {"P1": (8, 52)}),  # in the sixth
        ("X*15 /*17 I*3", "2026-10-30", {}),  # four weeks with a possible session
    ],
)
def test_crossed(
    given: Given, answer: Answer, marks: str, as_at: str, figures: dict[str, tuple[int, int]]
) -> None:
    """At it or over now, under it when the window began, after six school weeks."""
    register = "pupil | start | marks\nP1 | 2026-09-07 | " + marks.replace("/*", r"/\*")
    given(calendar=YEAR_2026, register=register)
    found = answer("int_look_crossed", as_at=as_at, by="pupil", columns="figure base")
    assert {pupil: tuple(row.values()) for pupil, row in found.items()} == figures
