"""stg_care_leaver: what is told of one former pupil."""

from tests.conftest import Answer, Given


def test_the_newest_source_counts(given: Given, answer: Answer) -> None:
    """The newest source counts."""
    given(
        raw_care_leaver="""
        pupil | care_leaver_date | in_touch | activity | accommodation | source_id
        ------+------------------+----------+----------+---------------+----------
        P1    | 2026-09-01       | NO       |          |               | 1
        P1    | 2026-09-01       | YES      | F2       | U1            | 2        """
    )
    found = answer("stg_care_leaver", by="pupil", columns="in_touch activity", as_at=None)
    assert found == {"P1": {"in_touch": "YES", "activity": "F2"}}
