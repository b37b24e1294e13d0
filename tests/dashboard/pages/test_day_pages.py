"""Today, what people log, Plans and dates, Wellbeing: against the marts, by role."""

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from dashboard.app_pages.today import FIRST
from dashboard.text import recurring, rules, standing, words
from intake.publish.load import Load
from queries import read
from tests.support.schools.homes import exports, keys_at
from tests.support.web.lists import press_row
from tests.support.web.site import OpenSite, Site

_LINE = "In a few words (optional, no names)"


def _dates(site: Site) -> tuple[standing.DutyDate, ...]:
    return standing.fetch_dates(site.session())


def _list_logged(site: Site) -> list[str | None]:
    """The children for whom an action can be logged here, in their order."""
    return [row.child for each in site.lists if each.button == "Log" for row in each.rows]


# Today


@pytest.mark.parametrize("role", ["pastoral", "teacher"])
def test_needs_a_look_lists_children_by_year_group_and_handle_and_says_why(
    open_site: OpenSite, role: str
) -> None:
    site = open_site(role)
    looks = rules.fetch_reasons(site.session()).filter(~pl.col("is_closed"))
    children = looks.unique("pupil_id", maintain_order=True)
    assert 0 < children.height <= FIRST
    assert children.equals(children.sort("year_group", "handle"))
    assert _list_logged(site) == [words.capitalise(handle) for handle in children["handle"]]
    rows = {row.child: row.cells for row in site.list_rows("looks") if row.is_link}
    for (handle,), own in looks.partition_by("handle", as_dict=True).items():
        why = rows[words.capitalise(str(handle))]["Why"].lower()
        for reason in rules.select_reasons(own.to_dicts()):  # the same figures are said once
            assert reason.removeprefix("missed ").replace("\u00a0", " ").lower() in why
    assert {cells["Last action"] for cells in rows.values()} == {"No action logged"}
    assert f"{children.height} children need attention" in site.title
    assert "This is your school's own rule." in site.text


def test_due_lists_each_near_duty_in_its_span_by_date(open_site: OpenSite) -> None:
    """What no record tells is said with whose it is."""
    site = open_site()
    as_at = site.session().as_at
    near = standing.select_near(_dates(site), as_at)
    past = [each for each in near if each.is_past]
    to_come = [each for each in near if not each.is_past]
    soon = [each for each in to_come if each.day and each.day <= as_at + timedelta(days=7)]
    ours = [each for each in (*past, *to_come) if each.is_own]
    late, close = (sum(each in span for each in ours) for span in (past, soon))
    others = len(to_come) - (len(ours) - late)
    assert {
        f"▲ Overdue: ours to do ({late})",
        f"◆ Next 7 days: ours to do ({close})",
        f"Waiting for others ({len(past) - late} overdue, {others} to come)",
    } <= set(site.headers)
    assert f"{len(past)} dates are overdue" in site.title
    rows = site.list_rows("dates")
    assert [row.child for row in rows] == [words.capitalise(each.handle) for each in ours]
    for row, each in zip(rows, ours, strict=True):
        assert row.cells["For"] == each.holder
        assert row.cells["What"].startswith(each.name)
    site.app.toggle(key="all-waiting").set_value(True).run()
    theirs = [each for each in (*past, *to_come) if not each.is_own]
    theirs.sort(key=lambda each: each.holder)
    chases = site.list_rows("waiting")
    assert [(row.child, row.cells["Last chased"]) for row in chases] == [
        (words.capitalise(each.handle), "Not chased yet") for each in theirs
    ]
    missing = [each for each in _dates(site) if each.state == standing.NOT_RECORDED]
    assert missing
    for each in missing:
        assert f"{each.name} ({words.capitalise(each.handle)})" in site.text.replace("\\", "")


