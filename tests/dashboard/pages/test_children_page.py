"""Children and a child's page: rows, filters, facts, figures, who has looked; against the marts."""

import re

import polars as pl
import pytest

from dashboard.text import duties, sentences, standing, words
from dashboard.ui import lists
from queries import read
from queries.answers import Answers
from safeguards.access import recall
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog
from safeguards.keys.keys import Keys
from tests.support.web.lists import open_row
from tests.support.web.site import OpenSite, Site

_HANDLERS = ("pastoral", "dsl", "teacher")


def _called(rows: pl.DataFrame) -> list[str]:
    return [words.capitalise(handle) for handle in rows["handle"]]


def _list_children(site: Site) -> list[str | None]:
    return [row.child for row in site.list_rows("children")]


def test_children_are_listed_by_year_group_and_handle_and_found(open_site: OpenSite) -> None:
    """By year, by how they are known, by three letters; a filter can leave nobody."""
    site = open_site().visit("children")
    members = read.fetch_members(site.session())
    assert _list_children(site) == _called(members)
    assert site.title.startswith(f"{members.height} children, ")
    for row, child in zip(site.list_rows("children"), members.to_dicts(), strict=True):
        missed = f"{child['absent_sessions']} of {child['possible_sessions']}"
        assert missed in row.cells["Attended, missed"]
        assert row.cells["Year"] == words.format_year_number(child["year_group"])
    letters = members["handle"][3][2:5]
    site.app.text_input[0].input(letters).run()
    assert _list_children(site) == _called(members.filter(pl.col("handle").str.contains(letters)))
    site.app.text_input[0].input("nobody's name").run()
    assert "No child on roll matches." in site.text
    site.app.text_input[0].input("").run()
    year = int(members["year_group"][0])
    site.choose("years", [words.format_year_group(year)])
    kept = members.filter(pl.col("year_group") == year)
    assert _list_children(site) == _called(kept)
    assert f"{kept.height} of {members.height} children" in site.title
    site.choose("groups", ["Looked after"])
    assert _list_children(site) == _called(kept.filter("is_looked_after"))


def test_children_have_shapes_with_words_for_what_the_role_may_see(open_site: OpenSite) -> None:
    """The safeguarding lead alone sees who is in need or on a plan."""
    cells = {}
    for role in _HANDLERS:
        site = open_site(role).visit("children")
        told = "In need since" in site.text or "On a child protection plan since" in site.text
        assert told == (role == "dsl")
        rows = site.list_rows("children")
        cells[role] = {head: [row.cells[head] for row in rows] for head in rows[0].cells}
    assert any(re.match(r"▲ Was due \d+ \w+", text) for text in cells["dsl"]["Dental"])
    assert "● Up to date" in cells["pastoral"]["PEP"]
    assert any(
        re.match(r"▼ [\d.]+% \d+ of \d+", text) for text in cells["pastoral"]["Attended, missed"]
    )
    assert not cells["pastoral"].keys() & {"Dental", "SDQ", "EHCP", "Health assessment"}
    assert cells["teacher"].keys() == cells["dsl"].keys()


def test_a_row_opens_its_child_and_that_is_written_down_before(open_site: OpenSite) -> None:
    site = open_site().visit("children")
    row = read.fetch_members(site.session()).row(1, named=True)
    open_row(site.app, "children", words.capitalise(row["handle"]))
    assert site.title == words.capitalise(row["handle"])
    home = Home.open(site.folder)
    *_, last = AccessLog(home, Keys.load(home)).read_records()
    assert (last["event"], last["page"], last["pupil_ids"]) == ("view", "child", [row["pupil_id"]])


def test_a_childs_page_has_facts_dates_figures_and_years(open_site: OpenSite) -> None:
    """A chart has a table with the same sessions, and an earlier year can be looked at."""
    site = open_site()
    session = site.session()
    scored = read.fetch_sdq(session).filter("is_looked_after").drop_nulls("total")["pupil_id"]
    row = next(
        row
        for row in read.fetch_members(session).filter(pl.col("absent_sessions") > 0).to_dicts()
        if row["pupil_id"] in set(scored) and not row["is_too_early"]
    )
    pupil_id = row["pupil_id"]
    site.open_child(row["handle"])
    assert f"{row['absent_sessions']} of {row['possible_sessions']}" in site.text
    assert "What we did" in site.headers
    dates = [
        each
        for found in (standing.fetch_dates(session), standing.fetch_protection_dates(session))
        for each in found
        if each.pupil_id == pupil_id
    ]
    near = [each for each in dates if each.state != standing.UP_TO_DATE]
    assert f"Next dates ({len(near)})" in site.headers
    shown = {(row.cells["What"], row.cells["For"]) for row in site.list_rows("next")}
    assert shown == {(each.name, each.holder) for each in near}
    past = sum(each.is_past for each in near)
    assert {"Needs attention", duties.describe_no_reasons(past)} & set(site.headers)
    years = read.fetch_pupil_years(session, pupil_id)["academic_year"].to_list()
    site.choose("records", ["Year by year", "Wellbeing"])
    assert {"Year by year", "Wellbeing"} <= set(site.headers)
    assert [year in site.text for year in years] == [True] * len(years)
    assert "Attendance calendar for" in str(
        [chart.proto for chart in site.app.get("vega_lite_chart")]
    )

    before = len(site.charts)
    site.app.toggle(key="register-table").set_value(True).run()
    assert len(site.charts) == before - 1
    sessions = read.fetch_pupil_sessions(session, pupil_id, "2026/27")
    told = ~pl.col("kind").cast(pl.String).is_in(["present", "closed"])
    assert len(site.find_table("Code")["Code"]) == sessions.filter(told).height
    mondays = sessions.filter(pl.col("session_date").dt.weekday() == 1, "is_possible")
    assert f"Missed in 2026/27: Mon {mondays['is_absent'].sum()} of {mondays.height}," in site.text


