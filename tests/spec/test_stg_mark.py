"""stg_mark: one child, one session, one code."""

from tests.conftest import Answer, Given


def test_each_half_of_a_day_has_its_own_mark(given: Given, answer: Answer) -> None:
    """Morning and afternoon are two sessions, each with its own code."""
    given(
        raw_mark=r"""
        pupil | session_date | half | code
        ------+--------------+------+-----
        P1    | 2026-09-07   | AM   | /
        P1    | 2026-09-07   | PM   | \
        P2    | 2026-09-07   | AM   | C2  """
    )
    assert answer("stg_mark", columns="code", as_at=None) == {
        ("P1", "2026-09-07", "AM"): "/",
        ("P1", "2026-09-07", "PM"): "\\",
        ("P2", "2026-09-07", "AM"): "C2",
    }
