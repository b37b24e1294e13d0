"""Each page in each role and state, run whole by AppTest; figures are those of the marts."""

import io
import re
import tomllib
from collections import OrderedDict
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard.app_pages import today
from dashboard.server import downloads
from dashboard.server.server import load_streamlit_options
from dashboard.text import help_texts, plain_words, words
from dashboard.ui import names
from dashboard.ui.markdown import escape
from queries import read
from queries.contract import SEALED_EXPORTS
from safeguards.access import recall, roles
from safeguards.journal.access_log import get_utc_now
from tests.support.web.site import is_heading

_APP = str(Path(dashboard.__file__).with_name("app.py"))
_PAGES = ("today", "children", "attendance", "data_check", "help")
_MORE = ("wellbeing", "learning", "plans")
_HANDLERS = ("pastoral", "dsl", "teacher")
_BEFORE_ANYBODY = "2019-01-07"


# every page, role and state


@pytest.mark.parametrize("role", _HANDLERS)
@pytest.mark.parametrize(
    ("home", "as_at"),
    [
        ("full", None),
        pytest.param("full", "2026-11-11", marks=pytest.mark.slow),
        ("full", "2026-08-10"),
        ("full", _BEFORE_ANYBODY),
        pytest.param("full", "2027-02-01", marks=pytest.mark.slow),
        ("one", None),
        ("early", None),
    ],
)
def test_every_page_runs_in_every_role_and_state(
    open_site: Any, home: Any, role: Any, as_at: Any
) -> None:
    site = open_site(home, role, as_at)
    own = {"pastoral": (), "dsl": (*_MORE, "safeguarding"), "teacher": (*_MORE, "reports")}[role]
    for page in (*_PAGES, *own):
        text = site.visit(page).text
        assert is_heading(site.app.title[0].value, page)
        assert "Demo data: no real children" in text
        assert re.search(r"Data up to \w+day \d+ \w+ 2026", text)
        assert not re.search(r"\b(?:nan|NaN|None|null)\b", text)
        assert plain_words.find_unexplained_acronyms(text) == []


@pytest.mark.parametrize("role", sorted(set(roles.ROLES) - set(_HANDLERS)))
def test_other_roles_see_no_page_about_children(open_site: Any, role: Any) -> None:
    site = open_site(role=role)
    first = {"head": "Reports", "manager": "No request is open"}
    if role in first:
        assert site.app.title[0].value == first[role]
    else:
        assert "There is nothing here for this role" in site.text
        assert words.ROLES[role].lower() in site.text
        assert not site.app.button
    assert not site.links


@pytest.mark.slow
def test_no_page_says_an_id(open_site: Any) -> None:
    site = open_site()
    ids = read.fetch_members(site.session())["pupil_id"].to_list()
    shown = [site.visit(page).text for page in (*_PAGES, *_MORE)]
    charts = [spec for page in ("attendance", *_MORE) for spec in site.visit(page).charts]
    shown.append(site.open_child(read.fetch_members(site.session())["handle"][0]).text)
    everything = "\n".join([*shown, *charts, *site.charts])
    assert ids
    assert not [pupil_id for pupil_id in ids if pupil_id in everything]


def test_a_home_without_a_load_says_what_to_do(open_site: Any) -> None:
    site = open_site("unloaded")
    assert site.app.title[0].value == "Bring in files"
    assert "Nothing was loaded into this home yet" in site.text


def test_a_home_that_is_not_there_shows_nothing_of_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LAC_HOME", str(tmp_path / "nowhere"))
    monkeypatch.setenv("LAC_ROLE", "dsl")
    app = AppTest.from_file(_APP, default_timeout=30).run()
    assert app.title[0].value == "The data is not open"
    assert "nowhere" not in str(app)


def test_a_demo_can_be_seen_as_another_role(open_site: Any) -> None:
    site = open_site(role="dsl")
    assert site.app.selectbox(key="role").value == "dsl"
    site.app.selectbox(key="role").select("none").run()
    assert "There is nothing here for this role" in site.text
    site.app.selectbox(key="role").select("pastoral").run()
    assert is_heading(site.app.title[0].value, "today")
    assert "Pastoral staff" in site.text


