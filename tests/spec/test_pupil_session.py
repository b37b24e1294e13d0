"""pupil_session: the register, session by session."""

from tests.conftest import Answer, Given

WEEK = """
    start      | end
    -----------+-----------
    2026-09-07 | 2026-09-11"""


def test_what_a_mark_means(given: Given, answer: Answer) -> None:
    """A known mark has its kind; a code that no list knows that day has none."""
    given(
        calendar=WEEK,
        register="""
        pupil | start      | marks
        ------+------------+-------
        P1    | 2026-09-07 | /N C2,D
        P1    | 2026-09-09 | #Y     """,
    )
    found = answer("pupil_session", by="session_date half", columns="kind is_possible is_absent")
    assert {key: tuple(row.values()) for key, row in found.items()} == {
        ("2026-09-07", "AM"): ("present", True, False),
        ("2026-09-07", "PM"): ("unauthorised absence", True, True),
        ("2026-09-08", "AM"): ("authorised absence", True, True),
        ("2026-09-08", "PM"): ("not possible", False, False),
        ("2026-09-09", "AM"): ("closed", False, False),
        ("2026-09-09", "PM"): (None, False, False),
    }


def test_a_blank_is_not_recorded_which_is_no_absence(given: Given, answer: Answer) -> None:
    """A session of a school day without a mark is shown, and counts as nothing."""
    given(
        calendar=WEEK,
        register=r"""
        pupil | start      | marks
        ------+------------+------
        P1    | 2026-09-07 | /- /\ """,
    )
    found = answer("pupil_session", by="session_date half")
    gap = found["2026-09-07", "PM"]
    assert len(found) == 4
    assert (gap["kind"], gap["code"], gap["label"]) == ("not recorded", None, None)
    assert (gap["is_possible"], gap["is_absent"]) == (False, False)


def test_the_register_up_to_the_day(given: Given, answer: Answer) -> None:
    """Later sessions are not there, marked or not."""
    given(
        calendar=WEEK,
        register=r"""
        pupil | start      | marks
        ------+------------+---------
        P1    | 2026-09-07 | -\ /\ /\ """,
    )
    found = answer(
        "pupil_session", register_day="2026-09-08", by="session_date half", columns="kind"
    )
    assert found == {
        ("2026-09-07", "AM"): "not recorded",
        ("2026-09-07", "PM"): "present",
        ("2026-09-08", "AM"): "present",
        ("2026-09-08", "PM"): "present",
    }
    assert answer("pupil_session", register_day="2026-09-06") == {}
