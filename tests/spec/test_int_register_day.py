"""int_register_day: the days that have a register; and the two days that a screen stands on."""

from datetime import date

import pytest

from queries.views.days import find_register_day
from tests.conftest import YEAR_2026, Answer, Given
from tests.support.small_store import SmallStore

#: Four children; P4 came after half term.
STAYS = """
    pupil | entry_date | leaving_date
    ------+------------+-------------
    P1    | 2020-09-01 |
    P2    | 2020-09-01 |
    P3    | 2020-09-01 |
    P4    | 2026-11-02 |             """
#: Marks of a register by scenario, and the day up to which its load says that the data go.
#: P1 to P3 from 12 October: two weeks, half term, and then as it says.
REGISTERS = {
    # three weeks after half term, all marked to Friday 20 November
    "whole": ("/*15", "2026-11-20"),
    # no file came for the week of 9 November, and then one for the week after
    "a week without files": ("/*5 -*5 /*5", "2026-11-20"),
    # the school's export of Monday 23 November is of its morning, for one child of four
    "a load at nine": ("/*15", "2026-11-20"),
    # somebody typed 2027 for 2026: one mark a year ahead, and a whole class a month ahead
    "a file from the future": ("/*15", "2026-11-20"),
    # the last file was of half term's Friday
    "before half term": ("", "2026-10-23"),
}
AHEAD = {
    "a load at nine": "P1 | 2026-11-23 | /-",
    "a file from the future": "P1 | 2027-11-19 | /\nP2 | 2026-12-18 | /\nP3 | 2026-12-18 | /",
}
#: Scenario, the day that is asked for, the last day of the register, school days without one
#: since the last; None before any.
DAYS = [
    ("whole", "2026-11-20", "2026-11-20", 0),  # the Friday itself, after the load
    ("whole", "2026-11-21", "2026-11-20", 0),  # Saturday
    ("whole", "2026-11-22", "2026-11-20", 0),  # Sunday
    ("whole", "2026-11-23", "2026-11-20", 0),  # Monday before the load: today is not missing
    ("whole", "2026-11-24", "2026-11-20", 1),
    ("whole", "2026-11-25", "2026-11-20", 2),
    ("whole", "2026-11-28", "2026-11-20", 5),  # the Saturday of the review
    ("whole", "2026-12-18", "2026-11-20", 19),
    ("whole", "2026-12-19", "2026-11-20", 20),
    ("whole", "2027-01-03", "2026-11-20", 20),  # the holidays add none
    ("whole", "2027-01-05", "2026-11-20", 21),
    ("whole", "2026-11-19", "2026-11-19", 0),  # a replayed day
    ("whole", "2026-11-15", "2026-11-13", 0),  # a replayed Sunday
    ("whole", "2026-11-02", "2026-11-02", 0),  # the first day after half term, replayed
    ("whole", "2026-11-01", "2026-10-23", 0),  # the Sunday before
    ("whole", "2026-10-28", "2026-10-23", 0),  # in half term
    ("whole", "2026-10-12", "2026-10-12", 0),  # the first day of the register
    ("whole", "2026-10-11", "2026-10-11", None),  # before any: the day itself
    ("whole", "2026-08-31", "2026-08-31", None),  # before the school year
    ("before half term", "2026-10-26", "2026-10-23", 0),
    ("before half term", "2026-11-01", "2026-10-23", 0),
    ("before half term", "2026-11-02", "2026-10-23", 0),  # the first day after half term
    ("before half term", "2026-11-03", "2026-10-23", 1),
    ("before half term", "2026-11-04", "2026-10-23", 2),
    ("before half term", "2027-08-31", "2026-10-23", 156),  # 31 August of the next year
    ("a week without files", "2026-11-06", "2026-11-06", 0),
    ("a week without files", "2026-11-10", "2026-11-06", 1),
    ("a week without files", "2026-11-13", "2026-11-06", 4),  # replayed: no register yet
    ("a week without files", "2026-11-16", "2026-11-16", 0),
    ("a week without files", "2026-11-20", "2026-11-20", 0),
    ("a week without files", "2026-11-26", "2026-11-20", 3),
    ("a load at nine", "2026-11-23", "2026-11-20", 0),  # one mark ahead moves nothing
    ("a load at nine", "2026-11-24", "2026-11-20", 1),
    ("a load at nine", "2026-11-18", "2026-11-18", 0),  # a replayed Wednesday
    ("a file from the future", "2026-11-13", "2026-11-13", 0),  # replayed: nothing ahead is there
    ("a file from the future", "2026-11-20", "2026-11-20", 0),
    ("a file from the future", "2026-11-23", "2026-11-20", 0),
    ("a file from the future", "2026-12-18", "2026-11-20", 19),
    ("a file from the future", "2027-08-31", "2026-11-20", 141),  # all days after it of its year
    ("a file from the future", "2027-11-19", "2026-11-20", 141),
]


@pytest.mark.parametrize(("name", "as_at", "register_day", "missing"), DAYS)
def test_the_two_days(
    case: SmallStore,
    given: Given,
    answer: Answer,
    name: str,
    as_at: str,
    register_day: str,
    missing: int | None,
) -> None:
    """By hand, on a calendar: attendance goes to one, and so many school days lack a register."""
    marks, data_until = REGISTERS[name]
    after = "\n".join(f"{pupil} | 2026-11-02 | {marks}" for pupil in ("P1", "P2", "P3") if marks)
    given(
        calendar=YEAR_2026,
        raw_load=f"data_until\n{data_until}",
        raw_enrolment=STAYS,
        register=f"""
        pupil | start | marks
        P1 | 2026-10-12 | /*10
        P2 | 2026-10-12 | /*10
        P3 | 2026-10-12 | /*10
        {after}
        {AHEAD.get(name, "")}""",
    )
    answer("int_register_day", as_at=None)
    found = find_register_day(case.connection, date.fromisoformat(as_at))
    assert str(found) == register_day
    behind = answer(
        "school_load",
        as_at=as_at,
        register_day=register_day,
        by="school_key",
        columns="days_behind",
    )
    assert behind[1] == missing


def test_most_of_the_roll(given: Given, answer: Answer) -> None:
    """Half of those on roll are enough, of whom the register tells.

    A planned closure (#) is no mark; one of a child who could not come (Y1) is.
    """
    given(
        calendar=YEAR_2026,
        # nobody marks P5; P1 is one child, though their entry date was put right
        raw_enrolment=STAYS + "\nP5 | 2020-09-01 |\nP1 | 2020-09-02 |",
        register="""
        pupil | start      | marks
        ------+------------+-----------------
        P1    | 2026-10-22 | / /
        P2    | 2026-10-22 | - /
        P3    | 2026-10-22 | - -
        P1    | 2026-11-02 | / / Y1,Y1 # -
        P2    | 2026-11-02 | / - Y1,Y1 # -
        P3    | 2026-11-02 | - - Y1,Y1 # -
        P4    | 2026-11-02 | - - - - /      """,
    )
    days = set(answer("int_register_day", columns="school_key", as_at=None))
    assert days == {"2026-10-23", "2026-11-02", "2026-11-04"}
