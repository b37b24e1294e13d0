"""pupil_suspension: suspensions and exclusions by the day asked for."""

from tests.conftest import Answer, Given


def test_in_the_words_of_the_census(given: Given, answer: Answer) -> None:
    """Codes have their words, years theirs; what is yet to come is not there."""
    given(
        raw_suspension="""
        pupil | suspension_date | category | sessions | reason
        ------+-----------------+----------+----------+-------
        P1    | 2026-07-20      | SUSP     | 3        | BU
        P1    | 2026-11-20      | PERM     | 2        |
        P1    | 2026-11-21      | LNCH     | 1        |       """
    )
    names = "academic_year category sessions reason"
    found = answer("pupil_suspension", by="suspension_date", columns=names)
    assert {day: tuple(row.values()) for day, row in found.items()} == {
        "2026-07-20": ("2025/26", "Suspension", 3, "Bullying"),
        "2026-11-20": ("2026/27", "Permanent", 2, None),
    }
