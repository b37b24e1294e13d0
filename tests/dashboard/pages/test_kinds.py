"""Pages of one kind of data: Safeguarding for the lead alone, and Learning."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dashboard.parts.learning import describe_steps, tabulate_term
from dashboard.parts.safeguarding import describe_own_cases
from dashboard.text import duties, standing, words
from queries import read
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog
from safeguards.keys.keys import Keys
from tests.support.schools.homes import demo_home, keys_at
from tests.support.web.site import Site

_LINE = "What happened, in a few words (no names)"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Opens a tab on a home of the test's own."""
    folder = demo_home(tmp_path / "home", years=3)

    def start(role: str = "dsl") -> Site:
        return Site(folder, monkeypatch, role, None)

    return start


def _press(site: Site, label: str) -> None:
    next(each for each in site.app.button if each.label.startswith(label)).click().run()


def _group(site: Site, label: str) -> Any:
    return next(each for each in site.app.button_group if each.label == label)


def _count_openings(site: Site, page: str) -> int:
    home = Home.open(site.folder)
    records = AccessLog(home, Keys.load(home, keys_at(site.folder))).read_records()
    return sum((each["event"], each["page"]) == ("view", page) for each in records)


# Safeguarding


def test_safeguarding_says_who_is_where_what_is_due_and_whom_to_ring(open_site: Any) -> None:
    """Each open case of the mart is a row, and each near date names who holds it."""
    site = open_site().visit("safeguarding")
    session = site.session()
    cases = read.fetch_protection_cases(session)
    on_plan = cases.filter(pl.col("plan_since").is_not_null())
    assert site.app.title[0].value.startswith(f"{on_plan.height} ")
    shown = dict(reversed(site.rows))  # the first row of a child is its case
    for row in cases.filter(pl.col("stage") != "closed").to_dicts():
        assert words.capitalise(row["handle"]) in shown
    for row in on_plan.to_dicts():
        day = words.format_near_day(row["plan_since"], session.as_at).replace("\u00a0", " ")
        assert f"On a plan since {day}" in " ".join(shown[words.capitalise(row["handle"])])
    duties = read.fetch_protection_duties(session)
    assert set(duties["category"]) == {"child_protection"}
    near = standing.select_near(standing.list_duty_dates(duties, session.as_at), session.as_at)
    listed = set(cases.filter(pl.col("stage") != "closed")["pupil_id"])
    others = [each for each in near if each.pupil_id not in listed]
    assert (f"Due to other children ({len(others)})" in site.text) == bool(others)
    for each in near:
        assert each.name in site.text
        holder = "School" if each.holder.startswith("School") else f"Ring: {each.holder.lower()}"
        assert holder in site.text
    notes = read.fetch_concerns(session).filter(pl.col("closed_date").is_null())
    assert notes.height
    assert f"Open notes of concern ({notes.height}" in site.text
    for line in notes["line"]:
        assert line in site.text


def test_safeguarding_sets_the_schools_own_beside_england(open_site: Any) -> None:
    """Its own first, counted again here; then the newest year that was published."""
    site = open_site().visit("safeguarding")
    session = site.session()
    cases = read.fetch_protection_cases(session)
    on_plan = [row for row in cases.to_dicts() if row["plan_since"]]
    repeat = sum(row["plans"] > 1 for row in on_plan)
    own = f"Here {repeat} of {words.format_count(len(on_plan), 'child')} on a plan had one before."
    whose = "England, 2024/25, plans begun, all ages, in the year to 31 March"
    assert f"{own} {whose}: 24.5 in 100 were not the first." in site.text
    reviews = [
        row
        for row in read.fetch_protection_duties(session).to_dicts()
        if row["rule"].startswith("RCPC") and row["due_date"]
        if 0 <= (session.as_at - row["due_date"]).days <= 365
    ]
    held = sum(bool(row["done_date"] and row["done_date"] <= row["due_date"]) for row in reviews)
    assert f"Here {held} of {len(reviews)} review conferences of the last year" in site.text
    assert "England, 2023/24, plans of 3 months or more, all ages" in site.text


