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


def test_a_note_is_told_as_it_was_raised(given: Given, answer: Answer) -> None:
    """In the words of its list, with what was done."""
    given(
        raw_concern="""
        pupil | concern_date | kind | level   | raised_by | done           | follow_up_date
        ------+--------------+------+---------+-----------+----------------+---------------
        P1    | 2026-11-20   | home | concern | teacher   | met the family | 2026-11-27    """
    )
    names = "concern_date kind level_of_concern raised_by done follow_up_date"
    found = answer("pupil_concern", by="pupil", columns=names)
    assert tuple(found["P1"].values()) == (
        *("2026-11-20", "Something at home", "concern", "teacher", "met the family", "2026-11-27"),
    )
