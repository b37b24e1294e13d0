"""docs/report.md: what it shows of the reports of two made-up schools."""

from pathlib import Path

import pytest

from dashboard.report.content.statements import list_statements
from tests.support.schools.homes import demo_home, keys_at
from tests.support.schools.report_home import prepare, session

_GUIDE = Path(__file__).parents[3] / "docs" / "report.md"
_SECTIONS = ("children", "plans", "attendance")


@pytest.mark.parametrize(("children", "column"), [(24, 1), (3, 2)])
def test_the_guide_shows_what_a_demo_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, children: int, column: int
) -> None:
    """Its table has the first statement of each section, of a demo of this size."""
    lines = [line for line in _GUIDE.read_text("utf-8").splitlines() if line.startswith("| ")]
    start = next(n for n, line in enumerate(lines) if "the annual report of" in line)
    shown = [line.strip("| ").split(" | ")[column] for line in lines[start + 1 : start + 4]]
    folder = demo_home(tmp_path / "home", children=children, years=3)
    monkeypatch.setenv("LAC_KEYS", keys_at(folder)["LAC_KEYS"])
    statements = list(list_statements(prepare(session(folder), "annual").facts))
    first = [next(each for each in statements if each.section == section) for section in _SECTIONS]
    assert shown == [each.heading or each.body for each in first]
