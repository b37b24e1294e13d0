"""check_gap: a school day of a child's stay without a mark."""

from tests.conftest import Answer, Given

CALENDAR = """
    start      | end        | kind
    -----------+------------+-----------
    2026-10-22 | 2026-10-23 | school day
    2026-10-26 | 2026-10-30 | holiday
    2026-11-02 | 2026-11-06 | school day"""


def test_blanks_between_are_gaps_and_the_afternoon_to_come_is_not(
    given: Given, answer: Answer
) -> None:
    """The last day has only its morning yet; neither a holiday nor another stay is a gap."""
    given(
        calendar=CALENDAR,
        raw_enrolment="""
        pupil | entry_date | leaving_date
        ------+------------+-------------
        P1    | 2024-09-03 |
        P2    | 2026-11-03 |             """,
        register=r"""
        pupil | start      | marks
        ------+------------+------------
        P1    | 2026-10-22 | /- /\
        P1    | 2026-11-02 | -\ /- /\ /-
        P2    | 2026-11-03 | /\ -- /-   """,
    )
    assert set(answer("check_gap", columns="handle")) == {
        ("P1", "2026-10-22", "PM"),
        ("P1", "2026-11-02", "AM"),
        ("P1", "2026-11-03", "PM"),
        ("P2", "2026-11-04", "AM"),
        ("P2", "2026-11-04", "PM"),
    }
    assert set(answer("check_gap", as_at="2026-11-01")) == {("P1", "2026-10-22", "PM")}


def test_a_stay_that_is_over_without_a_mark_has_no_gaps(given: Given, answer: Answer) -> None:
    """P1's is over and the schedule took its marks; P2's has one; P3's is not over yet.

    P1 came back, so the later stay has gaps again.
    """
    given(
        calendar=CALENDAR,
        raw_enrolment="""
        pupil | entry_date | leaving_date
        ------+------------+-------------
        P1    | 2026-10-22 | 2026-10-23
        P1    | 2026-11-05 |
        P2    | 2026-10-22 | 2026-10-23
        P3    | 2026-10-22 | 2026-10-23  """,
        register=r"""
        pupil | start      | marks
        ------+------------+---------
        P2    | 2026-10-22 | /\ -\
        P1    | 2026-11-05 | -\ /\   """,
    )
    assert set(answer("check_gap", columns="handle")) == {
        ("P1", "2026-11-05", "AM"),
        ("P2", "2026-10-23", "AM"),
    }
    assert ("P3", "2026-10-22", "AM") in set(answer("check_gap", as_at="2026-10-22"))
