"""pupil_review: reviews of care by the day asked for."""

from tests.conftest import Answer, Given


def test_in_the_words_of_the_return(given: Given, answer: Answer) -> None:
    """A code has its words; whether a report was sent may be unknown, which is not no."""
    given(
        raw_review="""
        pupil | review_date | outcome | took_part | has_school_report
        ------+-------------+---------+-----------+------------------
        P1    | 2026-11-20  | held    | PN6       | false
        P1    | 2026-06-02  | held    |           |
        P1    | 2026-11-21  | booked  |           |                  """
    )
    found = answer("pupil_review", by="review_date", columns="took_part has_school_report")
    assert found == {
        "2026-11-20": {
            "took_part": "Not attended, views by other medium",
            "has_school_report": False,
        },
        "2026-06-02": {"took_part": None, "has_school_report": None},
    }