def test_a_child_of_an_earlier_year_can_be_looked_at(open_site: OpenSite) -> None:
    site = open_site()
    years = {
        row["handle"]: read.fetch_pupil_years(site.session(), row["pupil_id"])["academic_year"]
        for row in read.fetch_members(site.session()).to_dicts()
    }
    handle = next(name for name, found in years.items() if found.len() > 1)
    site.open_child(handle)
    earlier = years[handle][1]
    site.choose("child-year", earlier)
    terms = site.app.button_group(key=f"child-term-{earlier}").options
    assert len(terms) == 3
    assert "Summer term" in terms[0]
    site.choose(f"child-term-{earlier}", "spring term 2026")
    assert "in spring term 2026" in site.text


@pytest.mark.parametrize("role", _HANDLERS)
def test_what_the_roll_says_of_special_needs_is_for_those_who_see_plans(
    open_site: OpenSite, role: str
) -> None:
    """One who has a plan by the roll alone is told with both."""
    lead, site = open_site().session(), open_site(role)
    odd = read.fetch_check(lead, "sen_at_odds")
    agreed = read.fetch_sen_provision(lead).filter(provision="K").join(odd, "pupil_id", "anti")
    text = site.open_child(odd["handle"][0]).text
    told = "Special needsEHCPfrom the roll, 20 Nov. ▲ The recorded plan disagrees"
    assert (told in text) == (role != "pastoral")
    text = site.open_child(agreed["handle"][0]).text
    assert ("Special needsSEN supportfrom the roll, 20 Nov" in text) == (role != "pastoral")
    assert "The recorded plan disagrees" not in text


def test_a_permanent_exclusion_is_named_and_is_no_suspension(
    open_site: OpenSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = open_site()
    suspended = read.fetch_suspensions_of_year(site.session()).head(1)
    excluded = suspended.with_columns(category=pl.lit(words.EXCLUDED))
    monkeypatch.setattr(read, "fetch_pupil_suspensions", lambda *_: excluded)
    monkeypatch.setattr(recall, "_SHARED", Answers(1))
    text = site.open_child(excluded["handle"][0]).text.replace("\xa0", " ")
    day = words.format_near_day(excluded["suspension_date"][0], site.session().as_at)
    assert f"Permanent exclusion on {day}.".replace("\xa0", " ") in text
    assert "1 permanent exclusion since" in text
    assert "1 suspension" not in text


def test_what_the_roll_does_not_say_of_special_needs_is_not_none(
    open_site: OpenSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = open_site()
    nothing = read.fetch_sen_provision(site.session()).clear()
    monkeypatch.setattr(read, "fetch_sen_provision", lambda _: nothing)
    monkeypatch.setattr(recall, "_SHARED", Answers(1))
    site.open_child(read.fetch_members(site.session())["handle"][0])
    assert "Not recorded on the roll" in site.text
    assert "Special needsNone" not in site.text


def test_no_child_is_open_until_one_is_chosen(open_site: OpenSite) -> None:
    """One who is on no page gets a calm page that does not mention the address."""
    site = open_site().visit("child")
    assert site.title == "No child is open"
    site.app.query_params["child"] = "0123456789abcdef"
    site.app.run()
    assert site.title == "You cannot see this child"
    assert "0123456789" not in site.text


@pytest.mark.parametrize("role", _HANDLERS)
def test_a_childs_page_says_who_may_see_it_and_to_one_role_who_has(
    open_site: OpenSite, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log is read only while the part is open; a name in it is no markup."""
    monkeypatch.setattr("getpass.getuser", lambda: "*Sam*")
    site = open_site(role)
    site.open_child(read.fetch_members(site.session())["handle"][0])
    assert (
        "Who can see this page: pastoral staff, safeguarding lead and designated teacher."
        in site.text
    )
    assert "Who can see child in need and child protection data: safeguarding lead." in site.text
    assert "Sam" not in site.text
    site.app.session_state["who-looked"] = True
    site.app.run()
    assert ("that is recorded. The safeguarding lead sees who." in site.text) == (role != "dsl")
    assert ("Sam" in site.text) == (role == "dsl")
    if role == "dsl":
        looks = site.find_table("Who")
        assert list(looks) == ["Day", "Who", "Role"]
        assert ("*Sam*", "Safeguarding lead") in zip(looks["Who"], looks["Role"], strict=True)


def test_a_child_is_found_from_every_page(open_site: OpenSite) -> None:
    """In two clicks: by the code name, a leaver with the last day; and one goes on to the next."""
    site = open_site().visit("plans")
    session = site.session()
    members = read.fetch_members(session)
    (field,) = (each for each in site.app.selectbox if each.label == "Find a child")
    formers = read.fetch_former_members(session)
    assert field.options[: members.height] == _called(members)
    assert field.options[members.height :] == [
        f"{words.capitalise(row['handle'])}: {sentences.describe_end(row)}"
        for row in formers.to_dicts()
    ]
    field.select_index(3).run()
    assert site.app.query_params[lists.ADDRESS] == session.get_address(members["pupil_id"][3])
    site.open_child(members["handle"][3])
    links = {link.label: link.query_string for link in site.app.page_link}
    assert f"child={session.get_address(members['pupil_id'][4])}" in links["Next child →"]
    assert f"child={session.get_address(members['pupil_id'][2])}" in links["← Previous child"]
    manager = open_site("manager")
    assert not [each for each in manager.app.selectbox if each.label == "Find a child"]
