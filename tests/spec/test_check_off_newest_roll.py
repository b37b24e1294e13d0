"""check_off_newest_roll: a child whom the latest roll no longer names, without a last day."""

from tests.conftest import Answer, Given


def test_only_those_without_a_leaving_date(given: Given, answer: Answer) -> None:
    """Who left on a date is in order; who is named on the latest roll is too."""
    given(
        raw_pupil="""
        pupil | is_on_newest_roll
        ------+------------------
        P1    | true
        P2    | false
        P3    | false            """,
        raw_enrolment="""
        pupil | entry_date | leaving_date
        ------+------------+-------------
        P1    | 2024-09-03 |
        P2    | 2024-09-03 |
        P3    | 2024-09-03 | 2026-07-21  """,
    )
    assert set(answer("check_off_newest_roll", as_at=None)) == {"P2"}
