"""int_care_period: a stretch of one status without a break."""

from tests.conftest import Answer, Given
from tests.support.text_tables import by_case, number_cases

#: The episodes of a child, start, end and order; the stretches in which care held.
STRETCHES: dict[str, dict[str, str | None]] = {
    # a new home or order on the day the last one ended does not break it
    "2024-03-01 | 2024-09-10 | C1, 2024-09-10 | 2025-01-06 | C2, 2025-01-06 | | C2": {
        "2024-03-01": None
    },
    # a day between, on which neither holds, makes two
    "2024-03-01 | 2024-09-10 | , 2024-09-11 | 2025-01-06 | ": {
        "2024-03-01": "2024-09-10",
        "2024-09-11": "2025-01-06",
    },
    # a short one inside a long one ends nothing
    "2024-03-01 | 2025-03-01 | , 2024-04-01 | 2024-05-01 | , 2025-02-01 | 2025-06-01 | ": {
        "2024-03-01": "2025-06-01"
    },
    # short breaks make nobody looked after, and join no two stretches that they lie between
    "2024-03-01 | 2024-05-01 | V2, 2024-05-01 | 2024-06-01 | V3, 2024-06-01 | | C2": {
        "2024-03-01": "2024-05-01",
        "2024-06-01": None,
    },
    "2024-03-01 | | V4": {},
    "2024-03-01 | | ": {"2024-03-01": None},
}
#: The episodes of a child, start or since when it was known, and end; whether the start is known.
STARTS = {
    # a later known date does not tell when an unknown stretch began; an earlier one does
    " | 2024-03-01 | 2024-09-10, 2024-09-10 | | ": False,
    "2024-03-01 | | 2024-09-10, | 2024-06-01 | ": True,
    # files merge and never delete: a date found later stands beside the unknown, and wins
    " | 2024-03-01 | , 2024-03-01 | | ": True,
    "2024-03-01 | | , | 2024-03-01 | ": True,
}


def test_what_a_stretch_is(given: Given, answer: Answer) -> None:
    """Episodes of a status that meet or overlap are one."""
    given(raw_care_episode=number_cases("start_date | end_date | legal_status", STRETCHES))
    found = answer("int_care_period", by="pupil counts_from", columns="end_date", as_at=None)
    assert {
        case: {first: end for (who, first), end in found.items() if who == f"P{n}"}
        for n, case in enumerate(STRETCHES, 1)
    } == STRETCHES


def test_the_start_is_known_if_the_first_one_is(given: Given, answer: Answer) -> None:
    """Each child has one stretch."""
    given(raw_care_episode=number_cases("start_date | known_since | end_date", STARTS))
    found = answer("int_care_period", by="pupil", columns="is_start_known", as_at=None)
    assert by_case(STARTS, found) == STARTS


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
