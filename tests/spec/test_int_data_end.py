"""int_data_end: the last session for which a school's register has any mark."""

from tests.conftest import Answer, Given


def test_the_end_is_the_last_session_of_anybody(given: Given, answer: Answer) -> None:
    """The newest day comes before the half: an older afternoon is not the end."""
    given(
        raw_mark=r"""
        school_key | pupil | session_date | half | code
        -----------+-------+--------------+------+-----
        1          | P1    | 2026-11-19   | PM   | \
        1          | P2    | 2026-11-20   | AM   | /
        2          | P3    | 2026-11-18   | AM   | /
        2          | P4    | 2026-11-18   | PM   | \   """
    )
    assert answer("int_data_end", columns="session_date half", as_at=None) == {
        1: {"session_date": "2026-11-20", "half": "AM"},
        2: {"session_date": "2026-11-18", "half": "PM"},
    }