def test_the_week_and_its_good_news_are_those_of_the_marts(open_site: OpenSite) -> None:
    """Meetings held on time are for who sees plans; in a holiday no session is recorded."""
    site = open_site()
    week = read.fetch_this_week(site.session())
    possible, absent = pl.col("possible_sessions") > 0, pl.col("absent_sessions") > 0
    whole = week.filter(possible, ~absent, pl.col("not_recorded_sessions") == 0)
    assert f"{whole.height} of {week.height} children were in school for every" in site.text
    assert f"{week.filter(absent).height} of {week.height} children missed at least" in site.text
    now = read.fetch_cohort_weeks(site.session(), "2026/27").row(-1, named=True)
    attended = words.format_part(now["attended_sessions"], now["possible_sessions"])
    assert f"These children attended {attended}" in site.text
    # In October Freya and Ruby had theirs, on the 7th and the 14th.
    assert "held on time this month" in open_site("dsl", "2026-10-16").text
    assert "held on time" not in open_site("pastoral", "2026-10-16").text
    text = open_site("dsl", "2026-08-12").text
    assert "Attendance in the week of Monday 20 July 2026" in text


@pytest.mark.slow
def test_pastoral_staff_see_only_dates_of_what_they_may_see(open_site: OpenSite) -> None:
    """No health, SDQ or EHCP duty on any page, nor in a reason; attendance, PEP and reviews."""
    site = open_site("pastoral")
    duties = read.fetch_duties(site.session())
    visible = site.session().select_visible(duties)
    assert set(visible["category"]) == {"attendance", "care", "duty"}
    hidden = set(duties["name"]) - set(visible["name"])
    assert {"Dental check", "SDQ by the carer", "Annual review of the plan"} <= hidden
    texts = [site.visit(page).text for page in ("today", "children", "attendance", "data_check")]
    looks = read.fetch_attention_reasons(site.session())
    named = looks.filter(pl.col("duties").is_not_null())["handle"].to_list()
    listed = set(duties.filter(pl.col("name").is_in(hidden))["handle"]) | set(named)
    for handle in sorted(listed)[:8]:
        texts.append(site.open_child(handle).text)
        assert "band (" not in site.text
        assert [name for name in site.list_buttons() if "sheet" in name] == ["Meeting sheet"]
    said = "\n".join(texts)
    assert [name for name in hidden if name in said] == []
    assert "PEP this term" in said


def test_a_reason_names_the_duties_that_the_role_sees(open_site: OpenSite) -> None:
    """One that had only others is not there."""
    looks = pl.DataFrame({"duties": ["DENTAL_YEARLY PEP_REVIEW", "IHA", None]})
    for role, expected in (("pastoral", ["PEP_REVIEW", None]), ("dsl", looks["duties"].to_list())):
        seen = rules.select_visible_duties(open_site(role).session(), looks)
        assert seen["duties"].to_list() == expected


# What people type


def test_an_action_is_logged_shown_at_once_corrected_and_undone(own_site: OpenSite) -> None:
    """The dialog is about one child, says whom, and chooses nothing; the row stays with a tick."""
    site = own_site("pastoral")
    before = site.title
    open_reasons = rules.fetch_reasons(site.session()).filter(~pl.col("is_closed"))
    for pupil_id, handle in open_reasons.select("pupil_id", "handle").iter_rows():
        reasons = rules.list_open_reasons(site.session(), pupil_id)
        if all(reason.is_answered_by("called the carer") for reason in reasons):
            second = words.capitalise(handle)
    press_row(site.app, "looks", second)
    assert site.app.session_state["log-open"].handle == second.lower()
    site.press("Save")
    assert "Choose what was done." in site.messages
    kinds = set(words.list_codes("action_kind", site.session().as_at).values())
    assert kinds >= {"Met the family", "Called the carer"}
    site.choose("What was done?", "called the carer")
    site.press("Save")
    assert "Choose what came of the call." in site.messages
    site.choose("What came of the call?", "spoke")
    site.press("Save")
    assert f"Logged for {second}: called the carer." in site.messages
    assert "Logged for" not in site.visit("children").messages
    site.visit("today")
    assert site.title != before
    row = next(row for row in site.list_rows("looks") if row.child == second)
    assert row.cells["Last action"] == "✓ Called carer, 20 Nov"
    (last,) = read.fetch_last_actions(site.session()).values()
    assert (last["handle"], last["kind"]) == (second.lower(), "called the carer")
    site.press("Undo")
    assert site.title == before
    assert read.fetch_actions(site.session()).is_empty()
    assert "No action logged yet." in site.open_child(second.lower()).text


