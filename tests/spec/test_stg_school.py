"""stg_school: a school."""

from tests.conftest import Answer, Given


def test_each_school_has_its_own_row(given: Given, answer: Answer) -> None:
    """A store can hold more than one school, each under its own key."""
    given(
        raw_school="""
        school_key | school_id | school_name
        -----------+-----------+------------
        1          | 001/2001  | Larkfield
        2          | 001/2002  | Millbrook  """
    )
    assert answer("stg_school", columns="school_name", as_at=None) == {
        1: "Larkfield",
        2: "Millbrook",
    }
