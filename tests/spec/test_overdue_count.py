"""overdue_count: what is past its deadline, by school, term and holder."""

from tests.conftest import YEAR_2026, Answer, Given


def test_steps_are_counted_by_the_term_of_their_deadline(given: Given, answer: Answer) -> None:
    """Who is on time has none; a deadline in the holidays is of the term before."""
    given(
        calendar=YEAR_2026,
        raw_care_episode="""
        pupil | start_date
        ------+-----------
        P1    | 2026-11-30
        P2    | 2026-12-14
        P3    | 2025-03-03
        P4    | 2026-08-03""",
        raw_pep="""
        pupil | pep_date
        ------+-----------
        P3    | 2026-01-12
        P4    | 2026-09-01
        P4    | 2026-12-01
        P4    | 2027-01-11
        P3    | 2026-05-11
        P3    | 2027-01-11""",
        raw_review="""
        pupil | review_date
        ------+------------
        P3    | 2026-07-01
        P3    | 2026-12-01 """,
    )
    names = "first_day school_and_social_worker authority missed"
    found = answer("overdue_count", as_at="2027-01-29", by="academic_year term", columns=names)
    assert {key: tuple(row.values()) for key, row in found.items()} == {
        ("", "earlier"): (None, 0, 1, 0),
        ("2026/27", "autumn"): ("2026-09-02", 1, 1, 1),
        ("2026/27", "spring"): ("2027-01-04", 1, 1, 0),
    }


def test_each_who_must_act_has_a_column(given: Given, answer: Answer) -> None:
    """The school marks without a reason, which count once; others an SDQ and an assessment."""
    given(
        calendar=YEAR_2026,
        raw_care_episode="""
        pupil | start_date
        ------+-----------
        P1    | 2024-03-04
        P2    | 2024-03-04""",
        raw_sdq="""
        pupil | sdq_date   | total
        ------+------------+------
        P1    | 2025-09-21 | 9    """,
        raw_health="""
        pupil | health_date | kind
        ------+-------------+------------------
        P1    | 2025-09-21  | review assessment""",
        register="""
        pupil | start      | marks
        ------+------------+-------
        P1    | 2026-09-07 | N*3 /*52
        P2    | 2026-09-07 | /*55  """,
    )
    names = "school_name school social_worker health"
    found = answer("overdue_count", as_at="2026-11-20", by="term", columns=names)
    assert tuple(found["autumn"].values()) == ("Larkfield Junior School", 1, 1, 1)