def test_a_browser_is_told_the_role_at_each_run(open_site: Any) -> None:
    """One that has not drawn the choice at the next run would send the first of the list."""
    assert open_site(role="dsl").visit("help").app.selectbox(key="role").proto.set_value


def test_a_page_is_written_down_before_it_is_shown(open_site: Any, folders: Any) -> None:
    site = open_site()
    log = folders["full"] / "log" / "access.jsonl"
    handle = read.fetch_members(site.session())["handle"][0]
    before = len(log.read_text().splitlines())
    site.open_child(handle)
    lines = log.read_text().splitlines()[before:]
    pupil_id = read.fetch_members(site.session())["pupil_id"][0]
    assert any('"page": "child"' in line and pupil_id in line for line in lines)


# Today


def test_today_counts_the_week_of_the_marts(open_site: Any) -> None:
    site = open_site().visit("today")
    week = read.fetch_this_week(site.session())
    missing = week.filter(pl.col("absent_sessions") > 0)
    assert f"{missing.height} of {week.height} children missed some." in site.text
    now = read.fetch_cohort_weeks(site.session(), "2026/27").row(-1, named=True)
    attended = words.format_part(now["attended_sessions"], now["possible_sessions"])
    assert f"These children attended {attended}" in site.text


def test_today_in_a_holiday_says_that_no_session_is_recorded(open_site: Any) -> None:
    text = open_site(as_at="2026-08-12").visit("today").text
    assert "No session is recorded from Monday 10 August 2026 to Wednesday 12 August 2026" in text


def test_today_before_anybody_is_on_it_says_so(open_site: Any) -> None:
    for page in ("today", "children", "attendance"):
        site = open_site(as_at=_BEFORE_ANYBODY).visit(page)
        assert "No children are on these pages now" in site.text
        assert not site.charts


# Children


def test_children_are_listed_by_year_group_and_handle(open_site: Any) -> None:
    site = open_site().visit("children")
    members = read.fetch_members(site.session())
    assert site.links == _called(members)
    assert site.app.title[0].value.startswith(f"{members.height} children, ")
    row = members.row(-1, named=True)
    assert f"{row['absent_sessions']} of {row['possible_sessions']}" in site.text


def test_filters_narrow_the_list_and_can_leave_nobody(open_site: Any) -> None:
    site = open_site().visit("children")
    members = read.fetch_members(site.session())
    year = int(members["year_group"][0])
    site.app.button_group(key="years").set_value([words.format_year_group(year)]).run()
    kept = members.filter(pl.col("year_group") == year)
    assert site.links == _called(kept)
    assert f"{kept.height} of {members.height} children" in site.text
    site.app.button_group(key="groups").set_value(["Looked after"]).run()
    kept = kept.filter("is_looked_after")
    assert site.links == _called(kept)


def test_a_child_is_found_by_three_letters(open_site: Any) -> None:
    site = open_site().visit("children")
    members = read.fetch_members(site.session())
    letters = members["handle"][3][2:5]
    site.app.text_input[0].input(letters).run()
    assert site.links == _called(members.filter(pl.col("handle").str.contains(letters)))
    site.app.text_input[0].input("nobody's name").run()
    assert site.links == []
    assert "No child matches." in site.text


def _called(rows: pl.DataFrame) -> list[str]:
    return [words.capitalise(handle) for handle in rows["handle"]]


@pytest.mark.parametrize("role", _HANDLERS)
def test_only_the_safeguarding_lead_sees_who_is_in_need_or_on_a_plan(
    open_site: Any, role: Any
) -> None:
    text = open_site(role=role).visit("children").text
    told = "In need since" in text or "On a protection plan since" in text
    assert told == (role == "dsl")


# Child


def test_a_childs_page_shows_that_childs_year(open_site: Any) -> None:
    site = open_site()
    row = read.fetch_members(site.session()).row(0, named=True)
    site.open_child(row["handle"])
    assert f"{row['absent_sessions']} of {row['possible_sessions']}" in site.text
    years = read.fetch_pupil_years(site.session(), row["pupil_id"])
    (table,) = [t.value for t in site.app.table if "School year" in t.value.columns]
    assert table["School year"].to_list() == years["academic_year"].to_list()
    assert "Calendar of" in str([chart.proto for chart in site.app.get("vega_lite_chart")])


