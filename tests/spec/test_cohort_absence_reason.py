"""cohort_absence_reason: sessions missed by a group, by reason."""

from tests.conftest import Answer, Given


def test_sessions_and_children_by_reason(given: Given, answer: Answer) -> None:
    """Each absent session is under its code, with leave or without; others are nowhere."""
    given(
        raw_care_episode="""
        pupil | status       | start_date
        ------+--------------+-----------
        P1    | looked after | 2026-01-08
        P2    | in need      | 2024-01-08""",
        register=r"""
        pupil | start      | marks
        ------+------------+-----------
        P1    | 2026-09-07 | /I II C2,N
        P2    | 2026-09-07 | I\ Y4,L O\
        P3    | 2026-09-07 | II II II  """,
    )
    names = "children absent_sessions is_authorised"
    found = answer("cohort_absence_reason", by="cohort code", columns=names)
    assert {key: tuple(row.values()) for key, row in found.items()} == {
        ("all", "I"): (2, 3 + 1, True),
        ("all", "C2"): (1, 1, True),
        ("all", "N"): (1, 1, False),
        ("all", "O"): (1, 1, False),
        ("looked after", "I"): (1, 3, True),
        ("looked after", "C2"): (1, 1, True),
        ("looked after", "N"): (1, 1, False),
        ("has a social worker", "I"): (1, 1, True),
        ("has a social worker", "O"): (1, 1, False),
    }


def test_only_sessions_up_to_the_day_and_known_codes(given: Given, answer: Answer) -> None:
    """Later absences are not there yet; a code that no list knows is no reason."""
    given(
        raw_care_episode="""
        pupil | start_date
        ------+-----------
        P1    | 2026-01-08""",
        register="""
        pupil | start      | marks
        ------+------------+------
        P1    | 2026-09-07 | YI II """,
    )
    found = answer(
        "cohort_absence_reason", as_at="2026-09-07", by="cohort code", columns="absent_sessions"
    )
    assert found == {("all", "I"): 1, ("looked after", "I"): 1}
