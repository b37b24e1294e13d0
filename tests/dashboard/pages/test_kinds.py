"""Pages of one kind of data: Safeguarding for the lead alone, and Learning."""

import re
from datetime import date
from typing import Any

import polars as pl
import pytest

from dashboard.app_pages.kinds.learning import describe_steps, tabulate_term
from dashboard.app_pages.kinds.safeguarding import describe_own_cases
from dashboard.text import duties, standing, words
from queries import read
from tests.support.web.lists import press_row
from tests.support.web.site import OpenSite, Site

_LINE = "What happened, in a few words (no names)"


# Safeguarding


def test_safeguarding_says_who_is_where_what_is_due_and_whom_to_ring(open_site: OpenSite) -> None:
    """Each open case of the mart is a row, and each near date names who holds it.

    A core group that is booked is what is next: it has no last day, so no duty tells of it.
    """
    site = open_site().visit("safeguarding")
    session = site.session()
    cases = read.fetch_protection_cases(session).to_dicts()
    on_plan = [row for row in cases if row["plan_since"]]
    assert site.title.startswith(f"{len(on_plan)} ")
    shown = {row.child: " ".join(row.texts) for row in site.list_rows("cases")}
    ended = [row for row in cases if row["stage"] in {"closed", "plan ended"}]
    is_open = {row["pupil_id"] for row in cases if row not in ended}
    assert len(shown) == len(is_open)
    (folded,) = (each for each in site.app.expander if each.label.startswith("Ended: "))
    assert folded.label == f"Ended: {len(ended)}"
    assert len(folded.markdown[0].value.split("\n\n")) == len(ended) > 0
    assert any(row["booked_core_group_date"] for row in cases)
    for row in cases:
        for told, day in (
            ("lan since" if row["plans"] == 1 else "plan, since", row["plan_since"]),
            ("Core group, booked for", row["booked_core_group_date"]),
        ):
            if day:
                on = words.format_near_day(day, session.as_at).replace("\u00a0", " ")
                assert f"{told} {on}" in shown[words.capitalise(row["handle"])]
    due = read.fetch_protection_duties(session)
    assert set(due["category"]) == {"child_protection"}
    near = standing.select_near(standing.list_duty_dates(due, session.as_at), session.as_at)
    others = [each for each in near if each.pupil_id not in is_open]
    assert (f"Due for other children ({len(others)})" in site.text) == bool(others)
    for each in near:
        assert each.name in site.text
        holder = "School" if each.holder.startswith("School") else f"Ring: {each.holder.lower()}"
        assert holder in site.text
    notes = read.fetch_concerns(session).filter(pl.col("closed_date").is_null())
    assert f"Open notes of concern ({notes.height}" in site.text
    told = " ".join(row.cells["What was noticed"] for row in site.list_rows("notes"))
    assert notes.height
    assert [line for line in notes["line"] if " ".join(line.split()) not in told] == []


def test_safeguarding_sets_the_schools_own_beside_england(open_site: OpenSite) -> None:
    """Its own first, counted again here; then the newest year that was published.

    Of a measure of which nothing is here, England's line stands alone.
    """
    site = open_site().visit("safeguarding")
    session = site.session()
    on_plan = read.fetch_protection_cases(session).drop_nulls("plan_since")
    repeat = on_plan.filter(pl.col("plans") > 1).height
    own = (
        f"Of our {words.format_count(on_plan.height, 'child')} on a child protection plan, "
        f"{repeat} had had one before."
    )
    england = (
        "In England in 2024/25, 24.5% of plans that began were not the child's first (all ages)."
    )
    assert f"{own} {england}" in site.text
    reviews = [
        row
        for row in read.fetch_protection_duties(session).to_dicts()
        if row["rule"].startswith("RCPC") and row["due_date"]
        if 0 <= (session.as_at - row["due_date"]).days <= 365
    ]
    held = sum(bool(row["done_date"] and row["done_date"] <= row["due_date"]) for row in reviews)
    assert f"In the last year, {held} of our {len(reviews)} review conferences" in site.text
    assert "In England in 2023/24, 89.8% of plans lasting 3 months or more had every" in site.text
    cases = pl.DataFrame(schema={"referrals": pl.Int32, "plan_since": pl.Date, "plans": pl.Int32})
    due = pl.DataFrame(schema={"rule": pl.String, "due_date": pl.Date, "done_date": pl.Date})
    assert describe_own_cases(cases, due, date(2026, 11, 20)) == {}


def show_more_kinds(site: Site) -> None:
    """Ask the open dialog for what it does not offer first."""
    (toggle,) = (each for each in site.app.toggle if each.label.startswith("Something else"))
    toggle.set_value(True).run()


@pytest.mark.parametrize("role", ["pastoral", "teacher"])
def test_four_clicks_raise_a_note_that_the_lead_reads(own_site: OpenSite, role: str) -> None:
    """Log, more, what it is about, Save; who raised it sees it on the child's page only."""
    site, line = own_site(role), "sat alone by the fence at playtime"
    press_row(site.app, "looks")
    show_more_kinds(site)
    site.choose("Or raise a note of concern", "feelings")
    site.write(_LINE, line)
    site.press("Save")
    assert "The safeguarding lead reads it." in site.messages
    assert line not in site.text
    lead = own_site().visit("safeguarding")
    assert f"{line} (concern; " in lead.text
    handle = read.fetch_concerns(lead.session()).filter(line=line)["handle"].item()
    page = own_site(role).open_child(handle)
    page.choose("records", ["Notes of concern that you raised"])
    assert line in page.text
    assert "hungry at the start of the day" not in page.text


