"""pupil_school: where a child goes to school."""

from tests.conftest import Answer, Given


def test_a_child_at_two_schools_has_both_names(given: Given, answer: Answer) -> None:
    """Who has moved has the new school's alone, and who has no place has no row."""
    given(
        raw_school="""
        school_key | school_id | school_name
        -----------+-----------+------------
        1          | 1         | Elm School
        2          | 2         | Oak School """,
        raw_enrolment="""
        pupil | school_key | entry_date | leaving_date
        ------+------------+------------+-------------
        P1    | 2          | 2024-09-02 |
        P1    | 1          | 2026-11-02 |
        P2    | 1          | 2024-09-02 | 2026-10-23
        P2    | 2          | 2026-11-02 |
        P3    | 1          | 2024-09-02 | 2026-10-23  """,
    )
    assert answer("pupil_school", as_at="2026-11-20", columns="school_key school_names") == {
        "P1": {"school_key": 1, "school_names": "Elm School and Oak School"},
        "P2": {"school_key": 2, "school_names": "Oak School"},
    }
