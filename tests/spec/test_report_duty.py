"""report_duty: what is owed to the children looked after, and what became of it."""

from typing import Any

import pytest

from tests.conftest import YEAR_2026, Answer, Given

CARE = """
    pupil | status       | start_date
    ------+--------------+-----------
    P1    | looked after | 2024-01-08
    P2    | looked after | 2024-01-08
    P3    | in need      | 2024-01-08"""


def ask(answer: Answer, duty: str, as_at: str = "2026-11-20") -> dict[str, tuple[Any, ...]]:
    """By child, when each duty of a kind is due, was done, and whether it is open."""
    found = answer("report_duty", as_at=as_at)
    return {
        key[0]: (row["due_date"], row["done_date"], row["is_open"])
        for key, row in found.items()
        if key[1] == duty
    }


def test_a_pep_of_the_term_and_the_word_for_its_plan(given: Given, answer: Answer) -> None:
    """Autumn ends on 18 December: one has been held by 20 November, one is booked."""
    given(
        calendar=YEAR_2026,
        raw_care_episode=CARE,
        raw_pep="""
        pupil | pep_date   | outcome | quality
        ------+------------+---------+--------
        P1    | 2026-10-05 | held    | Good
        P2    | 2026-12-01 | booked  |        """,
    )
    assert ask(answer, "PEP") == {
        "P1": ("2026-12-18", "2026-10-05", False),
        "P2": ("2026-12-18", None, True),
    }
    words = answer("report_duty", columns="quality")
    assert [word for key, word in words.items() if key[:2] == ("P1", "PEP")] == ["Good"]


def test_a_pep_of_a_term_that_went_by_is_not_open(given: Given, answer: Answer) -> None:
    """Autumn's is open through the holidays, up to the day on which spring begins."""
    given(calendar=YEAR_2026, raw_care_episode=CARE, raw_pep="pupil | pep_date\nP1 | 2026-06-01")
    for as_at, is_open in (("2027-01-03", True), ("2027-01-04", False), ("2027-01-05", False)):
        found = answer("report_duty", as_at=as_at, columns="is_open")
        assert found["P1", "PEP", "PEP_REVIEW", "2026-09-02"] is is_open


def test_each_kind_of_duty_has_its_rows(given: Given, answer: Answer) -> None:
    """A first PEP of P4, who came in October; nothing of P3, who is in need."""
    given(
        calendar=YEAR_2026,
        raw_enrolment="""
        pupil | entry_date
        ------+-----------
        P1    | 2024-09-02
        P2    | 2024-09-02
        P3    | 2024-09-02
        P4    | 2026-10-05""",
        raw_care_episode=CARE + "\n    P4    | looked after | 2024-01-08",
        raw_pep="pupil | pep_date\nP1 | 2026-10-05",
        raw_sdq="pupil | sdq_date | total\nP1 | 2025-10-05 | 18",
        raw_ehcp="pupil | event | ehcp_date\nP1 | plan issued | 2025-10-05",
        raw_health="pupil | kind | health_date\nP1 | dental check | 2025-10-05",
        raw_suspension="pupil | suspension_date\nP2 | 2026-11-16",
        raw_action="""
        pupil | action_id | action_date | kind
        ------+-----------+-------------+---------------------
        P2    | a         | 2026-11-16  | told of a suspension""",
        raw_mark="""
        pupil | session_date | half | code
        ------+--------------+------+-----
        P1    | 2026-11-02   | AM   | N
        P3    | 2026-11-02   | AM   | N   """,
    )
    assert ask(answer, "first PEP").keys() == {"P4"}
    assert ask(answer, "SDQ")["P1"] == ("2026-10-05", None, True)
    due = answer("report_duty", columns="due_date has_no_record")
    dental = [row for key, row in due.items() if key[:3] == ("P1", "health", "DENTAL_YEARLY")]
    assert dental == [{"due_date": "2026-10-05", "has_no_record": False}]
    assert ask(answer, "EHCP").keys() == {"P1"}
    assert ask(answer, "suspension") == {"P2": ("2026-11-17", "2026-11-16", False)}
    assert ask(answer, "reason") == {"P1": ("2026-11-09", None, True)}


def test_an_absence_or_a_suspension_counts_on_a_day_in_care(given: Given, answer: Answer) -> None:
    """Care began on 1 November; what was before it is no duty to a child looked after."""
    given(
        calendar=YEAR_2026,
        raw_care_episode="pupil | status | start_date\nP1 | looked after | 2026-11-01",
        raw_suspension="pupil | suspension_date\nP1 | 2026-10-12\nP1 | 2026-11-16",
        raw_mark="""
        pupil | session_date | half | code
        ------+--------------+------+-----
        P1    | 2026-10-05   | AM   | N
        P1    | 2026-11-02   | AM   | N   """,
    )
    kinds = ("reason", "suspension")
    started = sorted((key[1], key[3]) for key in answer("report_duty") if key[1] in kinds)
    assert started == [("reason", "2026-11-02"), ("suspension", "2026-11-16")]


@pytest.mark.parametrize(
    ("duty", "table", "head"),
    [
        ("timetable", "raw_provision", "provision_date"),
        ("support", "raw_intervention", "intervention_date"),
    ],
)
def test_reviews_are_known_while_what_they_are_of_goes_on(
    given: Given, answer: Answer, duty: str, table: str, head: str
) -> None:
    """P2's is over, P3 is in need, and the other one of P1 has no day."""
    given(
        raw_care_episode=CARE,
        **{
            table: f"""
        pupil | {head} | review_date | end_date
        ------+-----------+-------------+-----------
        P1    | 2026-09-07 | 2026-10-05  |
        P1    | 2026-09-14 |             |
        P2    | 2026-09-07 | 2026-10-05  | 2026-10-12
        P3    | 2026-09-07 | 2026-10-05  |           """
        },
    )
    assert ask(answer, duty) == {"P1": ("2026-10-05", None, True)}