def test_a_measure_of_which_nothing_is_here_has_englands_line_alone() -> None:
    """No case, no review: nothing is said of the school."""
    cases = pl.DataFrame(schema={"referrals": pl.Int32, "plan_since": pl.Date, "plans": pl.Int32})
    duties = pl.DataFrame(schema={"rule": pl.String, "due_date": pl.Date, "done_date": pl.Date})
    assert describe_own_cases(cases, duties, date(2026, 11, 20)) == {}


def test_each_opening_of_safeguarding_is_a_line(own: Any) -> None:
    """A click on the page is none; another page in between makes the next visit one."""
    site = own().visit("safeguarding")
    before = _count_openings(site, "safeguarding")
    site.app.run()
    assert _count_openings(site, "safeguarding") == before
    site.visit("help").visit("safeguarding")
    site.visit("help").visit("safeguarding")
    assert _count_openings(site, "safeguarding") == before + 2
    assert _count_openings(site, "help") == 1


@pytest.mark.parametrize("role", ["pastoral", "teacher"])
def test_three_clicks_raise_a_note_that_the_lead_reads(own: Any, role: str) -> None:
    """Log, what it is about, Save; who raised it sees it on the child's page only."""
    site = own(role).visit("today")
    _press(site, "Log *an action")
    _group(site, "Or raise a note of concern").set_value("feelings").run()
    next(each for each in site.app.text_input if each.label == _LINE).set_value(
        "sat alone by the fence at playtime"
    ).run()
    _press(site, "Save")
    assert "The safeguarding lead reads it." in " ".join(each.value for each in site.app.success)
    assert "sat alone by the fence at playtime" not in site.text
    lead = own().visit("safeguarding")
    assert "sat alone by the fence at playtime (concern; " in lead.text
    (note,) = (
        read.fetch_concerns(lead.session())
        .filter(line="sat alone by the fence at playtime")
        .to_dicts()
    )
    page = own(role).open_child(note["handle"])
    assert "Notes of concern that you raised (1)" in page.text
    assert "sat alone by the fence at playtime" in page.text
    assert "hungry at the start of the day" not in page.text


def test_a_note_with_a_name_in_it_is_not_kept(own: Any) -> None:
    """The words check of an action's line is that of a note's."""
    site = own().visit("safeguarding")
    _press(site, "Log *an action")
    _group(site, "Or raise a note of concern").set_value("home").run()
    field = next(each for each in site.app.text_input if each.label == _LINE)
    field.set_value("shouted at by Mr Smith").run()
    assert site.app.warning
    _press(site, "Save")
    assert "Noted for" not in " ".join(each.value for each in site.app.success)
    assert "shouted at" not in own().visit("safeguarding").text


def test_a_note_is_settled_where_it_stands(own: Any) -> None:
    """Closed, it leaves the list, and what was done stays with it."""
    site = own().visit("safeguarding")
    notes = read.fetch_concerns(site.session())
    first = notes.filter(pl.col("closed_date").is_null()).height
    _press(site, "Settle")
    _group(site, "What was done?").set_value("referred").run()
    _press(site, "Save")
    after = read.fetch_concerns(site.session())
    assert after.height == notes.height
    assert after.filter(pl.col("closed_date").is_null()).height == first - 1
    assert after.filter(done="referred").height == notes.filter(done="referred").height + 1


def test_the_lead_alone_is_sent_on_from_today(open_site: Any) -> None:
    """One line, without a name; the child's own page has the reason and the dates."""
    site = open_site()
    session = site.session()
    own = read.fetch_lead_reasons(session).filter(category="child_protection")
    waiting = own.filter(~pl.col("is_closed"))
    children = waiting["pupil_id"].n_unique()
    assert children
    told = duties.describe_protection(children, 0)
    assert any(link.label.startswith(told) for link in site.visit("today").app.page_link)
    teacher = open_site(role="teacher").visit("today")
    assert not any("Safeguarding" in link.label for link in teacher.app.page_link)
    handle = waiting["handle"][0]
    reason = "Notes of concern past the day to look again"
    assert reason in site.open_child(handle).text
    assert reason not in open_site(role="teacher").open_child(handle).text


