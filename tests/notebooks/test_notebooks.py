"""The notebooks run from top to bottom on a made-up school, as a page and as a file to send."""

import ast
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pypdfium2
import pytest

from dashboard.charts.weeks import draw_week_lines
from dashboard.text import words
from notebooks.analysis import Lac, open_home
from notebooks.export import to_html
from queries import read
from safeguards.access import access
from tests.notebooks.conftest import Run
from tests.support import plain_words
from tests.support.web.browsers import chromium

_FOLDER = Path(__file__).parents[2] / "notebooks"
_NAMES = [
    "around_a_move",
    "attendance_without_percentages",
    "does_it_help",
    "duties_run_late",
    "money_and_help",
    "sdq_change",
]
_OF_OURS = ("dashboard.charts", "dashboard.text", "notebooks", "queries")


def test_there_are_six_notebooks() -> None:
    texts = {path.stem: path.read_text(encoding="utf-8") for path in _FOLDER.glob("*.py")}
    assert sorted(name for name, text in texts.items() if "marimo.App" in text) == _NAMES


@pytest.mark.parametrize("name", _NAMES)
def test_a_notebook_has_its_question_one_finding_its_query_and_its_limits(
    run: Run, lac: Lac, name: str
) -> None:
    """With controls, a chart that is told in words, and no id."""
    shown, found = run(name)
    text = re.sub(r"<[^>]+>", "", shown)
    assert "Question:" in text
    assert "Demo data: no real children." in text
    assert "Code names only." in text
    assert "What this cannot tell you" in text
    assert found["figure"].alt_text.partition(".")[0] in shown
    assert len(found["chosen"]) + (name == "attendance_without_percentages") >= 3
    assert re.findall(r"<pre class='query'>\s*(?:select|from|with)", shown)
    assert not [each for each in lac.mart("cohort_member")["pupil_id"] if each in shown]


def test_attendance_is_the_pages_chart_and_names_the_pages_figure(run: Run, home: Path) -> None:
    """Of whoever was in the group on the day; the page begins with whoever is in it now."""
    shown, found = run("attendance_without_percentages")
    marts = access.open(home, actor="test", role="dsl", purpose="test")
    weeks, before = (
        read.fetch_cohort_weeks(marts, year, "looked after") for year in ("2026/27", "2025/26")
    )
    figure = draw_week_lines(weeks, before)
    assert figure is not None
    assert found["figure"].table.equals(figure.table)
    assert found["figure"].subtitle == figure.subtitle
    (now,) = (
        read.fetch_cohort_years(marts, "looked after").filter(academic_year="2026/27").to_dicts()
    )
    part = words.format_part(now["absent_sessions"], now["possible_sessions"])
    assert f"The Attendance page begins with {part}" in shown


def test_page_notebook_and_report_count_the_same_sessions(run: Run, home: Path) -> None:
    """The report's total has besides only those that the child could not attend."""
    found = run("attendance_without_percentages")[1]["sums"]
    marts = access.open(home, actor="test", role="dsl", purpose="test")
    page = read.fetch_cohort_years(marts, "looked after").filter(academic_year="2026/27")
    (counted,) = page.select("on_day_absent_sessions", "on_day_possible_sessions").rows()
    assert (found.missed, found.possible) == counted
    held = access.open(home, actor="test", role="head", purpose=access.REPORT)
    reported = pl.DataFrame(read.fetch_report_children(held))
    assert reported["missed_sessions"].sum() == counted[0]
    assert reported["open_sessions"].sum() > counted[1]


