"""Overdue is one thing: a title counts what its page marks, and no page disagrees with another."""

import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from dashboard.app_pages import today as today_page
from dashboard.report.content import figures
from dashboard.report.content.facts import OPEN_ONLY
from dashboard.report.content.model import Heading, Sheet, Table
from dashboard.sheets.child import build_child_sheet, list_sheets
from dashboard.text import standing
from notebooks.analysis import open_home
from queries import read
from safeguards.access import access
from tests.support import sizes
from tests.support.schools.homes import demo_home
from tests.support.web.site import Site

#: A first week, a half-term's end, the demo's own day, a week without files, a holiday.
_OWN_DAY = "2026-11-20"
_DAYS = (
    _OWN_DAY,
    *sizes.draw_some("overdue.days", ("2026-09-07", "2026-10-16", "2026-11-28", "2026-12-29")),
)
_ROLES = ("pastoral", "teacher", "dsl")
_MARK = standing.SHAPES[standing.OVERDUE]


def figure_of(text: str) -> int:
    """The first number of a text, "No" and "none" being 0."""
    found = [word for word in text.replace(",", "").split() if word.isdigit()]
    return int(found[0]) if found else 0


@pytest.fixture(scope="module")
def schools(full: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """That of the other tests, and others as they are drawn."""
    seeds = range(100 + sizes.seed(), 99 + sizes.seed() + sizes.size("overdue.schools"))
    folder = tmp_path_factory.mktemp("schools")
    return [full, *(demo_home(folder / f"{seed}", seed=seed, years=2) for seed in seeds)]


@pytest.mark.parametrize("as_at", _DAYS)
def test_titles_count_what_their_pages_mark(
    schools: list[Path], monkeypatch: pytest.MonkeyPatch, count: sizes.Count, as_at: str
) -> None:
    """Nor a list, a sheet, those of the children, the report or a notebook.

    Without the mark of their own, those that are booked too late would be counted too.
    """
    wrong: list[object] = []
    pairs = told_apart = 0
    for folder in schools:
        for role in _ROLES:
            site = Site(folder, monkeypatch, role, as_at)
            dates = standing.fetch_dates(site.session())
            past = [each.pupil_id for each in dates if each.is_past]
            late = [each.pupil_id for each in dates if each.state == standing.BOOKED_LATE]
            for what, told in count_pairs(site).items():
                number = (lambda whose: len(set(whose))) if what.startswith("children") else len
                pairs += 1
                told_apart += told != number(past + late)
                if told != number(past):
                    wrong.append((folder.name, role, what, told))
        report, pages = count_open(folder, as_at)
        pairs += 1
        wrong += [(folder.name, report, pages)] * (report != pages)
    count(f"overdue on {as_at}", pairs, len(wrong), told_apart)
    assert not wrong


def count_pairs(site: Site) -> dict[str, int]:
    """By where it stands, how many are overdue there, as a title or a list has it."""
    session = site.session()
    today = site.visit("today")
    (head,) = (each for each in today.headers if f"{_MARK} Overdue" in each)
    waiting = [each for each in today.headers if each.startswith("Waiting for others")]
    found = {"today's title": figure_of(today.title.rpartition("attention, ")[2])}
    found["today's lists"] = figure_of(head.partition("(")[2].removesuffix(")")) + sum(
        int(number) for each in waiting for number in re.findall(r"(\d+) overdue", each)
    )
    found["today's sheet"] = count_on_sheet(today_page._build_sheet(session, None))
    # a sheet a child takes long: of who reads most, in a plain run
    if sizes.share() != "few" or (session.role, str(session.as_at)) == ("dsl", _OWN_DAY):
        found |= count_in_sheets(session)
    children = site.visit("children")
    marked = [row for row in children.list_rows("children") if _MARK in str(row.texts)]
    found["children's title"] = figure_of(children.title.partition(", ")[2])
    found["children's list"] = len(marked)
    if session.is_allowed("plans"):
        plans = site.visit("plans")
        found["plans' title"] = figure_of(plans.title)
        found["plans' list"] = sum(_MARK in str(row.texts) for row in plans.list_rows("dates"))
    if session.role == "dsl":
        duties = open_home(site.folder, role="dsl", day=session.as_at).mart("duty")
        still = duties.filter(
            pl.col("due_date") < session.as_at,
            pl.col("status").is_in(("overdue", "waiting on others", "booked late")),
        )
        found["a notebook's"] = still.unique(("pupil_id", "rule", "status")).height
    return found


def count_on_sheet(sheet: Sheet) -> int:
    """Return how many dates Today's list on paper has under headings of what is overdue."""
    titles = [block.text for block in sheet.blocks if isinstance(block, Heading)]
    return sum(
        figure_of(title.rpartition("(")[2].removesuffix(")"))
        for title in titles
        if "overdue" in title.lower()
    )


def count_in_sheets(session: access.Session) -> dict[str, int]:
    """What the sheets of all children say was due, by the kind of sheet."""
    dates = standing.fetch_dates(session)
    found: dict[str, int] = {}
    for child in read.fetch_members(session).to_dicts():
        own = [each for each in dates if each.pupil_id == child["pupil_id"]]
        for kind in list_sheets(session)[:2]:
            sheet = build_child_sheet(session, kind, child, own)
            tables = [each for each in sheet.blocks if isinstance(each, Table)]
            told = [row for each in tables if each.caption == "Still to do" for row in each.rows]
            number = sum(f"{when}".startswith("Was due") for _, when, _ in told)
            found[f"each {kind}"] = found.get(f"each {kind}", 0) + number
    return found


def count_open(folder: Path, as_at: str) -> tuple[int, int]:
    """What the governor report and the pages say is late of duties to children in care."""
    day = date.fromisoformat(as_at)
    report = access.open(folder, role="head", purpose=access.REPORT, as_at=day)
    rows = [row for row in read.fetch_report_duties(report) if row["duty"] not in OPEN_ONLY]
    told = figures.count_duties(rows, (day, day), day).kinds.values()
    pages = access.open(folder, role="dsl", purpose="test", as_at=day)
    in_care = read.fetch_members(pages).filter("is_looked_after")["pupil_id"]
    duties = standing.select_past(standing.fetch_duties(pages), day)
    counted = duties.filter(
        pl.col("pupil_id").is_in(in_care.to_list()),
        pl.col("rule").str.contains("^(PEP|SUSPENSION_NOTIFY|EHC|SDQ|IHA|RHA|DENTAL|IMM|OPT)"),
    )
    return sum(each.open_before for each in told), counted.height


def test_booked_too_late_has_a_mark_of_its_own() -> None:
    """Each state that asks for something else has another shape."""
    shapes = [standing.SHAPES[each] for each in (standing.OVERDUE, standing.BOOKED_LATE)]
    assert len({*shapes, standing.SHAPES[standing.DUE]}) == 3
