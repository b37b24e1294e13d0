"""stg_pep: one child and day of a meeting."""

from tests.conftest import Answer, Given


def test_held_or_booked(given: Given, answer: Answer) -> None:
    """A booked meeting has no child who attended; of one day twice the newest source counts."""
    given(
        raw_pep="""
        pupil | pep_date   | outcome | child_attended | source_id
        ------+------------+---------+----------------+----------
        P1    | 2026-10-05 | booked  |                | 4
        P1    | 2026-10-05 | held    | true           | 9
        P1    | 2027-02-01 | booked  |                | 4        """
    )
    found = answer("stg_pep", columns="outcome has_child_attended", as_at=None)
    assert {key: tuple(row.values()) for key, row in found.items()} == {
        ("P1", "2026-10-05"): ("held", True),
        ("P1", "2027-02-01"): ("booked", None),
    }