def test_a_call_that_reached_nobody_closes_nothing(own_site: OpenSite) -> None:
    """The child moves to those seen, still open, with the next weekday as the day to look again."""
    site = own_site("teacher")
    child = _list_logged(site)[1] or ""
    press_row(site.app, "looks", child)
    site.choose("What was done?", "called the social worker")
    site.choose("What came of the call?", "no answer")
    assert not site.app.checkbox
    site.press("Save")
    assert f"Logged for {child}: called the social worker, no answer." in site.messages
    (action,) = read.fetch_actions(site.session()).to_dicts()
    assert (action["outcome"], action["follow_up_date"]) == ("no answer", date(2026, 11, 23))
    later = own_site("teacher")  # another tab
    assert child not in [row.child for row in later.list_rows("looks")]
    assert [row.child for row in later.list_rows("seen")] == [child]
    chased = {row.child: row.cells["Last chased"] for row in later.list_rows("waiting")}
    assert chased.get(child, "Last chased 20 Nov") == "Last chased 20 Nov"


def test_whoever_logs_says_which_reasons_an_action_was_about(own_site: OpenSite) -> None:
    """Ticked at first are those that the kind of action answers; the rest stay open."""
    site = own_site("teacher")
    looks = rules.fetch_reasons(site.session()).filter(~pl.col("is_closed"))
    handle = next(
        handle for handle, own in looks.group_by("handle", maintain_order=True) if own.height > 1
    )[0]
    reasons = rules.list_open_reasons(site.session(), looks.filter(handle=handle)["pupil_id"][0])
    press_row(site.app, "looks", words.capitalise(str(handle)))
    site.choose("What was done?", "met the family")
    ticked = {each.label.replace("\\", ""): each.value for each in site.app.checkbox}
    assert ticked == {
        reason.text: reason.is_answered_by("met the family")
        for reason in reasons
        if not reason.is_closed_by_record
    }
    for box in site.app.checkbox:
        box.set_value(False)
    site.press("Save")
    after = rules.fetch_reasons(site.session()).filter(handle=handle)
    assert not after["is_closed"].any()
    assert after["seen_on"].to_list() == [site.session().as_at] * after.height


@pytest.mark.slow
def test_a_line_is_checked_as_one_types_kept_read_and_corrected(own_site: OpenSite) -> None:
    site = own_site("teacher")
    site.open_child(read.fetch_members(site.session())["handle"][2])
    site.press("Log *an action for")
    site.choose("What was done?", "met the family")
    site.write(_LINE, "Rang Mr Smith, 07700 900123")
    assert len(site.app.warning) == 2
    site.press("Save")
    assert not site.app.success
    assert read.fetch_actions(site.session()).is_empty()
    site.write(_LINE, "A plan for the mornings")
    assert not site.app.warning
    site.press("Save")
    assert site.app.success
    assert "A plan for the mornings" in site.text
    site.visit("child")
    site.press("Correct")
    site.write(_LINE, "A plan for the evenings")
    site.press("Save")
    rows = read.fetch_actions(site.session())
    assert rows["line"].to_list() == ["A plan for the evenings", "A plan for the mornings"]
    assert rows["corrected_by"].null_count() == 1
    listings = [str(each.value) for each in site.app.get("html")]  # type: ignore[union-attr]
    assert "<del>A plan for the mornings</del>" in "".join(listings)


@pytest.mark.slow
def test_a_fact_that_is_wrong_says_so_and_a_right_one_shows(own_site: OpenSite) -> None:
    """The form is drawn once somebody opens it."""
    site = own_site("teacher")
    child = read.fetch_members(site.session()).filter("is_looked_after").row(0, named=True)
    site.open_child(child["handle"])
    assert "What is it about?" not in [each.label for each in site.app.selectbox]
    site.app.session_state["letter"] = True
    site.app.run()
    site.fill_in({"Total score": "44", "Source": "letter, Tameside, 12 November"})
    assert "44" in site.messages
    assert not site.app.success
    site.fill_in({"Total score": "12", "Source": "letter of 12 November"})
    assert "Saved." in site.messages
    typed = read.fetch_sdq(site.session()).filter(pl.col("pupil_id") == child["pupil_id"])
    assert (typed["sdq_date"][-1], typed["total"][-1]) == (date(2026, 11, 20), 12)
    # what was typed wrong is corrected: its day too, which no newer row would take away
    which = next(each for each in site.app.selectbox if "replace something" in each.label)
    assert len(which.options) == 2
    which.select_index(1)
    site.fill_in({"Total score": "13", "Source": "the same letter"})
    again = read.fetch_sdq(site.session()).filter(pl.col("pupil_id") == child["pupil_id"])
    assert (again.height, again["total"][-1]) == (typed.height, 13)


