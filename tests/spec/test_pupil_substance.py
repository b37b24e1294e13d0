"""pupil_substance: one finding of substance misuse, by the day asked for."""

from tests.conftest import Answer, Given


def test_what_is_told_by_the_day(given: Given, answer: Answer) -> None:
    """Whether help was offered is asked only of a child who had none."""
    given(
        raw_substance="""
        pupil | substance_date | has_help | is_help_offered
        ------+----------------+---------------+-------------
        P1    | 2026-11-20     | false         | true
        P2    | 2026-11-20     | true          |
        P3    | 2026-11-21     | true          |             """
    )
    found = answer("pupil_substance", by="pupil", columns="has_help is_help_offered")
    assert found == {
        "P1": {"has_help": False, "is_help_offered": True},
        "P2": {"has_help": True, "is_help_offered": None},
    }
