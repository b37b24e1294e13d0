"""int_care_period: a stretch of one status without a break."""

from tests.conftest import Answer, Given


def test_episodes_that_meet_are_one_stretch(given: Given, answer: Answer) -> None:
    """A new home or legal status on the day the last one ended does not break the stretch."""
    given(
        raw_care_episode="""
        pupil | start_date | end_date   | legal_status | home
        ------+------------+------------+--------------+--------
        P1    | 2024-03-01 | 2024-09-10 | C1           | kinship
        P1    | 2024-09-10 | 2025-01-06 | C2           | kinship
        P1    | 2025-01-06 |            | C2           | foster """
    )
    assert answer("int_care_period", columns="end_date", as_at=None) == {
        ("P1", "looked after", "2024-03-01"): None
    }


def test_a_gap_of_a_day_breaks_it(given: Given, answer: Answer) -> None:
    """A day between two episodes on which neither holds makes two stretches."""
    given(
        raw_care_episode="""
        pupil | start_date | end_date
        ------+------------+-----------
        P1    | 2024-03-01 | 2024-09-10
        P1    | 2024-09-11 | 2025-01-06"""
    )
    assert answer("int_care_period", columns="end_date", as_at=None) == {
        ("P1", "looked after", "2024-03-01"): "2024-09-10",
        ("P1", "looked after", "2024-09-11"): "2025-01-06",
    }


def test_an_episode_within_another_ends_nothing(given: Given, answer: Answer) -> None:
    """A short episode inside a long one leaves the long one's end."""
    given(
        raw_care_episode="""
        pupil | start_date | end_date
        ------+------------+-----------
        P1    | 2024-03-01 | 2025-03-01
        P1    | 2024-04-01 | 2024-05-01
        P1    | 2025-02-01 | 2025-06-01"""
    )
    assert answer("int_care_period", columns="end_date", as_at=None) == {
        ("P1", "looked after", "2024-03-01"): "2025-06-01"
    }


def test_short_breaks_are_no_stretch(given: Given, answer: Answer) -> None:
    """V3 and V4 make nobody looked after, and join no two stretches that they lie between."""
    given(
        raw_care_episode="""
        pupil | start_date | end_date   | legal_status
        ------+------------+------------+-------------
        P1    | 2024-03-01 | 2024-05-01 | V2
        P1    | 2024-05-01 | 2024-06-01 | V3
        P1    | 2024-06-01 |            | C2
        P2    | 2024-03-01 |            | V4
        P3    | 2024-03-01 |            |             """
    )
    assert answer("int_care_period", columns="end_date", as_at=None) == {
        ("P1", "looked after", "2024-03-01"): "2024-05-01",
        ("P1", "looked after", "2024-06-01"): None,
        ("P3", "looked after", "2024-03-01"): None,
    }


def test_statuses_do_not_join(given: Given, answer: Answer) -> None:
    """In need up to a day and on a plan from it are two stretches."""
    given(
        raw_care_episode="""
        pupil | status               | start_date | end_date
        ------+----------------------+------------+-----------
        P1    | in need              | 2024-03-01 | 2024-09-10
        P1    | on a protection plan | 2024-09-10 |           """
    )
    assert answer("int_care_period", columns="end_date", as_at=None) == {
        ("P1", "in need", "2024-03-01"): "2024-09-10",
        ("P1", "on a protection plan", "2024-09-10"): None,
    }


def test_the_start_is_known_if_the_first_one_is(given: Given, answer: Answer) -> None:
    """A later known date does not tell when an unknown stretch began; an earlier one does."""
    given(
        raw_care_episode="""
        pupil | start_date | known_since | end_date
        ------+------------+-------------+-----------
        P1    |            | 2024-03-01  | 2024-09-10
        P1    | 2024-09-10 |             |
        P2    | 2024-01-15 |             | 2024-09-10
        P2    |            | 2024-03-01  |           """
    )
    assert answer("int_care_period", columns="is_start_known", as_at=None) == {
        ("P1", "looked after", "2024-03-01"): False,
        ("P2", "looked after", "2024-01-15"): True,
    }


def test_a_start_found_to_be_the_day_it_was_known_is_known(given: Given, answer: Answer) -> None:
    """Files merge and never delete: the found date stands beside the unknown, and wins."""
    given(
        raw_care_episode="""
        pupil | start_date | known_since
        ------+------------+------------
        P1    |            | 2024-03-01
        P1    | 2024-03-01 |
        P2    | 2024-03-01 |
        P2    |            | 2024-03-01 """
    )
    assert answer("int_care_period", columns="is_start_known", as_at=None) == {
        ("P1", "looked after", "2024-03-01"): True,
        ("P2", "looked after", "2024-03-01"): True,
    }
