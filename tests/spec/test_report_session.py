r"""report_session: what the children looked after missed, and what anybody knows of the base."""

from tests.conftest import YEAR_2026, Answer, Given

COLUMNS = "open_sessions absent_sessions suspended_sessions"


def tell(answer: Answer, as_at: str = "2026-11-20") -> dict[tuple[str, str], tuple[int, ...]]:
    found = answer("report_session", as_at=as_at, by="pupil session_date", columns=COLUMNS)
    return {key: tuple(row.values()) for key, row in found.items()}


def test_the_base_is_every_session_in_which_anybody_could_attend(
    given: Given, answer: Answer
) -> None:
    """P2 learns elsewhere on Monday, has no mark on Tuesday; on Wednesday all was closed."""
    given(
        calendar=YEAR_2026,
        raw_care_episode="""
        pupil | status       | start_date
        ------+--------------+-----------
        P1    | looked after | 2024-01-08
        P2    | looked after | 2024-01-08""",
        register=r"""
        pupil | start      | marks
        ------+------------+------------
        P1    | 2026-09-07 | /I EE Y4,Y4
        P2    | 2026-09-07 | DD -- Y4,Y4""",
    )
    assert tell(answer) == {
        ("P1", "2026-09-07"): (2, 1, 0),
        ("P1", "2026-09-08"): (2, 2, 2),
        ("P2", "2026-09-07"): (2, 0, 0),
        ("P2", "2026-09-08"): (2, 0, 0),
    }


def test_a_child_counts_from_the_day_of_care_to_its_end(given: Given, answer: Answer) -> None:
    """P2 is in no group, and their mark opens the day; last year's marks are of no use."""
    given(
        calendar=YEAR_2026,
        raw_care_episode="""
        pupil | status       | start_date | end_date
        ------+--------------+------------+-----------
        P1    | looked after | 2026-09-08 | 2026-09-10
        P2    | in need      | 2024-01-08 |           """,
        register=r"""
        pupil | start      | marks
        ------+------------+-------------
        P1    | 2026-09-07 | II II II II
        P2    | 2026-09-07 | /\ /\ /\ /\
        P2    | 2026-06-08 | II          """,
    )
    expected = {("P1", "2026-09-08"): (2, 2, 0), ("P1", "2026-09-09"): (2, 2, 0)}
    assert tell(answer) == expected
    assert tell(answer, "2026-09-08") == {("P1", "2026-09-08"): (2, 2, 0)}


def test_a_mark_outside_the_terms_counts_in_its_school_year(given: Given, answer: Answer) -> None:
    """As on the pages: before the term, in a holiday, and on a day that no calendar has.

    Last year does not count, nor does a day after the register's last.
    """
    given(
        raw_calendar_day="""
        calendar_date | kind
        --------------+-----------
        2026-07-17    | school day
        2026-09-03    | school day
        2026-12-18    | school day
        2026-12-21    | holiday   """,
        raw_care_episode="""
        pupil | status       | start_date
        ------+--------------+-----------
        P1    | looked after | 2024-01-08""",
        raw_mark="""
        pupil | session_date | half | code
        ------+--------------+------+-----
        P1    | 2026-07-20   | AM   | I
        P1    | 2026-09-02   | AM   | I
        P1    | 2026-12-21   | AM   | I
        P1    | 2026-12-22   | PM   | N
        P1    | 2026-12-23   | AM   | I   """,
    )
    assert tell(answer, "2026-12-22") == {
        ("P1", "2026-09-02"): (1, 1, 0),
        ("P1", "2026-12-21"): (1, 1, 0),
        ("P1", "2026-12-22"): (1, 1, 0),
    }


def test_a_child_of_two_schools_has_one_row_a_day(given: Given, answer: Answer) -> None:
    """School 1 is open in the morning, school 2 all day: two sessions, and one is missed."""
    given(
        calendar="""
        school_key | start      | end
        -----------+------------+-----------
        1          | 2026-09-02 | 2026-12-18
        2          | 2026-09-02 | 2026-12-18""",
        raw_care_episode="""
        pupil | status       | start_date
        ------+--------------+-----------
        P1    | looked after | 2024-01-08""",
        raw_enrolment="""
        school_key | pupil | entry_date
        -----------+-------+-----------
        1          | P1    | 2026-09-02
        2          | P1    | 2026-09-02
        2          | P2    | 2026-09-02""",
        register=r"""
        school_key | pupil | start      | marks
        -----------+-------+------------+------
        1          | P1    | 2026-09-07 | I-
        2          | P2    | 2026-09-07 | /\   """,
    )
    assert tell(answer) == {("P1", "2026-09-07"): (2, 1, 0)}
