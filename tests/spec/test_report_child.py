r"""report_child: what the children looked after missed in a term, of what, and their pounds."""

from tests.conftest import YEAR_2026, Answer, Given

SESSIONS = "last_day open_sessions missed_sessions"


def tell(
    answer: Answer, as_at: str = "2026-12-18", columns: str = SESSIONS
) -> dict[tuple[str, str], tuple[object, ...]]:
    rows = answer("report_child", as_at=as_at, by="pupil term", columns=columns)
    return {key: tuple(row.values()) for key, row in rows.items()}


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
        ("P1", "autumn"): ("2026-12-18", 4, 3),
        ("P2", "autumn"): ("2026-12-18", 4, 0),
    }


def test_a_child_counts_from_the_day_of_care_to_its_end(given: Given, answer: Answer) -> None:
    """P2 is in no group, and their marks open the days; last year's marks are of no use.

    P3 left care before the term. A mark outside the terms is in none of them.
    """
    given(
        calendar=YEAR_2026,
        raw_care_episode="""
        pupil | status       | start_date | end_date
        ------+--------------+------------+-----------
        P1    | looked after | 2026-09-08 | 2026-09-10
        P2    | in need      | 2024-01-08 |
        P3    | looked after | 2024-01-08 | 2026-09-02""",
        register=r"""
        pupil | start      | marks
        ------+------------+-------------
        P1    | 2026-09-07 | II II II II
        P2    | 2026-09-07 | /\ /\ /\ /\
        P2    | 2026-12-21 | /\
        P2    | 2026-06-08 | II          """,
    )
    assert tell(answer, "2026-12-24") == {("P1", "autumn"): ("2026-09-09", 4, 4)}
    assert tell(answer, "2026-09-08") == {("P1", "autumn"): ("2026-09-08", 2, 2)}


def test_the_last_day_of_a_term_counts_where_most_have_no_mark(
    given: Given, answer: Answer
) -> None:
    """On 18 December two of three have no mark: the term's total has the day all the same."""
    kids = ("P1", "P2", "P3")
    given(
        calendar=YEAR_2026,
        raw_care_episode="pupil | status | start_date\n"
        + "\n".join(f"{kid} | looked after | 2024-01-08" for kid in kids),
        register=r"""
        pupil | start      | marks
        ------+------------+------
        P1    | 2026-12-17 | /\ II
        P2    | 2026-12-17 | /\
        P3    | 2026-12-17 | /\  """,
    )
    assert tell(answer)["P1", "autumn"] == ("2026-12-18", 4, 2)
    assert tell(answer)["P2", "autumn"] == ("2026-12-18", 4, 0)


def test_a_session_counts_once_where_stays_overlap(given: Given, answer: Answer) -> None:
    """P1 is entered on the roll twice, the second time before the first stay ends."""
    given(
        calendar=YEAR_2026,
        raw_care_episode="""
        pupil | status       | start_date
        ------+--------------+-----------
        P1    | looked after | 2024-01-08""",
        raw_enrolment="""
        pupil | entry_date | leaving_date
        ------+------------+-------------
        P1    | 2026-09-02 | 2026-09-11
        P1    | 2026-09-07 |             """,
        register=r"""
        pupil | start      | marks
        ------+------------+------
        P1    | 2026-09-07 | II /I""",
    )
    assert tell(answer) == {("P1", "autumn"): ("2026-12-18", 4, 3)}


def test_a_child_has_a_row_for_each_term_of_the_year_that_has_begun(
    given: Given, answer: Answer
) -> None:
    """Without any mark the sessions are none.  The holiday belongs to the term before it."""
    given(
        calendar=YEAR_2026,
        raw_care_episode="""
        pupil | status       | start_date
        ------+--------------+-----------
        P1    | looked after | 2024-01-08""",
    )
    assert tell(answer, "2027-01-04") == {
        ("P1", "autumn"): ("2027-01-03", 0, 0),
        ("P1", "spring"): ("2027-01-04", 0, 0),
    }


def test_pounds_count_while_a_child_is_looked_after(given: Given, answer: Answer) -> None:
    """Agreed between terms, in the next one; not for P2 in need, nor beyond the day.

    P3 left care in the holiday, after an amount was agreed that belongs to spring.
    """
    given(
        calendar=YEAR_2026,
        raw_care_episode="""
        pupil | status       | start_date | end_date
        ------+--------------+------------+-----------
        P1    | looked after | 2024-01-08 | 2027-01-11
        P2    | in need      | 2024-01-08 |
        P3    | looked after | 2024-01-08 | 2026-12-29""",
        raw_premium="""
        pupil | premium_date | kind    | planned | spent
        ------+--------------+---------+---------+------
        P1    | 2026-08-20   | reading | 50      | 50
        P1    | 2026-10-05   | tutor   | 450     | 400
        P1    | 2026-10-05   | club    | 60.50   |
        P1    | 2026-12-21   | tutor   | 300     | 0
        P1    | 2027-01-11   | tutor   | 90      | 90
        P2    | 2026-10-05   | tutor   | 450     | 400
        P3    | 2026-12-21   | tutor   | 70      | 0    """,
    )
    pounds = "last_day planned spent"
    assert tell(answer, "2027-01-20", pounds) == {
        ("P1", "autumn"): ("2027-01-03", 560.5, 450),
        ("P1", "spring"): ("2027-01-10", 300, 0),
        ("P3", "autumn"): ("2026-12-28", 0, 0),
        ("P3", "spring"): (None, 70, 0),
    }
    autumn = tell(answer, "2026-12-19", pounds)
    assert autumn["P1", "autumn"] == ("2026-12-18", 560.5, 450)
