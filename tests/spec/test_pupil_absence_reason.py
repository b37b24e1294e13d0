"""pupil_absence_reason: sessions that a child missed, by reason."""

from tests.conftest import Answer, Given


def test_sessions_by_reason_up_to_the_day(given: Given, answer: Answer) -> None:
    """Each absent session is under its code, with leave or without; others are nowhere.

    Later absences are not there yet; a code that no list knows is no reason.
    """
    given(
        raw_care_episode="""
        pupil | start_date
        ------+-----------
        P1    | 2026-01-08
        P2    | 2024-01-08""",
        register=r"""
        pupil | start      | marks
        ------+------------+--------------
        P1    | 2026-09-07 | /I II C2,N II
        P2    | 2026-09-07 | I\ Y4,L OX II""",
    )
    names = "reason absent_sessions is_authorised"
    found = answer("pupil_absence_reason", as_at="2026-09-09", by="pupil code", columns=names)
    ill = "Illness (not appointment)"
    assert {key: tuple(row.values()) for key, row in found.items()} == {
        ("P1", "I"): (ill, 3, True),
        ("P1", "C2"): ("Leave: temporary part-time timetable, compulsory school age", 1, True),
        ("P1", "N"): ("Reason not yet established (replace within 5 school days)", 1, False),
        ("P2", "I"): (ill, 1, True),
        ("P2", "O"): ("Other or unknown circumstances", 1, False),
    }
