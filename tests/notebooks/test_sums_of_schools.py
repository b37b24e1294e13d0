"""In a home of many schools a figure of a notebook, a recipe or the template is a sum over all.

A page adds up the children whom somebody chose; a notebook asks a mart of the group.  What no
page shows is added up here from the files of the three schools.
"""

import csv
import importlib
import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dashboard.app_pages import attendance
from dashboard.text import words
from notebooks.analysis import Lac, open_home
from notebooks.export import load_app
from queries import reference
from tests.notebooks.test_analysis import RECIPES
from tests.support.schools.authority import (
    DAY,
    THREE,
    authority_home,
    three_schools_exports,
    three_schools_home,
)
from tests.support.schools.homes import keys_at
from tests.support.web.site import Site

_TEMPLATE = Path(__file__).parents[2] / "notebooks" / "template.txt"
_PART = re.compile(r"[\d,]+ of [\d,]+ sessions")
_SCORES = re.compile(r"Scores by (\w+)s: lower than before for (?:(\d+) of (\d+)|the (1)) child")

#: What one side has, by what it is.
Figures = dict[str, Any]


def use(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Lac:
    for name, value in (
        ("LAC_KEYS", keys_at(folder)["LAC_KEYS"]),
        ("LAC_HOME", str(folder)),
        ("LAC_ROLE", "virtual_head"),
        ("MARIMO_SKIP_UPDATE_CHECK", "1"),
    ):
        monkeypatch.setenv(name, value)
    return open_home(folder)


def run(name: str, **chosen: Any) -> tuple[str, Figures]:
    """Run a notebook with these choices in place of those that it begins with."""
    app = importlib.import_module(f"notebooks.{name}").app
    shown, names = app.run()
    if chosen:
        shown, names = app.run(defs={"chosen": names["chosen"] | chosen})
    text = "\n".join(output.text for output in shown if output is not None)
    return re.sub(r"<[^>]+>", "", text), names


def find_part(text: str) -> str:
    match = _PART.search(text)
    return match.group() if match else "none"


def read_pages(site: Site) -> Figures:
    """Return what the pages say: of a group by the children chosen, of weeks by the chart."""
    figures: Figures = {}
    for group, label in words.GROUPS.items():
        site.visit("attendance")
        site.app.multiselect(key="place-names").set_value([] if group == "all" else [label]).run()
        figures[f"year of {group}"] = find_part(site.title)
    site.app.multiselect(key="place-names").set_value([]).run()
    chart = attendance._draw_weeks(site.session(), "all", None)
    assert chart is not None
    sums = [0, 0]
    for week, part, _ in chart.table.iter_rows():
        missed, possible = (int(number.replace(",", "")) for number in part.split(" of "))
        figures[f"notebook, {week}"] = part
        figures[f"template, {week}"] = figures[f"recipe, {week}"] = [missed]
        sums = [sums[0] + missed, sums[1] + possible]
    figures["recipe of the year"] = sums
    figures["overdue"] = int(site.visit("plans").title.split()[0])
    for form, lower, children, only in _SCORES.findall(site.visit("wellbeing").text):
        figures[f"scores by {form}"] = int(lower or only), int(children or only)
    return figures


def read_notebooks(lac: Lac, folder: Path) -> Figures:
    """Return the same figures as the notebooks, the template and the recipes have them."""
    figures: Figures = {}
    for group in words.GROUPS:
        shown, names = run("attendance_without_percentages", group=group)
        figures[f"year of {group}"] = find_part(shown.partition("Attendance page begins with")[2])
        if group == "all":
            rows = names["figure"].table.iter_rows()
            figures |= {f"notebook, {week}": part for week, part, _ in rows}
    measured = run("duties_run_late")[1]["measured"]
    waiting = measured.filter(pl.col("is_waiting"), pl.col("status") != "missed")
    # child protection has a page of its own, and a child's absences without a reason one line
    apart = reference.read("deadline").filter(category="child_protection")["name"]
    listed = waiting.filter(~pl.col("name").is_in(apart.implode()))
    figures["overdue"] = listed.unique(["handle", "name"]).height
    for form in ("carer", "teacher"):
        moves = run("sdq_change", informant=form, group="all")[1]["moves"]
        figures[f"scores by {form}"] = moves.down, moves.down + moves.up + moves.same
    template = shutil.copy(_TEMPLATE, folder.parent / "template.py")
    weeks = {"template": load_app(Path(template)).run()[1]["weeks"]}
    # the two recipes that ask of a group's weeks
    (sums,) = (recipe for recipe in RECIPES if "as_the_school" in recipe)
    (chart,) = (recipe for recipe in RECIPES if "style_layers" in recipe)
    printed: list[pl.DataFrame] = []
    exec(sums.replace('"looked after"', '"all"'), {"lac": lac, "print": printed.append})
    figures["recipe of the year"] = list(printed[0].row(0)[:2])
    names = {"lac": lac}
    exec(chart, names)
    weeks["recipe"] = names["weeks"]
    for name, rows in weeks.items():
        for week, missed in rows.select("week_start", "absent_sessions").iter_rows():
            figures.setdefault(f"{name}, {words.format_short_day(week)}", []).append(missed)
    return figures


@pytest.mark.parametrize(
    ("make", "fewest"),
    [
        pytest.param(three_schools_home, 40, id="3"),
        pytest.param(authority_home, 36, id="15", marks=pytest.mark.slow),
    ],
)
def test_notebooks_template_and_recipes_have_the_figures_of_the_pages(
    make: Callable[[Path], Path], fewest: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make(tmp_path / "home")
    pages = read_pages(Site(folder, monkeypatch, "virtual_head"))
    notebooks = read_notebooks(use(folder, monkeypatch), folder)
    wrong = {
        name: (notebooks.get(name), figure)
        for name, figure in pages.items()
        if notebooks.get(name) != figure
    }
    assert wrong == {}, f"{len(wrong)} of {len(pages)}"
    assert len(pages) >= fewest


# What no page shows: the three schools' own files


def read_rows(school: int, name: str) -> Iterator[dict[str, str]]:
    path = three_schools_exports() / str(school) / f"{name}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def find_monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def share_missed_by_week() -> dict[tuple[int, date], float]:
    """Return the share of sessions that all children of a school missed, by school and Monday."""
    sums: dict[tuple[int, date], list[int]] = defaultdict(lambda: [0, 0])
    codes = {row["code"]: row for row in reference.read("attendance_code").to_dicts()}
    for school in THREE:
        for row in read_rows(school, "attendance"):
            if row["code"]:
                code = codes[row["code"]]
                week = sums[school, find_monday(date.fromisoformat(row["date"]))]
                week[0] += code["is_absent"]
                week[1] += code["is_possible"]
    return {key: missed / possible for key, (missed, possible) in sums.items() if possible}


@pytest.mark.parametrize("name", ["does_it_help", "around_a_move"])
def test_each_child_stands_beside_their_own_school(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thirty school days from the day on, without sessions of a part-time timetable."""
    lac = use(three_schools_home(tmp_path / "home"), monkeypatch)
    shares = share_missed_by_week()
    counts: dict[str, dict[tuple[date, int], int]] = defaultdict(lambda: defaultdict(int))
    for row in lac.mart("pupil_session", is_possible=True).to_dicts():
        if row["code"] != "C2":
            counts[row["pupil_id"]][row["session_date"], row["school_key"]] += 1
    chosen = {"outcome": "Sessions missed", "days": 30} if name == "does_it_help" else {}
    comparisons = run(name, **chosen)[1]["comparisons"]
    for comparison in comparisons:
        sessions = counts[comparison.pupil_id]
        # A child may have marks at two schools on one day.
        days = sorted({day for day, _ in sessions if day >= comparison.day})[:30]
        after = {key: number for key, number in sessions.items() if key[0] in days}
        missed = sum(number * shares[key[1], find_monday(key[0])] for key, number in after.items())
        possible = sum(after.values())
        assert comparison.after.school == pytest.approx(missed / possible * 100)
    schools = {school for each in comparisons for _, school in counts[each.pupil_id]}
    assert len(schools) >= 2


def test_money_is_that_of_all_three(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(three_schools_home(tmp_path / "home"), monkeypatch)
    terms = run("money_and_help")[1]["terms"]
    agreed = [
        row
        for school in THREE
        for row in read_rows(school, "premium")
        if "2025-09-01" <= row["date"] <= str(DAY)
    ]
    assert terms["planned"].sum() == sum(int(row["planned"]) for row in agreed)
    assert terms["spent"].sum() == sum(int(row["spent"] or 0) for row in agreed)
