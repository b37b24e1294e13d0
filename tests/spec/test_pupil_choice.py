"""pupil_choice: what was given by choice, by the day asked for."""

from tests.conftest import Answer, Given


def test_what_is_told_by_the_day(given: Given, answer: Answer) -> None:
    """In words, with who gave it; what lies ahead of the day is not there."""
    given(
        raw_choice="""
        pupil | choice_date | item      | given_by
        ------+-------------+-----------+----------
        P1    | 2026-11-20  | own_words | the child
        P1    | 2026-11-21  | health    | carer    """
    )
    found = answer("pupil_choice", by="item", columns="given_by taken_back_date")
    assert found == {"The child's own words": {"given_by": "the child", "taken_back_date": None}}
