"""check_permanence_order: decisions and orders dated before what they follow."""

from tests.conftest import Answer, Given


def test_an_order_before_the_placement(given: Given, answer: Answer) -> None:
    """A special guardianship order follows nothing that is recorded."""
    given(
        raw_permanence="""
        pupil | permanence_date | event
        ------+-----------------+---------------------------
        P1    | 2026-03-02      | adoption order
        P1    | 2026-05-11      | placed for adoption
        P2    | 2026-03-02      | special guardianship order
        P3    | 2026-03-02      | placed for adoption
        P3    | 2026-10-05      | adoption order            """
    )
    found = answer("check_permanence_order", columns="follows_date")
    assert found == {("P1", "adoption order", "2026-03-02"): "2026-05-11"}
