"""check_sen_at_odds: the roll and the steps of a plan disagree, and both are kept."""

from tests.conftest import Answer, Given
from tests.support.text_tables import by_case, number_cases

_SOURCES = """
    source_id | file_name | sender
    ----------+-----------+--------
    1         | roll.csv  | office
    2         | ehcp.csv  | Ashmere
    3         | typed     | typed"""


def test_both_are_told_with_where_they_are_from(given: Given, answer: Answer) -> None:
    """Less than a plan beside one that holds, or a plan beside steps that have none."""
    given(
        raw_source=_SOURCES,
        raw_enrolment="""
        pupil | sen_provision
        ------+--------------
        P1    | K
        P2    | N
        P3    | E
        P4    | E
        P5    | E
        P6    | E
        P7    | K
        P8    |
        P9    | N            """,
        raw_ehcp="""
        pupil | ehcp_date  | event          | source_id
        ------+------------+----------------+----------
        P1    | 2024-05-06 | plan issued    | 2
        P2    | 2024-05-06 | plan issued    | 2
        P2    | 2026-04-27 | review meeting | 3
        P3    | 2024-05-06 | plan issued    | 2
        P3    | 2026-06-30 | ceased         | 2
        P5    | 2026-10-05 | requested      | 2
        P6    | 2024-05-06 | plan issued    | 2
        P7    | 2026-10-05 | requested      | 2
        P8    | 2024-05-06 | plan issued    | 2        """,
    )
    support, plan = "SEN support", "Education, Health and Care Plan"
    none, of_roll = "No special educational need", "(roll.csv, 2026-11-20)"
    assert answer("check_sen_at_odds", columns="one_says other_says ask") == {
        name: {"one_says": f"{one} {of_roll}", "other_says": other, "ask": "Local authority"}
        for name, one, other in (
            ("P1", support, "plan (ehcp.csv, 2024-05-06)"),
            ("P2", none, "plan (typed, 2026-04-27)"),
            ("P3", plan, "ceased (ehcp.csv, 2026-06-30)"),
            ("P4", plan, "no step of a plan"),
            ("P5", plan, "asked for (ehcp.csv, 2026-10-05)"),
        )
    }


#: What the roll of Friday 13 November says, a step, and whether they are at odds.
TURNS = {
    ("K", "2026-11-13 | plan issued"): True,
    ("K", "2026-11-14 | plan issued"): False,
    ("E", "2026-11-13 | ceased"): True,
    ("E", "2026-11-14 | ceased"): False,
    ("K", "2026-11-14 | review meeting"): True,
}


def test_a_plan_that_turned_after_the_roll_is_not_yet_on_it(given: Given, answer: Answer) -> None:
    """A roll of Friday 13 November is set beside what had been decided then."""
    given(
        raw_enrolment=number_cases(
            "year_group_date | sen_provision", [f"2026-11-13 | {said}" for said, _ in TURNS]
        ),
        raw_ehcp=number_cases("ehcp_date | event", [step for _, step in TURNS]),
    )
    found = answer("check_sen_at_odds", columns="ask")
    assert {case: each is not None for case, each in by_case(TURNS, found).items()} == TURNS


def test_a_school_that_keeps_no_plans_is_asked_for_none(given: Given, answer: Answer) -> None:
    """Before the first step of any plan nothing tells that one is missing."""
    given(
        raw_enrolment="""
        pupil | sen_provision
        ------+--------------
        P1    | E            """
    )
    assert answer("check_sen_at_odds") == {}
