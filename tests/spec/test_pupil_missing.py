"""pupil_missing: times missing by the day asked for."""

from tests.conftest import Answer, Given


def test_missing_and_away(given: Given, answer: Answer) -> None:
    """The two kinds have their words; what is yet to come is not there."""
    given(
        raw_missing="""
        pupil | missing_date | kind | back_date  | interview
        ------+--------------+------+------------+------------
        P1    | 2026-10-11   | A    | 2026-10-12 | not offered
        P1    | 2026-11-20   | M    |            |
        P1    | 2026-11-21   | M    |            |            """
    )
    found = answer("pupil_missing", by="missing_date", columns="kind")
    assert found == {
        "2026-10-11": "Away without leave: it was known where",
        "2026-11-20": "Missing: nobody knew where",
    }
