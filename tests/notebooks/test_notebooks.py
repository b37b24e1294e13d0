"""The notebooks run from top to bottom on a made-up school and show what the marts hold."""

import ast
import html
import importlib
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboard.charts import catalogue as charts
from queries import read
from safeguards.access import access
from tests.support import plain_words
from tests.support.schools.homes import demo_home, keys_at

_FOLDER = Path(__file__).parents[2] / "notebooks"
_NAMES = sorted(path.stem for path in _FOLDER.glob("*.py"))
_OF_A_HOME = ["attendance_without_percentages", "does_it_help", "sdq_change"]
_MAY_IMPORT = {
    *("os", "datetime", "getpass", "math", "pathlib", "marimo"),
    *("collections", "itertools", "random"),
}
_OF_OURS = {
    ("safeguards.access", "access"), ("queries", "read"), ("dashboard.charts", "catalogue"),
    ("dashboard.text", "rules"), ("dashboard.text", "words"),
}  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = demo_home(tmp_path_factory.mktemp("notebooks") / "home", years=3)
    patch = pytest.MonkeyPatch()
    patch.setenv("LAC_KEYS", keys_at(folder)["LAC_KEYS"])
    patch.setenv("LAC_HOME", str(folder))
    patch.setenv("MARIMO_SKIP_UPDATE_CHECK", "1")
    yield folder
    patch.undo()


@pytest.fixture(scope="module")
def run(home: Any) -> Any:  # noqa: ARG001 - the home is there before a notebook runs
    """Runs a notebook: as it stands once, and anew with each other start."""
    seen: dict[str, Any] = {}

    def start(name: str, **defs: Any) -> Any:
        if defs or name not in seen:
            outputs, found = importlib.import_module(name).app.run(defs=defs)
            shown = "\n".join(getattr(output, "text", str(output)) for output in outputs)
            if defs:
                return shown, found
            seen[name] = shown, found
        return seen[name]

    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(_FOLDER))
        yield start


def _parameters(**changed: Any) -> Any:
    """What the first cell of every notebook sets."""
    return {"home": os.environ["LAC_HOME"], "role": "dsl", "as_at": None, **changed}


@pytest.fixture
def marts(home: Any) -> Any:
    return access.open(home, actor="test", role="dsl", purpose="test")


def test_there_are_three_notebooks() -> None:
    assert _OF_A_HOME == _NAMES


@pytest.mark.parametrize("name", _OF_A_HOME)
def test_a_notebook_says_its_question_its_limits_and_no_id(run: Any, marts: Any, name: Any) -> None:
    shown, _ = run(name)
    assert "Question:" in shown
    assert "What this cannot tell you" in shown
    assert "Demo data: no real children." in shown
    assert not [i for i in read.fetch_members(marts)["pupil_id"] if i in shown]


def test_attendance_counts_what_the_mart_counts(run: Any, marts: Any) -> None:
    _, found = run("attendance_without_percentages")
    weeks = read.fetch_cohort_weeks(marts, "2026/27", "looked after")
    columns = ["week_start", "children", "absent_sessions", "possible_sessions"]
    assert found["counts"].equals(weeks.select(columns))
    figure = charts.draw_week_lines(weeks)
    assert figure is not None
    assert found["figure"].title == figure.title
    assert found["moved"] == pytest.approx(1000 / found["typical"])
    assert len(found["lines"]) == 10
    assert not [line for line in found["lines"] if "%" in line]


def test_scores_are_the_newest_by_the_same_person(run: Any, marts: Any) -> None:
    _, found = run("sdq_change")
    figure = charts.draw_score_slope(read.fetch_sdq(marts), "carer", read.load_sdq_bands("carer"))
    assert figure is not None
    assert found["figure"].title == figure.title
    assert found["newest"]["handle"].to_list() == figure.table["Child"].to_list()
    assert [str(n) for n in found["newest"]["total"]] == figure.table["Newest score"].to_list()
    assert 0 < found["chance"] <= 1
    assert found["down"] <= len(found["moved"])


