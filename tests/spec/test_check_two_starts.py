"""check_two_starts: rows of one status that share days."""

from tests.conftest import Answer, Given


def test_listed_when_two_rows_share_a_day(given: Given, answer: Answer) -> None:
    """A corrected start stands beside the old one; rows that meet do not share a day."""
    given(
        raw_care_episode="""
        pupil | start_date | end_date
        ------+------------+-----------
        P1    | 2024-01-08 |
        P1    | 2024-01-15 |
        P2    | 2024-01-08 | 2025-06-01
        P2    | 2025-06-01 |           """
    )
    assert set(answer("check_two_starts")) == {("P1", "looked after", "2024-01-15")}


def test_not_before_the_later_row_begins(given: Given, answer: Answer) -> None:
    """A row dated after the day asked for is not known then."""
    given(
        raw_care_episode="""
        pupil | start_date | end_date
        ------+------------+-----------
        P1    | 2024-01-08 |
        P1    | 2024-01-15 |          """
    )
    assert answer("check_two_starts", as_at="2024-01-14") == {}
    assert len(answer("check_two_starts", as_at="2024-01-15")) == 1


def test_other_statuses_may_share_days(given: Given, answer: Answer) -> None:
    """In need while previously looked after is no slip."""
    given(
        raw_care_episode="""
        pupil | status                 | start_date
        ------+------------------------+-----------
        P1    | previously looked after | 2024-01-08
        P1    | in need                | 2025-01-08"""
    )
    assert answer("check_two_starts") == {}
