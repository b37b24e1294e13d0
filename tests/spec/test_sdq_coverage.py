"""sdq_coverage: which of the children in care have a score by the carer."""

import pytest

from tests.conftest import Answer, Given


@pytest.mark.parametrize(("as_at", "first"), [("2026-11-20", "score"), ("2026-11-21", "missing")])
def test_scored_excused_or_missing(given: Given, answer: Answer, as_at: str, first: str) -> None:
    """To the same day a year later and with it; a score beside a reason is a score."""
    given(
        raw_care_episode="""
        pupil | start_date
        ------+-----------
        P1    | 2025-01-06
        P2    | 2025-01-06
        P3    | 2025-01-06
        P4    | 2025-01-06""",
        raw_sdq="""
        pupil | sdq_date   | informant | total | reason
        ------+------------+-----------+-------+-------
        P1    | 2025-11-20 | carer     | 14    |
        P2    | 2026-05-04 | carer     |       | SDQ2
        P3    | 2026-05-04 | carer     | 9     |
        P3    | 2026-11-02 | carer     |       | SDQ5
        P4    | 2026-05-04 | teacher   | 9     |       """,
    )
    found = answer("sdq_coverage", as_at=as_at, by="pupil", columns="said")
    assert found == {"P1": first, "P2": "reason", "P3": "score", "P4": "missing"}


def test_not_from_before_care(given: Given, answer: Answer) -> None:
    """But from its first day; who is not in care is not there."""
    given(
        raw_care_episode="""
        pupil | status                  | start_date | known_since
        ------+-------------------------+------------+------------
        P1    | looked after            | 2026-09-07 |
        P2    | previously looked after | 2025-01-06 |
        P3    | looked after            |            | 2024-01-08
        P4    | looked after            | 2025-09-07 |            """,
        raw_sdq="""
        pupil | sdq_date   | total
        ------+------------+------
        P1    | 2026-09-06 | 14
        P2    | 2026-05-04 | 14
        P4    | 2026-09-07 | 14   """,
    )
    names = "said is_looked_after_12_months is_start_known"
    found = answer("sdq_coverage", by="pupil", columns=names)
    assert {pupil: tuple(row.values()) for pupil, row in found.items()} == {
        "P1": ("missing", False, True),
        "P3": ("missing", False, False),
        "P4": ("score", True, True),
    }
