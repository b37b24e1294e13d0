"""int_look_overdue: duties that the school holds and that are overdue."""

from tests.conftest import YEAR_2026, Answer, Given


def test_only_what_the_school_holds(given: Given, answer: Answer) -> None:
    """What others hold is theirs, and an N has its own rule."""
    given(
        calendar=YEAR_2026,
        raw_ehcp="""
        pupil | ehcp_date  | event
        ------+------------+----------------
        P1    | 2026-09-28 | advice asked
        P1    | 2026-10-26 | review meeting
        P2    | 2026-09-28 | requested
        P4    | 2026-10-09 | advice asked   """,
        register=r"""
        pupil | start      | marks
        ------+------------+------
        P3    | 2026-09-28 | N\  """,
    )
    # 6 weeks after 28 September are 9 November, 2 weeks after 26 October are too
    on_time = answer("int_look_overdue", by="pupil", columns="figure", as_at="2026-11-09")
    assert on_time == {}
    assert answer("int_look_overdue", by="pupil", columns="figure") == {"P1": 2}
    later = answer("int_look_overdue", by="pupil", columns="figure", as_at="2026-11-21")
    assert later == {"P1": 2, "P4": 1}
