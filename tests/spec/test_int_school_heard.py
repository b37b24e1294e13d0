"""int_school_heard: which schools hear of health assessments, since when."""

from tests.conftest import Answer, Given


def test_the_first_of_any_child_counts_whatever_came_of_it(given: Given, answer: Answer) -> None:
    """A booking tells of nothing yet, and other check-ups are of other people."""
    given(
        raw_health="""
        school_key | pupil | kind              | health_date | outcome
        -----------+-------+-------------------+-------------+---------
        1          | P1    | review assessment | 2026-09-14  | not done
        1          | P2    | review assessment | 2026-10-05  | done
        1          | P2    | dental check      | 2026-09-01  | done
        2          | P3    | review assessment | 2026-12-01  | booked"""
    )
    found = answer("int_school_heard", by="school_key", columns="heard_from", as_at=None)
    assert found == {1: "2026-09-14"}