def test_a_core_group_that_is_booked_is_what_is_next(open_site: Any) -> None:
    """It has no last day, so no duty tells of it."""
    site = open_site().visit("safeguarding")
    cases = read.fetch_protection_cases(site.session()).drop_nulls("booked_core_group_date")
    assert cases.height
    for row in cases.to_dicts():
        booked = row["booked_core_group_date"]
        assert booked
        day = words.format_near_day(booked, site.session().as_at)
        told = f"Core group, booked {day}".replace("\N{NO-BREAK SPACE}", " ")
        own = [cells for called, cells in site.rows if called == words.capitalise(row["handle"])]
        assert any(told in cell for cells in own for cell in cells)


def test_the_chronology_is_for_the_lead_and_in_order(open_site: Any) -> None:
    """All that is dated of a child, the oldest first; no other role is offered it."""
    site = open_site()
    session = site.session()
    case = read.fetch_protection_cases(session).filter(pl.col("plan_since").is_not_null())
    handle = case["handle"][0]
    site.open_child(handle)
    site.app.button_group(key="sheet").set_value("Chronology").run()
    text = site.text
    assert "Child protection plan begun" in text
    assert "For the safeguarding lead only." in text
    teacher = open_site(role="teacher").open_child(handle)
    assert "Chronology" not in teacher.app.button_group(key="sheet").options


def test_a_school_that_keeps_none_of_it_has_no_such_page(
    own: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither in the menu nor at its address."""
    site = own()
    assert site.visit("learning").app.title[0].value.endswith("assessed twice or more")
    kept = type(site.session()).has_table
    learning = {"raw_assessment", "raw_test", "raw_intervention", "raw_premium"}
    monkeypatch.setattr(
        type(site.session()), "has_table", lambda self, t: t not in learning and kept(self, t)
    )
    with pytest.raises(ValueError, match="Could not find a navigation page"):
        own().visit("learning")
    assert own().visit("safeguarding").app.title


# Learning


def test_learning_shows_each_childs_steps_beside_the_class(open_site: Any) -> None:
    """As the mart has them, in every subject; a child without any is named."""
    site = open_site(role="teacher").visit("learning")
    progress = read.fetch_progress(site.session())
    shown = dict(site.rows)
    assert progress.height
    for row in progress.to_dicts():
        cells = shown[words.capitalise(row["handle"])]
        assert f"{words.capitalise(row['subject'])}: {describe_steps(row)}" in cells
    assert re.search(r"35 in 100 children looked after for 12 months or more, 2024/25", site.text)


def test_steps_back_and_one_assessment_are_said() -> None:
    """Neither is no progress of 0."""
    row: Any = {
        "assessments": 2,
        "steps": -1,
        "class_steps": None,
        "newest_step": 8,
        "newest_class_step": 12,
    }
    assert describe_steps(row) == "1 step back (at 8, class 12)"
    row["assessments"], row["steps"], row["class_steps"] = 3, 0, 2
    assert describe_steps(row) == "No steps, class 2 (at 8, class 12)"
    row["assessments"] = 1
    assert describe_steps(row) == "Assessed once: at 8, class 12"
    assert describe_steps(None) == "not recorded"


def test_what_nobody_says_was_spent_is_not_nothing() -> None:
    """Of a term's sums, those whose spending nobody knows are counted apart."""
    tutor: Any = {
        "academic_year": "2026/27",
        "term": "autumn",
        "kind": "A tutor",
        "sums": 2,
        "planned": 750,
        "spent": 400,
        "unspent_sums": 1,
        "in_pep": 1,
    }
    assert tabulate_term([tutor]) == {
        "Term": "Autumn 2026/27",
        "Planned": "£750",
        "Spent": "£400, 1 sum not recorded",
        "In a PEP": "1 of 2",
        "Planned for": "A tutor, £750",
    }
    tutor["unspent_sums"] = 2
    assert tabulate_term([tutor])["Spent"] == "not recorded"
