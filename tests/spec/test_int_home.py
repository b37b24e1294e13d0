"""int_home: how long a child in care is in one home, and whether it came from another."""

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
        P1    | 2026-10-05 | 2026-10-12 | foster  | C2
        P1    | 2026-10-19 |            | foster  | V2          """
    )
    found = answer("int_home", columns="end_date is_move")
    assert {start: tuple(row.values()) for (_, start), row in found.items()} == {
        "2024-03-01": ("2025-11-24", False),
        "2025-11-24": ("2026-10-05", True),
        "2026-10-05": ("2026-10-12", True),
        "2026-10-19": (None, False),
    }
