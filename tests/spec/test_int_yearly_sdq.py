"""int_yearly_sdq: the carer's forms that count for the yearly duty."""

import pytest

from tests.conftest import Answer, Given

CARE = """
    pupil | status       | start_date
    ------+--------------+-----------
    P1    | looked after | 2025-10-05
    P2    | in need      | 2024-01-08"""


@pytest.mark.parametrize(
    ("as_at", "days"),
    [
        ("2026-10-04", {"2025-10-05"}),
        ("2026-10-05", {"2025-10-05", "2026-10-05"}),
        ("2026-10-06", {"2026-10-05"}),
    ],
)
def test_a_form_counts_for_a_year_to_the_day(
    given: Given, answer: Answer, as_at: str, days: set[str]
) -> None:
    """Not one before care began, one of a teacher, or one of a child who is not in care."""
    given(
        raw_care_episode=CARE,
        raw_sdq="""
        pupil | sdq_date   | informant | total
        ------+------------+-----------+------
        P1    | 2025-10-04 | carer     | 18
        P1    | 2025-10-05 | carer     | 17
        P1    | 2026-10-05 | carer     | 16
        P1    | 2026-09-07 | teacher   | 15
        P2    | 2026-09-07 | carer     | 14   """,
    )
    found = answer("int_yearly_sdq", as_at=as_at, columns="total")
    assert {day for _, day in found} == days
