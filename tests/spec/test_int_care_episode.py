"""int_care_episode: an episode of a status with its words, short breaks left out."""

from tests.conftest import Answer, Given


def test_short_breaks_are_left_out(given: Given, answer: Answer) -> None:
    """V3 and V4 make nobody looked after; a code that is not recorded has no words."""
    given(
        raw_care_episode="""
        pupil | start_date | end_date   | legal_status | home
        ------+------------+------------+--------------+--------
        P1    | 2024-03-01 | 2024-05-01 | V2           | foster
        P1    | 2024-05-01 | 2024-06-01 | V3           | foster
        P2    | 2024-03-01 |            | V4           |
        P3    | 2024-03-01 |            |              |        """
    )
    found = answer("int_care_episode", by="pupil", columns="end_date home_kind", as_at=None)
    assert found == {
        "P1": {"end_date": "2024-05-01", "home_kind": "foster home"},
        "P3": {"end_date": None, "home_kind": None},
    }