def test_help_is_set_beside_the_childs_own_sessions(run: Any, marts: Any) -> None:
    """What was missed on each side is what the register says, and nobody is read by a few days."""
    _, found = run("does_it_help")
    assert found["readable"]
    for row in found["readable"]:
        sides = (row["days_before"], row["days_after"])
        assert 20 <= min(sides) <= max(sides) <= 30
    row = found["readable"][0]
    own = marts.read(
        "select session_date, count(*) filter (where is_absent) as missed from pupil_session"
        " where handle = $handle group by session_date"
        " having count(*) filter (where is_possible) > 0 order by session_date",
        {"handle": row["handle"]},
    )
    before = own.filter(own["session_date"] < row["began_on"]).tail(30)
    after = own.filter(own["session_date"] >= row["began_on"]).head(30)
    assert (before["missed"].sum(), after["missed"].sum()) == (
        row["missed_before"],
        row["missed_after"],
    )
    assert not any(character.isdigit() for character in found["statement"])


def test_of_few_children_nothing_is_said_of_the_group(run: Any) -> None:
    """With days that nobody has, there is nobody to read."""
    shown, found = run("does_it_help", days=900, fewest=890, **_parameters())
    assert found["readable"] == []
    assert "Too few children" in found["statement"]
    assert "Nothing has days enough" in shown


def test_where_nobody_has_two_scores_it_says_so(run: Any) -> None:
    shown, found = run("sdq_change", informant="self", **_parameters())
    assert "1. Two scores by the same person: 0 of 1 child<" in shown
    assert found["figure"] is None
    assert "No child has two scores by this person yet." in shown


def test_a_role_without_the_command_is_refused(run: Any) -> None:
    with pytest.raises(Exception, match="has no access"):
        run("sdq_change", informant="carer", **_parameters(role="teacher"))


def test_a_day_is_asked_for_like_a_group(run: Any, home: Any) -> None:
    day = date(2026, 10, 23)
    marts = access.open(home, actor="test", role="dsl", purpose="test", as_at=day)
    shown, found = run("attendance_without_percentages", group="all", **_parameters(as_at=str(day)))
    assert "Shown as at 23 October 2026." in shown
    assert found["counts"]["week_start"].max() == date(2026, 10, 19)
    assert len(found["lines"]) == read.fetch_members(marts).height


def test_before_the_first_week_nothing_is_counted(run: Any) -> None:
    early = _parameters(as_at="2024-08-20")
    shown, found = run("attendance_without_percentages", group="looked after", **early)
    assert "1. Children looked after have no sessions yet this year" in shown
    assert "There is no school week with sessions yet." in shown
    assert "Nobody has a mark this year." in shown
    assert found["figure"] is None


@pytest.mark.parametrize("name", ["attendance_without_percentages", "sdq_change"])
def test_a_chart_is_told_in_words_and_has_no_menu(run: Any, name: Any) -> None:
    shown, found = run(name)
    spec = html.unescape(shown).replace("\\", "")
    assert found["figure"].alt_text in spec
    assert '"embedOptions": {"actions": false}' in spec


def test_notebooks_are_tidy_hold_no_output_and_read_plainly() -> None:
    paths = [_FOLDER / f"{name}.py" for name in _NAMES]
    for path in paths:
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import):
                assert {each.name for each in node.names} <= _MAY_IMPORT, path
            elif isinstance(node, ast.ImportFrom) and node.module not in _MAY_IMPORT:
                assert {(node.module, each.name) for each in node.names} <= _OF_OURS, path
        assert "%" not in text, path
        prose = "\n".join(re.findall(r'mo\.md\("""(.+?)"""\)', text, re.DOTALL))
        assert plain_words.check_text(prose) == [], path
    checked = subprocess.run(
        [sys.executable, "-m", "marimo", "check", "--strict", *map(str, paths)],
        capture_output=True,
        text=True,
        env={**os.environ, "MARIMO_SKIP_UPDATE_CHECK": "1"},
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
