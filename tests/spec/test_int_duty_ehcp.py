"""int_duty_ehcp: what a plan's steps have done, and which duties fell away."""

import pytest

from tests.conftest import Answer, Given

REQUEST = ("EHC_DECIDE_ASSESS", "EHC_REFUSE_PLAN", "EHC_FINAL")


def duties(given: Given, answer: Answer, steps: str) -> dict[str, str | None]:
    """The newest duty of each rule after the steps "DAY EVENT, DAY EVENT": when it was done."""
    rows = [step.split(" ", 1) for step in steps.split(", ")]
    lines = [f"P1 | {day} | {event}" for day, event in rows]
    given(raw_ehcp="\n".join(("pupil | ehcp_date | event", *lines)))
    found = answer("int_duty_ehcp", by="rule started_on", columns="done_date")
    return {f"{rule} {day}": done for (rule, day), done in sorted(found.items())}


def test_refused_to_assess(given: Given, answer: Answer) -> None:
    """The refusal is the decision; what would have followed falls away."""
    steps = "2026-01-05 requested, 2026-02-16 refused to assess"
    assert duties(given, answer, steps) == {"EHC_DECIDE_ASSESS 2026-01-05": "2026-02-16"}


def test_refused_to_issue(given: Given, answer: Answer) -> None:
    """A refusal to issue ends the 16 weeks and the 20; advice that nobody logged is past."""
    steps = (
        "2026-01-05 requested, 2026-02-16 agreed to assess, 2026-02-18 advice asked,"
        " 2026-04-27 refused to issue"
    )
    assert duties(given, answer, steps) == {
        "EHC_DECIDE_ASSESS 2026-01-05": "2026-02-16",
        "EHC_REFUSE_PLAN 2026-01-05": "2026-04-27",
        "EHC_FINAL 2026-01-05": "2026-04-27",
    }


def test_a_later_step_shows_that_an_earlier_one_was_passed(given: Given, answer: Answer) -> None:
    """A draft without a recorded decision: the decision is not waited for for ever."""
    assert duties(given, answer, "2026-01-05 requested, 2026-04-20 draft issued") == {
        "EHC_REFUSE_PLAN 2026-01-05": "2026-04-20",
        "EHC_FINAL 2026-01-05": None,
    }


def test_a_second_request_takes_over(given: Given, answer: Answer) -> None:
    """What came after it does nothing for the first."""
    steps = "2025-01-06 requested, 2026-01-05 requested, 2026-02-02 agreed to assess"
    assert duties(given, answer, steps) == {
        "EHC_DECIDE_ASSESS 2026-01-05": "2026-02-02",
        "EHC_REFUSE_PLAN 2026-01-05": None,
        "EHC_FINAL 2026-01-05": None,
    }


def test_a_plan_that_ceased_is_reviewed_no_more(given: Given, answer: Answer) -> None:
    """What was done stays; what was open falls away."""
    steps = (
        "2024-05-06 plan issued, 2025-04-28 review meeting, 2025-05-19 decided to keep,"
        " 2026-03-02 ceased"
    )
    assert duties(given, answer, steps) == {
        "EHC_AR_DECISION 2025-04-28": "2025-05-19",
        "EHC_AR_MEETING 2024-05-06": "2025-04-28",
        "EHC_AR_YEAR 2024-05-06": "2025-05-19",
    }


@pytest.mark.parametrize(
    ("decision", "open_rules"),
    [
        ("decided to keep", {"EHC_AR_MEETING 2026-05-25", "EHC_AR_YEAR 2026-05-25"}),
        (
            "decided to amend",
            {"EHC_AR_MEETING 2026-05-25", "EHC_AR_YEAR 2026-05-25", "EHC_AR_FINAL 2026-05-25"},
        ),
        ("decided to cease", set()),
    ],
)
def test_an_amended_plan_only_where_it_was_decided(
    given: Given, answer: Answer, decision: str, open_rules: set[str]
) -> None:
    """The decision begins the next year, unless it ends the plan."""
    steps = (
        "2025-05-05 plan issued, 2026-05-04 review meeting, 2026-05-11 report sent,"
        f" 2026-05-25 {decision}"
    )
    found = duties(given, answer, steps)
    assert {rule for rule, done in found.items() if done is None} == open_rules
    assert found["EHC_AR_DECISION 2026-05-04"] == "2026-05-25"


def test_a_meeting_and_its_decision_on_one_day(given: Given, answer: Answer) -> None:
    """The meeting ends the year before it, not the one that its decision begins."""
    steps = "2025-05-05 plan issued, 2026-05-04 review meeting, 2026-05-04 decided to keep"
    assert duties(given, answer, steps) == {
        "EHC_AR_DECISION 2026-05-04": "2026-05-04",
        "EHC_AR_MEETING 2025-05-05": "2026-05-04",
        "EHC_AR_MEETING 2026-05-04": None,
        "EHC_AR_YEAR 2025-05-05": "2026-05-04",
        "EHC_AR_YEAR 2026-05-04": None,
    }


def test_a_refusal_to_assess_anew_leaves_the_plan_alone(given: Given, answer: Answer) -> None:
    """A request beside a plan has its own clock; the annual review stays due."""
    steps = "2026-02-02 plan issued, 2026-05-04 requested, 2026-06-01 refused to assess"
    assert duties(given, answer, steps) == {
        "EHC_AR_MEETING 2026-02-02": None,
        "EHC_AR_YEAR 2026-02-02": None,
        "EHC_DECIDE_ASSESS 2026-05-04": "2026-06-01",
    }


def test_a_request_alone(given: Given, answer: Answer) -> None:
    """Three duties wait, each from the request."""
    found = duties(given, answer, "2026-10-05 requested")
    assert found == dict.fromkeys(f"{rule} 2026-10-05" for rule in REQUEST)
