"""pupil_care_change: changes of social worker and school by the day asked for."""

from tests.conftest import Answer, Given


def test_up_to_the_day(given: Given, answer: Answer) -> None:
    """A change of the day itself is there, in words; one of tomorrow is not."""
    given(
        raw_care_change="""
        pupil | care_change_date | kind          | reason
        ------+-------------+---------------+-------
        P1    | 2026-11-20  | social worker | LEFTRL
        P1    | 2026-11-21  | social worker | LEFTRL """
    )
    found = answer("pupil_care_change", by="care_change_date", columns="reason")
    assert found == {"2026-11-20": "Previous worker left role"}
