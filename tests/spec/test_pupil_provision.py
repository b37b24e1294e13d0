"""pupil_provision: part-time timetables and other provision by the day asked for."""

from tests.conftest import Answer, Given


def test_both_kinds(given: Given, answer: Answer) -> None:
    """A day to look at it may lie ahead; what begins tomorrow is not there."""
    given(
        raw_provision="""
        pupil | provision_date | kind                  | agreed_by  | review_date
        ------+----------------+-----------------------+------------+------------
        P1    | 2026-11-20     | part-time timetable   | nobody yet | 2026-12-11
        P1    | 2026-11-19     | alternative provision | nobody yet |
        P1    | 2026-11-21     | part-time timetable   | nobody yet |            """
    )
    found = answer("pupil_provision", by="kind", columns="review_date")
    assert found == {"part-time timetable": "2026-12-11", "alternative provision": None}
