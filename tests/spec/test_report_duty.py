"""report_duty: what fell due for the children looked after this term, and what was done."""

import pytest

from tests.conftest import YEAR_2026, Answer, Given

CARE = """
    pupil | status       | start_date
    ------+--------------+-----------
    P1    | looked after | 2024-01-08
    P2    | looked after | 2024-01-08
    P3    | in need      | 2024-01-08"""


def test_peps_of_the_term_are_due_from_its_first_day(given: Given, answer: Answer) -> None:
    """Autumn ends on 18 December: both are due in it, one has been held by 20 November."""
    given(
        calendar=YEAR_2026,
        raw_care_episode=CARE,
        raw_pep="""
        pupil | pep_date   | outcome
        ------+------------+--------
        P1    | 2026-10-05 | held
        P2    | 2026-12-01 | booked """,
    )
    found = answer("report_duty", as_at="2026-11-20", by="duty")
    assert tuple(found["PEP"][name] for name in ("due", "done", "done_late")) == (2, 1, 0)


@pytest.mark.parametrize(("as_at", "expected"), [("2026-11-17", None), ("2026-11-18", (1, 0, 0))])
def test_health_duties_are_due_from_their_last_day(
    given: Given, answer: Answer, as_at: str, expected: tuple[int, ...] | None
) -> None:
    """A dental check of 18 November 2025 is good to that day a year later."""
    given(
        calendar=YEAR_2026,
        raw_care_episode=CARE,
        raw_health="""
        pupil | kind         | health_date | outcome
        ------+--------------+-------------+--------
        P1    | dental check | 2025-11-18  | done   """,
    )
    found = answer("report_duty", as_at=as_at, by="duty")
    row = found.get("health")
    assert (row and tuple(row[name] for name in ("due", "done", "done_late"))) == expected


def test_what_was_done_late_is_among_what_was_done(given: Given, answer: Answer) -> None:
    """Two checks fell due on 5 October: one was that day, the other a week later."""
    given(
        calendar=YEAR_2026,
        raw_care_episode=CARE,
        raw_health="""
        pupil | kind         | health_date | outcome
        ------+--------------+-------------+--------
        P1    | dental check | 2025-10-05  | done
        P1    | dental check | 2026-10-12  | done
        P2    | dental check | 2025-10-05  | done
        P2    | dental check | 2026-10-05  | done   """,
    )
    row = answer("report_duty", as_at="2026-11-20", by="duty")["health"]
    assert tuple(row[name] for name in ("due", "done", "done_late")) == (2, 2, 1)


def test_each_kind_of_duty_has_a_row(given: Given, answer: Answer) -> None:
    """An SDQ of last October was due again this October; a visit of a social worker is no kind."""
    given(
        calendar=YEAR_2026,
        raw_care_episode=CARE,
        raw_sdq="""
        pupil | sdq_date   | informant | total
        ------+------------+-----------+------
        P1    | 2025-10-05 | carer     | 18   """,
        raw_ehcp="""
        pupil | event       | ehcp_date
        ------+-------------+-----------
        P1    | plan issued | 2025-10-05""",
    )
    found = answer("report_duty", as_at="2026-11-20", by="duty", columns="due")
    assert set(found) == {"PEP", "SDQ", "EHCP"}