@pytest.mark.parametrize(
    ("name", "chosen", "said"),
    [
        ("does_it_help", {"kind": "Maths", "outcome": "By kind of help"}, "Steps: "),
        ("does_it_help", {"kind": "A mentor", "outcome": "By kind of help"}, "Score: "),
        ("does_it_help", {"days": 900}, "there is nobody to compare yet"),
        ("sdq_change", {"informant": "self"}, "no child has two scores yet"),
        ("around_a_move", {"change": "school", "outcome": "Score"}, "Score: "),
        ("duties_run_late", {"holder": "school", "by": "authority"}, "ran late"),
        ("money_and_help", {"year": "none"}, "No funding was agreed"),
        ("attendance_without_percentages", {"year": "2019/20"}, "no sessions in this year"),
    ],
)
def test_a_control_changes_the_finding(
    run: Run, name: str, chosen: dict[str, Any], said: str
) -> None:
    assert said in run(name, **chosen)[0]


def test_a_day_is_asked_for_like_a_group(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAC_AS_AT", "2026-10-23")
    shown, found = run("attendance_without_percentages")
    assert "as at 23 October 2026" in shown
    assert found["weeks"]["week_start"].max() == date(2026, 10, 19)


@pytest.mark.parametrize("name", [*_NAMES, "template"])
def test_a_file_to_send_holds_pictures_and_no_script(home: Path, tmp_path: Path, name: str) -> None:
    """Nothing in it is fetched, nothing runs; its last line stands on each printed page."""
    path = _FOLDER / f"{name}.py"
    if name == "template":
        path = tmp_path / "mine.py"
        path.write_bytes((_FOLDER / "template.txt").read_bytes())
    made = to_html(path)
    lac = open_home(home)
    assert "<svg" in made
    assert re.findall(r"<script|<marimo-|<link|<iframe|\bsrc=|url\(|@import", made) == []
    asked = re.findall(r"https?://[^\s\"']+", made)
    assert {each for each in asked if "www.w3.org" not in each} == set()
    line = re.findall(r"<p class='on-each-page'>(.+?)</p>", made)
    assert len(line) == 1
    assert "register up to 20 November 2026, for the safeguarding lead. Code names only." in line[0]
    assert not [each for each in lac.mart("cohort_member")["pupil_id"] if each in made]


@pytest.mark.slow
def test_each_printed_page_says_what_may_be_done_with_it(home: Path, tmp_path: Path) -> None:
    """By the browser's own way to PDF."""
    assert home.exists()
    made, printed = tmp_path / "made.html", tmp_path / "made.pdf"
    made.write_text(to_html(_FOLDER / "does_it_help.py"), encoding="utf-8")
    with chromium() as browser:
        page = browser.new_page()
        page.goto(made.as_uri())
        page.pdf(path=printed, format="A4")
    with pypdfium2.PdfDocument(printed) as document:
        pages = [" ".join(each.get_textpage().get_text_bounded().split()) for each in document]
    assert len(pages) > 1
    assert [each for each in pages if "Code names only." not in each] == []
    assert [each for each in pages if "as at 20 November 2026" not in each] == []


def test_a_file_to_send_says_what_was_chosen(home: Path) -> None:
    assert home.exists()
    made = to_html(_FOLDER / "duties_run_late.py")
    assert "By: Holder" in made
    assert "Years: 3" in made


@pytest.mark.parametrize("name", _NAMES)
def test_a_notebook_imports_little_and_reads_plainly(name: str) -> None:
    text = (_FOLDER / f"{name}.py").read_text(encoding="utf-8")
    parsed = ast.parse(text)
    for node in ast.walk(parsed):
        if isinstance(node, ast.Import):
            assert [each.name for each in node.names] == ["marimo"]
        elif isinstance(node, ast.ImportFrom):
            assert (node.module or "").startswith(_OF_OURS)
    assert "%" not in text
    told = [
        each.value
        for node in ast.walk(parsed)
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("page.show_")
        for each in ast.walk(node)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    ]
    assert plain_words.check_text("\n\n".join(told)) == []


def test_notebooks_are_tidy_and_hold_no_output() -> None:
    paths = [f"{_FOLDER / name}.py" for name in _NAMES]
    checked = subprocess.run(
        [sys.executable, "-m", "marimo", "check", "--strict", *paths],
        capture_output=True,
        text=True,
        env={**os.environ, "MARIMO_SKIP_UPDATE_CHECK": "1"},
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
