"""stg_pupil: a child in scope."""

from tests.conftest import Answer, Given


def test_a_child_has_a_code_and_a_handle(given: Given, answer: Answer) -> None:
    """The store knows a child as pupil_id for machines and as handle for people."""
    given(
        raw_pupil="""
        pupil | pupil_id   | handle         | is_on_newest_roll
        ------+------------+----------------+------------------
        P1    | 7K2M9Q4XTB | copper lantern | true
        P2    | 0ZR8HC3WVN | quiet harbour  | false            """
    )
    names = "pupil_id handle is_on_newest_roll"
    assert answer("stg_pupil", columns=names, as_at=None) == {
        "P1": {"pupil_id": "7K2M9Q4XTB", "handle": "copper lantern", "is_on_newest_roll": True},
        "P2": {"pupil_id": "0ZR8HC3WVN", "handle": "quiet harbour", "is_on_newest_roll": False},
    }
