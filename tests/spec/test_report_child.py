"""report_child: one category of each attribute for every child that the report counts."""

from typing import Any

import pytest

from tests.conftest import YEAR_2026, Answer, Given

CARE = """
    pupil | status                  | start_date | end_date
    ------+-------------------------+------------+-----------
    P1    | looked after            | 2024-01-08 |
    P2    | previously looked after | 2024-01-08 |
    P3    | in need                 | 2024-01-08 |           """


def of(answer: Answer, columns: str, as_at: str = "2026-11-20") -> dict[str, Any]:
    return dict(answer("report_child", as_at=as_at, columns=columns))


def test_who_is_counted_and_in_which_group(given: Given, answer: Answer) -> None:
    """A child in need is in no group; one whose care ended is in the other from that day."""
    given(raw_care_episode=CARE)
    assert of(answer, "cohort") == {"P1": "looked after", "P2": "previously looked after"}


def test_what_nobody_recorded_has_a_category_of_its_own(given: Given, answer: Answer) -> None:
    """Of a child who was looked after, nothing is asked that only care brings."""
    given(raw_care_episode=CARE)
    names = "home suspended ehcp sdq health dental open_sessions possible_sessions absent_sessions"
    found = of(answer, names)
    nothing = ("another home", "not suspended", "no plan")
    health = ("no score", "not recorded", "not recorded")
    assert tuple(found["P1"].values()) == (*nothing, *health, 0, 0, 0)
    assert tuple(found["P2"].values()) == (None, *nothing[1:], None, None, None, 0, 0, 0)


def test_sessions_are_of_this_term_up_to_the_day(given: Given, answer: Answer) -> None:
    """10 marks: one closed, one that was not possible, two missed; the rest were attended."""
    given(
        calendar=YEAR_2026,
        raw_care_episode=CARE,
        register=r"""
        pupil | start      | marks
        ------+------------+------------
        P1    | 2026-07-13 | II
        P1    | 2026-09-07 | #D II /\*3
        P1    | 2026-11-23 | II         """,
    )
    found = of(answer, "open_sessions possible_sessions absent_sessions")["P1"]
    assert tuple(found.values()) == (9, 8, 2)


def test_in_august_the_year_is_the_one_that_has_ended(given: Given, answer: Answer) -> None:
    """The academic year turns on 1 August, when nobody has been to school in the new one."""
    given(
        calendar=YEAR_2026,
        raw_care_episode=CARE,
        raw_suspension="""
        pupil | suspension_date
        ------+----------------
        P1    | 2026-11-02     """,
    )
    assert of(answer, "suspended", "2027-08-20")["P1"] == "suspended"


@pytest.mark.parametrize(
    ("day", "category"),
    [("2026-07-31", "not suspended"), ("2026-09-02", "suspended"), ("2026-11-23", "not suspended")],
)
def test_suspensions_are_of_this_year_up_to_the_day(
    given: Given, answer: Answer, day: str, category: str
) -> None:
    """Last year's are over, and a later one has not happened yet."""
    given(
        calendar=YEAR_2026,
        raw_care_episode=CARE,
        raw_suspension=f"""
        pupil | suspension_date
        ------+----------------
        P1    | {day}          """,
    )
    assert of(answer, "suspended")["P1"] == category


@pytest.mark.parametrize(
    ("event", "category"),
    [
        ("plan issued", "has a plan"),
        ("requested", "asked for"),
        ("draft issued", "asked for"),
        ("refused to assess", "no plan"),
        ("ceased", "no plan"),
    ],
)
def test_a_plan_is_there_or_asked_for_or_not(
    given: Given, answer: Answer, event: str, category: str
) -> None:
    """The stages of pupil_ehcp, three of which are one here."""
    given(
        calendar=YEAR_2026,
        raw_care_episode=CARE,
        raw_ehcp=f"""
        pupil | event   | ehcp_date
        ------+---------+-----------
        P1    | {event} | 2026-10-05""",
    )
    assert of(answer, "ehcp")["P1"] == category


@pytest.mark.parametrize(
    ("totals", "category"),
    [
        ("18", "a first score"),
        ("18 17", "lower than before"),
        ("18 18", "the same or higher"),
        ("17 18", "the same or higher"),
    ],
)
def test_a_score_is_held_against_the_one_before(
    given: Given, answer: Answer, totals: str, category: str
) -> None:
    """Only the carer's: a teacher's lies between and changes nothing."""
    rows = "".join(
        f"""
        P1    | 202{5 + place}-10-05 | carer     | {total}"""
        for place, total in enumerate(totals.split(), start=2 - len(totals.split()))
    )
    given(
        calendar=YEAR_2026,
        raw_care_episode=CARE,
        raw_sdq=f"""
        pupil | sdq_date   | informant | total
        ------+------------+-----------+------
        P1    | 2026-03-02 | teacher   | 5{rows}""",
    )
    assert of(answer, "sdq")["P1"] == category


@pytest.mark.parametrize(
    ("as_at", "category"),
    [("2026-10-05", "a first score"), ("2026-10-06", "no score")],
)
def test_a_score_counts_for_a_year_to_the_day(
    given: Given, answer: Answer, as_at: str, category: str
) -> None:
    """As in sdq_coverage: the day a year later is the last."""
    given(
        calendar=YEAR_2026,
        raw_care_episode=CARE,
        raw_sdq="""
        pupil | sdq_date   | informant | total
        ------+------------+-----------+------
        P1    | 2025-10-05 | carer     | 18   """,
    )
    assert of(answer, "sdq", as_at)["P1"] == category


@pytest.mark.parametrize(
    ("home", "category"),
    [("foster", "foster home"), ("kinship", "another home"), ("", "another home")],
)
def test_a_home_is_a_foster_home_or_another(
    given: Given, answer: Answer, home: str, category: str
) -> None:
    """One that nobody recorded is no foster home."""
    given(
        raw_care_episode=f"""
        pupil | status       | start_date | home
        ------+--------------+------------+--------
        P1    | looked after | 2024-01-08 | {home}""",
    )
    assert of(answer, "home")["P1"] == category


def test_health_is_the_state_of_pupil_health(given: Given, answer: Answer) -> None:
    """Its words are taken over as they are."""
    given(
        calendar=YEAR_2026,
        raw_care_episode=CARE,
        raw_health="""
        pupil | kind              | health_date | outcome  | age_band
        ------+-------------------+-------------+----------+---------
        P1    | review assessment | 2026-10-05  | done     | 5 to 9
        P1    | dental check      | 2025-10-05  | done     | 5 to 9  """,
    )
    found = of(answer, "health dental")["P1"]
    assert tuple(found.values()) == ("up to date", "not up to date")
