"""pupil_test: tests and checks by the day asked for."""

from tests.conftest import Answer, Given


def test_a_score_of_nothing_is_a_score(given: Given, answer: Answer) -> None:
    """0 is a score; none has its reason in words."""
    given(
        raw_test="""
        pupil | test_date  | test   | score | outcome
        ------+------------+--------+-------+--------
        P1    | 2026-06-10 | tables | 0     |
        P1    | 2026-11-20 | tables |       | A
        P1    | 2026-11-21 | tables | 25    |        """
    )
    found = answer("pupil_test", by="test_date", columns="score outcome")
    assert found == {
        "2026-06-10": {"score": 0, "outcome": None},
        "2026-11-20": {"score": None, "outcome": "Absent"},
    }
