"""Needs a look, what is due, plans, scores, what people type: against the marts, by role."""

import re
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from icalendar import Calendar

from dashboard.parts.plans import select_upcoming, serialise_calendar
from dashboard.parts.today import FIRST
from dashboard.text import recurring, rules, standing, words
from dashboard.ui import actions
from intake.publish.load import load_exports
from queries import read
from safeguards.access import roles
from tests.support.schools.homes import demo_home, exports, keys_at
from tests.support.web.site import Site, is_heading, read_values

_LINE = "In a few words (optional, no names)"


def _tables(site: Any, column: Any) -> Any:
    return [table.value for table in site.app.table if column in table.value.columns]


def _logged(site: Any) -> Any:
    """The children for whom an action can be logged here, in their order."""
    labels = [button.label for button in site.app.button]
    return [label[19:-1] for label in labels if label.startswith("Log *an action for ")]


def _dates(site: Any) -> list[standing.DutyDate]:
    session = site.session()
    return standing.list_duty_dates(
        session.select_visible(read.fetch_duties(session)), session.as_at
    )


# Today


@pytest.mark.parametrize("role", ["pastoral", "teacher"])
def test_needs_a_look_lists_children_by_year_group_and_handle_and_says_why(
    open_site: Any, role: Any
) -> None:
    site = open_site(role=role).visit("today")
    looks = rules.fetch_reasons(site.session()).filter(~pl.col("is_closed"))
    children = looks.unique("pupil_id", maintain_order=True)
    assert 0 < children.height <= FIRST
    assert children.equals(children.sort("year_group", "handle"))
    called = [words.capitalise(handle) for handle in children["handle"]]
    assert _logged(site) == called
    assert site.links[: len(called)] == called
    text = site.text.lower()
    for reason in looks["reason"]:
        assert reason.removeprefix("missed ").replace("\u00a0", " ").lower() in text
    assert f"{children.height} children need a look" in site.text
    assert text.count("last action: nothing yet") == children.height
    assert "Your school sets this." in site.text


def test_due_lists_each_near_duty_in_its_span_by_date(open_site: Any) -> None:
    site = open_site().visit("today")
    near = standing.select_near(_dates(site), site.session().as_at)
    past = [each for each in near if each.is_past]
    heads = [element.value for element in site.app.header]
    assert f"▲ Overdue ({len(past)})" in heads
    assert f"{len(past)} dates are overdue" in site.app.title[0].value
    week = site.session().as_at + timedelta(days=7)
    soon = [each for each in near if not each.is_past and each.day and each.day <= week]
    assert f"◆ Next 7 days ({len(soon)})" in heads
    shown = site.links[len(_logged(site)) :]
    assert shown == [
        words.capitalise(each.handle)
        for each in [*past, *(each for each in near if not each.is_past)]
    ]
    for each in near:
        assert f"For: {each.holder.partition(',')[0]}" in site.text
        assert each.name in site.text


def test_what_no_record_tells_is_said(open_site: Any) -> None:
    site = open_site().visit("today")
    missing = [each for each in _dates(site) if each.state == standing.NOT_RECORDED]
    assert missing
    for each in missing:
        assert f"{each.name} ({words.capitalise(each.handle)})" in site.text.replace("\\", "")


def test_good_news_counts_whole_weeks_and_names_meetings(open_site: Any) -> None:
    site = open_site().visit("today")
    week = read.fetch_this_week(site.session())
    whole = week.filter(
        (pl.col("absent_sessions") == 0)
        & (pl.col("possible_sessions") > 0)
        & (pl.col("not_recorded_sessions") == 0)
    )
    assert f"{whole.height} of {week.height} children were in school for every" in site.text
    # In October Freya and Ruby had theirs, on the 7th and the 14th.
    day = "2026-10-16"
    assert "held on time this month" in open_site(as_at=day).visit("today").text
    assert "held on time" not in open_site(role="pastoral", as_at=day).visit("today").text


@pytest.mark.slow
def test_pastoral_staff_see_only_dates_of_what_they_may_see(open_site: Any) -> None:
    """No health, SDQ or EHCP duty on any page, nor in a reason; attendance, PEP and reviews."""
    site = open_site(role="pastoral")
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
        site.open_child(handle)
        texts.append(site.text)
        texts += [str(table.value.to_dict()) for table in site.app.table]
    said = "\n".join(texts)
    assert [name for name in hidden if name in said] == []
    assert "PEP this term" in said


