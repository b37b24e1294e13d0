"""pupil_premium: pupil premium plus by the day asked for."""

from tests.conftest import Answer, Given


def test_nothing_spent_is_not_unknown(given: Given, answer: Answer) -> None:
    """0 pounds are told apart from none that anybody knows of."""
    given(
        raw_premium="""
        pupil | premium_date | kind  | planned | spent | is_in_pep
        ------+--------------+-------+---------+-------+----------
        P1    | 2026-11-20   | tutor | 450     | 0     | true
        P1    | 2026-11-19   | club  | 60      |       |
        P1    | 2026-11-21   | tutor | 450     | 450   | true     """
    )
    found = answer("pupil_premium", by="kind", columns="spent is_in_pep")
    assert found == {
        "A tutor": {"spent": 0, "is_in_pep": True},
        "Clubs, trips and music": {"spent": None, "is_in_pep": None},
    }
