"""int_look_sdq: a score that rose into the upper band, by more than chance may."""

from tests.conftest import YEAR_2026, Answer, Given


def test_into_the_upper_band(given: Given, answer: Answer) -> None:
    """By the bands of the informant; one that was there before, or came longer ago, is none.

    A rise by fewer points than chance may bring is none either; of two it is the larger.
    """
    given(
        calendar=YEAR_2026,
        raw_sdq="""
        pupil | informant | sdq_date   | total
        ------+-----------+------------+------
        P1    | carer     | 2025-11-10 | 7
        P1    | carer     | 2026-11-10 | 17
        P1    | teacher   | 2025-11-10 | 5
        P1    | teacher   | 2026-11-10 | 20
        P2    | carer     | 2025-11-10 | 17
        P2    | carer     | 2026-11-10 | 30
        P3    | carer     | 2025-11-10 | 5
        P3    | carer     | 2026-11-10 | 16
        P4    | carer     | 2025-11-10 | 5
        P4    | carer     | 2026-10-05 | 20
        P5    | teacher   | 2025-11-10 | 5
        P5    | carer     | 2026-11-10 | 20
        P6    | carer     | 2025-11-10 | 9
        P6    | carer     | 2026-11-10 | 17
        P7    | carer     | 2025-11-10 | 8
        P7    | carer     | 2026-11-10 | 17   """,
    )
    found = answer("int_look_sdq", by="pupil", columns="figure base informant")
    assert {pupil: tuple(row.values()) for pupil, row in found.items()} == {
        "P1": (15, 5, "teacher"),
        "P7": (9, 8, "carer"),
    }
