"""pupil_intervention: help in place by the day asked for."""

from tests.conftest import Answer, Given


def test_help_in_words(given: Given, answer: Answer) -> None:
    """A kind has its words; what begins tomorrow is not there."""
    given(
        raw_intervention="""
        pupil | intervention_date | kind     | review_date | end_date   | helped
        ------+-------------------+----------+-------------+------------+-------
        P1    | 2026-03-02        | feelings | 2026-04-20  | 2026-05-18 | partly
        P1    | 2026-11-20        | mentor   |             |            |
        P1    | 2026-11-21        | tutor    |             |            |       """
    )
    found = answer("pupil_intervention", by="kind", columns="helped")
    assert found == {"Feelings and friends, in a small group": "partly", "A mentor": None}
