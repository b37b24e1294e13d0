"""pupil_action: what was done about a child, who did it, and which of it was corrected."""

from tests.conftest import Answer, Given


def test_every_action_by_the_day_asked_for(given: Given, answer: Answer) -> None:
    """Once, however many rules listed the child; today's counts, tomorrow's does not."""
    given(
        raw_action="""
        pupil | action_id | action_date | outcome   | line      | actor    | follow_up_date | rule
        ------+-----------+-------------+-----------+-----------+----------+----------------+--------------
        P1    | A1        | 2026-11-20  |           | a message | Sam Hale | 2026-11-27     | same_weekday
        P1    | A1        | 2026-11-20  |           | a message | Sam Hale | 2026-11-27     | late_mornings
        P1    | A2        | 2026-11-12  | no answer | at noon   | Jo Penn  |                |
        P2    | A3        | 2026-11-21  |           | will come | Jo Penn  |                |             """  # noqa: E501
    )
    columns = "action_date kind outcome line actor follow_up_date logged_at"
    found = answer("pupil_action", columns=columns)
    logged = "2026-11-20 08:00:00"
    assert {key: tuple(row.values()) for key, row in found.items()} == {
        ("P1", "A1"): (
            *("2026-11-20", "talked to child", None, "a message", "Sam Hale", "2026-11-27", logged),
        ),
        ("P1", "A2"): (
            *("2026-11-12", "talked to child", "no answer", "at noon", "Jo Penn", None, logged),
        ),
    }


def test_a_correction_is_beside_what_it_stands_in_for(given: Given, answer: Answer) -> None:
    """Of whatever day and child it is; a correction can be corrected too."""
    given(
        raw_action="""
        pupil | action_id | action_date | corrects
        ------+-----------+-------------+---------
        P1    | A1        | 2026-11-12  |
        P1    | A2        | 2026-11-11  | A1
        P2    | A3        | 2026-11-21  | A2      """
    )
    assert answer("pupil_action", columns="corrected_by") == {
        ("P1", "A1"): "A2",
        ("P1", "A2"): "A3",
    }
