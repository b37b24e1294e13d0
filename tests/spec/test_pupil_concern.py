"""pupil_concern: notes of concern, open or closed on a day."""

from tests.conftest import Answer, Given


def test_open_until_it_is_closed(given: Given, answer: Answer) -> None:
    """The day to look again may still be today; after it an open note is past it."""
    given(
        raw_concern="""
        pupil | concern_date | line | follow_up_date | closed_date
        ------+--------------+------+----------------+------------
        P1    | 2026-11-02   | a    | 2026-11-20     |
        P1    | 2026-11-02   | b    | 2026-11-19     |
        P1    | 2026-11-02   | c    | 2026-11-19     | 2026-11-20
        P1    | 2026-11-02   | d    | 2026-11-19     | 2026-11-21
        P1    | 2026-11-02   | e    |                |
        P1    | 2026-11-21   | f    |                |            """
    )
    found = answer("pupil_concern", by="line", columns="closed_date is_past")
    assert {line: tuple(row.values()) for line, row in found.items()} == {
        "a": (None, False),
        "b": (None, True),
        "c": ("2026-11-20", False),
        "d": (None, True),
        "e": (None, False),
    }
