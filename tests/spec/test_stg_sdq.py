"""stg_sdq: one child, day and informant."""

from tests.conftest import Answer, Given


def test_scores_or_a_reason(given: Given, answer: Answer) -> None:
    """A form has a total, or a reason why it has none."""
    given(
        raw_sdq="""
        pupil | sdq_date   | informant | total | prosocial | reason
        ------+------------+-----------+-------+-----------+-------
        P1    | 2026-10-05 | carer     | 16    | 9         |
        P1    | 2026-10-05 | teacher   |       |           | SDQ4  """
    )
    found = answer("stg_sdq", columns="total prosocial reason", as_at=None)
    assert {key: tuple(row.values()) for key, row in found.items()} == {
        ("P1", "2026-10-05", "carer"): (16, 9, None),
        ("P1", "2026-10-05", "teacher"): (None, None, "SDQ4"),
    }


def test_the_newest_source_counts(given: Given, answer: Answer) -> None:
    """What people typed is the newest source, so it corrects the file's row."""
    given(
        raw_sdq="""
        pupil | sdq_date   | total | source_id
        ------+------------+-------+----------
        P1    | 2026-10-05 | 16    | 4
        P1    | 2026-10-05 | 14    | 9        """
    )
    assert answer("stg_sdq", by="pupil", columns="total", as_at=None) == {"P1": 14}
