"""pupil_period: the lanes of a child's timeline."""

from tests.conftest import Answer, Given


def test_three_lanes(given: Given, answer: Answer) -> None:
    """An order does not end a home, nor a home an order; nor either of them a group."""
    given(
        raw_care_episode="""
        pupil | status       | start_date | end_date   | legal_status | home
        ------+--------------+------------+------------+--------------+--------
        P1    | looked after | 2024-01-08 | 2025-06-02 | C1           | foster
        P1    | looked after | 2025-06-02 | 2026-06-01 | C2           | foster
        P1    | looked after | 2026-06-01 |            | C2           | kinship"""
    )
    found = answer("pupil_period", by="lane start_date", columns="label end_date")
    assert {key: tuple(row.values()) for key, row in found.items()} == {
        ("home", "2024-01-08"): ("foster home", "2026-06-01"),
        ("home", "2026-06-01"): ("home with family or friends", None),
        ("legal status", "2024-01-08"): ("Interim care order", "2025-06-02"),
        ("legal status", "2025-06-02"): ("Full care order", None),
        ("group", "2024-01-08"): ("looked after", None),
    }


def test_need_and_a_plan_are_one_stretch(given: Given, answer: Answer) -> None:
    """Nobody but the safeguarding lead sees when the one became the other."""
    given(
        raw_care_episode="""
        pupil | status               | start_date | end_date
        ------+----------------------+------------+-----------
        P1    | in need              | 2025-01-06 |
        P1    | on a protection plan | 2025-06-02 | 2025-09-01"""
    )
    found = answer("pupil_period", by="lane start_date", columns="label end_date")
    assert {key: tuple(row.values()) for key, row in found.items()} == {
        ("group", "2025-01-06"): ("has a social worker", None)
    }


def test_as_of_the_day_asked_for(given: Given, answer: Answer) -> None:
    """An end that is still to come is open; a start that is to come is not there."""
    given(
        raw_care_episode="""
        pupil | status                  | start_date | end_date
        ------+-------------------------+------------+-----------
        P1    | looked after            | 2024-01-08 | 2026-11-20
        P1    | previously looked after | 2026-11-20 |
        P2    | looked after            | 2024-01-08 | 2026-11-21
        P2    | previously looked after | 2026-11-21 |           """
    )
    assert answer("pupil_period", by="pupil label", columns="end_date") == {
        ("P1", "looked after"): "2026-11-20",
        ("P1", "previously looked after"): None,
        ("P2", "looked after"): None,
    }


def test_short_breaks_are_no_home(given: Given, answer: Answer) -> None:
    """Nor an order, nor a time of being looked after."""
    given(
        raw_care_episode="""
        pupil | start_date | legal_status | home
        ------+------------+--------------+-------
        P1    | 2025-01-06 | V4           | foster
        P2    | 2025-01-06 |              |       """
    )
    assert set(answer("pupil_period", by="pupil lane")) == {("P2", "group")}
