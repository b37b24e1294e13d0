"""stg_protection: one step of a child in need or of a protection plan."""

from tests.conftest import Answer, Given


def test_the_newest_source_counts(given: Given, answer: Answer) -> None:
    """What people typed about a step comes after the files, and takes their place."""
    given(
        raw_protection="""
        pupil | protection_date | event      | abuse | source_id
        ------+-----------------+------------+-------+----------
        P1    | 2026-03-18      | plan begun | NEG   | 1
        P1    | 2026-03-18      | plan begun | EMO   | 2        """
    )
    found = answer("stg_protection", columns="abuse", as_at=None)
    assert found == {("P1", "plan begun", "2026-03-18"): "EMO"}
