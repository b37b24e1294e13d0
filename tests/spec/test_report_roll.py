"""report_roll: how many children there are, came and left."""

import pytest

from tests.conftest import YEAR_2026, Answer, Given

#: P1 stays; P2 is taken into care in October, P3 comes to the school with it; P4 leaves
#: the school, P5 is adopted; P6 came and left; P7 left last July; P8 is in care again.
GROUPS = {
    "raw_enrolment": """
        pupil | entry_date | leaving_date
        ------+------------+-------------
        P1    | 2024-09-02 |
        P2    | 2024-09-02 |
        P3    | 2026-09-02 |
        P4    | 2024-09-02 | 2026-10-23
        P5    | 2024-09-02 |
        P6    | 2026-09-02 | 2026-10-23
        P7    | 2024-09-02 | 2026-07-21
        P8    | 2024-09-02 |           """,
    "raw_care_episode": """
        pupil | status                  | start_date | end_date
        ------+-------------------------+------------+-----------
        P1    | looked after            | 2024-01-08 |
        P2    | looked after            | 2026-10-05 |
        P3    | looked after            | 2024-01-08 |
        P4    | looked after            | 2024-01-08 |
        P5    | looked after            | 2024-01-08 | 2026-11-02
        P5    | previously looked after | 2026-11-02 |
        P6    | looked after            | 2024-01-08 |
        P7    | looked after            | 2024-01-08 |
        P8    | previously looked after | 2024-01-08 |
        P8    | looked after            | 2025-01-08 |           """,
}


@pytest.mark.parametrize(
    ("as_at", "looked_after", "previously"),
    [("2026-09-02", (6, 2, 0), (0, 0, 0)), ("2026-11-20", (4, 3, 3), (1, 1, 0))],
)
def test_children_of_the_day_and_who_came_and_left_since_september(
    given: Given,
    answer: Answer,
    as_at: str,
    looked_after: tuple[int, ...],
    previously: tuple[int, ...],
) -> None:
    """On the first day of term two have come with it; by November two more, and three left."""
    given(calendar=YEAR_2026, **GROUPS)
    found = answer("report_roll", as_at=as_at, by="cohort", columns="children arrived gone")
    assert {cohort: tuple(row.values()) for cohort, row in found.items()} == {
        "looked after": looked_after,
        "previously looked after": previously,
    }
