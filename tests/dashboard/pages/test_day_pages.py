"""Needs a look, what is due, plans, scores, the two forms: against the marts, by role."""

import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from icalendar import Calendar

from dashboard.text import calendar_file, recurring, rules, words
from dashboard.text import duties as plan_words
from dashboard.ui import day_lists
from queries import read
from safeguards.access import roles
from tests.support.schools.homes import demo_home, keys_at
from tests.support.web.site import Site

_PAST, _COMING = ("overdue", "waiting on others"), ("due soon", "booked")


def _keys(site: Any, prefix: Any) -> Any:
    return [b.label for b in site.app.button if b.key and b.key.startswith(prefix)]


def _tables(site: Any, column: Any) -> Any:
    return [table.value for table in site.app.table if column in table.value.columns]


# Today


@pytest.mark.parametrize("role", ["pastoral", "teacher"])
def test_needs_a_look_lists_children_by_year_group_and_handle_and_says_why(
    open_site: Any, role: Any
) -> None:
    site = open_site(role=role).visit("today")
    looks = day_lists.fetch_reasons(site.session()).filter(~pl.col("is_closed"))
    children = looks.unique("pupil_id", maintain_order=True)
    assert children.equals(children.sort("year_group", "handle"))
    assert _keys(site, "look-") == children["handle"][:4].to_list()
    if children.height > 4:
        site.app.toggle(key="all-looks").set_value(True).run()
    assert _keys(site, "look-") == children["handle"].to_list()
    text = site.text.lower()
    for reason in looks["reason"]:
        assert reason.lower() in text
    assert f"{children.height} children need a look today" in site.text
    assert text.count("no action is logged yet") == children.height
    assert "This is a school setting" in site.text.replace("\\", "")
    assert len([e for e in site.app.expander if e.label == "Why is this here?"]) == children.height


def test_due_lists_each_near_duty_by_date_with_who_holds_it(open_site: Any) -> None:
    site = open_site().visit("today")
    duties = read.fetch_duties(site.session())
    near = duties.filter(pl.col("status").is_in([*_PAST, *_COMING]))
    shown = _tables(site, "Where it stands")[0]
    whose = near.unique(["pupil_id", "rule", "status"])
    assert len(shown) == whose.height
    for row in read.list_rows(read.MemberDuty, whose):
        line = shown[shown["What"].str.startswith(f"{row['handle']}: {row['name']}")]
        assert any(
            plan_words.describe_holder(row) in said.lower() for said in line["Where it stands"]
        )
    firsts = shown["Day"].to_list()
    dated = [words.format_table_day(day) for day in near["next_date"]]
    assert [day for day in dated if day in firsts][:1] == firsts[:1]


def test_what_no_record_tells_is_a_worklist(open_site: Any) -> None:
    site = open_site().visit("today")
    duties = read.fetch_duties(site.session())
    unknown = duties.filter(pl.col("status").is_in(["cannot be known", "not recorded"]))
    unknown = unknown.unique(["pupil_id", "rule", "status"])
    assert unknown.height
    assert len(_tables(site, "What is not known")[0]) == unknown.height


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
def test_an_action_is_logged_shown_at_once_and_closes_the_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = demo_home(tmp_path / "home")
    site = Site(folder, monkeypatch, "pastoral", None)
    first = read.fetch_attention_reasons(site.session()).row(0, named=True)
    labels = [element.label for element in site.app.expander]
    assert "Log an action" in labels
    assert "Add a fact from a letter" not in labels
    site.app.selectbox(key=_own(site, "action-child-0")).select(first["handle"])
    site.app.selectbox(key=_own(site, "action-kind-0")).select("called the carer")
    site.app.text_input(key=_own(site, "action-line-0")).input("Left a message")
    _button(site, "Log this action").click().run()
    assert "The action is logged." in [element.value for element in site.app.success]
    assert first["handle"] not in _keys(site, "look-")
    assert re.search(r"\d+ reasons? (?:is|are) closed by an action\.", site.text)
    last = next(iter(read.fetch_last_actions(site.session()).values()))
    assert (last["handle"], last["kind"]) == (first["handle"], "called the carer")
    site.open_child(first["handle"])
    assert "Last action: called the carer, 20 November 2026." in site.text.replace("\\", "")


