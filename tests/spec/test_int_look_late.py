"""int_look_late: mornings on which a child was late."""

from tests.conftest import YEAR_2026, Answer, Given


def test_one_morning_in_four(given: Given, answer: Answer) -> None:
    """5 of 20; 4 of 20 are fewer, 4 of the 16 on which it came are not; afternoons are none."""
    given(
        calendar=YEAR_2026,
        register=r"""
        pupil | start      | marks
        ------+------------+------------------------
        P1    | 2026-09-21 | L\*3 UU L\ /\*15
        P2    | 2026-09-21 | L\*4 /\*16
        P3    | 2026-09-21 | L\*4 /\*12 II*4
        P4    | 2026-09-21 | /L*20                  """,
    )
    found = answer("int_look_late", as_at="2026-10-16", by="pupil", columns="figure base")
    assert found == {"P1": {"figure": 5, "base": 20}, "P3": {"figure": 4, "base": 16}}
