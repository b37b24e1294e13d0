"""school_week_attendance: all children of a school in a week, shown or not."""

from tests.conftest import Answer, Given


def test_a_week_waits_for_its_friday(given: Given, answer: Answer) -> None:
    """A week has a row from its Friday on, and one without a possible session has no rate."""
    given(
        register=r"""
        pupil | start      | marks
        ------+------------+--------------
        P1    | 2026-09-07 | /\ II /\ II /\ """,
        raw_school_week="""
    week_start | possible_sessions | authorised_absent_sessions | unauthorised_absent_sessions
    -----------+-------------------+----------------------------+-----------------------------
    2026-08-31 | 0                 | 0                          | 0
    2026-09-07 | 2800              | 100                        | 40                          """,
    )
    names = "academic_year possible_sessions absent_sessions absence_rate"
    closed, full = ("2026/27", 0, 0, None), ("2026/27", 2800, 140, 140 / 2800)
    for as_at, weeks in (("2026-09-09", [closed]), ("2026-09-11", [closed, full])):
        found = answer("school_week_attendance", as_at=as_at, by="week_start", columns=names)
        assert [tuple(found[week].values()) for week in sorted(found)] == weeks
