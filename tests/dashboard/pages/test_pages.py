"""Each page in each role and state, run whole by AppTest; figures are those of the marts."""

import io
import re
from itertools import product
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from dashboard.app_pages import today
from dashboard.server import downloads
from dashboard.text import words
from dashboard.ui import names
from queries import read
from queries.contract import SEALED_EXPORTS
from safeguards.access import roles
from safeguards.journal.access_log import get_utc_now
from tests.intake.publish.test_flagged import FAULTY, MARKS
from tests.support import plain_words
from tests.support.schools.good_exports import ANN, with_cell
from tests.support.schools.small_home import SmallHome
from tests.support.web.site import OpenSite, Site, is_heading

_ROLES = [role for role in roles.ROLES if roles.list_pages(role)]
_EARLY, _HOLIDAY, _BEFORE_ANYBODY = "2026-09-18", "2026-08-12", "2019-01-07"
#: Before the register begins.
_FIRST_HOLIDAY = "2024-08-12"


def _list_pages(role: str) -> list[str]:
    """Return the pages of the role's menu."""
    return [page for page in roles.list_pages(role) if page in words.PAGES]


@pytest.mark.parametrize(
    ("role", "as_at"),
    [
        *((role, None) for role in _ROLES),
        *(("dsl", day) for day in (_EARLY, _HOLIDAY, _BEFORE_ANYBODY)),
        *(
            pytest.param(role, day, marks=pytest.mark.slow)
            for role, day in product(_ROLES, ("2026-11-11", "2027-02-01"))
        ),
    ],
)
def test_every_page_runs_in_every_role_and_state(
    open_site: OpenSite, role: str, as_at: str | None
) -> None:
    """Today, before there are rates, in a holiday, and before anybody was on the pages."""
    site = open_site(role, as_at)
    for page in _list_pages(role):
        text = site.visit(page).text
        assert is_heading(site.title, page)
        assert "Demo: no real children" in text
        assert re.search(r"Register up to \w+day \d+ \w+ 20\d\d", text)
        assert not re.search(r"\b(?:nan|NaN|None|null)\b", text)
        assert plain_words.find_unexplained_acronyms(text) == []
        if as_at == _BEFORE_ANYBODY and page in ("today", "children", "attendance"):
            assert "No children are on these pages now" in text
            assert not site.charts


@pytest.mark.slow
def test_no_page_says_an_id(open_site: OpenSite) -> None:
    site = open_site()
    members = read.fetch_members(site.session())
    shown = []
    for page in _list_pages("dsl"):
        shown += [site.visit(page).text, *site.charts]
    everything = "\n".join([*shown, site.open_child(members["handle"][0]).text, *site.charts])
    assert members.height
    assert not [pupil_id for pupil_id in members["pupil_id"] if pupil_id in everything]


