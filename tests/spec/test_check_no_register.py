"""check_no_register: a school day that has no register yet."""

from tests.conftest import YEAR_2026, Answer, Given


def test_since_the_first_register_to_the_day_before(given: Given, answer: Answer) -> None:
    """One without a mark between two, and those since the last; no day of half term.

    The register of the day asked for may still come.
    """
    given(
        calendar=YEAR_2026,
        register="""
        pupil | start      | marks
        ------+------------+------------
        P1    | 2026-10-20 | / - /      """,
    )
    found = answer("check_no_register", as_at="2026-11-03", by="calendar_date")
    assert set(found) == {"2026-10-21", "2026-10-23", "2026-11-02"}
