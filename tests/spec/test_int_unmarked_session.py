"""int_unmarked_session: a session for which a child on roll should have a mark, and has none."""

from tests.conftest import Answer, Given


def list_unmarked(answer: Answer) -> set[tuple[str, str, str]]:
    """Child, day and half of every session."""
    by = "pupil session_date half"
    return set(answer("int_unmarked_session", by=by, columns="pupil", as_at=None))


def test_each_blank_half_of_a_register_day_up_to_the_last_mark(
    given: Given, answer: Answer
) -> None:
    """INSET days ask for no mark; an afternoon that the register has not reached is no gap.

    Nor is a school day without a register, nor a half that has its mark.
    """
    given(
        raw_calendar_day="""
        calendar_date | kind
        --------------+-----------
        2026-09-01    | INSET
        2026-09-02    | school day
        2026-09-03    | school day
        2026-09-04    | school day
        2026-09-07    | school day""",
        register="""
        pupil | start      | marks
        ------+------------+---------
        P1    | 2026-09-02 | -/ -- /-""",
    )
    assert list_unmarked(answer) == {("P1", "2026-09-02", "AM")}


def test_the_end_is_the_last_session_of_anybody_in_the_school(given: Given, answer: Answer) -> None:
    """The newest day comes before the half: an older afternoon is not the end."""
    given(
        calendar="""
        school_key | start      | end
        -----------+------------+-----------
        1          | 2026-11-19 | 2026-11-20
        2          | 2026-11-18 | 2026-11-19""",
        raw_mark=r"""
        school_key | pupil | session_date | half | code
        -----------+-------+--------------+------+-----
        1          | P1    | 2026-11-19   | PM   | \
        1          | P2    | 2026-11-20   | AM   | /
        2          | P3    | 2026-11-18   | AM   | /
        2          | P4    | 2026-11-18   | PM   | \
        2          | P4    | 2026-11-19   | AM   | #   """,
    )
    found = list_unmarked(answer)
    for pupil, last in (("P1", ("2026-11-20", "AM")), ("P3", ("2026-11-18", "PM"))):
        assert max((day, half) for child, day, half in found if child == pupil) == last


def test_a_mark_of_a_child_who_has_left_does_not_move_the_end(given: Given, answer: Answer) -> None:
    """The afternoon of P1 was not taken yet: P2 left the day before, and P3's is a closure."""
    given(
        calendar="""
        start      | end
        -----------+-----------
        2026-11-19 | 2026-11-20""",
        raw_enrolment="""
        pupil | entry_date | leaving_date
        ------+------------+-------------
        P1    | 2026-09-02 |
        P2    | 2026-09-02 | 2026-11-19
        P3    | 2026-09-02 |             """,
        register=r"""
        pupil | start      | marks
        ------+------------+-------
        P1    | 2026-11-19 | /\ /-
        P2    | 2026-11-19 | /\ /\
        P3    | 2026-11-19 | /\ /#""",
    )
    assert list_unmarked(answer) == set()


def test_only_while_the_child_is_on_roll(given: Given, answer: Answer) -> None:
    """From the entry date to the last day on roll, which counts, and in the child's school."""
    given(
        calendar="""
        school_key | start      | end
        -----------+------------+-----------
        1          | 2026-09-01 | 2026-09-04
        2          | 2026-09-01 | 2026-09-04""",
        raw_enrolment="""
        school_key | pupil | entry_date | leaving_date
        -----------+-------+------------+-------------
        1          | P1    | 2026-09-02 | 2026-09-03
        2          | P2    | 2020-09-01 | 2026-08-31
        1          | P3    | 2020-09-01 |
        2          | P4    | 2020-09-01 |             """,
        register="""
        school_key | pupil | start      | marks
        -----------+-------+------------+------
        1          | P3    | 2026-09-01 | /*4
        2          | P4    | 2026-09-01 | /*4  """,
    )
    found = {(pupil, day) for pupil, day, _ in list_unmarked(answer)}
    assert {each for each in found if each[0] in ("P1", "P2")} == {
        ("P1", "2026-09-02"),
        ("P1", "2026-09-03"),
    }


def test_overlapping_stays_ask_once(given: Given, answer: Answer) -> None:
    """A day that two stays cover asks for one mark a half."""
    given(
        calendar="""
        start      | end
        -----------+-----------
        2026-09-01 | 2026-09-01""",
        raw_enrolment="""
        pupil | entry_date
        ------+-----------
        P1    | 2024-09-02
        P1    | 2024-09-03""",
        register="""
        pupil | start      | marks
        ------+------------+------
        P1    | 2026-09-01 | -I   """,
    )
    assert list_unmarked(answer) == {("P1", "2026-09-01", "AM")}
