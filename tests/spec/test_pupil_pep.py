"""pupil_pep: meetings, their terms, and whether they were on time."""

from tests.conftest import YEAR_2026, Answer, Given


def test_on_time_and_late(given: Given, answer: Answer) -> None:
    """By the last day of every duty that it ended; one after a missed term is late."""
    given(
        calendar=YEAR_2026,
        raw_care_episode="""
        pupil | start_date | end_date
        ------+------------+-----------
        P1    | 2026-06-01 |
        P2    | 2026-06-01 |
        P3    | 2026-06-01 | 2027-02-01
        P4    | 2026-12-07 |           """,
        raw_pep="""
        pupil | pep_date
        ------+-----------
        P1    | 2026-06-15
        P1    | 2026-12-18
        P1    | 2027-02-16
        P1    | 2027-03-08
        P2    | 2027-01-14
        P3    | 2027-01-14
        P4    | 2027-01-07""",
    )
    found = answer("pupil_pep", columns="is_on_time term", as_at="2027-04-15")
    assert {key: tuple(row.values()) for key, row in found.items()} == {
        ("P1", "2026-06-15"): (True, None),  # before the calendar begins
        ("P1", "2026-12-18"): (True, "autumn"),  # the last day of the term
        ("P1", "2027-02-16"): (True, "spring"),  # half term lies within it
        ("P1", "2027-03-08"): (None, "spring"),  # a second one in a term ends nothing
        ("P2", "2027-01-14"): (False, "spring"),
        ("P3", "2027-01-14"): (None, "spring"),  # no longer in care
        ("P4", "2027-01-07"): (True, "spring"),  # 20 working days from 7 December
    }


def test_held_and_booked(given: Given, answer: Answer) -> None:
    """A booking that passed is no meeting; one of today or later is."""
    given(
        calendar=YEAR_2026,
        raw_pep="""
        pupil | pep_date   | outcome | quality | child_attended | targets_set
        ------+------------+---------+---------+----------------+------------
        P1    | 2026-11-19 | booked  |         |                |
        P2    | 2026-11-20 | booked  |         |                |
        P3    | 2026-11-20 | held    | good    | true           | 3
        P4    | 2026-11-21 | held    | good    | true           | 3          """,
    )
    names = "outcome quality has_child_attended targets_set academic_year"
    found = answer("pupil_pep", by="pupil", columns=names)
    assert {pupil: tuple(row.values()) for pupil, row in found.items()} == {
        "P2": ("booked", None, None, None, "2026/27"),
        "P3": ("held", "good", True, 3, "2026/27"),
    }


def test_an_unknown_start_is_neither(given: Given, answer: Answer) -> None:
    """Whether a first meeting was on time cannot be known without the day of care."""
    given(
        raw_care_episode="""
        pupil | known_since
        ------+------------
        P1    | 2026-06-01 """,
        raw_pep="""
        pupil | pep_date
        ------+-----------
        P1    | 2026-06-15""",
    )
    assert answer("pupil_pep", by="pupil", columns="is_on_time") == {"P1": None}
