"""int_newest_episode: where a child in care lives now, since when, and whose it is."""

from tests.conftest import Answer, Given


def test_what_the_newest_leaves_blank_stays_blank(given: Given, answer: Answer) -> None:
    """It is not filled from an older one; what has ended or not begun does not count.

    P5 has lived there since before the order, and of P6 nobody knows since when.
    """
    given(
        raw_care_episode="""
        pupil | start_date | known_since | end_date   | authority  | legal_status | home
        ------+------------+-------------+------------+------------+--------------+--------
        P1    | 2024-01-08 |             | 2025-01-06 | Northshire | C1           | foster
        P1    | 2025-01-06 |             |            | Northshire | C2           | kinship
        P2    | 2024-01-08 |             |            | Westmoor   | C1           | foster
        P2    | 2025-01-06 |             |            | Northshire |              |
        P3    | 2024-01-08 |             |            | Westmoor   | C1           | foster
        P3    | 2025-01-06 |             |            |            | C2           | kinship
        P4    | 2024-01-08 |             | 2026-11-20 | Northshire | C1           | foster
        P4    | 2026-11-21 |             |            | Northshire | C1           | foster
        P5    | 2024-01-08 |             | 2025-01-06 | Northshire | C1           | foster
        P5    | 2025-01-06 |             |            | Northshire | C2           | foster
        P6    |            | 2024-01-08  | 2025-01-06 | Northshire | C1           | foster
        P6    | 2025-01-06 |             |            | Northshire | C2           | foster"""
    )
    names = "authority legal_status home_kind home_since"
    found = answer("int_newest_episode", columns=names)
    kin = "home with family or friends"
    assert {pupil: tuple(row.values()) for pupil, row in found.items()} == {
        "P1": ("Northshire", "Full care order", kin, "2025-01-06"),
        "P2": ("Northshire", None, None, "2025-01-06"),
        "P3": (None, "Full care order", kin, "2025-01-06"),
        "P5": ("Northshire", "Full care order", "foster home", "2024-01-08"),
        "P6": ("Northshire", "Full care order", "foster home", None),
    }
