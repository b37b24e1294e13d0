"""pupil_ehcp: the stage of a plan, the weeks since the request, and whose step it is."""

import pytest

from tests.conftest import Answer, Given


def row_of(
    given: Given, answer: Answer, steps: str, as_at: str = "2026-11-20"
) -> dict[str, object]:
    """The child's row after the steps "DAY EVENT, DAY EVENT"."""
    lines = ["P1 | {} | {}".format(*step.split(" ", 1)) for step in steps.split(", ")]
    given(raw_ehcp="\n".join(("pupil | ehcp_date | event", *lines)))
    row: dict[str, object] = answer("pupil_ehcp", by="pupil", as_at=as_at)["P1"]
    return row


@pytest.mark.parametrize(
    ("steps", "stage"),
    [
        ("2026-10-05 requested", "asked for"),
        ("2026-10-05 requested, 2026-11-02 agreed to assess", "being assessed"),
        ("2026-10-05 requested, 2026-11-02 advice asked", "being assessed"),
        ("2026-10-05 requested, 2026-11-16 advice given", "being assessed"),
        ("2026-10-05 requested, 2026-11-02 refused to assess", "refused"),
        ("2026-06-01 requested, 2026-11-02 draft issued", "draft"),
        ("2026-06-01 requested, 2026-09-21 refused to issue", "refused"),
        ("2026-06-01 requested, 2026-10-19 plan issued", "plan"),
        ("2025-06-02 plan issued, 2026-05-25 review meeting", "plan"),
        ("2025-06-02 plan issued, 2026-10-05 decided to amend", "plan"),
        # a step of the review is all that is known of a child who came with a plan
        ("2026-10-05 decided to keep", "plan"),
        ("2025-06-02 plan issued, 2026-10-05 decided to cease", "ceased"),
        ("2025-06-02 plan issued, 2026-09-07 ceased, 2026-09-14 report sent", "ceased"),
        # asked for once more
        ("2025-06-02 plan issued, 2026-03-02 ceased, 2026-10-05 requested", "asked for"),
        ("2025-10-06 requested, 2025-11-03 refused to assess, 2026-10-05 requested", "asked for"),
        # beside a plan that holds
        ("2025-06-02 plan issued, 2026-10-05 requested", "plan"),
        ("2025-06-02 plan issued, 2026-09-07 requested, 2026-10-05 refused to assess", "plan"),
        # on one day the later step counts
        ("2026-10-05 requested, 2026-10-05 agreed to assess", "being assessed"),
    ],
)
def test_stage(given: Given, answer: Answer, steps: str, stage: str) -> None:
    """A plan that was issued holds until it ends, whatever is asked for beside it."""
    assert row_of(given, answer, steps)["stage"] == stage


@pytest.mark.parametrize(
    ("as_at", "week", "is_late"),
    [
        ("2026-01-05", 0, False),
        ("2026-01-11", 0, False),
        ("2026-01-12", 1, False),
        ("2026-05-25", 20, False),
        ("2026-05-26", 20, True),
        ("2026-06-01", 21, True),
    ],
)
def test_weeks_of_an_open_request(
    given: Given, answer: Answer, as_at: str, week: int, is_late: bool
) -> None:
    """20 weeks to the day are in time; the day after is late."""
    row = row_of(given, answer, "2026-01-05 requested", as_at)
    assert (row["week"], row["is_late"]) == (week, is_late)


@pytest.mark.parametrize(
    ("end", "week", "is_late"),
    [
        ("2026-05-25 plan issued", 20, False),
        ("2026-05-26 plan issued", 20, True),
        ("2026-02-16 refused to assess", 6, False),
        ("2026-04-27 refused to issue", 16, False),
        ("2026-04-27 ceased", 16, False),
    ],
)
def test_the_clock_stops(given: Given, answer: Answer, end: str, week: int, is_late: bool) -> None:
    """A plan, a refusal or an end stops it, however long ago."""
    row = row_of(given, answer, f"2026-01-05 requested, {end}")
    assert (row["week"], row["is_late"]) == (week, is_late)


def test_two_requests(given: Given, answer: Answer) -> None:
    """Weeks are those of the newest; what ended the first does not end it."""
    steps = "2025-10-06 requested, 2025-11-03 refused to assess, 2026-11-02 requested"
    row = row_of(given, answer, steps)
    assert (row["requested_date"], row["week"], row["is_late"]) == ("2026-11-02", 2, False)


def test_without_a_request(given: Given, answer: Answer) -> None:
    """A child who came with a plan has no weeks."""
    row = row_of(given, answer, "2025-06-02 plan issued, 2026-05-25 review meeting")
    assert (row["week"], row["is_late"], row["plan_date"], row["last_review_date"]) == (
        None,
        None,
        "2025-06-02",
        "2026-05-25",
    )


@pytest.mark.parametrize(
    ("steps", "waits_for", "next_due_date"),
    [
        ("2026-10-19 requested", "authority", "2026-11-30"),
        ("2026-10-19 requested, 2026-11-02 agreed to assess", "authority", "2027-02-08"),
        ("2026-10-19 requested, 2026-11-02 advice asked", "school", "2026-12-14"),
        ("2025-12-01 plan issued", "school", "2026-11-02"),
        ("2025-12-01 plan issued, 2026-11-16 review meeting", "school", "2026-11-30"),
        ("2026-10-19 requested, 2026-11-02 refused to assess", None, None),
        ("2025-12-01 plan issued, 2026-11-02 ceased", None, None),
    ],
)
def test_whose_step_it_is(
    given: Given, answer: Answer, steps: str, waits_for: str | None, next_due_date: str | None
) -> None:
    """Who holds the open duty that is due first."""
    row = row_of(given, answer, steps)
    assert (row["waits_for"], row["next_due_date"]) == (waits_for, next_due_date)


def test_the_newest_need_that_is_recorded(given: Given, answer: Answer) -> None:
    """A step that leaves it blank does not blank it."""
    given(
        raw_ehcp="""
        pupil | ehcp_date  | event          | primary_need
        ------+------------+----------------+-------------
        P1    | 2024-05-06 | requested      | SLCN
        P1    | 2024-09-23 | plan issued    | SEMH
        P1    | 2025-09-15 | review meeting |             """
    )
    found = answer("pupil_ehcp", by="pupil", columns="primary_need")
    assert found == {"P1": "Social, Emotional and Mental Health"}
