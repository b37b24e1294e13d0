"""overdue_count: what is past its deadline, by school, term and holder."""

from tests.conftest import YEAR_2026, Answer, Given


def test_steps_are_counted_by_the_term_of_their_deadline(given: Given, answer: Answer) -> None:
    """Who is on time has none; a deadline in the holidays is of the term before."""
    given(
        raw_school="""
        school_key | school_id | school_name
        -----------+-----------+------------
        1          | 1         | Elm        """,
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
    by = "academic_year term holder"
    assert answer("overdue_count", as_at="2027-01-29", by=by, columns="first_day steps missed") == {
        ("2026/27", "autumn", "authority"): {"first_day": "2026-09-02", "steps": 1, "missed": 0},
        ("2026/27", "autumn", "school and social worker"): {
            "first_day": "2026-09-02",
            "steps": 1,
            "missed": 1,
        },
        ("", "earlier", "authority"): {"first_day": None, "steps": 1, "missed": 0},
        ("2026/27", "spring", "authority"): {"first_day": "2027-01-04", "steps": 1, "missed": 0},
        ("2026/27", "spring", "school and social worker"): {
            "first_day": "2027-01-04",
            "steps": 1,
            "missed": 0,
        },
    }