def test_a_reason_names_the_duties_that_the_role_sees(open_site: Any) -> None:
    """One that had only others is not there."""
    looks = pl.DataFrame({"duties": ["DENTAL_YEARLY PEP_REVIEW", "IHA", None]})
    for role, expected in (("pastoral", ["PEP_REVIEW", None]), ("dsl", looks["duties"].to_list())):
        seen = rules.select_visible_duties(open_site(role=role).session(), looks)
        assert seen["duties"].to_list() == expected


# What people type


def _press(site: Any, label: str) -> None:
    """The last button that begins so: a dialog stands after its page."""
    found = [button for button in site.app.button if button.label.startswith(label)]
    found[-1].click().run()


def _line(site: Any) -> Any:
    return next(field for field in site.app.text_input if field.label == _LINE)


@pytest.mark.slow
def test_an_action_is_logged_in_three_clicks_shown_at_once_and_undone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = demo_home(tmp_path / "home")
    site = Site(folder, monkeypatch, "pastoral", None)
    first = read.fetch_attention_reasons(site.session()).row(0, named=True)
    called = words.capitalise(first["handle"])
    before = site.app.title[0].value
    _press(site, f"Log *an action for {called}")
    kinds = next(group for group in site.app.button_group if group.label == "What was done?")
    kinds.set_value("called the carer").run()
    _press(site, "Save")
    assert f"Logged for {called}: called the carer." in [e.value for e in site.app.success]
    assert site.app.title[0].value != before
    assert called in _logged(site)  # it keeps its row until the next visit
    assert "✓ Called carer, 20 Nov" in site.text
    last = next(iter(read.fetch_last_actions(site.session()).values()))
    assert (last["handle"], last["kind"]) == (first["handle"], "called the carer")
    _press(site, "Undo")
    assert site.app.title[0].value == before
    assert read.fetch_actions(site.session()).is_empty()
    site.open_child(first["handle"])
    assert "No action logged yet." in site.text


