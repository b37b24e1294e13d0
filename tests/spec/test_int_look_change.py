"""int_look_change: suspensions, moves and changes of group in the last 20 school days."""

from tests.conftest import YEAR_2026, Answer, Given
from tests.support.text_tables import by_case, number_cases

#: A suspension, and whether it is in the 20 school days up to 19 November.
WINDOW = {
    "2026-10-15": None,
    "2026-10-16": (1, "2026-10-16"),  # 16, 19-23 Oct: 6; 2-6, 9-13 Nov: 16; 16-19: 20
    "2026-11-19": (1, "2026-11-19"),
    "2026-11-20": None,
}
#: Order and home from 9 November on, of a child who was in a foster home under C1; the rule.
MOVES = {
    "C1 | kinship": "moved_home",
    "C1 | foster": "moved_home",  # to another home of the same kind
    "C2 | foster": None,  # a new order alone
    "C2 | kinship": "moved_home",
    " | ": "moved_home",
}


def test_the_window_of_20_school_days(given: Given, answer: Answer) -> None:
    """The day asked for is the first of them, and half term is left out."""
    given(calendar=YEAR_2026, raw_suspension=number_cases("suspension_date", WINDOW))
    found = answer("int_look_change", as_at="2026-11-19", by="pupil", columns="figure changed_on")
    assert by_case(WINDOW, found) == WINDOW


def test_a_move_within_care(given: Given, answer: Answer) -> None:
    """An episode that follows on at once is a move, unless the order alone is new."""
    spells = [f"2024-01-08 | 2026-11-09 | C1 | foster, 2026-11-09 | | {after}" for after in MOVES]
    given(
        calendar=YEAR_2026,
        raw_care_episode=number_cases("start_date | end_date | legal_status | home", spells),
    )
    assert by_case(MOVES, answer("int_look_change", by="pupil", columns="rule")) == MOVES


def test_short_breaks_are_no_moves(given: Given, answer: Answer) -> None:
    """A child in need who sleeps elsewhere for a weekend has neither moved nor changed."""
    given(
        calendar=YEAR_2026,
        raw_care_episode="""
        pupil | status       | start_date | end_date   | legal_status | home
        ------+--------------+------------+------------+--------------+--------
        P1    | in need      | 2024-01-08 |            |              |
        P1    | looked after | 2026-11-06 | 2026-11-09 | V4           | foster
        P1    | looked after | 2026-11-09 | 2026-11-10 | V4           | kinship""",
    )
    assert answer("int_look_change", by="pupil") == {}


def test_care_that_began_or_ended(given: Given, answer: Answer) -> None:
    """To leave care by adoption is one change, though one group ends and one begins."""
    given(
        calendar=YEAR_2026,
        raw_care_episode="""
        pupil | status                  | start_date | end_date
        ------+-------------------------+------------+-----------
        P1    | looked after            | 2024-01-08 | 2026-11-09
        P1    | previously looked after | 2026-11-09 |
        P2    | looked after            | 2026-11-09 |
        P3    | looked after            | 2026-11-02 | 2026-11-09
        P3    | looked after            | 2026-11-12 |
        P4    | looked after            | 2024-01-08 | 2026-11-21""",
    )
    found = answer("int_look_change", by="pupil", columns="figure")
    assert found == {"P1": 1, "P2": 1, "P3": 3}


def test_from_need_to_a_protection_plan_nothing_is_said(given: Given, answer: Answer) -> None:
    """That is for the safeguarding lead alone, and this list is for all staff of the page."""
    given(
        calendar=YEAR_2026,
        raw_care_episode="""
        pupil | status               | start_date | end_date
        ------+----------------------+------------+-----------
        P1    | in need              | 2024-01-08 | 2026-11-09
        P1    | on a protection plan | 2026-11-09 |
        P2    | in need              | 2024-01-08 |
        P2    | on a protection plan | 2026-11-02 | 2026-11-16
        P3    | in need              | 2024-01-08 | 2026-11-09""",
    )
    assert answer("int_look_change", by="pupil", columns="rule") == {"P3": "care_changed"}
