"""int_look_sdq: a score that rose into the upper band."""

from tests.conftest import YEAR_2026, Answer, Given


def test_into_the_upper_band(given: Given, answer: Answer) -> None:
    """By the bands of the informant; one that was there before, or came longer ago, is none."""
    given(
        calendar=YEAR_2026,
        raw_sdq="""
        pupil | informant | sdq_date   | total
        ------+-----------+------------+------
        P1    | carer     | 2025-11-10 | 16
        P1    | carer     | 2026-11-10 | 17
        P1    | teacher   | 2025-11-10 | 15
        P1    | teacher   | 2026-11-10 | 20
        P2    | carer     | 2025-11-10 | 17
        P2    | carer     | 2026-11-10 | 30
        P3    | carer     | 2025-11-10 | 5
        P3    | carer     | 2026-11-10 | 16
        P4    | carer     | 2025-11-10 | 5
        P4    | carer     | 2026-10-05 | 20
        P5    | teacher   | 2025-11-10 | 5
        P5    | carer     | 2026-11-10 | 20   """,
    )
    assert answer("int_look_sdq", by="pupil", columns="figure") == {"P1": 5}
