"""int_look_crossed: absence that reached 1 session in 10 within the last 20 school days."""

import pytest

from tests.conftest import YEAR_2026, Answer, Given
from tests.support.text_tables import by_case, number_cases

#: As at, marks from Monday 7 September on, and the sessions missed of those that were possible.
#: Until 23 October there are 35 days, 70 sessions; the last 20 days are from 28 September.
CASES = {
    ("2026-10-23", r"/\*31 II*3 I\ "): (7, 70),  # exactly 1 in 10
    ("2026-10-23", r"/\*32 II*3"): None,  # 6 of 70
    ("2026-10-23", r"II*3 /\*28 II*4"): None,  # at it when the window began: 6 of 30
    ("2026-10-23", r"I\ /\*31 II*3"): (7, 70),  # 1 of 30 then
    ("2026-10-23", r"I/ I\ I\ /\*30 II*2"): None,  # 3 of 30, exactly 1 in 10 then
    ("2026-10-23", r"I\ /\*13 II /\*18 II*2"): None,  # reached on the day before
    ("2026-10-09", r"/\*22 II*3"): None,  # 6 of 50 in five school weeks: too early
    ("2026-10-12", r"/\*22 II*4"): (8, 52),  # in the sixth
    ("2026-10-30", r"X*15 /\*17 II*3"): None,  # four weeks with a possible session
}


@pytest.mark.parametrize("as_at", sorted({day for day, _ in CASES}))
def test_crossed(given: Given, answer: Answer, as_at: str) -> None:
    """At it or over now, under it when the window began, after six school weeks."""
    cases = {case: expected for case, expected in CASES.items() if case[0] == as_at}
    register = number_cases("start | marks", [f"2026-09-07 | {marks}" for _, marks in cases])
    given(calendar=YEAR_2026, register=register)
    found = answer("int_look_crossed", as_at=as_at, by="pupil", columns="figure base")
    assert by_case(cases, found) == cases