@pytest.mark.parametrize("role", _HANDLERS)
def test_what_the_roll_says_of_special_needs_is_for_those_who_see_plans(
    open_site: Any, role: Any
) -> None:
    """One who has a plan by the roll alone is told with both."""
    lead = open_site(role="dsl").session()
    said = read.fetch_sen_provision(lead)
    (odd, *_) = read.fetch_check(lead, "sen_at_odds").to_dicts()
    site = open_site(role=role)
    site.open_child(odd["handle"])
    told = "Special needsEHCPby the roll, 20 Nov. ▲ The steps of the plan say otherwise"
    assert (told in site.text) == (role != "pastoral")
    agreed = said.filter(provision="K").join(
        read.fetch_check(lead, "sen_at_odds"), on="pupil_id", how="anti"
    )
    site.open_child(agreed["handle"][0])
    told = "Special needsSEN supportby the roll, 20 Nov"
    assert (told in site.text) == (role != "pastoral")
    assert "say otherwise" not in site.text


def test_what_the_roll_does_not_say_of_special_needs_is_not_none(
    open_site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = open_site()
    nothing = read.fetch_sen_provision(site.session()).clear()
    monkeypatch.setattr(read, "fetch_sen_provision", lambda _: nothing)
    monkeypatch.setattr(recall, "_shared", OrderedDict())
    site.open_child(read.fetch_members(site.session())["handle"][0])
    assert "Not said by the roll" in site.text
    assert "No special educational need" not in site.text


@pytest.mark.slow
def test_an_address_opens_the_same_child_again_and_says_nothing_of_it(open_site: Any) -> None:
    site = open_site()
    rows_of = read.fetch_members(site.session()).to_dicts()
    addresses = [site.session().get_address(row["pupil_id"]) for row in rows_of]
    assert addresses == [open_site().session().get_address(row["pupil_id"]) for row in rows_of]
    assert len(set(addresses)) == len(rows_of)
    for row, address in zip(rows_of, addresses, strict=True):
        assert row["pupil_id"].lower() not in address
        assert site.session().find_pupil_by_address(address) == row["pupil_id"]
    other = open_site("one").session()
    assert not any(other.find_pupil_by_address(address) for address in addresses)


def test_a_childs_chart_has_a_table_with_the_same_sessions(open_site: Any) -> None:
    site = open_site()
    row = (
        read.fetch_members(site.session())
        .filter(pl.col("absent_sessions") > 0, ~pl.col("is_too_early"))
        .row(0, named=True)
    )
    site.open_child(row["handle"])
    before = len(site.charts)
    site.app.toggle(key="register-table").set_value(True).run()
    assert len(site.charts) == before - 1
    table = next(each.value for each in site.app.table if "Code" in each.value.columns)
    sessions = read.fetch_pupil_sessions(site.session(), row["pupil_id"], "2026/27")
    expected = sessions.filter(~pl.col("kind").cast(pl.String).is_in(["present", "closed"])).height
    assert expected == len(table)


def test_a_child_of_an_earlier_year_can_be_looked_at(open_site: Any) -> None:
    site = open_site()
    members = read.fetch_members(site.session())
    years = {row["handle"]: read.fetch_pupil_years(site.session(), row["pupil_id"])["academic_year"]
             for row in members.to_dicts()}  # fmt: skip
    handle = next(name for name, found in years.items() if found.len() > 1)
    site.open_child(handle)
    earlier = years[handle][1]
    site.app.button_group(key="child-year").set_value(earlier).run()
    terms = site.app.button_group(key=f"child-term-{earlier}").options
    assert len(terms) == 3
    assert "Summer term" in terms[0]
    site.app.button_group(key=f"child-term-{earlier}").set_value("spring term 2026").run()
    assert "in spring term 2026" in site.text


def test_no_child_is_open_until_one_is_chosen(open_site: Any) -> None:
    assert open_site().visit("child").app.title[0].value == "No child is open"


def test_a_child_who_is_on_no_page_gets_a_calm_page(open_site: Any) -> None:
    site = open_site()
    site.app.query_params["child"] = "0123456789abcdef"
    site.visit("child")
    assert site.app.title[0].value == "You cannot see this child"
    assert "0123456789" not in site.text


def test_a_child_with_few_weeks_has_words_instead_of_a_rate(open_site: Any) -> None:
    site = open_site("early")
    site.open_child(read.fetch_members(site.session())["handle"][0])
    assert "too early to say" in site.text
    assert "%" not in site.text


@pytest.mark.parametrize("role", _HANDLERS)
def test_a_childs_page_says_who_may_see_it_and_to_one_role_who_has(
    open_site: Any, role: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log is read only while the part is open; a name in it is no markup."""
    monkeypatch.setattr("getpass.getuser", lambda: "*Sam*")
    site = open_site(role=role)
    site.open_child(read.fetch_members(site.session())["handle"][0])
    assert "This page: pastoral staff, safeguarding lead and designated teacher." in site.text
    assert "in need or on a plan: safeguarding lead." in site.text
    assert "Sam" not in site.text
    site.app.session_state["who-looked"] = True
    site.app.run()
    assert ("The safeguarding lead can read it." in site.text) == (role != "dsl")
    assert ("Sam" in site.text) == (role == "dsl")
    if role == "dsl":
        looks = site.app.table[-1].value
        assert list(looks.columns) == ["Day", "Who", "Role"]
        assert ("\\*Sam\\*", "Safeguarding lead") in set(
            zip(looks["Who"], looks["Role"], strict=True)
        )


# Attendance


def test_attendance_is_pooled_by_the_mart(open_site: Any) -> None:
    site = open_site().visit("attendance")
    year = read.fetch_cohort_years(site.session()).filter(pl.col("academic_year") == "2026/27")
    row = year.row(0, named=True)
    share = words.format_percent(row["absence_rate"])
    missed = words.format_part(row["absent_sessions"], row["possible_sessions"])
    assert site.app.title[0].value == f"{missed} missed this year ({share})"
    ready = row["children"] - row["too_early_children"]
    assert f"{row['persistent_children']} of {ready} children" in site.app.header[0].value
    assert len(site.charts) == 2


def test_a_group_has_its_own_figures_and_its_own_national_line(open_site: Any) -> None:
    site = open_site().visit("attendance")
    site.app.button_group(key="group").set_value("Looked after").run()
    rows = read.fetch_cohort_years(site.session(), "looked after")
    row = rows.filter(pl.col("academic_year") == "2026/27").row(0, named=True)
    assert (
        words.format_part(row["absent_sessions"], row["possible_sessions"])
        in site.app.title[0].value
    )
    assert "England's figure for 2026/27 is not published yet." in site.text
    assert "The latest is 2024/25: 3.8% of sessions missed" in site.text
    table = next(t.value for t in site.app.table if "England" in t.value.columns)
    england = dict(zip(table["School year"], table["England"], strict=True))
    assert england == {
        "2026/27": "not published yet", "2025/26": "not published yet", "2024/25": "3.8%"
    }  # fmt: skip


def test_reasons_add_up_to_the_headline(open_site: Any) -> None:
    site = open_site().visit("attendance")
    site.app.toggle(key="reasons-table").set_value(True).run()
    table = next(t.value for t in site.app.table if "Reason" in t.value.columns)
    row = read.fetch_cohort_years(site.session()).row(0, named=True)
    assert table["Sessions missed"].sum() == row["absent_sessions"]


def test_too_early_shows_counts_and_no_line_or_rate(open_site: Any) -> None:
    site = open_site("early").visit("attendance")
    assert "Too early to show the weeks as a line" in site.text
    assert "(" not in site.app.title[0].value
    assert "Too early to say" in site.text
    assert site.app.table[-1].value["Share missed"].to_list() == ["too early to say"]
    assert len(site.charts) == 1


def test_a_year_without_marks_says_so(open_site: Any) -> None:
    text = open_site(as_at="2026-08-10").visit("attendance").text
    assert "No marks for all groups together in 2026/27" in text


# Data check


@pytest.mark.slow
def test_the_lists_to_fix_can_be_taken_as_a_workbook(open_site: Any) -> None:
    """A sheet a check, by code even while names are open, with as many rows as its check."""
    site = open_site().visit("data_check")
    session = site.session()
    ids = read.fetch_members(session)["pupil_id"]
    site.app.session_state[names.KEY] = dict.fromkeys(ids, "Marker Z., 3B")
    site.app.session_state["names-until"] = get_utc_now() + names.NAMES_TTL
    site.app.button(key="make-to-fix.xlsx").click().run()
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


def test_data_check_lists_files_and_every_check(open_site: Any) -> None:
    site = open_site().visit("data_check")
    text = site.text
    files = read.fetch_loaded_files(site.session())
    for name in files["file_name"]:
        assert escape(name) in text
    for name in (name for name in read.list_definitions() if name.startswith("check_")):
        rows = read.fetch_check(site.session(), name.removeprefix("check_"))
        title = words.get_definition_title(name)
        assert (f"{title}: {rows.height}" if rows.height else f"- {title}") in text


def test_files_that_are_sealed_do_not_seem_to_be_lost(open_site: Any) -> None:
    site = open_site().visit("data_check")
    assert {export.name for export in SEALED_EXPORTS} == set(words.SEALED_FILES)
    rows = {
        row["file_name"]: f"{row['rows_read']} read, sealed in the vault"
        for row in read.fetch_loaded_files(site.session()).to_dicts()
        if row["file_name"] in words.SEALED_FILES
    }
    assert len(rows) == len(SEALED_EXPORTS)
    assert all(text in site.text for text in rows.values())


# Help


def test_help_answers_a_word_with_terms_and_definitions_that_have_it(open_site: Any) -> None:
    site = open_site(role="head").visit("help")
    site.app.text_input[0].input("half a school day").run()
    assert re.fullmatch(r"\d+ answers? for half a school day", site.app.header[0].value)
    assert "**Session**: half a school day." in site.text
    site.app.text_input[0].input("SDQ").run()
    said = [each.value for each in site.app.subheader]
    assert words.DEFINITIONS["pupil_sdq"] in said
    assert words.DEFINITIONS["national_line"] not in said
    site.app.text_input[0].input("qqq").run()
    assert site.app.header[0].value == "No answers for qqq"
    site.app.text_input[0].input("").run()
    assert site.app.expander


def test_each_page_says_what_it_is_for_in_two_short_lines_at_most() -> None:
    assert help_texts.PURPOSES.keys() == words.PAGES.keys()
    for text in help_texts.PURPOSES.values():
        assert len(text) <= 90
        assert plain_words.check_text(text) == []


def test_where_to_begin_stands_on_a_first_visit_until_it_is_put_away(open_site: Any) -> None:
    """Another tab of the same person does not have it again; another person's has."""
    today._list_done.clear()
    site = open_site(role="pastoral").visit("today")
    assert "New here?" in site.text
    next(each for each in site.app.button if each.label == "Got it").click().run()
    assert "New here?" not in site.text
    assert "New here?" not in open_site(role="teacher").visit("today").text
    today._list_done.clear()


def test_help_explains_every_number_code_role_and_limit(open_site: Any) -> None:
    site = open_site(role="head").visit("help")
    assert [e.label for e in site.app.expander] == list(words.DEFINITIONS.values())
    text = site.text
    assert "not an official tool" in text
    assert words.get_version() in text
    assert site.app.table[0].value["Role"].to_list() == list(words.ROLES.values())
    site.app.toggle(key="codes").set_value(True).run()
    assert "N" in site.app.table[1].value["Code"].to_list()


# settings


def test_every_setting_is_known_and_keeps_the_house_shut() -> None:
    file = Path(dashboard.__file__).parent / ".streamlit" / "config.toml"
    text = file.read_text(encoding="utf-8")
    settings = tomllib.loads(text)
    known = config.get_config_options()
    for section in ("browser", "client", "runner", "server"):
        assert {f"{section}.{name}" for name in settings[section]} <= known.keys()
    assert {each for each in load_streamlit_options() if each.startswith("theme.")} <= known.keys()
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["client"]["showErrorDetails"] == "none"
    assert settings["client"]["showErrorLinks"] is False
    assert settings["server"]["address"] == "127.0.0.1"
    assert "http" not in text
