"""int_move: days on which a child came to another home."""

from tests.conftest import Answer, Given


def test_an_order_alone_is_no_move(given: Given, answer: Answer) -> None:
    """The same kind of home under the same order is another home; an order alone is none."""
    given(
        raw_care_episode="""
        pupil | start_date | end_date   | home    | legal_status
        ------+------------+------------+---------+-------------
        P1    | 2024-03-01 | 2025-02-10 | kinship | C1
        P1    | 2025-02-10 | 2025-11-24 | kinship | C2
        P1    | 2025-11-24 | 2026-10-05 | foster  | C2
        P1    | 2026-10-05 |            | foster  | C2          """
    )
    found = answer("int_move")
    assert set(found) == {("P1", "2025-11-24"), ("P1", "2026-10-05")}
