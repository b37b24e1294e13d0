"""int_look_weekday: the same weekday missed in most weeks."""

import pytest

from tests.conftest import YEAR_2026, Answer, Given

WEEKS = ("2026-10-12", "2026-10-19", "2026-11-02", "2026-11-09")


def test_four_weeks_with_a_holiday_between(given: Given, answer: Answer) -> None:
    """Half term is no week; one session missed is a day; the fifth week back is out."""
    given(
        calendar=YEAR_2026,
        register=r"""
        pupil | start      | marks
        ------+------------+------------------------
        P1    | 2026-10-05 | II /\ /\ /\ /\
        P1    | 2026-10-12 | I\ /\ /\ /\ /\
        P1    | 2026-10-19 | /I /\ I\ /\ /\
        P1    | 2026-11-02 | /\ /\ I\ /\ /\
        P1    | 2026-11-09 | II /\ /\ /\ /\        """,
    )
    found = answer(
        "int_look_weekday", as_at="2026-11-13", by="pupil", columns="figure base weekday"
    )
    assert found == {"P1": {"figure": 3, "base": 4, "weekday": 1}}


@pytest.mark.parametrize(
    ("last_week", "found"),
    [
        (r"I\ /\ /\ I\ I\ ", {"P1": {"figure": 4, "base": 4}}),  # Mondays 4, others 3
        (r"/\ /\ /\ I\ I\ ", {}),  # 3 and 3
        (r"I\ /\ /\ /\ C2,/", {}),  # a timetable is no habit
    ],
)
def test_it_stands_out_from_all_others_together(
    given: Given, answer: Answer, last_week: str, found: object
) -> None:
    """Missed on more days than all other weekdays together, and not by a timetable."""
    given(
        calendar=YEAR_2026,
        register=rf"""
        pupil | start      | marks
        ------+------------+-----------------
        P1    | 2026-10-12 | I\ /\ /\ I\ /\
        P1    | 2026-10-19 | I\ /\ /\ /\ /\
        P1    | 2026-11-02 | I\ /\ /\ /\ /\
        P1    | 2026-11-09 | {last_week} """,
    )
    columns = "figure base"
    assert answer("int_look_weekday", as_at="2026-11-13", by="pupil", columns=columns) == found


def test_this_week_counts_as_far_as_it_has_come(given: Given, answer: Answer) -> None:
    """On a Tuesday the week is one of the four; its Wednesday is still to come."""
    given(
        calendar=YEAR_2026,
        register=r"""
        pupil | start      | marks
        ------+------------+---------------
        P1    | 2026-10-19 | /\ /\ I\ /\ /\
        P1    | 2026-11-02 | /\ /\ I\ /\ /\
        P1    | 2026-11-09 | /\ /\ I\ /\ /\
        P1    | 2026-11-16 | /\ /\ I\       """,
    )
    found = {
        day: answer("int_look_weekday", as_at=day, by="pupil", columns="figure base")["P1"]
        for day in ("2026-11-17", "2026-11-18")
    }
    assert found["2026-11-17"] == {"figure": 3, "base": 3}
    assert found["2026-11-18"] == {"figure": 4, "base": 4}
