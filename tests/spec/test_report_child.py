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
    of_care = {
        "home": "another home",
        "moved": "not moved",
        "worker": "the same",
        "review": "no review yet",
        "sdq": "no score",
        **dict.fromkeys(("health", "dental", "immunised"), "not recorded"),
    }
    of_both = {
        "suspended": "not suspended",
        "ehcp": "no plan",
        **dict.fromkeys(("reading", "writing", "maths", "attainment"), "not known"),
        "help": "no help",
        "timetable": "full-time",
        **dict.fromkeys(("planned", "spent", "planned_year"), 0),
        **dict.fromkeys(("open_sessions", "possible_sessions", "absent_sessions"), 0),
    }
    found = of(answer, " ".join(of_care | of_both))
    assert found == {"P1": of_care | of_both, "P2": dict.fromkeys(of_care) | of_both}


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
    ("as_at", "category"), [("2026-10-05", "a first score"), ("2026-10-06", "no score")]
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


def test_money_is_of_the_term_and_of_its_year(given: Given, answer: Answer) -> None:
    """What was spent is not known where a sum lacks it; what is agreed later is not there."""
    given(
        calendar=YEAR_2026,
        raw_care_episode=CARE,
        raw_premium="""
        pupil | premium_date | kind  | planned | spent
        ------+--------------+-------+---------+------
        P1    | 2026-11-10   | tutor | 300     | 250
        P1    | 2027-01-12   | tutor | 200     | 40
        P1    | 2027-02-03   | club  | 60      |
        P1    | 2027-03-01   | club  | 70      | 70
        P2    | 2026-11-10   | tutor | 300     |
        P2    | 2027-01-12   | tutor | 200     | 40
        P2    | 2027-02-03   | club  | 60      | 0    """,
    )
    found = of(answer, "planned spent planned_year", "2027-02-20")
    assert tuple(found["P1"].values()) == (260, None, 560)
    assert tuple(found["P2"].values()) == (260, 40, 560)


@pytest.mark.parametrize(
    ("column", "table", "header", "rows"),
    [
        (
            "suspended",
            "raw_suspension",
            "suspension_date",
            {
                "2026-07-31": "not suspended",
                "2026-09-02": "suspended",
                "2026-11-23": "not suspended",
            },
        ),
        (
            "ehcp",
            "raw_ehcp",
            "ehcp_date | event",
            {
                "2026-10-05 | plan issued": "has a plan",
                "2026-10-05 | requested": "asked for",
                "2026-10-05 | draft issued": "asked for",
                "2026-10-05 | refused to assess": "no plan",
                "2026-10-05 | ceased": "no plan",
            },
        ),
        (
            "home",
            "raw_care_episode",
            "start_date | home",
            {
                "2024-01-08 | foster": "foster home",
                "2024-01-08 | kinship": "another home",
                "2024-01-08 | ": "another home",
            },
        ),
        (
            "moved",
            "raw_care_episode",
            "start_date | end_date | home",
            {
                "2024-01-08 | 2026-07-31 | kinship; 2026-07-31 | | foster": "not moved",
                "2024-01-08 | 2026-09-02 | kinship; 2026-09-02 | | foster": "moved",
            },
        ),
        (
            "worker",
            "raw_care_change",
            "care_change_date | kind",
            {
                "2026-09-02 | social worker": "a new one",
                "2026-07-31 | social worker": "the same",
                "2026-11-23 | social worker": "the same",
                "2026-09-02 | school": "the same",
            },
        ),
        (
            "review",
            "raw_review",
            "review_date | outcome | took_part",
            {
                "2026-10-05 | held | PN1": "heard",
                "2026-10-05 | held | PN6": "heard",
                "2025-10-05 | held | PN1; 2026-10-05 | held | PN4": "not heard",
                "2026-10-05 | held | ": "not heard",
                "2023-10-05 | held | PN1": "no review yet",
                "2026-10-05 | booked | PN1": "no review yet",
            },
        ),
        (
            "help",
            "raw_intervention",
            "intervention_date | end_date",
            {
                "2026-10-05 | ": "has help",
                "2026-10-05 | 2026-11-21": "has help",
                "2026-10-05 | 2026-11-20": "no help",
            },
        ),
        (
            "timetable",
            "raw_provision",
            "provision_date | end_date",
            {
                "2026-10-05 | ": "part-time",
                "2026-10-05 | 2026-11-20": "part-time",
                "2026-10-05 | 2026-11-19": "full-time",
            },
        ),
        (
            "reading",
            "raw_assessment",
            "assessment_date | step | class_step",
            {
                "2026-10-05 | 4 | 5": "not known",
                "2026-03-05 | 4 | 5; 2026-10-05 | 6 | 7": "kept pace",
                "2026-03-05 | 6 | 5; 2026-10-05 | 7 | 7": "fell behind",
                "2026-03-05 | 4 | ; 2026-10-05 | 6 | 7": "not known",
            },
        ),
        (
            "attainment",
            "raw_assessment",
            "assessment_date | subject | step | class_step",
            {
                "2026-03-05 | maths | 8 | 7; 2026-10-05 | maths | 6 | 7": "behind the class",
                "2026-10-05 | maths | 6 | 7; 2026-10-05 | reading | 9 | 7": "behind the class",
                "2026-10-05 | maths | 7 | 7; 2026-10-05 | reading | 9 | 7": "with the class",
                "2026-10-05 | maths | 7 | ": "not known",
            },
        ),
    ],
)
def test_a_category_follows_from_rows(
    given: Given, answer: Answer, column: str, table: str, header: str, rows: dict[str, str]
) -> None:
    """Up to the day; what is of this year begins anew in August.

    A timetable is in force on its last day; help is over on the day on which it ended.
    """
    children = [f"P{number}" for number, _ in enumerate(rows, start=1)]
    care = "\n".join(["pupil | start_date", *(f"{child} | 2024-01-08" for child in children)])
    lines = [
        f"{child} | {one}"
        for child, told in zip(children, rows, strict=True)
        for one in told.split(";")
    ]
    tables = {"raw_care_episode": care, table: "\n".join([f"pupil | {header}", *lines])}
    given(calendar=YEAR_2026, **tables)
    assert of(answer, column) == dict(zip(children, rows.values(), strict=True))
