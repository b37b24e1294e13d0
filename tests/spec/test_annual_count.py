"""annual_count: of how many children looked after each thing is known, and true."""

from tests.conftest import Answer, Given


def test_a_measure_counts_whom_it_is_known_of(given: Given, answer: Answer) -> None:
    """P3 has no place, P4 no mark this year, P5 is not looked after."""
    given(
        calendar="""
        start      | end
        -----------+-----------
        2026-09-01 | 2026-12-18""",
        raw_enrolment="""
        pupil | entry_date | leaving_date
        ------+------------+-------------
        P1    | 2025-09-01 |
        P2    | 2025-09-01 |
        P3    | 2025-09-01 | 2026-07-17
        P4    | 2025-09-01 |
        P5    | 2025-09-01 |             """,
        raw_care_episode="""
        pupil | start_date | status
        ------+------------+-------------
        P1    | 2025-03-03 | looked after
        P2    | 2025-03-03 | looked after
        P3    | 2025-03-03 | looked after
        P4    | 2025-03-03 | looked after
        P5    | 2025-03-03 | in need     """,
        raw_pep="""
        pupil | pep_date   | outcome
        ------+------------+--------
        P1    | 2026-09-21 | held   """,
        raw_suspension="""
        pupil | suspension_date | category | sessions
        ------+-----------------+----------+---------
        P2    | 2026-10-05      | SUSP     | 2       """,
        register="""
        pupil | start      | marks
        ------+------------+-----------
        P1    | 2026-09-01 | I*30 /*20
        P2    | 2026-09-01 | I*6 /*44
        P5    | 2026-09-01 | I*50     """,
    )
    found = answer("annual_count", as_at="2026-11-20")
    assert {measure: (row["counted"], row["children"]) for measure, row in found.items()} == {
        "without a school place": (1, 4),
        "PEP meeting held when due": (1, 3),
        "persistently absent": (2, 2),
        "severely absent": (1, 2),
        "suspended this school year": (1, 2),
    }