@pytest.mark.slow
def test_a_fact_that_is_wrong_says_so_and_a_right_one_shows(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = demo_home(tmp_path / "home")
    site = Site(folder, monkeypatch, "teacher", None)
    child = read.fetch_members(site.session()).filter("is_looked_after").row(0, named=True)
    site.app.selectbox(key=_own(site, "fact-child-0")).select(child["handle"])
    site.app.text_input(key=_own(site, "sdq.csv-total-0")).input("44")
    site.app.text_input(key=_own(site, "fact-source-0")).input("letter, Tameside, 12 November")
    _button(site, "Add this fact").click().run()
    assert site.app.warning
    assert not site.app.success
    site.app.text_input(key=_own(site, "sdq.csv-total-0")).input("12")
    _button(site, "Add this fact").click().run()
    assert "The fact is added." in [element.value for element in site.app.success]
    typed = read.fetch_sdq(site.session()).filter(pl.col("pupil_id") == child["pupil_id"])
    assert (typed["sdq_date"][-1], typed["total"][-1]) == (date(2026, 11, 20), 12)


def _own(site: Any, field: Any) -> Any:
    """The key of this tab's own field of a name."""
    own = {each.key for each in (*site.app.selectbox, *site.app.text_input) if each.key}
    (found,) = (key for key in own if key.endswith(f"-{field}"))
    return found


def _button(site: Any, label: Any) -> Any:
    return next(b for b in site.app.button if b.label == label)


# Plans and dates


@pytest.mark.parametrize("page", ["plans", "wellbeing"])
def test_pastoral_staff_have_neither_plans_nor_wellbeing(open_site: Any, page: Any) -> None:
    assert not roles.is_allowed("pastoral", page)
    site = open_site(role="pastoral")
    assert site.visit("today").app.title[0].value == "Today"
    text = site.open_child(read.fetch_members(site.session())["handle"][0]).text
    assert "band (" not in text
    assert "A sheet for the PEP" not in text


def test_shapes_are_the_duties_of_the_marts(open_site: Any) -> None:
    site = open_site().visit("plans")
    site.app.toggle(key="shapes-table").set_value(True).run()
    table = site.app.table[0].value
    session = site.session()
    states = recurring.tabulate_duty_states(read.fetch_members(session), read.fetch_duties(session))
    shown = {
        (row["Child"], thing): row[thing].split(" ", 1)[1]
        for row in table.to_dict("records")
        for thing in (each.label for each in recurring.RECURRING)
        if row[thing] != "\\-"
    }
    assert shown == {(row["handle"], row["thing"]): row["state"] for row in states.to_dicts()}
    overdue = sum(state == "overdue" for state in shown.values())
    assert site.app.subheader[0].value.startswith(f"{overdue} ")


def test_plans_say_stage_week_and_whose_step(open_site: Any) -> None:
    site = open_site().visit("plans")
    plans = read.fetch_ehcps(site.session())
    table = _tables(site, "Stage")[0]
    assert table["Child"].to_list() == plans["handle"].to_list()
    late = plans.filter(pl.col("is_late")).row(0, named=True)
    said = table[table["Child"] == late["handle"]]["Stage"].item()
    assert f"Took {late['week']} weeks, past the 20 weeks." in said
    for row, step in zip(plans.to_dicts(), table["Next step"], strict=True):
        assert row["waits_for"] is None or step.lower().startswith(words.HOLDERS[row["waits_for"]])


def test_later_dates_are_one_press_away_and_no_done_one_is_shown(open_site: Any) -> None:
    site = open_site().visit("plans")
    before = len(site.app.table)
    site.app.toggle(key="later").set_value(True).run()
    assert len(site.app.table) == before + 1
    later = read.fetch_duties(site.session()).filter(
        (pl.col("status") == "later") & (pl.col("rule") != "REGISTER_N")
    )
    assert len(_tables(site, "Where it stands")[1]) == later.height


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
    rows = calendar_file.select_upcoming(read.fetch_duties(session), session.as_at)
    data = calendar_file.serialise_calendar(rows, session.as_at)
    assert data == calendar_file.serialise_calendar(rows, session.as_at)
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
    again = Calendar.from_ical(calendar_file.serialise_calendar(moved, session.as_at)).walk(
        "VEVENT"
    )[0]
    assert str(again["uid"]) in ids


# Wellbeing


def test_coverage_is_the_marts_and_the_table_agrees_with_it(open_site: Any) -> None:
    site = open_site().visit("wellbeing")
    row = read.fetch_sdq_coverage(site.session())
    assert row is not None
    assert site.app.metric[0].value == f"{row['scored_children']} of {row['children']}"
    said = _tables(site, "In the last 12 months")[0]["In the last 12 months"]
    assert said.str.contains("carer form").sum() == row["scored_children"] + row["reason_children"]
    assert (said == "Not recorded").sum() == row["missing_children"]


@pytest.mark.slow
def test_no_page_judges_a_score(open_site: Any) -> None:
    site = open_site()
    handle = (
        read.fetch_sdq(site.session()).filter(pl.col("total").is_not_null())["handle"].to_list()[0]
    )
    text = site.visit("wellbeing").text + site.open_child(handle).text
    assert re.search(r"\d+ on \d+ \w+ \d{4}: (?:lower|middle|upper) band \(\d+ to \d+\), ", text)
    assert not re.search(r"\b(?:abnormal|normal|borderline|concern)\b", text, re.IGNORECASE)


@pytest.mark.slow
def test_without_their_files_pages_say_what_they_would_show(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from datetime import UTC, datetime  # noqa: PLC0415

    from intake.build.load import load_exports  # noqa: PLC0415
    from tests.support.schools.homes import exports  # noqa: PLC0415

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


def test_a_child_has_dates_a_timeline_scores_and_a_sheet(open_site: Any) -> None:
    site = open_site()
    session = site.session()
    scored = read.fetch_sdq(session).filter(
        pl.col("total").is_not_null() & pl.col("is_looked_after")
    )
    row = scored.row(0, named=True)
    site.open_child(row["handle"])
    headers = [element.value for element in site.app.header]
    assert {"Plans and dates", "What has happened?", "Wellbeing"} <= set(headers)
    own = read.fetch_duties(session).filter(
        (pl.col("pupil_id") == row["pupil_id"]) & (pl.col("status") != "done")
    )
    metric = next(m for m in site.app.metric if m.label == "Dates open")
    assert metric.value == str(own.unique(["rule", "status"]).height)
    site.app.button_group(key="child-view").set_value("a sheet for the PEP").run()
    sheet = site.text
    assert not site.charts
    child = read.fetch_pupil(session, row["pupil_id"])
    assert child is not None
    missed = words.describe_missed(child["absent_sessions"], child["possible_sessions"])
    assert words.capitalise(missed) in sheet
    for part in ("Attendance this school year", "Suspensions", "Last SDQ", "Last PEP"):
        assert part in sheet


def test_children_have_shapes_with_words_for_what_the_role_may_see(open_site: Any) -> None:
    everything = open_site().visit("children").text.replace("\N{NO-BREAK SPACE}", " ")
    assert "▲ Dental check overdue" in everything
    assert "● PEP this term up to date" in everything
    site = open_site(role="pastoral").visit("children")
    pastoral, share = site.text, read.fetch_threshold(site.session(), "persistent_absence")
    assert f"Attendance: {rules.describe_not_persistent(share)}" in pastoral
    for word in ("Dental", "PEP", "SDQ", "EHCP", "Health"):
        assert word not in pastoral
