"""int_duty_ehcp: what a plan's steps have done, and which duties fell away."""

from tests.conftest import Answer, Given
from tests.support.text_tables import number_cases

#: The steps of a child; rule and start of each duty that is left, and when it was done.
CASES: dict[str, dict[str, str | None]] = {
    # three duties wait, each from the request
    "2026-10-05 | requested": {
        "EHC_DECIDE_ASSESS 2026-10-05": None,
        "EHC_FINAL 2026-10-05": None,
        "EHC_REFUSE_PLAN 2026-10-05": None,
    },
    # the refusal is the decision; what would have followed falls away
    "2026-01-05 | requested, 2026-02-16 | refused to assess": {
        "EHC_DECIDE_ASSESS 2026-01-05": "2026-02-16"
    },
    # a refusal to issue ends the 16 weeks and the 20; advice that nobody logged is past
    "2026-01-05 | requested, 2026-02-16 | agreed to assess, 2026-02-18 | advice asked, "
    "2026-04-27 | refused to issue": {
        "EHC_DECIDE_ASSESS 2026-01-05": "2026-02-16",
        "EHC_FINAL 2026-01-05": "2026-04-27",
        "EHC_REFUSE_PLAN 2026-01-05": "2026-04-27",
    },
    # a draft without a recorded decision: the decision is not waited for for ever
    "2026-01-05 | requested, 2026-04-20 | draft issued": {
        "EHC_FINAL 2026-01-05": None,
        "EHC_REFUSE_PLAN 2026-01-05": "2026-04-20",
    },
    # what came after a second request does nothing for the first
    "2025-01-06 | requested, 2026-01-05 | requested, 2026-02-02 | agreed to assess": {
        "EHC_DECIDE_ASSESS 2026-01-05": "2026-02-02",
        "EHC_FINAL 2026-01-05": None,
        "EHC_REFUSE_PLAN 2026-01-05": None,
    },
    # a plan that ceased is reviewed no more: what was done stays, what was open falls away
    "2024-05-06 | plan issued, 2025-04-28 | review meeting, 2025-05-19 | decided to keep, "
    "2026-03-02 | ceased": {
        "EHC_AR_DECISION 2025-04-28": "2025-05-19",
        "EHC_AR_MEETING 2024-05-06": "2025-04-28",
        "EHC_AR_YEAR 2024-05-06": "2025-05-19",
    },
    # the decision begins the next year, unless it ends the plan
    "2025-05-05 | plan issued, 2026-05-04 | review meeting, 2026-05-11 | report sent, "
    "2026-05-25 | decided to keep": {
        "EHC_AR_DECISION 2026-05-04": "2026-05-25",
        "EHC_AR_MEETING 2025-05-05": "2026-05-04",
        "EHC_AR_MEETING 2026-05-25": None,
        "EHC_AR_REPORT 2026-05-04": "2026-05-11",
        "EHC_AR_YEAR 2025-05-05": "2026-05-25",
        "EHC_AR_YEAR 2026-05-25": None,
    },
    # an amended plan is due only where it was decided
    "2026-05-04 | review meeting, 2026-05-11 | report sent, 2026-05-25 | decided to amend": {
        "EHC_AR_DECISION 2026-05-04": "2026-05-25",
        "EHC_AR_FINAL 2026-05-25": None,
        "EHC_AR_MEETING 2026-05-25": None,
        "EHC_AR_REPORT 2026-05-04": "2026-05-11",
        "EHC_AR_YEAR 2026-05-25": None,
    },
    "2026-05-04 | review meeting, 2026-05-11 | report sent, 2026-05-25 | decided to cease": {
        "EHC_AR_DECISION 2026-05-04": "2026-05-25",
        "EHC_AR_REPORT 2026-05-04": "2026-05-11",
    },
    # a meeting ends the year before it, not the one that its decision of that day begins
    "2025-05-05 | plan issued, 2026-05-04 | review meeting, 2026-05-04 | decided to keep": {
        "EHC_AR_DECISION 2026-05-04": "2026-05-04",
        "EHC_AR_MEETING 2025-05-05": "2026-05-04",
        "EHC_AR_MEETING 2026-05-04": None,
        "EHC_AR_YEAR 2025-05-05": "2026-05-04",
        "EHC_AR_YEAR 2026-05-04": None,
    },
    # a request beside a plan has its own clock; the annual review stays due
    "2026-02-02 | plan issued, 2026-05-04 | requested, 2026-06-01 | refused to assess": {
        "EHC_AR_MEETING 2026-02-02": None,
        "EHC_AR_YEAR 2026-02-02": None,
        "EHC_DECIDE_ASSESS 2026-05-04": "2026-06-01",
    },
}


def test_what_the_steps_have_done(given: Given, answer: Answer) -> None:
    """By the first step that does it; what was passed, ended or taken over is no duty."""
    given(raw_ehcp=number_cases("ehcp_date | event", CASES))
    found = answer("int_duty_ehcp", by="pupil rule started_on", columns="done_date")
    assert {
        case: {f"{rule} {day}": done for (who, rule, day), done in found.items() if who == f"P{n}"}
        for n, case in enumerate(CASES, 1)
    } == CASES
