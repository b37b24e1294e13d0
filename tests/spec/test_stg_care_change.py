"""stg_care_change: one change of social worker or school."""

from tests.conftest import Answer, Given


def test_two_kinds_on_one_day(given: Given, answer: Answer) -> None:
    """They are two changes; of one the newest source counts."""
    given(
        raw_care_change="""
        pupil | care_change_date | kind          | reason | source_id
        ------+-------------+---------------+--------+----------
        P1    | 2026-03-09  | social worker |        | 1
        P1    | 2026-03-09  | social worker | MANAGE | 2
        P1    | 2026-03-09  | school        |        | 1        """
    )
    found = answer("stg_care_change", by="kind", columns="reason", as_at=None)
    assert found == {"social worker": "MANAGE", "school": None}
