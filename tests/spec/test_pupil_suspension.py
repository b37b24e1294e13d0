"""pupil_suspension: suspensions and exclusions by the day asked for."""

from tests.conftest import YEAR_2026, Answer, Given


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
    names = "academic_year category sessions year_sessions reason"
    found = answer("pupil_suspension", by="suspension_date", columns=names)
    assert {day: tuple(row.values()) for day, row in found.items()} == {
        "2026-07-20": ("2025/26", "Suspension", 3, 3, "Bullying"),
        "2026-11-20": ("2026/27", "Permanent exclusion", 2, None, None),
    }


def test_the_sessions_of_a_school_year(given: Given, answer: Answer) -> None:
    """Those of suspensions add up from September; other categories are not among them."""
    given(
        raw_suspension="""
        pupil | suspension_date | category | sessions
        ------+-----------------+----------+---------
        P1    | 2026-07-20      | SUSP     | 3
        P1    | 2026-09-07      | SUSP     | 4
        P1    | 2026-10-05      | LNCH     | 1
        P1    | 2026-11-02      | SUSP     | 10      """
    )
    found = answer("pupil_suspension", by="suspension_date", columns="year_sessions")
    assert found == {"2026-07-20": 3, "2026-09-07": 4, "2026-10-05": None, "2026-11-02": 4 + 10}


def test_education_from_the_sixth_day(given: Given, answer: Answer) -> None:
    """Due on the sixth school day of the suspension or exclusion that reaches it, of this year."""
    given(
        calendar=YEAR_2026,
        raw_care_episode="""
        pupil | start_date
        ------+-----------
        P1    | 2025-03-03
        P2    | 2025-03-03
        P3    | 2025-03-03
        P4    | 2025-03-03
        P5    | 2025-03-03""",
        raw_suspension="""
        pupil | suspension_date | category | sessions
        ------+-----------------+----------+---------
        P1    | 2026-11-02      | SUSP     | 10
        P2    | 2026-11-02      | SUSP     | 13
        P3    | 2026-11-02      | SUSP     | 13
        P4    | 2026-11-02      | PERM     | 0
        P5    | 2026-11-02      | SUSP     | 13      """,
        register=r"""
        pupil | start      | marks
        ------+------------+--------------
        P1    | 2026-11-02 | E*5 /*10
        P2    | 2026-11-02 | E*5 B*2 /*8
        P3    | 2026-11-02 | E*6 B /*8
        P5    | 2026-11-02 | E*7 /*8      """,
    )
    names = "days education_due education_from education_status"
    found = answer("pupil_suspension", by="pupil", columns=names)
    assert {child: tuple(row.values()) for child, row in found.items()} == {
        "P1": (5, None, None, None),
        "P2": (7, "2026-11-09", "2026-11-09", "done"),
        "P3": (7, "2026-11-09", "2026-11-10", "done"),
        "P4": (0, "2026-11-09", None, "waiting on others"),
        "P5": (7, "2026-11-09", None, "missed"),
    }


def test_what_is_lost_ends_with_the_register(given: Given, answer: Answer) -> None:
    """Of ten sessions from Wednesday six are lost by Friday, its last day; a weekend is none."""
    given(
        calendar=YEAR_2026,
        raw_suspension="""
        pupil | suspension_date | category | sessions
        ------+-----------------+----------+---------
        P1    | 2026-11-02      | SUSP     | 3
        P2    | 2026-11-18      | SUSP     | 10
        P3    | 2026-11-13      | PERM     | 20      """,
        register="""
        pupil | start      | marks
        ------+------------+------
        P1    | 2026-11-16 | /*5  """,
    )
    names = "sessions lost_sessions lost_days"
    found = answer("pupil_suspension", as_at="2026-11-20", by="pupil", columns=names)
    assert {child: tuple(row.values()) for child, row in found.items()} == {
        "P1": (3, 3, 2),
        "P2": (10, 6, 3),
        "P3": (20, 12, 6),
    }
