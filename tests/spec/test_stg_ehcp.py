"""stg_ehcp: one child, day and step of a plan."""

from tests.conftest import Answer, Given


def test_each_step_once(given: Given, answer: Answer) -> None:
    """Two steps on a day are two; of one step twice the newest source counts."""
    given(
        raw_ehcp="""
        pupil | ehcp_date  | event          | primary_need | source_id
        ------+------------+----------------+--------------+----------
        P1    | 2026-10-05 | review meeting | SLCN         | 4
        P1    | 2026-10-05 | review meeting | SEMH         | 9
        P1    | 2026-10-05 | report sent    |              | 4        """
    )
    assert answer("stg_ehcp", columns="primary_need", as_at=None) == {
        ("P1", "2026-10-05", "review meeting"): "SEMH",
        ("P1", "2026-10-05", "report sent"): None,
    }
