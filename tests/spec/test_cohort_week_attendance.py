"""cohort_week_attendance: a group's sessions in a week, beside the whole school's."""

from tests.conftest import Answer, Given


def test_a_session_belongs_to_the_group_of_its_day(given: Given, answer: Answer) -> None:
    """On the day care ends the session is no longer of a looked-after child."""
    given(
        raw_care_episode="""
        pupil | status                  | start_date | end_date
        ------+-------------------------+------------+-----------
        P1    | looked after            | 2024-01-08 | 2026-09-09
        P1    | previously looked after | 2026-09-09 | 2026-09-11
        P2    | looked after            | 2026-09-11 |           """,
        register=r"""
        pupil | start      | marks
        ------+------------+-----------------
        P1    | 2026-09-07 | /\ II /\ /I /\
        P2    | 2026-09-07 | II II II II /N """,
    )
    names = "children possible_sessions absent_sessions"
    found = answer("cohort_week_attendance", by="cohort", columns=names)
    assert {cohort: tuple(row.values()) for cohort, row in found.items()} == {
        "looked after": (2, 2 + 2 + 2, 2 + 1),
        "previously looked after": (1, 2 + 2, 1),
        "all": (2, 4 * 2 + 2, 2 + 1 + 1),
    }


def test_two_statuses_of_one_group_count_once(given: Given, answer: Answer) -> None:
    """In need and on a plan is one social worker; who is looked after is not counted there."""
    given(
        raw_care_episode="""
        pupil | status               | start_date
        ------+----------------------+-----------
        P1    | in need              | 2024-01-08
        P1    | on a protection plan | 2024-01-08
        P2    | in need              | 2024-01-08
        P2    | looked after         | 2024-01-08""",
        register=r"""
        pupil | start      | marks
        ------+------------+------
        P1    | 2026-09-07 | /I
        P2    | 2026-09-07 | /\   """,
    )
    found = answer("cohort_week_attendance", by="cohort", columns="possible_sessions")
    assert found == {"has a social worker": 2, "looked after": 2, "all": 2 + 2}


def test_beside_the_whole_school_where_it_is_recorded(given: Given, answer: Answer) -> None:
    """A week that the whole school's figures lack has no line, not a line at nought."""
    given(
        raw_care_episode="""
        pupil | start_date
        ------+-----------
        P1    | 2024-01-08""",
        register=r"""
        pupil | start      | marks
        ------+------------+------------
        P1    | 2026-09-07 | II*5 /\*10 """,
        raw_school_week="""
    week_start | possible_sessions | authorised_absent_sessions | unauthorised_absent_sessions
    -----------+-------------------+----------------------------+-----------------------------
    2026-09-07 | 2800              | 100                        | 40
    2026-09-21 | 0                 | 0                          | 0                           """,
    )
    names = "absence_rate school_absence_rate"
    found = answer("cohort_week_attendance", by="cohort week_start", columns=names)
    weeks = {week: tuple(row.values()) for (cohort, week), row in found.items() if cohort == "all"}
    assert weeks == {
        "2026-09-07": (10 / 10, (100 + 40) / 2800),
        "2026-09-14": (0 / 10, None),
        "2026-09-21": (0 / 10, None),
    }


def test_several_schools_are_added_up(given: Given, answer: Answer) -> None:
    """Each child stands beside their own school; a child who moves is one child."""
    given(
        raw_care_episode="""
        pupil | start_date
        ------+-----------
        P1    | 2024-01-08
        P2    | 2024-01-08
        P3    | 2024-01-08""",
        raw_enrolment="""
        school_key | pupil | entry_date | leaving_date
        -----------+-------+------------+-------------
        1          | P1    | 2024-09-02 |
        1          | P2    | 2024-09-02 | 2026-09-08
        2          | P2    | 2026-09-09 |
        2          | P3    | 2024-09-02 |             """,
        register=r"""
        school_key | pupil | start      | marks
        -----------+-------+------------+--------
        1          | P1    | 2026-09-07 | II /\*9
        1          | P2    | 2026-09-07 | /\*2
        2          | P2    | 2026-09-09 | II /\*2
        2          | P3    | 2026-09-07 | /\*5    """,
        raw_school_week="""
        school_key | week_start | possible_sessions | authorised_absent_sessions
        -----------+------------+-------------------+---------------------------
        1          | 2026-09-07 | 2800              | 100
        1          | 2026-09-14 | 2800              | 100
        2          | 2026-09-07 | 400               | 40                        """,
    )
    names = "children possible_sessions absent_sessions absence_rate school_absence_rate"
    found = answer("cohort_week_attendance", by="cohort week_start", columns=names)
    weeks = {week: tuple(row.values()) for (cohort, week), row in found.items() if cohort == "all"}
    # 14 of the 30 sessions are at the first school
    assert weeks == {
        "2026-09-07": (3, 30, 4, 4 / 30, (14 * 100 / 2800 + 16 * 40 / 400) / 30),
        "2026-09-14": (1, 10, 0, 0 / 10, (10 * 100 / 2800) / 10),
    }


def test_nothing_possible_is_null(given: Given, answer: Answer) -> None:
    """A week of closure has a row without children and without a rate."""
    given(
        raw_care_episode="""
        pupil | start_date
        ------+-----------
        P1    | 2024-01-08""",
        register="""
        pupil | start      | marks
        ------+------------+----------
        P1    | 2026-09-07 | Y4,Y4 ## """,
    )
    names = "children possible_sessions absence_rate"
    found = answer("cohort_week_attendance", by="cohort", columns=names)
    assert found["looked after"] == {"children": 0, "possible_sessions": 0, "absence_rate": None}
