"""pupil_protection: the steps of a child, in the words of their lists."""

from tests.conftest import Answer, Given


def test_in_words_and_up_to_the_day(given: Given, answer: Answer) -> None:
    """Codes have their words; a step of the day is there, one that is booked ahead is not."""
    given(
        raw_protection="""
        pupil | protection_date | event             | abuse | referred_by | reason
        ------+-----------------+-------------------+-------+-------------+-------
        P1    | 2025-10-07      | referral          |       | 2A          |
        P1    | 2026-03-18      | plan begun        | EMO   |             |
        P1    | 2026-11-20      | case closed       |       |             | RC9
        P1    | 2026-12-09      | conference booked |       |             |       """
    )
    found = answer("pupil_protection", by="protection_date", columns="abuse referred_by reason")
    assert {day: tuple(row.values()) for day, row in found.items()} == {
        "2025-10-07": (None, "School", None),
        "2026-03-18": ("Emotional abuse", None, None),
        "2026-11-20": (None, None, "Case closed after assessment, referred to early help"),
    }
