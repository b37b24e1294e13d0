"""stg_restriction: whose data may be kept but not used."""

from tests.conftest import Answer, Given


def test_a_child_is_restricted_while_there_is_a_row(given: Given, answer: Answer) -> None:
    """One row a child, with the day from which it holds; the others have none."""
    given(
        raw_pupil="""
        pupil
        -----
        P1
        P2   """,
        raw_restriction="""
        pupil | since_date
        ------+-----------
        P1    | 2026-11-13 """,
    )
    assert answer("stg_restriction", columns="since_date") == {"P1": "2026-11-13"}