# Plans and dates


def test_plans_list_each_open_date_and_filters_ask_what_we_owe(open_site: OpenSite) -> None:
    """A filter of one kind is not one of another, though both have a word."""
    site = open_site().visit("plans")
    dates = _dates(site)
    shown = [each for each in dates if each.state != standing.UP_TO_DATE]
    assert len(site.links) == len(shown)
    past = [each for each in dates if each.is_past]
    ours = sum(each.holder.startswith("School") for each in past)
    assert site.title == f"{len(past)} dates are overdue, {ours} of them for the school"
    site.choose("status", ["Overdue"])
    assert sorted(site.links) == sorted(words.capitalise(each.handle) for each in past)
    site.choose("holder", ["School"])
    assert len(site.links) == sum(each.holder == "School" for each in past)
    site.choose("kind", ["SDQ"])
    assert "No date matches." in site.text
    site.choose("kind", ["Health"])
    site.choose("status", [])
    site.choose("holder", [])
    assert {row.cells["For"] for row in site.list_rows("dates")} > {"Health"}


def test_plans_list_each_plan_and_say_whose_step_it_is(open_site: OpenSite) -> None:
    site = open_site().visit("plans")
    plans = read.fetch_ehcps(site.session())
    table = site.find_table("Stage")
    assert table["Child"] == [words.capitalise(name) for name in plans["handle"]]
    dates = [each for each in standing.fetch_dates(site.session()) if each.rule.startswith("EHC")]
    for pupil_id, step in zip(plans["pupil_id"], table["Next step"], strict=True):
        own = [each for each in dates if each.pupil_id == pupil_id]
        own = [each for each in own if each.is_past] or own
        told = [f"{each.holder}: {each.name}, {each.text}" for each in own]
        assert step in (told or ["Nothing outstanding"])


# Wellbeing


def test_scores_and_checks_are_those_of_the_marts(open_site: OpenSite) -> None:
    site = open_site().visit("wellbeing")
    row = read.fetch_sdq_coverage(site.session())
    assert row is not None
    assert site.title.startswith(f"{row['scored_children']} of {row['children']} ")
    lately = "In the last 12 months"
    said = site.find_table(lately)[lately]
    by_carer = sum("carer form" in each for each in said)
    assert by_carer == row["scored_children"] + row["reason_children"]
    assert said.count("Not recorded") == row["missing_children"]
    shown = {row.child: row.cells for row in site.list_rows("checks")}
    dates = standing.fetch_dates(site.session())
    for check in read.fetch_health(site.session()).to_dicts():
        own = [each for each in dates if each.pupil_id == check["pupil_id"]]
        state = recurring.find_check_state(check, own, site.session().as_at)
        text = f"{standing.SHAPES[state.state]} {state.text}".replace("\u00a0", " ")
        cells = shown[words.capitalise(check["handle"])]
        assert cells[words.capitalise(check["subject"])] == text


@pytest.mark.slow
def test_without_their_files_pages_say_what_they_would_show(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    files, home = tmp_path / "files", tmp_path / "home"
    shutil.copytree(exports(), files)
    for name in ("sdq", "health", "ehcp", "pep", "suspensions"):
        (files / f"{name}.csv").unlink()
    now = datetime(2026, 11, 20, 7, 40, tzinfo=UTC)
    Load(home, now, environ=keys_at(home)).load_exports(files)
    site = Site(home, monkeypatch, "dsl")
    text = (site.visit("wellbeing").text + site.visit("plans").text).replace("\\", "")
    assert "The file sdq.csv has not been loaded. With it, this shows" in text
    assert "Ask the social worker: carers fill it in." in text
    for name in ("health", "ehcp", "pep"):
        assert f"The file {name}.csv has not been loaded." in text
