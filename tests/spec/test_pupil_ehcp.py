"""pupil_ehcp: the stage of a plan, the weeks since the request, and beside it whose step it is."""

from tests.conftest import Answer, Given
from tests.support.text_tables import by_case, number_cases

#: The steps of a child, and the stage on 20 November 2026.
STAGES = {
    "2026-10-05 | requested": "asked for",
    "2026-10-05 | requested, 2026-11-02 | agreed to assess": "being assessed",
    "2026-10-05 | requested, 2026-11-02 | advice asked": "being assessed",
    "2026-10-05 | requested, 2026-11-16 | advice given": "being assessed",
    "2026-10-05 | requested, 2026-11-02 | refused to assess": "refused",
    "2026-06-01 | requested, 2026-11-02 | draft issued": "draft",
    "2026-06-01 | requested, 2026-09-21 | refused to issue": "refused",
    "2026-06-01 | requested, 2026-10-19 | plan issued": "plan",
    "2025-06-02 | plan issued, 2026-05-25 | review meeting": "plan",
    "2025-06-02 | plan issued, 2026-10-05 | decided to amend": "plan",
    # a step of the review is all that is known of a child who came with a plan
    "2026-10-05 | decided to keep": "plan",
    "2025-06-02 | plan issued, 2026-10-05 | decided to cease": "ceased",
    "2025-06-02 | plan issued, 2026-09-07 | ceased, 2026-09-14 | report sent": "ceased",
    # asked for once more
    "2025-06-02 | plan issued, 2026-03-02 | ceased, 2026-10-05 | requested": "asked for",
    "2025-10-06 | requested, 2025-11-03 | refused to assess, 2026-10-05 | requested": "asked for",
    # beside a plan that holds
    "2025-06-02 | plan issued, 2026-10-05 | requested": "plan",
    "2025-06-02 | plan issued, 2026-09-07 | requested, 2026-10-05 | refused to assess": "plan",
    # on one day the later step counts
    "2026-10-05 | requested, 2026-10-05 | agreed to assess": "being assessed",
    # a lawful delay is no stage of its own
    "2026-10-05 | requested, 2026-10-19 | lawful delay": "asked for",
}
#: The steps of a child; week, whether that is late.
WEEKS = {
    # 20 weeks to the day are in time; the day after is late
    "2026-11-20 | requested": (0, False),
    "2026-11-14 | requested": (0, False),
    "2026-11-13 | requested": (1, False),
    "2026-07-03 | requested": (20, False),
    "2026-07-02 | requested": (20, True),
    "2026-06-26 | requested": (21, True),
    # a plan, a refusal or an end stops the clock, however long ago
    "2026-01-05 | requested, 2026-05-25 | plan issued": (20, False),
    "2026-01-05 | requested, 2026-05-26 | plan issued": (20, True),
    "2026-01-05 | requested, 2026-02-16 | refused to assess": (6, False),
    "2026-01-05 | requested, 2026-04-27 | refused to issue": (16, False),
    "2026-01-05 | requested, 2026-04-27 | ceased": (16, False),
    # weeks are those of the newest request; what ended the first does not end it
    "2025-10-06 | requested, 2025-11-03 | refused to assess, 2026-11-02 | requested": (2, False),
    # whether it is late cannot be known after a lawful delay, but for one of an earlier request
    "2026-01-05 | requested, 2026-02-02 | lawful delay": (45, None),
    "2025-10-06 | requested, 2026-06-25 | lawful delay, 2026-06-26 | requested": (21, True),
    # a child who came with a plan has no weeks
    "2025-06-02 | plan issued, 2026-05-25 | review meeting": (None, None),
}
#: The steps of a child; who holds the open duty that is due first, and when.
WAITS = {
    "2026-10-19 | requested": ("authority", "2026-11-30"),
    "2026-10-19 | requested, 2026-11-02 | agreed to assess": ("authority", "2027-02-08"),
    "2026-10-19 | requested, 2026-11-02 | advice asked": ("school", "2026-12-14"),
    "2025-12-01 | plan issued": ("school", "2026-11-02"),
    "2025-12-01 | plan issued, 2026-11-16 | review meeting": ("school", "2026-11-30"),
    "2026-10-19 | requested, 2026-11-02 | refused to assess": (None, None),
    "2025-12-01 | plan issued, 2026-11-02 | ceased": (None, None),
}


def test_the_newest_of_each_day(given: Given, answer: Answer) -> None:
    """A booked review is no step."""
    given(
        raw_ehcp="""
        pupil | ehcp_date  | event
        ------+------------+---------------
        P1    | 2024-05-06 | requested
        P1    | 2024-09-23 | plan issued
        P1    | 2025-03-03 | review meeting
        P1    | 2025-09-15 | review meeting
        P2    | 2026-12-01 | review booked """
    )
    names = "stage requested_date plan_date last_review_date"
    assert answer("pupil_ehcp", by="pupil", columns=names) == {
        "P1": {
            "stage": "plan",
            "requested_date": "2024-05-06",
            "plan_date": "2024-09-23",
            "last_review_date": "2025-09-15",
        }
    }


def test_stage(given: Given, answer: Answer) -> None:
    """A plan that was issued holds until it ends, whatever is asked for beside it."""
    given(raw_ehcp=number_cases("ehcp_date | event", STAGES))
    found = answer("pupil_ehcp", by="pupil", columns="stage")
    assert by_case(STAGES, found) == STAGES


def test_weeks(given: Given, answer: Answer) -> None:
    """Whole weeks since the newest request, to its end or to the day asked for."""
    given(raw_ehcp=number_cases("ehcp_date | event", WEEKS))
    found = answer("pupil_ehcp", by="pupil", columns="week is_late")
    assert by_case(WEEKS, found) == WEEKS


def test_whose_step_it_is(given: Given, answer: Answer) -> None:
    """Pages tell it from `duty`: who holds the open step of a plan that is due first."""
    given(raw_ehcp=number_cases("ehcp_date | event", WAITS))
    steps = answer("duty", by="pupil rule", columns="due_date holder done_date")
    waits = {
        case: min(
            (row["due_date"], rule, row["holder"])
            for (pupil, rule), row in steps.items()
            if pupil == f"P{number}" and rule.startswith("EHC") and not row["done_date"]
        )[::-2]
        for number, (case, told) in enumerate(WAITS.items(), 1)
        if told != (None, None)
    }
    assert waits == {case: told for case, told in WAITS.items() if told != (None, None)}
    ended = {f"P{n}" for n, told in enumerate(WAITS.values(), 1) if told == (None, None)}
    assert not [key for key, row in steps.items() if key[0] in ended and not row["done_date"]]