def test_a_note_is_checked_as_an_action_and_settled_where_it_stands(own_site: OpenSite) -> None:
    """One with a name in it is not kept; a closed one leaves the list, with what was done."""
    site = own_site().visit("safeguarding")
    press_row(site.app, "cases")
    show_more_kinds(site)
    site.choose("Or raise a note of concern", "home")
    site.write(_LINE, "shouted at by Mr Smith")
    assert site.app.warning
    site.press("Save")
    assert "Noted for" not in site.messages
    site = own_site().visit("safeguarding")
    assert "shouted at" not in site.text
    notes = read.fetch_concerns(site.session())
    press_row(site.app, "notes")
    site.choose("What was done?", "referred")
    site.press("Save")
    after = read.fetch_concerns(site.session())
    assert after.height == notes.height
    is_open = [each.filter(pl.col("closed_date").is_null()).height for each in (notes, after)]
    assert is_open[1] == is_open[0] - 1 == len(site.list_rows("notes"))
    assert after.filter(done="referred").height == notes.filter(done="referred").height + 1


def test_the_lead_alone_is_sent_on_from_today(open_site: OpenSite) -> None:
    """One line, without a name; the child's own page has the reason, the dates, a chronology."""
    site, teacher = open_site(), open_site("teacher")
    session = site.session()
    own = read.fetch_lead_reasons(session).filter(category="child_protection")
    waiting = own.filter(~pl.col("is_closed"))
    told = duties.describe_protection(waiting["pupil_id"].n_unique(), 0)
    assert told
    assert any(link.label.startswith(told) for link in site.app.page_link)
    assert not any("Safeguarding" in link.label for link in teacher.app.page_link)
    reason = "Concerns overdue for review"
    assert reason in site.open_child(waiting["handle"][0]).text
    assert reason not in teacher.open_child(waiting["handle"][0]).text
    handle = read.fetch_protection_cases(session).drop_nulls("plan_since")["handle"][0]
    site.open_child(handle).press("Chronology")
    assert "Child protection plan begun" in site.text
    assert "For the safeguarding lead only." in site.text
    assert "Chronology" not in teacher.open_child(handle).list_buttons()


def test_a_school_that_keeps_none_of_it_has_no_such_page(
    open_site: OpenSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At its address stands how to switch it on."""
    kind = type(open_site().session())
    kept = kind.has_table
    learning = {"raw_assessment", "raw_test", "raw_intervention", "raw_premium"}
    monkeypatch.setattr(kind, "has_table", lambda self, t: t not in learning and kept(self, t))
    assert "does not keep the data for this page" in open_site().visit("learning").text
    assert open_site().visit("safeguarding").title


# Learning


def test_learning_shows_each_childs_steps_beside_the_class(open_site: OpenSite) -> None:
    """As the mart has them, in every subject."""
    site = open_site("teacher").visit("learning")
    progress = read.fetch_progress(site.session())
    shown = {row.child: row.cells for row in site.list_rows("steps")}
    assert progress.height
    for row in progress.to_dicts():
        cells = shown[words.capitalise(row["handle"])]
        assert cells[words.capitalise(row["subject"])] == describe_steps(row)
    reading = progress.filter(pl.col("assessments") > 1, subject="reading")
    as_many = reading.filter(pl.col("steps") >= pl.col("class_steps")).height
    said = f"Reading: {as_many} of {words.format_count(reading.height, 'child')} made as many"
    assert sum(said in header for header in site.headers) == 1
    assert re.search(r"35% of children looked after for 12 months or more .2024/25.", site.text)


def test_steps_back_and_one_assessment_are_said() -> None:
    """Neither is no progress of 0."""
    row: Any = {
        "assessments": 2,
        "steps": -1,
        "class_steps": None,
        "newest_step": 8,
        "newest_class_step": 12,
    }
    assert describe_steps(row) == "Down 1 step (now at step 8). Class: now at step 12"
    row["assessments"], row["steps"], row["class_steps"] = 3, 0, 2
    told = "No change (now at step 8). Class: up 2 steps (now at step 12)"
    assert describe_steps(row) == told
    row["assessments"] = 1
    assert describe_steps(row) == "Assessed once (now at step 8). Class: now at step 12"
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
        "spend_by": date(2027, 3, 31),
    }
    assert tabulate_term([tutor]) == {
        "Term": "Autumn 2026/27",
        "Planned": "£750",
        "Spent": "£400, 1 amount not recorded",
        "To be spent by": "31 March 2027",
        "Named in a PEP": "1 of 2",
        "Planned for": "A tutor, £750",
    }
    tutor["unspent_sums"] = 2
    assert tabulate_term([tutor])["Spent"] == "not recorded"
