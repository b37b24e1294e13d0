"""int_duty_suspension: who was told of a suspension, and provision from its sixth day."""

import pytest

from tests.conftest import YEAR_2026, Answer, Given
from tests.support.text_tables import by_case, number_cases

#: The marks of ten days from Monday 2 November, all of them suspended; when other provision was
#: there, and whether none was in time.
MARKS = {
    "E*10": (None, True),
    "E*5 B*2 E*3": ("2026-11-09", False),
    "B*5 E*5": (None, True),
    "E*8 K*2": ("2026-11-12", False),
    "E*10 D*2": (None, True),
}


@pytest.mark.parametrize(
    ("kind", "corrected", "has_no_record"),
    [
        ("told of a suspension", "", False),
        ("told of a suspension", "A1", True),
        ("other", "", True),
    ],
)
def test_nobody_knows_before_the_first_record(
    given: Given, answer: Answer, kind: str, corrected: str, has_no_record: bool
) -> None:
    """Until any action of the kind that stands, the school has no record of telling anybody."""
    given(
        calendar=YEAR_2026,
        raw_care_episode="pupil | start_date\nP1 | 2025-01-06",
        raw_suspension="pupil | suspension_date | category\nP1 | 2026-11-09 | PERM",
        raw_action=f"""
        pupil | action_id | action_date | kind   | corrects
        ------+-----------+-------------+--------+------------
        P2    | A1        | 2026-09-07  | {kind} |
        P2    | A2        | 2026-09-07  | other  | {corrected}""",
    )
    row = answer("int_duty_suspension", by="pupil rule")["P1", "SUSPENSION_NOTIFY"]
    assert (row["has_no_record"], row["done_date"]) == (has_no_record, None)


def test_provision_from_the_sixth_day(given: Given, answer: Answer) -> None:
    """Only marks of other provision from the sixth day to the last count."""
    given(
        calendar=YEAR_2026,
        raw_suspension=number_cases("suspension_date | sessions", ["2026-11-02 | 20"] * len(MARKS)),
        register=number_cases("start | marks", [f"2026-11-02 | {marks}" for marks in MARKS]),
    )
    found = answer("int_duty_suspension", by="pupil rule")
    assert (
        by_case(
            MARKS,
            {
                pupil: (row["done_date"], row["is_missed"] and not row["done_date"])
                for (pupil, rule), row in found.items()
                if rule == "SUSPENSION_AP"
            },
        )
        == MARKS
    )


def test_half_a_day_is_a_day_of_it(given: Given, answer: Answer) -> None:
    """Ten sessions end on the fifth school day; what begins on the next goes on, else anew."""
    given(
        calendar=YEAR_2026,
        raw_suspension="""
        pupil | suspension_date | sessions
        ------+-----------------+---------
        P1    | 2026-11-02      | 10
        P2    | 2026-11-02      | 11
        P3    | 2026-11-02      | 9
        P3    | 2026-11-09      | 1
        P4    | 2026-11-02      | 8
        P4    | 2026-11-09      | 1
        P5    | 2026-11-02      | 0       """,
    )
    found = answer("int_duty_suspension", by="pupil rule started_on")
    of_provision = [(pupil, day) for pupil, rule, day in found if rule == "SUSPENSION_AP"]
    assert sorted(of_provision) == [("P2", "2026-11-02"), ("P3", "2026-11-02")]
