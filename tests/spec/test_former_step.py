"""former_step: what is left to do for who left or whose care ended."""

import pytest

from tests.conftest import YEAR_2026, Answer, Given


@pytest.fixture
def told(given: Given) -> None:
    """P1 left on Friday 20 November, P2's care ended on Monday the 16th."""
    given(
        calendar=YEAR_2026,
        raw_enrolment="""
        pupil | entry_date | leaving_date
        ------+------------+-------------
        P1    | 2024-09-02 | 2026-11-20
        P2    | 2024-09-02 |             """,
        raw_care_episode="""
        pupil | status       | start_date | end_date
        ------+--------------+------------+-----------
        P1    | looked after | 2024-01-08 |
        P2    | looked after | 2024-01-08 | 2026-11-16""",
        raw_action="""
        pupil | action_id | action_date | kind                    | corrects
        ------+-----------+-------------+-------------------------+---------
        P1    | a         | 2026-11-20  | told the Virtual School |
        P1    | b         | 2026-11-19  | closed the PEP          |
        P2    | c         | 2026-11-18  | closed the PEP          |
        P2    | d         | 2026-11-18  | told the Virtual School |
        P2    | e         | 2026-11-18  | called the carer        | d       """,
    )


@pytest.mark.usefixtures("told")
def test_each_step_until_an_action_of_its_kind(answer: Answer) -> None:
    """On the last day or later; a corrected action does nothing; files go with leavers."""
    columns = "name why ended_on due_date done_date"
    found = answer("former_step", as_at="2026-11-23", columns=columns)
    assert {key: (row["due_date"], row["done_date"]) for key, row in found.items()} == {
        ("P1", "told the Virtual School"): (None, "2026-11-20"),
        ("P1", "closed the PEP"): (None, None),
        ("P1", "sent the record"): ("2026-12-11", None),
        ("P1", "sent the protection file"): ("2026-11-27", None),
        ("P2", "told the Virtual School"): (None, None),
        ("P2", "closed the PEP"): (None, "2026-11-18"),
    }
    left = found["P1", "sent the record"]
    assert (left["why"], left["ended_on"]) == ("left", "2026-11-21")
    assert left["name"] == "send the record to the next school"


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    ("as_at", "children"),
    [("2026-11-15", set()), ("2026-12-13", {"P1", "P2"}), ("2026-12-14", {"P1"}),
     ("2026-12-18", {"P1"}), ("2027-01-07", {"P1"}), ("2027-01-08", set())],
)  # fmt: skip
def test_for_four_weeks(answer: Answer, as_at: str, children: set[str]) -> None:
    """From the first day on which the child is no longer on the pages, or the due date."""
    found = answer("former_step", as_at=as_at, columns="year_group")
    assert {pupil for pupil, _ in found} == children


@pytest.mark.usefixtures("told")
def test_each_step_ends_by_its_own_due_date(answer: Answer) -> None:
    """Four weeks after leaving what has no due date is gone, and what is due later is not."""
    found = answer("former_step", as_at="2026-12-19", columns="due_date")
    assert found == {
        ("P1", "sent the protection file"): "2026-11-27",
        ("P1", "sent the record"): "2026-12-11",
    }
