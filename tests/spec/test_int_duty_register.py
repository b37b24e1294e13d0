"""int_duty_register: a day of an absence without a reason."""

from tests.conftest import Answer, Given


def test_a_day_is_one_duty(given: Given, answer: Answer) -> None:
    """Both halves are one; a mark that was replaced is none; nor is a child's who left."""
    given(
        register=r"""
        pupil | start      | marks
        ------+------------+---------------
        P1    | 2026-11-16 | NN N\ /\ IN \\
        P2    | 2026-11-16 | N\
        P3    | 2026-11-19 | // // NN      """.replace(r"\\", r"/\ "),
        raw_enrolment="""
        pupil | leaving_date
        ------+-------------
        P1    |
        P2    | 2026-11-19
        P3    |             """,
    )
    found = answer("int_duty_register", by="pupil started_on", columns="rule")
    days = ("2026-11-16", "2026-11-17", "2026-11-19")
    assert found == {("P1", day): "REGISTER_N" for day in days}
