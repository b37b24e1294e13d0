"""int_duty_step: duties whose clocks run from one recorded step to another."""

from tests.conftest import Answer, Given
from tests.support.text_tables import number_cases

#: What followed a strategy discussion of 2 March 2026; when each duty that began was done.
CASES: dict[str, dict[str, str | None]] = {
    "": {"2026-03-02": None},
    # done on its own day
    ", 2026-03-02 | initial conference": {"2026-03-02": "2026-03-02"},
    # another discussion moves nothing, also on the day of the conference that does it
    ", 2026-05-05 | strategy discussion": {"2026-03-02": None},
    ", 2026-05-05 | strategy discussion, 2026-05-05 | initial conference": {
        "2026-03-02": "2026-05-05"
    },
    ", 2026-05-05 | strategy discussion, 2026-05-06 | initial conference": {
        "2026-03-02": "2026-05-06"
    },
    # another enquiry is another clock, and takes nothing away
    ", 2026-03-02 | section 47 begun, 2026-05-05 | section 47 begun": {"2026-03-02": None},
    ", 2026-05-05 | initial conference, 2026-05-06 | section 47 begun": {
        "2026-03-02": "2026-05-05",
        "2026-05-06": None,
    },
    # passed: no record tells how
    ", 2026-04-01 | conference not needed": {},
    ", 2026-04-01 | initial conference, 2026-05-01 | case closed": {"2026-03-02": "2026-04-01"},
}


def test_a_conference_from_a_strategy_discussion(given: Given, answer: Answer) -> None:
    """Done by the first step that does it, passed by one that shows it, and taken by no new one."""
    steps = [f"2026-03-02 | strategy discussion{then}" for then in CASES]
    given(raw_protection=number_cases("protection_date | event", steps))
    found = answer("int_duty_step", by="pupil rule started_on", columns="done_date")
    assert {
        then: {
            day: done
            for (who, rule, day), done in found.items()
            if (who, rule) == (f"P{n}", "ICPC")
        }
        for n, then in enumerate(CASES, 1)
    } == CASES


def test_a_review_is_done_by_the_next(given: Given, answer: Answer) -> None:
    """The step that starts a clock does not do it, but the next of its kind does."""
    given(
        raw_protection="""
        pupil | protection_date | event
        ------+-----------------+------------------
        P1    | 2026-01-12      | review conference
        P1    | 2026-07-06      | review conference"""
    )
    found = answer("int_duty_step", by="started_on", columns="done_date")
    assert found == {"2026-01-12": "2026-07-06", "2026-07-06": None}
