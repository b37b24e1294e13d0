"""The reports of made-up schools of several sizes, and what docs/report.md shows of them."""

from pathlib import Path

import pytest

from dashboard.report.content.statements import list_statements
from dashboard.report.make import PreparedReport
from tests.support.schools.homes import demo_home, keys_at
from tests.support.schools.report_home import prepare, session

_GUIDE = Path(__file__).parents[3] / "docs" / "report.md"
_SECTIONS = ("children", "plans", "attendance")


def prepare_annual(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, children: int
) -> PreparedReport:
    folder = demo_home(tmp_path / "home", children=children, years=3)
    monkeypatch.setenv("LAC_KEYS", keys_at(folder)["LAC_KEYS"])
    return prepare(session(folder), "annual")


@pytest.mark.parametrize(("children", "column"), [(24, 1), (3, 2)])
def test_the_guide_shows_what_a_demo_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, children: int, column: int
) -> None:
    """Its table has the first statement of each section, of a demo of this size."""
    lines = [line for line in _GUIDE.read_text("utf-8").splitlines() if line.startswith("| ")]
    start = next(n for n, line in enumerate(lines) if "the annual report of" in line)
    shown = [line.strip("| ").split(" | ")[column] for line in lines[start + 1 : start + 4]]
    prepared = prepare_annual(tmp_path, monkeypatch, children)
    statements = list(list_statements(prepared.facts))
    first = [next(each for each in statements if each.section == section) for section in _SECTIONS]
    assert shown == [each.heading or each.body for each in first]


def test_a_year_has_plans_by_term_only_if_each_term_had_six_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the nine children six were looked after in the year, and four in its first term."""
    figures = prepare_annual(tmp_path, monkeypatch, 9).figures
    assert figures.is_counted
    assert figures.duties.kinds["PEP"].due == 15
    assert figures.peps_by_term == {}
