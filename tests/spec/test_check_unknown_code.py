"""check_unknown_code: a mark whose code no list knows on that date."""

from tests.conftest import Answer, Given


def test_a_code_out_of_its_time_is_listed(given: Given, answer: Answer) -> None:
    """J1 is unknown until 18 August 2024, plain Y from the 19th; J, H and F go on counting."""
    given(
        raw_mark="""
        pupil | session_date | half | code
        ------+--------------+------+-----
        P1    | 2024-08-16   | AM   | J
        P1    | 2024-08-16   | PM   | J1
        P1    | 2024-08-19   | AM   | J
        P1    | 2024-08-19   | PM   | J1
        P2    | 2024-08-18   | AM   | H
        P2    | 2024-08-19   | AM   | H
        P2    | 2024-08-19   | PM   | Y
        P2    | 2024-08-20   | AM   | F
        P3    | 2024-08-19   | AM   | D
        P3    | 2024-08-19   | PM   | #   """
    )
    assert answer("check_unknown_code", as_at="2024-08-19", columns="code") == {
        ("P1", "2024-08-16", "PM"): "J1",
        ("P2", "2024-08-19", "PM"): "Y",
    }


def test_marks_outside_a_stay_are_left_alone(given: Given, answer: Answer) -> None:
    """A mark made while the child was not on roll counts as nothing anyway."""
    given(
        raw_enrolment="""
        pupil | entry_date
        ------+-----------
        P1    | 2026-09-08""",
        register="""
        pupil | start      | marks
        ------+------------+------
        P1    | 2026-09-07 | K- Y-""",
    )
    assert answer("check_unknown_code", columns="code") == {("P1", "2026-09-08", "AM"): "Y"}
