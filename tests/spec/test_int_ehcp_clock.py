"""int_ehcp_clock: what starts the clocks of a plan."""

import pytest

from tests.conftest import Answer, Given
from tests.support.text_tables import by_case, number_cases


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


#: As at, year group and steps; from when the duty counts, None where there is none.
SEPTEMBER = {
    ("2026-09-01", 6, "2024-05-06 | plan issued"): "2024-05-06",
    ("2026-08-31", 6, "2024-05-06 | plan issued"): None,
    ("2026-09-01", 5, "2024-05-06 | plan issued"): None,
    ("2026-09-01", 6, "2026-05-06 | requested"): None,
    ("2026-11-20", 6, "2026-10-05 | plan issued"): "2026-10-05",
    ("2026-11-20", 6, "2024-05-06 | plan issued, 2026-08-31 | ceased"): None,
    ("2026-11-20", 6, "2024-05-06 | plan issued, 2026-09-01 | ceased"): "2024-05-06",
    ("2026-11-20", 6, "2024-05-06 | ceased, 2025-05-06 | plan issued"): "2025-05-06",
}


@pytest.mark.parametrize("as_at", sorted({day for day, _, _ in SEPTEMBER}))
def test_the_september_of_year_6(given: Given, answer: Answer, as_at: str) -> None:
    """For a plan that had not ended when September began, from the day of its first issue."""
    cases = {case: expected for case, expected in SEPTEMBER.items() if case[0] == as_at}
    given(
        raw_ehcp=number_cases("ehcp_date | event", [steps for _, _, steps in cases]),
        raw_enrolment=number_cases(
            "year_group | year_group_date", [f"{group} | 2026-11-20" for _, group, _ in cases]
        ),
    )
    found = answer("int_ehcp_clock", by="pupil rule started_on", as_at=as_at)
    assert (
        by_case(
            cases,
            {
                pupil: row["counts_if_due_from"]
                for (pupil, rule, started_on), row in found.items()
                if (rule, started_on) == ("EHC_PHASE_TRANSFER", "2026-09-01")
            },
        )
        == cases
    )
