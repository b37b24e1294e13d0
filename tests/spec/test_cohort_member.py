"""cohort_member: who is in scope on the day asked for, and under which group."""

import pytest

from tests.conftest import Answer, Given


def test_the_group_a_child_is_listed_under(given: Given, answer: Answer) -> None:
    """Looked after first, then a social worker, then previously; booleans say all that hold."""
    given(
        raw_care_episode="""
        pupil | status                  | start_date
        ------+-------------------------+-----------
        P1    | looked after            | 2025-01-06
        P1    | in need                 | 2025-01-06
        P2    | previously looked after | 2025-01-06
        P2    | on a protection plan    | 2025-01-06
        P3    | previously looked after | 2025-01-06""",
        raw_enrolment="""
        pupil | sex
        ------+----
        P1    | F
        P2    | M
        P3    | U  """,
    )
    names = "cohort is_looked_after has_social_worker is_previously_looked_after year_group sex"
    found = answer("cohort_member", columns=names)
    assert {pupil: tuple(row.values()) for pupil, row in found.items()} == {
        "P1": ("looked after", True, True, False, 4, "F"),
        "P2": ("has a social worker", False, True, True, 4, "M"),
        "P3": ("previously looked after", False, False, True, 4, "U"),
    }


@pytest.mark.parametrize(
    ("as_at", "members"),
    [
        ("2026-08-31", set()),
        ("2026-09-01", {"P1"}),
        ("2026-11-18", {"P1"}),
        ("2026-11-19", {"P1", "P2"}),
        ("2026-11-20", {"P2"}),
        ("2026-11-21", {"P2"}),
        ("2026-11-22", set()),
    ],
)
def test_on_roll_and_in_care_on_the_day(
    given: Given, answer: Answer, as_at: str, members: set[str]
) -> None:
    """Care does not hold on its end date; the last day on roll still counts."""
    given(
        raw_care_episode="""
        pupil | start_date | end_date
        ------+------------+-----------
        P1    | 2026-09-01 | 2026-11-20
        P2    | 2026-11-19 |           """,
        raw_enrolment="""
        pupil | entry_date | leaving_date
        ------+------------+-------------
        P1    | 2024-09-03 |
        P2    | 2024-09-03 | 2026-11-21  """,
    )
    assert set(answer("cohort_member", as_at=as_at)) == members


@pytest.mark.parametrize(
    ("as_at", "is_12_months"), [("2025-02-27", False), ("2025-02-28", True), ("2025-03-01", True)]
)
def test_twelve_months_from_a_leap_day(
    given: Given, answer: Answer, as_at: str, is_12_months: bool
) -> None:
    """Twelve months after 29 February are full on the 28th of the next year."""
    given(
        raw_care_episode="""
        pupil | start_date | end_date
        ------+------------+-----------
        P1    | 2024-02-29 | 2024-06-03
        P1    | 2024-06-03 |           """
    )
    found = answer("cohort_member", as_at=as_at, columns="is_looked_after_12_months")
    assert found == {"P1": is_12_months}


def test_a_new_stretch_begins_the_twelve_months_anew(given: Given, answer: Answer) -> None:
    """A day out of care starts the count again; a change of home does not."""
    given(
        raw_care_episode="""
        pupil | start_date | end_date
        ------+------------+-----------
        P1    | 2024-01-08 | 2026-06-01
        P1    | 2026-06-01 |
        P2    | 2024-01-08 | 2026-06-01
        P2    | 2026-06-02 |           """
    )
    names = "looked_after_since is_looked_after_12_months home_since"
    found = answer("cohort_member", columns=names)
    assert {pupil: tuple(row.values()) for pupil, row in found.items()} == {
        "P1": ("2024-01-08", True, "2026-06-01"),
        "P2": ("2026-06-02", False, "2026-06-02"),
    }


def test_an_unknown_start_has_no_twelve_months(given: Given, answer: Answer) -> None:
    """The child counts from the day it was known, and the 12-month measure is null."""
    given(
        raw_care_episode="""
        pupil | known_since
        ------+------------
        P1    | 2024-01-08
        P2    | 2026-11-21 """
    )
    names = "looked_after_since is_looked_after_12_months"
    assert answer("cohort_member", columns=names) == {
        "P1": {"looked_after_since": None, "is_looked_after_12_months": None}
    }


def test_a_previously_looked_after_child_is_not_looked_after(given: Given, answer: Answer) -> None:
    """Leaving care for adoption ends every measure of being looked after."""
    given(
        raw_care_episode="""
        pupil | status                  | start_date | end_date
        ------+-------------------------+------------+-----------
        P1    | looked after            | 2020-01-08 | 2025-09-15
        P1    | previously looked after | 2025-09-15 |           """
    )
    names = "cohort is_looked_after looked_after_since is_looked_after_12_months"
    assert answer("cohort_member", columns=names) == {
        "P1": {
            "cohort": "previously looked after",
            "is_looked_after": False,
            "looked_after_since": None,
            "is_looked_after_12_months": None,
        }
    }


def test_short_breaks_make_nobody_looked_after(given: Given, answer: Answer) -> None:
    """A child in need with short breaks is listed for its social worker, without a home."""
    given(
        raw_care_episode="""
        pupil | status       | start_date | authority  | legal_status | home
        ------+--------------+------------+------------+--------------+-------
        P1    | looked after | 2025-01-06 | Northshire | V3           | foster
        P2    | looked after | 2025-01-06 | Northshire | V4           | foster
        P2    | in need      | 2025-01-06 |            |              |       """
    )
    found = answer("cohort_member", columns="cohort is_looked_after authority home_kind")
    assert {pupil: tuple(row.values()) for pupil, row in found.items()} == {
        "P2": ("has a social worker", False, None, None)
    }


def test_a_restricted_child_is_marked(given: Given, answer: Answer) -> None:
    """The safeguarding lead still sees the child; nobody else's store has the row."""
    given(
        raw_care_episode="""
        pupil | start_date
        ------+-----------
        P1    | 2024-01-01
        P2    | 2024-01-01 """,
        raw_restriction="""
        pupil | since_date
        ------+-----------
        P1    | 2026-11-13 """,
    )
    assert answer("cohort_member", columns="is_restricted") == {"P1": True, "P2": False}


def test_the_key_stage_is_that_of_the_year(given: Given, answer: Answer) -> None:
    """Each first and last year of one; it changes with the school year, and ends with Year 13."""
    years = {0: "Reception", 1: "Key stage 1", 2: "Key stage 1", 3: "Key stage 2"}
    years |= {6: "Key stage 2", 7: "Key stage 3", 9: "Key stage 3", 10: "Key stage 4"}
    years |= {11: "Key stage 4", 12: "Years 12 and 13", 13: "Years 12 and 13"}
    rows = [f"P{n} | {year}" for n, year in enumerate(years, 1)]
    given(
        raw_care_episode="\n".join(
            ("pupil | start_date", *(f"P{n} | 2020-01-06" for n, _ in enumerate(years, 1)))
        ),
        raw_enrolment="\n".join(("pupil | year_group", *rows)),
    )
    found = answer("cohort_member", columns="key_stage")
    assert found == {f"P{n}": stage for n, stage in enumerate(years.values(), 1)}
    later = answer("cohort_member", as_at="2027-09-01", columns="key_stage")
    assert [later[f"P{n}"] for n in (1, 3, 5, 11)] == [
        "Key stage 1",
        "Key stage 2",
        "Key stage 3",
        None,
    ]
