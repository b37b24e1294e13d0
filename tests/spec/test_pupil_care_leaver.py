"""pupil_care_leaver: what is told of one former pupil, by the day asked for."""

from tests.conftest import Answer, Given


def test_what_is_told_by_the_day(given: Given, answer: Answer) -> None:
    """In words; a former pupil who is not in touch has neither."""
    given(
        raw_care_leaver="""
        pupil | care_leaver_date | in_touch | activity | accommodation
        ------+------------------+----------+----------+--------------
        P1    | 2026-09-01       | YES      | F2       | U1
        P2    | 2026-09-01       | REFU     |          |
        P3    | 2026-11-21       | YES      |          |              """
    )
    found = answer("pupil_care_leaver", by="pupil", columns="in_touch activity accommodation")
    assert found == {
        "P1": {
            "in_touch": "In touch",
            "activity": "Full-time other education",
            "accommodation": "Independent living - suitable",
        },
        "P2": {"in_touch": "Refuses contact", "activity": None, "accommodation": None},
    }