@pytest.mark.slow
def test_a_line_is_checked_as_one_types_kept_read_and_corrected(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = demo_home(tmp_path / "home")
    site = Site(folder, monkeypatch, "teacher", None)
    handle = read.fetch_members(site.session())["handle"][2]
    site.open_child(handle)
    _press(site, "Log *an action for")
    kinds = next(group for group in site.app.button_group if group.label == "What was done?")
    kinds.set_value("met the family").run()
    _line(site).input("Rang Jacob, 07700 900123").run()
    assert len(site.app.warning) == 2
    _press(site, "Save")
    assert not site.app.success
    assert read.fetch_actions(site.session()).is_empty()
    _line(site).input("A plan for the mornings").run()
    assert not site.app.warning
    _press(site, "Save")
    assert site.app.success
    assert "A plan for the mornings" in site.text
    site.visit("child")
    _press(site, "Correct")
    _line(site).input("A plan for the evenings").run()
    _press(site, "Save")
    rows = read.fetch_actions(site.session())
    assert rows["line"].to_list() == ["A plan for the evenings", "A plan for the mornings"]
    assert rows["corrected_by"].null_count() == 1
    page = "".join(read_values(site.app, "html"))
    assert "<del>A plan for the mornings</del>" in page


def test_an_action_waits_for_its_child_and_no_other(open_site: Any) -> None:
    """The dialog is about one child, and says whom; nothing is chosen beforehand."""
    site = open_site(role="teacher").visit("today")
    second = _logged(site)[1]
    _press(site, f"Log *an action for {second}")
    assert site.app.session_state["log-open"].handle == second.lower()
    kinds = next(group for group in site.app.button_group if group.label == "What was done?")
    assert kinds.value is None
    _press(site, "Save")
    assert "Choose what was done." in [element.value for element in site.app.error]
    assert set(actions.list_action_kinds(site.session().as_at).values()) >= {"Met the family"}


@pytest.mark.slow
def test_a_fact_that_is_wrong_says_so_and_a_right_one_shows(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = demo_home(tmp_path / "home")
    site = Site(folder, monkeypatch, "teacher", None)
    child = read.fetch_members(site.session()).filter("is_looked_after").row(0, named=True)
    site.open_child(child["handle"])
    site.app.text_input(key=_own(site, "sdq.csv-total-0")).input("44")
    site.app.text_input(key=_own(site, "fact-source-0")).input("letter, Tameside, 12 November")
    _press(site, "Save")
    assert site.app.warning
    assert not site.app.success
    site.app.text_input(key=_own(site, "fact-source-0")).input("letter of 12 November")
    site.app.text_input(key=_own(site, "sdq.csv-total-0")).input("12")
    _press(site, "Save")
    assert "Saved." in [element.value for element in site.app.success]
    typed = read.fetch_sdq(site.session()).filter(pl.col("pupil_id") == child["pupil_id"])
    assert (typed["sdq_date"][-1], typed["total"][-1]) == (date(2026, 11, 20), 12)


def _own(site: Any, field: Any) -> Any:
    """The key of this tab's own field of a name."""
    own = {each.key for each in (*site.app.selectbox, *site.app.text_input) if each.key}
    (found,) = (key for key in own if key.endswith(f"-{field}"))
    return found


# Plans and dates


@pytest.mark.parametrize("page", ["plans", "wellbeing"])
def test_pastoral_staff_have_neither_plans_nor_wellbeing(open_site: Any, page: Any) -> None:
    assert not roles.is_allowed("pastoral", page)
    site = open_site(role="pastoral")
    assert is_heading(site.visit("today").app.title[0].value, "today")
    text = site.open_child(read.fetch_members(site.session())["handle"][0]).text
    assert "band (" not in text
    assert site.app.button_group(key="sheet").options == ["Meeting sheet"]


def test_plans_list_each_open_date_and_filters_ask_what_we_owe(open_site: Any) -> None:
    site = open_site().visit("plans")
    dates = _dates(site)
    shown = [each for each in dates if each.state != standing.UP_TO_DATE]
    assert len(site.links) == len(shown)
    past = [each for each in dates if each.is_past]
    ours = sum(each.holder.startswith("School") for each in past)
    assert site.app.title[0].value == (
        f"{len(past)} dates are overdue, {ours} of them for school to do"
    )
    site.app.button_group(key="status").set_value(["Overdue"]).run()
    assert sorted(site.links) == sorted(words.capitalise(each.handle) for each in past)
    site.app.button_group(key="holder").set_value(["School"]).run()
    assert len(site.links) == sum(each.holder == "School" for each in past)
    site.app.button_group(key="kind").set_value(["SDQ"]).run()
    assert "No date matches." in site.text


def test_plans_say_stage_week_and_whose_step(open_site: Any) -> None:
    site = open_site().visit("plans")
    plans = read.fetch_ehcps(site.session())
    table = _tables(site, "Stage")[0]
    assert table["Child"].to_list() == [words.capitalise(name) for name in plans["handle"]]
    late = plans.filter(pl.col("is_late")).row(0, named=True)
    said = table[table["Child"] == words.capitalise(late["handle"])]["Stage"].item()
    assert f"Took {late['week']} weeks, past the 20 weeks." in said
    for row, step in zip(plans.to_dicts(), table["Next step"], strict=True):
        assert row["waits_for"] is None or step.lower().startswith(words.HOLDERS[row["waits_for"]])


def test_the_calendar_file_is_offered_by_an_address_of_its_own(open_site: Any) -> None:
    site = open_site(role="teacher").visit("plans")
    assert not site.app.get("link_button")
    site.app.button(key="make-dates.ics").click().run()
    addresses = [link.proto.url for link in site.app.get("link_button")]
    assert len(addresses) == 1
    assert re.fullmatch(r"/download/[\w-]{43}", addresses[0])
    assert not site.app.get("download_button")


def test_the_calendar_file_holds_handles_days_and_stable_ids(open_site: Any) -> None:
    session = open_site().session()
    rows = select_upcoming(read.fetch_duties(session), session.as_at)
    data = serialise_calendar(rows, session.as_at)
    assert data == serialise_calendar(rows, session.as_at)
    events = Calendar.from_ical(data).walk("VEVENT")
    assert len(events) == rows.height > 0
    ids = {str(event["uid"]) for event in events}
    assert len(ids) == rows.height
    assert {str(event["summary"]) for event in events} == {
        f"{row['name']}: {row['handle']}" for row in rows.to_dicts()
    }
    assert all(event.decoded("dtstart") >= session.as_at for event in events)
    assert {event.decoded("dtstamp").date() for event in events} == {session.as_at}
    for pupil_id in read.fetch_members(session)["pupil_id"]:
        assert pupil_id.encode() not in data
    moved = rows.head(1).with_columns(next_date=pl.lit(date(2027, 1, 4)))
    again = Calendar.from_ical(serialise_calendar(moved, session.as_at)).walk("VEVENT")[0]
    assert str(again["uid"]) in ids


# Wellbeing


def test_coverage_is_the_marts_and_the_table_agrees_with_it(open_site: Any) -> None:
    site = open_site().visit("wellbeing")
    row = read.fetch_sdq_coverage(site.session())
    assert row is not None
    assert site.app.title[0].value.startswith(f"{row['scored_children']} of {row['children']} ")
    said = _tables(site, "In the last 12 months")[0]["In the last 12 months"]
    assert said.str.contains("carer form").sum() == row["scored_children"] + row["reason_children"]
    assert (said == "Not recorded").sum() == row["missing_children"]


def test_each_check_of_each_child_is_that_of_the_mart(open_site: Any) -> None:
    site = open_site().visit("wellbeing")
    health = read.fetch_health(site.session())
    assert site.links == [
        words.capitalise(handle) for handle in health["handle"].unique(maintain_order=True)
    ]
    for row in health.to_dicts():
        state = recurring.find_check_state(row, site.session().as_at)
        text = state.text.replace("\u00a0", " ")
        said = f"{words.capitalise(row['subject'])}: {standing.SHAPES[state.state]} {text}"
        assert said in site.text


@pytest.mark.slow
def test_no_page_judges_a_score(open_site: Any) -> None:
    site = open_site()
    handle = (
        read.fetch_sdq(site.session()).filter(pl.col("total").is_not_null())["handle"].to_list()[0]
    )
    text = site.visit("wellbeing").text + site.open_child(handle).text
    assert re.search(r"\d+ on \d+ \w+ \d{4}: (?:lower|middle|upper) band \(\d+ to \d+\), ", text)
    text = re.sub("notes? of concern", "", text, flags=re.IGNORECASE)  # another kind of data
    assert not re.search(r"\b(?:abnormal|normal|borderline|concern)\b", text, re.IGNORECASE)


@pytest.mark.slow
def test_without_their_files_pages_say_what_they_would_show(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    files = tmp_path / "files"
    shutil.copytree(exports(), files)
    for name in ("sdq", "health", "ehcp", "pep", "suspensions"):
        (files / f"{name}.csv").unlink()
    home = tmp_path / "home"
    load_exports(files, home, now=datetime(2026, 11, 20, 7, 40, tzinfo=UTC), environ=keys_at(home))
    site = Site(home, monkeypatch, "dsl", None)
    text = site.visit("wellbeing").text.replace("\\", "")
    assert "The file sdq.csv has not been loaded. With it, this shows" in text
    assert "Ask the social worker: carers fill it in." in text
    assert "The file health.csv has not been loaded." in text
    text = site.visit("plans").text.replace("\\", "")
    assert "The file ehcp.csv has not been loaded." in text
    assert "The file pep.csv has not been loaded." in text


# Child and Children


def test_a_child_has_facts_dates_a_timeline_scores_and_a_sheet(open_site: Any) -> None:
    site = open_site()
    session = site.session()
    scored = read.fetch_sdq(session).filter(
        pl.col("total").is_not_null() & pl.col("is_looked_after")
    )
    row = scored.row(0, named=True)
    site.open_child(row["handle"])
    headers = [element.value for element in site.app.header]
    assert {"What we did", "Wellbeing", "Year by year"} <= set(headers)
    own = [each for each in _dates(site) if each.pupil_id == row["pupil_id"]]
    near = [each for each in own if each.state != standing.UP_TO_DATE]
    assert f"Next dates ({len(near)})" in headers
    site.app.button_group(key="sheet").set_value("PEP sheet").run()
    sheet = site.text
    assert not site.charts
    child = read.fetch_pupil(session, row["pupil_id"])
    assert child is not None
    missed = words.describe_missed(child["absent_sessions"], child["possible_sessions"])
    assert words.capitalise(missed) in sheet
    for part in (
        "Attendance this school year",
        "Suspensions",
        "Newest scores",
        "Last PEP",
        "Open dates",
    ):
        assert part in sheet


def test_children_have_shapes_with_words_for_what_the_role_may_see(open_site: Any) -> None:
    everything = open_site().visit("children").text
    assert re.search(r"Dental: ▲ Was due \d+ \w+", everything)
    assert "PEP: ● Up to date" in everything
    pastoral = open_site(role="pastoral").visit("children").text
    assert "PEP: ● Up to date" in pastoral
    assert re.search(r"Sessions missed: ▼ \d+ of \d+", pastoral)
    for word in ("Dental: ", "SDQ: ▲", "SDQ: ●", "EHCP: ●", "Health: "):
        assert word not in pastoral
