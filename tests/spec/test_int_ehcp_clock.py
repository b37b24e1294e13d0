"""int_ehcp_clock: what starts the clocks of a plan."""

import pytest

from tests.conftest import Answer, Given


def test_each_step_starts_its_rules(given: Given, answer: Answer) -> None:
    """A request starts three; a review meeting two; an issue or a decision the year."""
    given(
        raw_ehcp="""
        pupil | ehcp_date  | event
        ------+------------+----------------
        P1    | 2025-01-06 | requested
        P1    | 2025-02-03 | advice asked
        P1    | 2025-05-26 | plan issued
        P1    | 2026-05-11 | review meeting
        P1    | 2026-06-01 | decided to amend
        P1    | 2026-07-20 | amended plan issued"""
    )
    assert answer("int_ehcp_clock", by="rule started_on", columns="next_date") == {
        ("EHC_DECIDE_ASSESS", "2025-01-06"): None,
        ("EHC_REFUSE_PLAN", "2025-01-06"): None,
        ("EHC_FINAL", "2025-01-06"): None,
        ("EHC_ADVICE", "2025-02-03"): None,
        ("EHC_AR_MEETING", "2025-05-26"): "2026-06-01",
        ("EHC_AR_REPORT", "2026-05-11"): None,
        ("EHC_AR_DECISION", "2026-05-11"): None,
        ("EHC_AR_FINAL", "2026-06-01"): None,
        ("EHC_AR_MEETING", "2026-06-01"): None,
        ("EHC_AR_YEAR", "2025-05-26"): "2026-06-01",
        ("EHC_AR_YEAR", "2026-06-01"): None,
    }


def test_a_second_request_ends_the_search_of_the_first(given: Given, answer: Answer) -> None:
    """Two requests have two clocks."""
    given(
        raw_ehcp="""
        pupil | ehcp_date  | event
        ------+------------+-----------
        P1    | 2025-01-06 | requested
        P1    | 2026-01-05 | requested """
    )
    found = answer("int_ehcp_clock", by="rule started_on", columns="next_date")
    assert found[("EHC_FINAL", "2025-01-06")] == "2026-01-05"
    assert found[("EHC_FINAL", "2026-01-05")] is None


@pytest.mark.parametrize(
    ("year_group", "as_at", "steps", "is_due"),
    [
        (6, "2026-09-01", "plan issued 2024-05-06", True),
        (6, "2026-08-31", "plan issued 2024-05-06", False),
        (5, "2026-09-01", "plan issued 2024-05-06", False),
        (6, "2026-09-01", "requested 2026-05-06", False),
        (6, "2026-11-20", "plan issued 2026-10-05", True),
        (6, "2027-03-01", "plan issued 2027-02-15", True),
        (6, "2027-03-01", "plan issued 2027-02-16", False),
        (6, "2026-11-20", "plan issued 2024-05-06, ceased 2026-08-31", False),
        (6, "2026-11-20", "plan issued 2024-05-06, ceased 2026-09-01", True),
        (6, "2026-11-20", "ceased 2024-05-06, plan issued 2025-05-06", True),
    ],
)
def test_the_september_of_year_6(
    given: Given, answer: Answer, year_group: int, as_at: str, steps: str, is_due: bool
) -> None:
    """For a plan issued by 15 February that had not ended when September began."""
    rows = [step.rsplit(" ", 1) for step in steps.split(", ")]
    lines = [f"P1 | {day} | {event}" for event, day in rows]
    given(
        raw_ehcp="\n".join(("pupil | ehcp_date | event", *lines)),
        raw_enrolment=f"""
        pupil | year_group   | year_group_date
        ------+--------------+----------------
        P1    | {year_group} | 2026-11-20     """,
    )
    found = answer("int_duty", by="rule started_on", as_at=as_at)
    clocks = answer("int_ehcp_clock", by="rule started_on", as_at=as_at)
    kept = {rule for rule, _ in found} & {rule for rule, _ in clocks}
    ended = any(event == "ceased" and day >= "2026-09-01" for event, day in rows)
    assert ("EHC_PHASE_TRANSFER" in kept) == (is_due and not ended)
    if ended:
        assert "EHC_PHASE_TRANSFER" in {rule for rule, _ in clocks}