def test_a_home_that_is_not_there_shows_nothing_of_why(monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site(Path("/nowhere"), monkeypatch, "dsl")
    assert site.title == "The data is not open"
    assert "nowhere" not in str(site.app)


def test_a_demo_can_be_seen_as_another_role(open_site: OpenSite) -> None:
    """The browser is told the role at each run: one that is slow would send the first of all."""
    site = open_site()
    for role, title in (("none", "There is nothing here"), ("pastoral", "need attention")):
        site.app.selectbox(key="role").select(role).run()
        assert title in site.title
        assert words.ROLES[role].lower() in site.text.lower()
        assert site.app.selectbox(key="role").proto.set_value


def test_where_to_begin_stands_on_a_first_visit_until_it_is_put_away(open_site: OpenSite) -> None:
    """Another tab of the same person does not have it again; another person's has."""
    today._list_done.clear()
    site = open_site("pastoral")
    assert "New here?" in site.text
    site.press("Got it")
    assert "New here?" not in site.text
    assert "New here?" not in open_site("teacher").text
    today._list_done.clear()


# Attendance


def test_attendance_is_pooled_by_the_mart(open_site: OpenSite) -> None:
    """Of all together, and of a group beside its own national line; reasons add up to it."""
    site = open_site().visit("attendance")
    (row, *_) = read.fetch_cohort_years(site.session()).to_dicts()
    share = words.format_percent(row["absence_rate"])
    missed = words.format_part(row["absent_sessions"], row["possible_sessions"])
    assert site.title == f"{missed} missed this year ({share})"
    ready = row["children"] - row["too_early_children"]
    assert f"{row['persistent_children']} of {ready} children" in site.headers[0]
    assert len(site.charts) == 2
    site.app.toggle(key="reasons-table").set_value(True).run()
    assert sum(map(int, site.find_table("Reason")["Sessions missed"])) == row["absent_sessions"]

    suspended = read.fetch_suspensions_of_year(site.session())["handle"].to_list()
    assert {*map(words.capitalise, suspended)} < {*site.list_cells("Child")}

    site.choose("group", "Looked after")
    (row, *_) = read.fetch_cohort_years(site.session(), "looked after").to_dicts()
    assert words.format_part(row["absent_sessions"], row["possible_sessions"]) in site.title
    assert "England's figure for 2026/27 is not published yet." in site.text
    assert "In 2024/25, children looked after for 12 months or more" in site.text
    members = read.fetch_members(site.session()).filter("is_looked_after")["handle"].to_list()
    assert set(site.list_cells("Child")) == {
        words.capitalise(each) for each in suspended if each in members
    }
    told = dict(zip(site.list_cells("School year"), site.list_cells("England"), strict=True))
    later = dict.fromkeys(["2026/27", "2025/26"], "not published yet")
    assert told == {**later, "2024/25": "3.8%"}


def test_attendance_has_a_line_a_child_that_filters_find(open_site: OpenSite) -> None:
    """By the sessions of each weekday; what stands out is marked where it is."""
    site = open_site().visit("attendance")
    members = read.fetch_members(site.session()).filter(pl.col("possible_sessions") > 0)
    rows = site.list_rows("attendance")
    assert [row.child for row in rows] == [words.capitalise(each) for each in members["handle"]]
    for row, child in zip(rows, members.to_dicts(), strict=True):
        assert (
            f"{child['absent_sessions']} of {child['possible_sessions']}"
            in row.cells["Attended, missed"]
        )
        assert ("%" in row.cells["Attended, missed"]) is not child["is_too_early"]
        assert row.cells["Late"] == str(child["late_sessions"])
        days = list(row.cells.values())[3]
        assert sum(map(int, re.findall(r"\d+", days))) == child["absent_sessions"]
        is_much = child["is_persistent_absentee"] and not child["is_too_early"]
        assert (row.data["kind"] == "much") == is_much
    site.choose("show", ["Late this year"])
    late = members.filter(pl.col("late_sessions") > 0)
    assert len(site.links) == late.height
    site.choose("show", ["Late this year", "▼ 10% or more"])
    assert len(site.links) == late.filter("is_persistent_absentee").height


def test_too_early_shows_counts_and_no_line_or_rate(open_site: OpenSite) -> None:
    """Of the group and of a child; and a year without marks says so.

    In the summer holidays the year is that of the register until the first of the new one.
    """
    site = open_site(as_at=_EARLY).visit("attendance")
    assert "Too early to show the weeks as a line" in site.text
    assert "Too early to say" in site.text
    assert "(" not in site.title
    assert site.list_cells("Share missed")[0] == "too early to say"
    assert len(site.charts) == 1
    site.open_child(read.fetch_members(site.session())["handle"][0])
    assert "too early to say" in site.text
    assert "No marks for" not in open_site(as_at=_HOLIDAY).visit("attendance").text
    text = open_site(as_at=_FIRST_HOLIDAY).visit("attendance").text
    assert "No marks for all groups together in 2024/25" in text


def test_a_fault_of_ours_is_said_in_our_words(
    open_site: OpenSite, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What is saved is not lost; the trace is for the terminal, and says what it was."""

    def fail() -> None:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr("dashboard.app_pages.plans.render", fail)
    app = open_site("dsl").visit("plans").app
    assert [each.value for each in app.title] == [words.UNFORESEEN]
    assert not app.exception
    assert "planted" in caplog.text


# Data check and Help


@pytest.mark.slow
def test_the_lists_to_fix_can_be_taken_as_a_workbook(open_site: OpenSite) -> None:
    """A sheet a check, by code even while names are open, with as many rows as its check."""
    site = open_site().visit("data_check")
    session = site.session()
    ids = read.fetch_members(session)["pupil_id"]
    site.app.session_state[names.KEY] = dict.fromkeys(ids, "Marker Z., 3B")
    site.app.session_state["names-until"] = get_utc_now() + names.NAMES_TTL
    site.press("Create a workbook")
    (link,) = site.app.get("link_button")
    offer = downloads.OFFERS._offers[link.proto.url.removeprefix(downloads.PATH)]
    book = openpyxl.load_workbook(io.BytesIO(offer.make()))
    for sheet in book.worksheets:
        found = read.fetch_check(session, sheet.title.replace(" ", "_"))
        heads, *rows = sheet.iter_rows(min_row=4, values_only=True)
        assert len(rows) == found.height > 0
        assert sheet["A2"].value == words.FIXES[f"check_{sheet.title.replace(' ', '_')}"]
        if "handle" in found.columns:
            assert heads[0] == "Child"
            assert {row[0] for row in rows} == set(found["handle"])
    assert f"{len(book.worksheets)} checks found something to fix" in site.text


def test_data_check_lists_files_and_every_check(open_site: OpenSite) -> None:
    """Those that are sealed do not seem to be lost."""
    site = open_site().visit("data_check")
    text, files = site.text, read.fetch_loaded_files(site.session())
    assert {export.name for export in SEALED_EXPORTS} == set(words.SEALED_FILES)
    assert "Education, Health and Care Plan (roll.csv, 20 November 2026)" in text
    for row in files.to_dicts():
        assert row["file_name"] in text
        if row["file_name"] in words.SEALED_FILES:
            assert f"{row['rows_read']} read, sealed in the vault" in text
    for name in (name for name in read.list_definitions() if name.startswith("check_")):
        rows = read.fetch_check(site.session(), name.removeprefix("check_"))
        title = words.get_definition_title(name)
        assert (f"{title}: {rows.height}" if rows.height else f"- {title}") in text
        if "handle" in rows.columns:
            assert len(site.list_rows(name)) == min(rows.height, 40)


def test_a_row_is_taken_off_the_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By who may, with a reason; and the afternoon's with it, as the choice says.

    Its child, day and fault are the same.
    """
    school = SmallHome(tmp_path)
    school.load(with_cell(MARKS, 5, "code", "?", FAULTY))
    pastoral = Site(school.folder, monkeypatch, "pastoral").visit("data_check")
    assert not [each for each in pastoral.app.expander if "Take a row" in each.label]
    site = Site(school.folder, monkeypatch, "dsl").visit("data_check")
    assert _find(site, "Which row?").options == [
        f"attendance.csv, row {row}, code: not allowed (2 rows)" for row in (2, 5)
    ]
    assert any("come off the list too" in each.value for each in site.app.markdown)
    site.press("Take it off")
    assert site.messages == "Choose why."
    _find(site, "Why?").select("The row does not matter")
    site.press("Take it off")
    assert not site.app.exception
    assert "2 rows taken off the list." in site.messages
    assert not [each for each in site.app.selectbox if each.label == "Which row?"]
    assert read.fetch_check(site.session(), "left_out").is_empty()


def test_a_text_that_may_name_somebody_is_shown_once_the_lead_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    school = SmallHome(tmp_path)
    school.load()
    header = "upn,date,setting,line,taken_out"
    school.load({"own_words.csv": f"{header}\n{ANN},2026-11-10,PEP,Cat is a friend of Ben,\n"})
    pastoral = Site(school.folder, monkeypatch, "pastoral").visit("data_check")
    assert "Texts to look at" not in pastoral.text
    site = Site(school.folder, monkeypatch, "dsl").visit("data_check")
    assert "Texts to look at: 1" in site.text
    (field,) = site.app.text_area
    assert field.value == "Cat is a friend of Ben"
    field.input("They are all good friends")
    site.press("It names nobody: show it")
    assert not site.app.exception
    assert "The text is shown from now on." in site.messages
    assert "Texts to look at" not in site.text
    said = site.session().read("select line from pupil_words")["line"].to_list()
    assert said == ["They are all good friends"]


def _find(site: Site, label: str) -> Any:
    return next(each for each in site.app.selectbox if each.label == label)


def test_help_explains_every_number_code_role_and_limit(open_site: OpenSite) -> None:
    """And answers a word with the terms and definitions that have it.

    Of what the school does not keep, such as its own offending records, it says nothing.
    """
    site = open_site("head").visit("help")
    untold = {
        words.get_definition_title(mart.name)
        for mart in read.list_plain_marts().values()
        if not site.session().has_table(read.get_plain_table(mart))
    }
    told = set(re.findall(r"^\*\*(.+)\*\*", site.text, re.MULTILINE))
    assert words.get_definition_title("pupil_offending") in untold
    assert set(words.DEFINITIONS.values()) - untold <= told
    assert not told & untold
    assert "not an official tool" in site.text
    assert "- Visit by the social worker: 6 weeks" in site.text
    assert words.get_version() in site.text
    assert site.find_table("Role")["Role"] == [words.ROLES[role] for role in roles.ROLES]
    assert "N" in site.find_table("Code")["Code"]

    site.app.text_input[0].input("half a school day").run()
    assert re.fullmatch(r"\d+ answers? for half a school day", site.headers[0])
    assert "**Session**: half a school day." in site.text
    site.app.text_input[0].input("SDQ").run()
    said = [each.value for each in site.app.subheader]
    assert words.DEFINITIONS["pupil_sdq"] in said
    assert words.DEFINITIONS["national_line"] not in said
    site.app.text_input[0].input("qqq").run()
    assert site.headers == ["No answers for qqq"]
    site.app.text_input[0].input("").run()
    assert site.app.expander


def test_each_page_says_what_it_is_for_in_two_short_lines_at_most() -> None:
    for text in words.PURPOSES.values():
        assert len(text) <= 90
        assert plain_words.check_text(text) == []
