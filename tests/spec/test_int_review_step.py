"""int_review_step: where reviews of care stand among the steps of a child's time in care."""

import pytest

from tests.conftest import YEAR_2026, Answer, Given


@pytest.mark.parametrize(
    ("start", "entry", "events"),
    [
        # the first review of a child who was here when care began
        ("2026-09-07", "2024-09-02", {"care began", "first review", "review of care"}),
        # who came to the school in care has had earlier ones, of which nothing is known here
        ("2025-01-06", "2026-09-07", {"care began", "review of care"}),
        # care that began before the school's first record of a review
        ("2024-09-02", "2023-09-04", {"care began", "review of care"}),
    ],
)
def test_the_first_review_is_one_that_the_school_would_know(
    given: Given, answer: Answer, start: str, entry: str, events: set[str]
) -> None:
    """If the first one's last day came after the child's entry and the first record's September."""
    given(
        calendar=YEAR_2026,
        raw_care_episode=f"""
        pupil | start_date
        ------+-----------
        P1    | {start}   """,
        raw_enrolment=f"""
        pupil | entry_date
        ------+-----------
        P1    | {entry}   """,
        raw_review="""
        pupil | review_date | outcome
        ------+-------------+--------
        P1    | 2026-10-05  | held
        P1    | 2026-11-16  | held
        P1    | 2026-11-25  | booked """,
    )
    assert {event for _, event, _ in answer("int_review_step")} == events


def test_without_a_record_nothing_tells(given: Given, answer: Answer) -> None:
    """A school that holds no review at all cannot say that the first was not held."""
    given(
        calendar=YEAR_2026,
        raw_care_episode="""
        pupil | start_date
        ------+-----------
        P1    | 2026-09-07""",
    )
    found = answer("int_review_step", by="event", columns="has_no_record")
    assert found == {"care began": True}
