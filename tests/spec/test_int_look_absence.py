"""int_look_absence: absence that lasts."""

from tests.conftest import YEAR_2026, Answer, Given


def test_a_fifth_of_the_school_year(given: Given, answer: Answer) -> None:
    """12 of 60 sessions in six weeks; 11 are fewer, and five weeks are too early."""
    given(
        calendar=YEAR_2026,
        register=r"""
        pupil | start      | marks
        ------+------------+-------------
        P1    | 2026-09-07 | II*6 /\*24
        P2    | 2026-09-07 | II*5 I\ /\*24
        P3    | 2026-09-14 | II*6 /\*19  """,
    )
    found = answer("int_look_absence", as_at="2026-10-16", by="pupil rule", columns="figure base")
    assert {key: row for key, row in found.items() if key[1] == "high_absence"} == {
        ("P1", "high_absence"): {"figure": 12, "base": 60}
    }


def test_a_tenth_for_another_term(given: Given, answer: Answer) -> None:
    """P1 in all three terms, P2 in the first and the last, P3 not in the one at hand."""
    given(
        calendar=YEAR_2026,
        register=r"""
        pupil | start      | marks
        ------+------------+-----------
        P1    | 2026-09-07 | II /\*9
        P1    | 2027-01-04 | II /\*9
        P1    | 2027-04-12 | II /\*9
        P2    | 2026-09-07 | II /\*9
        P2    | 2027-01-04 | I\ /\*9
        P2    | 2027-04-12 | II /\*9
        P3    | 2026-09-07 | II /\*9
        P3    | 2027-01-04 | II /\*9
        P3    | 2027-04-12 | I\ /\*9   """,
    )
    found = answer("int_look_absence", as_at="2027-04-30", by="pupil rule", columns="figure")
    assert {key[0]: figure for key, figure in found.items() if key[1] == "tenth_again"} == {
        "P1": 3,
        "P2": 2,
    }
