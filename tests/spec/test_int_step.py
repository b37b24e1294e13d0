"""int_step: every step that starts or ends the clock of a duty."""

from tests.conftest import Answer, Given


def test_steps_of_protection(given: Given, answer: Answer) -> None:
    """Each is there by its own name."""
    given(
        raw_protection="""
        pupil | protection_date | event
        ------+-----------------+--------------------
        P1    | 2026-10-05      | strategy discussion
        P1    | 2026-10-20      | initial conference """
    )
    assert set(answer("int_step")) == {
        ("P1", "strategy discussion", "2026-10-05"),
        ("P1", "enquiry", "2026-10-05"),
        ("P1", "initial conference", "2026-10-20"),
    }
