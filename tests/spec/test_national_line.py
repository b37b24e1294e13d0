"""national_line: published figures for England."""

import pytest

from tests.conftest import Answer


@pytest.mark.parametrize(
    ("measure", "cohort", "percent"),
    [
        ("absence", "looked after 12 months", 3.8),
        ("absence", "in need", 10.9),
        ("absence", "on a protection plan", 13.0),
        ("persistent absence", "looked after 12 months", 7.5),
        ("persistent absence", "in need", 34.3),
        ("persistent absence", "on a protection plan", 43.0),
        ("severe absence", "looked after 12 months", 0.8),
        ("severe absence", "in need", 3.3),
        ("severe absence", "on a protection plan", 4.0),
        ("expected standard", "looked after 12 months", 35.0),
        ("expected standard", "in need", 30.0),
        ("expected standard", "on a protection plan", 32.0),
        ("three homes in a year", "looked after", 10.0),
        ("second plan", "on a protection plan", 24.5),
        ("re-referral", "in need", 22.6),
    ],
)
def test_2024_25_as_published(answer: Answer, measure: str, cohort: str, percent: float) -> None:
    """A line is a share, 0 to 1, of the same group and the same year."""
    found = answer("national_line", as_at=None)[measure, cohort, "2024/25"]
    assert found["rate"] == pytest.approx(percent / 100, abs=1e-9)
    assert found["children"] > 0
    assert found["scope"]
    assert found["source"]


def test_a_year_that_is_not_published_has_no_row(answer: Answer) -> None:
    """2019/20 was not published, and is missing rather than nought."""
    assert "2019/20" not in {year for _, _, year in answer("national_line", as_at=None)}
