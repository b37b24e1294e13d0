"""group_figure: what a Headteacher is told of the children looked after as one group."""

from decimal import Decimal

from tests.conftest import YEAR_2026, Answer, Given

Told = dict[tuple[str, str], tuple[object, object]]


def tell(answer: Answer, as_at: str) -> Told:
    rows = answer("group_figure", as_at=as_at, by="measure part")
    return {
        key: (row["counted"] if row["pounds"] is None else row["pounds"], row["out_of"])
        for key, row in rows.items()
    }


def test_figures_are_of_the_children_looked_after_on_the_day(given: Given, answer: Answer) -> None:
    """P3 is previously looked after and counts nowhere; P2 has no assessment twice.

    P1 has had no review of care since the first; P1's PEP is due on the last day of term.
    """
    given(
        calendar=YEAR_2026,
        raw_care_episode="""
        pupil | start_date | end_date   | status
        ------+------------+------------+--------------------------
        P1    | 2025-03-03 |            | looked after
        P2    | 2025-03-03 |            | looked after
        P3    | 2024-03-04 |            | previously looked after  """,
        register=r"""
        pupil | start      | marks
        ------+------------+------------
        P1    | 2026-09-07 | /I /\
        P2    | 2026-09-07 | II /\
        P3    | 2026-09-07 | II II        """,
        raw_suspension="""
        pupil | suspension_date | category | sessions
        ------+-----------------+----------+---------
        P1    | 2026-09-21      | SUSP     | 2
        P1    | 2026-10-05      | SUSP     | 2
        P2    | 2026-06-08      | SUSP     | 1       """,
        raw_pep="""
        pupil | pep_date   | outcome
        ------+------------+--------
        P1    | 2026-03-09 | held
        P2    | 2026-04-20 | held
        P2    | 2026-09-14 | held   """,
        raw_review="""
        pupil | review_date
        ------+------------
        P1    | 2025-03-24
        P2    | 2025-03-24
        P2    | 2025-06-20
        P2    | 2026-06-15 """,
        raw_sdq="""
        pupil | sdq_date   | informant | total
        ------+------------+-----------+------
        P1    | 2026-03-02 | carer     | 20
        P1    | 2026-09-14 | carer     | 10
        P3    | 2026-09-14 | carer     | 20   """,
        raw_assessment="""
        pupil | assessment_date | subject | step | class_step
        ------+-----------------+---------+------+-----------
        P1    | 2026-03-20      | reading | 5    | 10
        P1    | 2026-09-18      | reading | 7    | 12
        P1    | 2026-03-20      | maths   | 5    | 10
        P1    | 2026-09-18      | maths   | 6    | 12
        P2    | 2026-09-18      | reading | 7    | 12
        P3    | 2026-03-20      | reading | 5    | 10
        P3    | 2026-09-18      | reading | 9    | 12         """,
        raw_premium="""
        pupil | premium_date | kind     | planned | spent
        ------+--------------+----------+---------+------
        P1    | 2026-09-14   | reading  | 300     | 299.5
        P1    | 2026-06-08   | reading  | 900     | 900
        P2    | 2026-09-14   | reading  | 100     |
        P3    | 2026-09-14   | reading  | 700     | 700   """,
    )
    assert tell(answer, "2026-10-09") == {
        ("looked after", ""): (2, None),
        ("missed sessions", ""): (3, 8),
        ("PEP meetings", ""): (1, 1),
        ("overdue", "school"): (0, None),
        ("overdue", "others"): (1, None),
        ("suspended", ""): (1, 2),
        ("SDQ scores", ""): (1, 2),
        ("SDQ band", "lower"): (1, None),
        ("progress", "maths"): (0, 1),
        ("progress", "reading"): (1, 1),
        ("premium", "planned"): (400, None),
        ("premium", "spent"): (Decimal("299.50"), None),
    }
