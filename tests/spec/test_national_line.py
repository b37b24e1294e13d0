"""national_line: published figures for England."""

import pytest

from tests.conftest import Answer


@pytest.mark.parametrize(
    ("measure", "cohort", "phase", "percent"),
    [
        ("absence", "looked after 12 months", "primary", 3.8),
        ("absence", "looked after 12 months", "secondary", 12.0),
        ("absence", "looked after 12 months", "special", 11.2),
        ("absence", "looked after 12 months", "all", 9.0),
        ("absence", "in need", "primary", 10.9),
        ("absence", "in need", "secondary", 25.5),
        ("absence", "on a protection plan", "primary", 13.0),
        ("unauthorised absence", "looked after 12 months", "primary", 0.6),
        ("unauthorised absence", "looked after 12 months", "secondary", 5.6),
        ("persistent absence", "looked after 12 months", "primary", 7.5),
        ("persistent absence", "looked after 12 months", "secondary", 27.5),
        ("persistent absence", "looked after 12 months", "all", 20.3),
        ("persistent absence", "in need", "primary", 34.3),
        ("persistent absence", "on a protection plan", "primary", 43.0),
        ("severe absence", "looked after 12 months", "primary", 0.8),
        ("severe absence", "looked after 12 months", "secondary", 9.5),
        ("severe absence", "looked after 12 months", "all", 6.4),
        ("severe absence", "in need", "primary", 3.3),
        ("severe absence", "on a protection plan", "primary", 4.0),
        ("expected standard", "looked after 12 months", "key stage 2", 35.0),
        ("expected standard", "in need", "key stage 2", 30.0),
        ("expected standard", "on a protection plan", "key stage 2", 32.0),
        ("three homes in a year", "looked after", "all ages", 10.0),
        ("second plan", "on a protection plan", "all ages", 24.5),
        ("re-referral", "in need", "all ages", 22.6),
    ],
)
def test_2024_25_as_published(
    answer: Answer, measure: str, cohort: str, phase: str, percent: float
) -> None:
    """A line is a share, 0 to 1, of the same group, the same year and the same phase."""
    found = answer("national_line", as_at=None)[measure, cohort, "2024/25", phase]
    assert found["rate"] == pytest.approx(percent / 100, abs=1e-9)
    assert found["children"] > 0
    assert found["scope"]
    assert found["source"]


def test_a_year_that_is_not_published_has_no_row(answer: Answer) -> None:
    """2019/20 was not published, and is missing rather than nought."""
    assert "2019/20" not in {year for _, _, year, _ in answer("national_line", as_at=None)}
