"""check_unknown_start: a child whose start of a status nobody knows."""

from tests.conftest import Answer, Given


def test_listed_while_the_stretch_holds(given: Given, answer: Answer) -> None:
    """From the day it was known until it ends; never where the first date is known."""
    given(
        raw_care_episode="""
        pupil | start_date | known_since | end_date
        ------+------------+-------------+-----------
        P1    |            | 2026-09-03  |
        P2    |            | 2026-09-03  | 2026-11-20
        P3    | 2024-01-08 |             | 2026-09-03
        P3    |            | 2026-09-03  |
        P4    |            | 2026-11-21  |           """
    )
    assert answer("check_unknown_start", as_at="2026-11-20", columns="known_since") == {
        ("P1", "looked after"): "2026-09-03"
    }
    assert set(answer("check_unknown_start", as_at="2026-11-19", by="pupil")) == {"P1", "P2"}


def test_two_statuses_of_one_group_are_one_row(given: Given, answer: Answer) -> None:
    """In need and on a plan, both unknown, are one social worker, known from the earlier."""
    given(
        raw_care_episode="""
        pupil | status               | known_since
        ------+----------------------+------------
        P1    | on a protection plan | 2026-10-05
        P1    | in need              | 2026-09-03 """
    )
    assert answer("check_unknown_start", columns="known_since") == {
        ("P1", "has a social worker"): "2026-09-03"
    }


def test_only_children_on_roll(given: Given, answer: Answer) -> None:
    """Who has left is not listed."""
    given(
        raw_care_episode="""
        pupil | known_since
        ------+------------
        P1    | 2026-09-03 """,
        raw_enrolment="""
        pupil | entry_date | leaving_date
        ------+------------+-------------
        P1    | 2024-09-03 | 2026-11-19  """,
    )
    assert answer("check_unknown_start") == {}
