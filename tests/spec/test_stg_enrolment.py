"""stg_enrolment: a stay on the roll."""

from tests.conftest import Answer, Given


def test_a_stay_ends_the_day_after_its_last_day(given: Given, answer: Answer) -> None:
    """The roll names the last day on it, so end_date is the day after, null while it lasts."""
    given(
        raw_enrolment="""
        pupil | entry_date | leaving_date
        ------+------------+-------------
        P1    | 2025-09-02 | 2026-02-28
        P1    | 2026-06-01 |
        P2    | 2024-01-08 | 2024-02-28  """
    )
    assert answer("stg_enrolment", columns="end_date", as_at=None) == {
        ("P1", "2025-09-02"): "2026-03-01",
        ("P1", "2026-06-01"): None,
        ("P2", "2024-01-08"): "2024-02-29",
    }
