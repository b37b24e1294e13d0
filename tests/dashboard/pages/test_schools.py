"""Schools, and Today and Children over schools, in a home of many."""

import re
import shutil
from collections import Counter
from datetime import date
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

import polars as pl
import polars.testing
import pytest
from docx import Document

from cli.data.made_up import ADVISERS
from dashboard.app_pages.kinds import learning
from dashboard.questions.catalogue import QUESTIONS, SECTIONS
from dashboard.report.content.model import PERSONAL
from dashboard.report.render.word import to_word
from dashboard.sheets import letter
from dashboard.text import standing, words
from dashboard.ui import lists
from queries import read
from safeguards.access import access, roles
from safeguards.access.settings import FILE as SETTINGS
from tests.support.schools.authority import DAY, authority_home
from tests.support.schools.good_exports import GOOD
from tests.support.schools.homes import keys_at
from tests.support.web.lists import open_row
from tests.support.web.site import OpenSite, Site

_NO_PLACE = "No school place"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up authority, which nobody writes to but the access log."""
    return authority_home(tmp_path_factory.mktemp("authority") / "home")


def ask(site: Site, question: str) -> Site:
    """The page of a question."""
    return site.visit(next(each for each, of in QUESTIONS.items() if of.title == question))


def test_a_child_is_our_own_authoritys_anothers_or_it_is_not_said(
    head: Site, folder: Path, tmp_path: Path
) -> None:
    """A name is the same in any case; where nobody said which is ours, none is another's."""
    session = head.visit("schools").session()
    assert session.is_own_authority("ASHMERE ") is True
    assert session.is_own_authority("Wexbourne") is False
    assert session.is_own_authority(None) is None
    unsaid = shutil.copytree(folder, tmp_path / "home")
    (unsaid / SETTINGS).unlink()
    session = access.open(unsaid, role="dsl", purpose="sql", environ=keys_at(folder))
    assert [session.is_own_authority(each) for each in ("Ashmere", "Wexbourne")] == [None, None]


@pytest.fixture
def head(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """The virtual school's head."""
    return Site(folder, monkeypatch, "virtual_head")


def test_each_school_has_a_line_and_two_are_behind(head: Site) -> None:
    """What is shown is the mart's; who is late, or sent nonsense, is told in words."""
    head.visit("schools")
    rows = {row.child: row.cells for row in head.list_rows("Files and plans")}
    told = {row["school_name"]: row for row in read.fetch_schools(head.session()).to_dicts()}
    assert rows.keys() == told.keys()
    assert head.title == f"{len(rows)} schools, 2 behind with the register"
    late = {
        name: cells["Register up to"] for name, cells in rows.items() if told[name]["is_behind"]
    }
    assert late == {
        "Ashmere 12 Primary School": "▲ no marks yet",
        "Ashmere 6 Primary School": "▲ 6 Nov 2026: 8 school days behind",
    }
    for name, cells in rows.items():
        each = told[name]
        assert cells["Children"] == str(each["children"])
        part = f"{each['meetings_held']} of {each['meetings_owed']}"
        assert cells["PEP meetings held"] == (part if each["meetings_owed"] else words.NOTHING)


def test_schools_that_are_behind_are_not_passed_over(head: Site) -> None:
    """Every page counts them, with a link; Today says of how many children it has no marks."""
    told = [link.proto.label for link in head.visit("today").app.get("page_link")]
    assert "2 schools are behind" in told
    counted = re.search(r"of (\d+) children (?:was|were) in school for every", head.text)
    without = re.search(r"No marks of that week: (\d+) child", head.text)
    assert counted
    assert without
    members = read.fetch_members(head.session()).height
    assert int(counted[1]) + int(without[1]) == members


def test_who_has_no_place_is_listed_with_the_days(head: Site) -> None:
    """By code name, as the mart has them; each has an adviser, or is in no caseload."""
    rows = ask(head, "No school place").list_rows("No school place")
    told = read.fetch_without_place(head.session())
    days = dict(told.select("handle", "days_without").iter_rows())
    assert {row.child: row.cells["Calendar days without"] for row in rows} == {
        words.capitalise(each): str(number) for each, number in days.items()
    }
    assert {row.cells["Adviser"] for row in rows} <= {*ADVISERS, "in no caseload"}
    assert all(row.cells["Year"] for row in rows)
    assert any(" School, until " in row.cells["Last school"] for row in rows)


def test_who_has_no_place_is_counted_found_and_shown(head: Site) -> None:
    """Today and Children say how many; a search on Children says where such a child is."""
    session = head.session()
    without = read.fetch_without_place(session)
    for page in ("today", "children"):
        labels = [link.proto.label for link in head.visit(page).app.get("page_link")]
        have = "has" if without.height == 1 else "have"
        told = f"{words.format_count(without.height, 'child')} {have} no school place"
        assert told in map(str.lower, labels)
    one = without.to_dicts()[-1]
    head.write("Find a child", one["handle"])
    assert head.title == "1 child with no school place"
    (row,) = head.list_rows("without")
    assert row.child == words.capitalise(one["handle"])
    assert (
        f"No school place for {one['days_without']} days. Last school: " in row.cells["Since when"]
    )
    assert not head.list_rows("children")
    assert "No child on roll matches" not in head.text
    head.write("Find a child", "no such child")
    assert not head.list_rows("without")
    assert "No child on roll matches" in head.text


def test_those_whom_we_look_after_are_one_choice(head: Site) -> None:
    """And its figures are theirs; who is looked after is looked after by us or by another."""
    members = read.fetch_members(head.session())
    cared = members.filter("is_looked_after")
    ours = cared.filter(authority="Ashmere")
    for label, number in {
        "Looked after": cared.height,
        "Looked after by another authority": cared.height - ours.height,
        "Looked after by us": ours.height,
    }.items():
        head.app.query_params["of"] = [label]
        assert head.visit("children").title.startswith(f"{label} · {number} of ")
    assert {row.child for row in head.list_rows("children")} == {
        words.capitalise(each) for each in ours["handle"]
    }
    (choice,) = head.app.multiselect
    assert choice.options[0] == "Looked after by us"
    text = head.visit("attendance").text
    assert "England's figure for 2026/27 is not published yet." in text
    assert "in the group at the time" not in text


def test_a_link_to_plans_sets_all_its_filters_anew(head: Site) -> None:
    """Whatever was chosen there before."""
    toggle = head.visit("plans").app.toggle(key="all-dates").set_value(True).run().toggle
    assert toggle(key="all-dates").label == f"Show all {len(head.list_rows('dates'))} dates"
    head.choose("kind", ["PEP"])
    assert head.title.endswith(": PEP")
    head.app.query_params["only"] = "Overdue"
    head.app.run()
    assert head.title.endswith(" dates: Overdue")


def test_each_question_lists_its_children_in_order(head: Site) -> None:
    """Each with its school, by year group and code name; who is listed is who a mart says is."""
    session = head.session()
    of_year = "academic_year = academic_year(register_day())"
    out = "pupil_session where is_absent and session_date = register_day()"
    expected = {
        "Caseloads": "cohort_member",
        "Out on the last day": f"(select distinct pupil_id from {out})",
        "Suspended": f"pupil_suspension where {of_year}",
        "Moved": "care_history where greatest(moves, schools, social_workers) > 0",
        "Part-time": "pupil_provision where coalesce(end_date >= as_at(), true)",
        "PEPs": "(select pupil_id from cohort_member where is_looked_after "
        "union select pupil_id from pupil_pep where outcome = 'held')",
        "EHCPs": "pupil_ehcp",
    }
    schools = read.fetch_school_names(session)
    handles = dict(session.read("select pupil_id, handle from cohort_member").iter_rows())
    for question, rows in expected.items():
        # who has no school place moves home as well, and is taught elsewhere
        others = "union select pupil_id from no_school_place"
        also = others * (question in ("Moved", "Part-time"))
        whose = f"(select pupil_id from cohort_member {also})"
        told = session.read(f"from (from {rows}) semi join {whose} using (pupil_id)")
        shown = ask(head, question).list_rows(question)
        (asked,) = (each for each in QUESTIONS.values() if each.title == question)
        if name := asked.file:
            files = read.fetch_loaded_files(session).filter(file_name=name)
            ours, keys = " and from us" * (0 in files["school_key"]), {*files["school_key"]} - {0}
            assert f"Files came from {len(keys)} of 15 schools{ours}. The others" in head.text
        if question not in ("Caseloads", "EHCPs", "Suspended", "Out on the last day"):
            assert head.title == f"{question}: {words.format_count(told.height, asked.counts)}"
        assert len(shown) == min(told.height, 30) > 0, question
        names = [(int(row.cells["Year"].replace("R", "0")), row.child) for row in shown]
        assert names == sorted(names) or question in ("Suspended", "EHCPs", "PEPs")
        of = {words.capitalise(handle): schools[each] for each, handle in handles.items()}
        assert all(row.cells["School"] == of.get(row.child or "", _NO_PLACE) for row in shown)


def test_who_is_out_is_of_a_day_and_moves_are_added_up(head: Site) -> None:
    """The day, how many have no reason, and who has no register yet; all moves, and the last."""
    session = head.session()
    out = read.fetch_absentees(session)
    rows = ask(head, "Out on the last day").list_rows("Out on the last day")
    lacking = {words.capitalise(row["handle"]) for row in out.filter("lacks_reason").to_dicts()}
    told = f"{len(rows)} children on 20 Nov 2026, {len(lacking) or 'none'} without a reason"
    assert head.title.replace("\xa0", " ") == f"Out on the last day: {told}"
    marks = session.read("from pupil_session where session_date = register_day() and code = 'N'")
    without = {words.capitalise(handle) for handle in marks["handle"]}
    assert lacking == without & {row.child for row in rows}
    late = "Ashmere 12 Primary School and Ashmere 6 Primary School"
    assert f"No register of that day yet: {late}." in head.text
    assert {row.cells["Adviser"] for row in rows} <= {*ADVISERS, "in no caseload"}
    rows = ask(head, "Moved").list_rows("Moved")
    moved = read.fetch_care_histories(session)
    told = f"Moves of home: {moved['moves'].sum()}. Moves of school: {moved['schools'].sum()}."
    assert told in head.text
    last = {words.capitalise(row["handle"]): row["last_moved_on"] for row in moved.to_dicts()}
    for row in rows:
        day = last[row.child or ""]
        said = words.format_table_day(day).replace("\xa0", " ") if day else words.NOTHING
        assert row.cells["Last move of home"] == said


def test_every_page_has_a_section_of_the_menu(head: Site) -> None:
    """Each once; Help says what each question is for."""
    listed = [page for pages in words.TEXTS["menu"].values() for page in pages]
    assert sorted([*listed, "child"]) == sorted(words.PAGES)
    assert SECTIONS.keys() <= words.TEXTS["menu"].keys()
    head.visit("help")
    assert all(each.purpose and each.purpose in head.text for each in QUESTIONS.values())


def test_schools_attendance_and_premium_add_up(head: Site) -> None:
    """The lists by school hold the sums of all schools."""
    session = head.session()
    whole, *rows = ask(head, "Attendance by school").list_rows("Attendance by school")
    (year,) = read.fetch_cohort_years(session).to_dicts()
    told = [row.cells["Missed"].split() for row in rows if row.cells["Missed"] != "no marks"]
    assert sum(int(missed) for missed, *_ in told) == year["absent_sessions"]
    assert whole.cells["School"] == "All schools"
    for rate in ("3.8%", "0.6%", "7.5%", "0.8%", "12.0%", "5.6%", "27.5%", "9.5%", "20.3%"):
        assert f"England: {rate}" in head.text
    missed, possible = year["absent_sessions"], year["possible_sessions"]
    part = f"{words.format_part(missed, possible)} ({words.format_percent(missed / possible)})"
    assert whole.cells["Missed"] == part.replace("\xa0", " ")
    assert "Missed 10% or more" in head.text
    assert "Persistently" not in head.text
    terms = read.fetch_premium_terms(session)
    whole, *rows = ask(head, "Pupil premium").list_rows("Pupil premium")
    pounds = [
        int(row.cells["Planned"].removeprefix("£").replace(",", "")) for row in (whole, *rows)
    ]
    assert pounds[0] == sum(pounds[1:]) == terms["planned"].sum()


def test_attendance_says_nothing_of_a_whole_school(head: Site) -> None:
    """Which a home of many has not; and why some children have nothing beside them."""
    assert "hole school" not in head.visit("attendance").text
    head.app.query_params["of"] = ["Has a social worker"]
    assert "none of these children is." in ask(head, "Attendance by school").text


def test_figures_by_school_are_of_the_children_chosen(head: Site) -> None:
    """Suspensions, sessions, dates and pounds by school come to those of the same children."""
    session = head.session()
    own = read.fetch_members(session).filter("is_looked_after", authority="Ashmere")
    chosen = ["Looked after", "Ashmere (our own authority)"]
    head.visit("children").app.multiselect(key="place-names").set_value(chosen).run()

    def add_up(question: str, column: str) -> int:
        rows = ask(head, question).list_rows(question)
        assert head.title.startswith("Looked after, Ashmere (our own authority) · ")
        number, *others = (int(re.sub(r"£|,| .*", "", row.cells[column])) for row in rows)
        assert not others or number == sum(others)
        assert not others or rows[0].cells["School"] == "These children"
        return number

    suspended = read.fetch_suspensions_of_year(session).join(own, on="pupil_id", how="semi")
    assert add_up("Suspensions by school", "Days lost") == suspended["lost_days"].sum() > 0
    shown = ask(head, "Suspended").list_rows("Suspended")
    assert sum(int(row.cells["Days lost"]) for row in shown) == suspended["lost_days"].sum()
    assert add_up("Attendance by school", "Children") == own.height
    judged = own.filter("is_looked_after_12_months", ~pl.col("is_too_early"))
    part = words.format_part(int(judged["is_persistent_absentee"].sum()), judged.height, "child")
    assert f"{part}. England: " in head.text
    late = standing.select_past(read.fetch_duties(session), session.as_at)
    late = late.filter(holder="authority").join(own, on="pupil_id", how="semi")
    assert add_up("Overdue by school", "Local authority") == late.height
    pounds = add_up("Pupil premium", "Planned")
    assert f"£{pounds:,} planned" in ask(head, "Pupil premium by child").text
    premium = read.fetch_pupil_premium(session).join(own, on="pupil_id", how="semi")
    assert pounds >= premium["planned"].sum() > 0
    peps = ask(head, "PEPs by school").list_rows("PEPs by school")
    assert peps[0].cells["PEP of the term held"].endswith(f" of {own.height}")


def test_peps_suspensions_and_what_is_overdue_by_school(head: Site) -> None:
    """The first row is of all schools; what it counts are the rows of the marts."""
    session = head.session()
    whole, *rows = ask(head, "PEPs by school").list_rows("PEPs by school")
    told = read.fetch_schools(session)
    held, owed = told["meetings_held"].sum(), told["meetings_owed"].sum()
    assert whole.cells["PEP of the term held"] == f"{held} of {owed}"
    peps = read.fetch_newest_peps(session).filter("is_looked_after")
    graded = re.findall(r"\d+", " ".join(row.cells["Quality"] for row in rows))
    assert sum(map(int, graded)) == peps.height
    assert sum(map(int, re.findall(r"\d+", whole.cells["Quality"]))) == peps.height
    whole, *rows = ask(head, "Suspensions by school").list_rows("Suspensions by school")
    suspended = read.fetch_suspensions_of_year(session)
    assert whole.cells["Days lost"] == str(suspended["lost_days"].sum())
    assert len(rows) == told.filter(pl.col("suspended_sessions") > 0).height
    ask(head, "Suspended")
    days, sessions = suspended["lost_days"].sum(), suspended["lost_sessions"].sum()
    assert f"{days} days ({sessions} sessions)" in head.text
    excluded = suspended.filter(category="Permanent exclusion").height
    number = words.format_count(suspended.height - excluded, "suspension")
    assert head.title.startswith(f"Suspended: {number} and ")
    rows = head.list_rows("Suspended")
    due = [words.format_table_day(each) for each in suspended["education_due"].drop_nulls()]
    assert Counter(each.cells["Day six"] for each in rows) - Counter({words.NOTHING: 99}) == {
        each.replace("\xa0", " "): due.count(each) for each in due
    }
    whole, *rows = ask(head, "Overdue by school").list_rows("Overdue by school")
    for row in rows:  # a click shows the school's dates
        assert row.data["to"] == f"plans?{urlencode({'only': 'Overdue', 'of': row.child})}"
    listed = [lists.Row((), place=row.child or "") for row in rows]
    assert head.title == f"Overdue by school: {lists._count([lists.Row(()), *listed], 'row')}"
    assert lists._count([lists.Row((), child=("A", "a"))] * 3, "row") == "3 rows"
    late = Counter(each.holder for each in standing.fetch_dates(session) if each.is_past)
    ours = ("Us with the school", "School with social worker")
    of = ("Social worker", "Local authority", "Health")
    for holder in (*ours, *of):
        assert whole.cells[holder] == str(late[holder])
        assert sum(int(row.cells[holder]) for row in rows) == late[holder]
    assert whole.cells["School must act"] == str(late["School"])
    missed = read.fetch_duties(session).filter(status="missed").height
    assert whole.cells["Missed"] == str(missed)
    assert {row.cells["Term"] for row in rows} >= {"Autumn 2026/27", "Before the calendar"}
    assert (
        sum(int(whole.cells[each]) for each in ("School must act", *ours)) == told["overdue"].sum()
    )
    assert sum(int(whole.cells[each]) for each in of) == told["waiting"].sum()


def test_children_in_care_without_a_pep_come_first(head: Site) -> None:
    """Then those whose next is overdue; each with the day that Plans and dates has."""
    session = head.session()
    rows = ask(head, "PEPs").list_rows("PEPs")
    had = {words.capitalise(each) for each in read.fetch_newest_peps(session)["handle"]}
    members = read.fetch_members(session)
    in_care = {words.capitalise(each) for each in members.filter("is_looked_after")["handle"]}
    past = {
        words.capitalise(each.handle)
        for each in standing.fetch_dates(session)
        if each.is_past and each.rule.startswith("PEP")
    }
    asks = [(row.child not in in_care, row.child in had, row.child not in past) for row in rows]
    assert asks == sorted(asks)
    assert asks[0][:2] == (False, not in_care - had)
    for row in rows:
        assert row.cells["Latest meeting"].startswith("No PEP") == (row.child not in had)
        assert row.cells["When"].startswith("▲ ") == (row.child in past)


def test_plans_that_wait_on_our_own_authority_come_first(head: Site) -> None:
    """Then those of others; of each the step that Plans and dates has as overdue, or as next."""
    session = head.session()
    rows = ask(head, "EHCPs").list_rows("EHCPs")
    waits = [row.cells["Must act"] for row in rows]
    ours, another = "Local authority (our own)", "Local authority (another)"
    order = [ours, another, "Local authority (not said which)", "School", "Nobody"]
    assert waits == sorted(waits, key=order.index)
    authorities = dict(session.read("select handle, authority from cohort_member").iter_rows())
    past: set[str] = set()
    steps: dict[str, set[tuple[str, str]]] = {}
    for each in standing.fetch_dates(session):
        if each.rule.startswith("EHC"):
            name = words.capitalise(each.handle)
            past |= {name} if each.is_past else set()
            steps.setdefault(name, set()).add(
                (each.name, words.capitalise(each.text).replace("\xa0", " "))
            )
    plans = read.fetch_ehcps(session)
    for row in rows:
        is_ours = session.is_own_authority(authorities[(row.child or "").lower()])
        assert row.cells["Must act"] != (another if is_ours else ours)
        assert row.cells["When"].startswith("▲ ") == (row.child in past)
        if row.cells["Must act"] != "Nobody":
            said = (row.cells["Next step"], row.cells["When"][2:])
            assert said in steps[row.child or ""]
    late = past & {words.capitalise(each) for each in plans["handle"]}
    assert f"Overdue: {len(late)}." in head.text
    numbers = Counter(plans["stage"].to_list())
    ended = numbers["refused"] + numbers["ceased"]
    requests = words.format_count(plans.height - numbers["plan"] - ended, "request")
    assert head.title == f"EHCPs: {words.format_count(numbers['plan'], 'plan')} and {requests}"


def test_files_by_kind_say_which_were_sent_refused_or_neither(head: Site) -> None:
    """The day on which each came in, and how far a register goes; nonsense, and who is late."""
    rows = {row.child: row.cells for row in ask(head, "Files by kind").list_rows("Files by kind")}
    assert len(rows) == read.fetch_schools(head.session()).height
    late, wrong = rows["Ashmere 6 Primary School"], rows["Ashmere 12 Primary School"]
    assert late["Register"] == "▲ 6 Nov 2026: 8 school days behind"
    assert wrong["Register"] == "▲ refused"
    assert {each[kind] for each in rows.values() for kind in ("Roll", "PEPs")} == {"20 Nov 2026"}
    assert {each["Part-time"] for each in rows.values()} == {"not sent", "20 Nov 2026"}
    fine = [each["Register"] for each in rows.values() if each not in (late, wrong)]
    assert set(fine) == {"20 Nov 2026"}
    files = read.fetch_loaded_files(head.session())
    sent = Counter(files.filter(~pl.col("is_refused"))["file_name"])
    for name in ("tests", "missing"):
        lacking = len(rows) - sent[f"{name}.csv"]
        assert sum(name in each["Other files"] for each in rows.values()) == lacking
    assert sum("▲ refused: " in each["Other files"] for each in rows.values()) == 1


def test_premium_by_child_has_its_sum_above(head: Site) -> None:
    """A row a child and term, newest first, with what it was for."""
    session = head.session()
    rows = ask(head, "Pupil premium by child").list_rows("Pupil premium by child")
    told = read.fetch_pupil_premium(session)
    assert f"{words.format_pounds(sum(told['planned']))} planned" in head.text
    assert head.title == f"Pupil premium by child: {told['pupil_id'].n_unique()} children"
    assert [row.cells["For"] for row in rows] == told["kinds"].to_list()[: len(rows)]
    in_care = read.fetch_members(session).filter("is_looked_after")
    others = standing.find_others(session)
    paid = told.filter(academic_year=read.fetch_academic_year(session))["pupil_id"]
    unpaid = set(in_care["pupil_id"]) - others - set(paid)
    links = [link.proto.label for link in head.app.get("page_link")]
    assert f"{len(unpaid)} children in care with nothing recorded this year" in links
    assert ask(head, "No pupil premium").title == f"No pupil premium: {len(unpaid)} children"


def test_a_letter_to_a_school_that_is_behind(head: Site) -> None:
    """To copy, and as Word: how far its register goes, and no word of a child."""
    head.visit("schools")
    (choice,) = [box for box in head.app.selectbox if box.label == "To"]
    assert choice.options == ["Ashmere 12 Primary School", "Ashmere 6 Primary School"]
    choice.select("Ashmere 6 Primary School").run()
    (written,) = head.app.code
    assert "up to 6 November 2026; 8 school days are missing since then" in written.value
    (choice,) = [box for box in head.app.selectbox if box.label == "To"]
    choice.select("Ashmere 12 Primary School").run()
    (written,) = head.app.code
    assert "file of 20 November 2026 was refused: no row in it could be read" in written.value
    assert "We have no marks" not in written.value
    session = head.session()
    row = read.fetch_schools(session).filter("is_behind").to_dicts()[-1]
    sheet = letter.build_letter(session, row)
    text = "\n".join(each.text for each in Document(BytesIO(to_word(sheet))).paragraphs)
    assert all(each in text for each in letter.write_letter(session, row))
    assert not any(
        handle in text.lower()
        for handle in session.read("select handle from cohort_member")["handle"]
    )
    assert PERSONAL not in text


def test_who_has_no_score_is_counted_apart() -> None:
    """A test that two sat and one missed."""
    judged = {"is_expected": [True, False, None], "is_predicted": [None] * 3}
    results = pl.DataFrame({"subject": ["reading"] * 3, **judged})
    assert learning._count_expected(results, 100) == {
        "Subject": "Reading",
        "At expected or above": "1 of 2; no score: 1",
        "Predicted at expected or above": words.NOTHING,
    }


def test_learning_is_of_one_key_stage_at_a_time(head: Site) -> None:
    """Its children, each with what was said last; the figures are those of the same rows."""
    session = head.session()
    members, results = read.fetch_members(session), read.fetch_key_stage_results(session)
    stages = read.load_key_stages()
    seen = []
    for stage, note in stages.select("label", "note").iter_rows():
        own = members.filter(key_stage=stage)
        if own.is_empty():
            continue
        head.visit("learning").choose("stage", stage)
        seen.append(stage)
        assert head.title == f"Learning: {members.height} children"
        assert f"{stage}: {own.height} children" in head.headers
        assert note is None or note in head.text
        rows = head.list_rows("expected")
        of_stage = results.join(own, on="pupil_id", how="semi")
        said = of_stage.filter(pl.col("subject") == "maths")
        assert len(rows) == (min(own.height, 30) if len(said) else 0)
        if not rows:
            assert "Nothing is recorded by this date." in head.text
            continue
        listed = of_stage.filter(~pl.col("is_test") | (pl.col("key_stage") == stage))
        for part in listed.partition_by("subject"):
            judged = part["is_expected"].drop_nulls()
            expected = f"{judged.sum()} of {len(judged)}" if len(judged) else words.NOTHING
            expected += f"; no score: {lacking}" if (lacking := len(part) - len(judged)) else ""
            subject = words.capitalise(part["subject"][0])
            of_all = f"{stage} ({words.format_count(own.height, 'child')})"
            assert f"{of_all}{subject}{expected}" in head.text.replace("\n", "")
        told = {words.capitalise(row["handle"]): row for row in said.to_dicts()}
        for row in rows:
            said_last = learning.describe_result(told.get(row.child or ""))
            assert row.cells["Maths"] == said_last.replace("\xa0", " ")
    assert seen == ["Reception", *(f"Key stage {n}" for n in (1, 2, 3, 4))]
    assert "predicted grade" in head.text
    assert "reached the expected standard" not in head.text
    head.choose("stage", "Key stage 1")
    assert any(
        "Phonics check: " in row.cells["National tests"] for row in head.list_rows("expected")
    )
    head.choose("stage", "Key stage 2")
    assert "reached the expected standard" in head.text


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (None, "not recorded"),
        (("At expected", None, True), "At expected (20 Nov 2026)"),
        (("Grade 3", "Grade 4", False), "Grade 3, predicted grade 4 (20 Nov 2026)"),
        (("32", None, True), "32, at expected or above (20 Nov 2026)"),
        (("31", None, False), "31, not yet at expected (20 Nov 2026)"),
        (("Absent", None, None), "Absent (20 Nov 2026)"),
    ],
)
def test_a_result_says_what_it_means(row: tuple[object, ...] | None, told: str) -> None:
    """A score beside what is expected, a prediction after what is now; each with its day."""
    names = ("result", "predicted", "is_expected", "result_date")
    given = dict(zip(names, (*row, DAY), strict=True)) if row else None
    assert learning.describe_result(given).replace("\xa0", " ") == told


def test_dates_stand_by_day_and_school(head: Site) -> None:
    """What is due names the child's school; those of one day stand by school."""
    session = head.session()
    schools = read.fetch_school_names(session)
    dates = standing.fetch_dates(session)
    order = [(each.day or date.max, schools[each.pupil_id]) for each in dates]
    assert order == sorted(order)
    assert len(set(order)) < len(order)
    of = {words.capitalise(each.handle): schools[each.pupil_id] for each in dates}
    for page in ("today", "plans"):
        rows = head.visit(page).list_rows("dates")
        assert rows
        assert all(row.cells["School"] == of[row.child or ""] for row in rows)


def test_whose_the_dates_are_stands_above_them(head: Site) -> None:
    """The Virtual School's own first; by adviser it is the same children and dates."""
    session = head.session()
    dates = standing.fetch_dates(session)
    past = [each for each in dates if each.is_past]
    head.visit("today")
    holders, overdue = (head.list_cells(column) for column in ("For whom", "Overdue"))
    assert holders == sorted(holders, key=lambda each: (each != "Us with the school", each))
    counted = Counter(each.holder for each in past)
    assert overdue == [str(counted[each]) for each in holders]
    assert counted.total() == len(past) > 0
    whose, children = session.fetch_advisers(), read.fetch_members(session)["pupil_id"]
    assert head.list_cells("Adviser") == sorted({whose[each] for each in children})
    for column, expected in (
        ("Children", children.to_list()),
        ("Dates overdue", [each.pupil_id for each in past]),
    ):
        counted = Counter(whose[each] for each in expected)
        assert head.list_cells(column) == [str(counted[each]) for each in sorted(counted)], column
    by_child = dict(read.fetch_members(session).select("pupil_id", "authority").iter_rows())
    ours = {by_child[each.pupil_id] for each in dates if each.is_own}
    assert ours == {session.own_authority} < set(by_child.values()) - {None}
    of = [(each.is_own, each.is_past) for each in dates]
    mine, others = (each for each in head.lists if "Overdue" in each.title)
    assert mine.title == f"▲ Overdue: ours ({of.count((True, True))})"
    assert others.title == f"▲ Overdue: others' ({of.count((False, True))})"
    rows = [row for each in head.lists if ": ours (" in each.title for row in each.rows]
    assert {row.cells["For"] for row in rows} == {"Us with the school"}
    assert len(head.list_rows("looks")) == 30
    number = sum(each.state == standing.NOT_RECORDED for each in dates)
    told = re.findall(r"\(([\d]+) (?:child|children)\)", head.text.partition("Not recorded yet")[2])
    assert sum(map(int, told)) == number > 0


def test_a_childs_page_says_where_they_go_to_school_and_whose_they_are(head: Site) -> None:
    """By the child's name; and of who has no place since when, and that there is none."""
    session = head.session()
    whose, members = session.fetch_advisers(), read.fetch_members(session)
    for pupil_id, handle in members.select("pupil_id", "handle").head(3).iter_rows():
        school = read.fetch_school_names(session)[pupil_id]
        told = f"{school}. Adviser: {whose[pupil_id]}."
        assert told in head.open_child(handle).text
    head.app.query_params["sheet"] = "PEP sheet"
    assert told in head.visit("child").text
    del head.app.query_params["sheet"]
    gone = read.fetch_without_place(session).to_dicts()[0]
    head.app.query_params[lists.ADDRESS] = session.get_address(gone["pupil_id"])
    told = (
        f"Year {gone['year_group']}. No school place for {gone['days_without']} days. Last school: "
        f"{gone['last_school']}. Local authority: {gone['authority']}. Adviser: "
    )
    assert told in head.visit("child").text
    assert f"Home{words.capitalise(gone['home_kind'])}since " in head.text
    assert "What we did" in head.headers


def test_what_is_left_to_do_is_said_once_for_all_who_left(head: Site) -> None:
    """In the words of a Virtual School, above the children of whom it is true."""
    steps = read.fetch_former_steps(head.session())
    groups = [each for each in head.visit("today").lists if each.key == "formers"]
    rows = [row for group in groups for row in group.rows]
    assert (
        "Check that the PEP is closed, or passed on; check that the protection file went to the "
        "next school; check that the record went to the next school; update our own list"
    ) in {group.title for group in groups}
    assert len(rows) == steps["pupil_id"].n_unique() > 0
    assert f"Left a school, or care ended, with steps still to do ({len(rows)})" in head.headers
    without = set(read.fetch_without_place(head.session())["handle"])
    places = {
        words.capitalise(row["handle"]): f"{row['school_name']}: now "
        + ("no school place" if row["handle"] in without else "on no roll here")
        for row in steps.filter(why="left").to_dicts()
    }
    shown = {row.child: row.cells["Still to do"].partition(", ")[2] for row in rows}
    assert places
    assert places.items() <= shown.items()


def test_a_choice_of_children_goes_along_from_page_to_page(head: Site) -> None:
    """Each page is of the children of the school, adviser, authority or group, and says so."""
    session = head.session()
    schools, advisers = read.fetch_school_names(session), session.fetch_advisers()
    children = head.visit("children").list_rows("children")
    toggle = head.app.toggle(key="all-children")
    assert toggle.label == f"Show all {len(schools)} children"
    toggle.set_value(True).run()
    assert 60 == len(children) < len(head.list_rows("children")) == len(schools)
    members = read.fetch_members(session)
    handles = dict(members.select("pupil_id", "handle").iter_rows())
    school = max(schools.values(), key=list(schools.values()).count)
    in_care = set(members.filter("is_looked_after")["pupil_id"])
    ours = set(members.filter(authority="Ashmere")["pupil_id"])
    choices = {
        (school,): {each for each, of in schools.items() if of == school},
        (f"{ADVISERS[0]} (adviser)",): {each for each, of in advisers.items() if of == ADVISERS[0]},
        ("Looked after", school): in_care & {each for each, of in schools.items() if of == school},
        ("Ashmere (our own authority)",): ours,
    }
    for chosen, those in choices.items():
        own = those & handles.keys()
        head.visit("children").app.multiselect(key="place-names").set_value(list(chosen)).run()
        shown = {row.child for row in head.list_rows("children")}
        assert shown == {words.capitalise(handles[each]) for each in own}
        assert 0 < len(shown) < len(schools)
        assert head.app.query_params["of"] in (list(chosen), *chosen)
        for page in ("today", "attendance", "plans", "learning", "wellbeing", "caseloads"):
            assert head.visit(page).title.startswith(f"{', '.join(chosen)} · "), page
            if page == "wellbeing":  # a picture with a row a child
                too_many = "to see each child's scores" in head.text
                assert too_many == (not head.app.get("vega_lite_chart"))
        listed = [row for row in head.list_rows("Caseloads") if row.cells["School"] != _NO_PLACE]
        assert {row.child for row in listed} <= shown
        years = members.filter(pl.col("pupil_id").is_in(own))["absent_sessions"].sum()
        told = head.visit("attendance").title.partition(" · ")[2]
        assert told.replace(",", "").startswith(f"{years or 'no'} ")
    head.visit("children").app.multiselect(key="place-names").set_value([]).run()
    assert "of" not in head.app.query_params
    assert " · " not in head.visit("plans").title
    head.app.query_params["of"] = [school]  # a link
    head.app.run()
    assert head.title.startswith(f"{school} · ")


@pytest.mark.parametrize("group", ["all", "looked after"])
def test_figures_of_chosen_children_are_those_of_a_group(head: Site, group: str) -> None:
    """All of a group chosen one by one are told the same as the group."""
    session = head.session()
    members = read.fetch_members(session)
    if group != "all":
        members = members.filter("is_looked_after")
    own, year = frozenset(members["pupil_id"]), read.fetch_academic_year(session)
    told = (
        (read.fetch_cohort_years(session, group), read.fetch_cohort_years(session, group, own)),
        (
            read.fetch_absence_reasons(session, year, group),
            read.fetch_absence_reasons(session, year, group, own),
        ),
    )
    for of_group, of_own in told:
        names = [name for name in of_own.columns if name in of_group.columns]
        key = names[0]
        same = of_group.select(names).sort(key), of_own.select(names).sort(key)
        polars.testing.assert_frame_equal(*same, check_dtypes=False)
    few = read.fetch_cohort_weeks(session, year, own=own)
    rows = read.fetch_member_weeks(session, year).filter(pl.col("pupil_id").is_in(own))
    assert few["absent_sessions"].sum() == rows["absent_sessions"].sum()


def test_what_is_to_fix_says_of_which_school(head: Site) -> None:
    """That of the child, or of the calendar that has a day without a register."""
    session = head.session()
    schools = read.fetch_school_names(session)
    head.visit("data_check")
    told = set()
    for name in ("sen_at_odds", "unknown_start", "unexplained_n"):
        found = read.fetch_check(session, name)
        rows = head.list_rows(f"check_{name}")
        of = sorted((row.child, row.cells["School"]) for row in rows)
        assert of == sorted(
            (words.capitalise(row["handle"]), schools[row["pupil_id"]]) for row in found.to_dicts()
        )
        told |= {school for _, school in of}
    assert len(told) > 1
    days = read.fetch_check(session, "no_register").height
    assert 0 < days == head.find_table("Day")["School"].count("Ashmere 6 Primary School")


def test_counts_of_one_thing_are_the_same_on_each_page(head: Site) -> None:
    """What is overdue, who is in a caseload, and suspensions; no child is counted twice."""
    session = head.session()
    schools, members = read.fetch_schools(session), read.fetch_members(session)
    past = sum(each.is_past for each in standing.fetch_dates(session))
    assert f", {past} dates are overdue" in head.visit("today").title
    booked = [each.text for each in standing.fetch_dates(session) if each.is_past]
    assert any("booked for" in text for text in booked)
    assert schools["children"].sum() == members.height == members["pupil_id"].n_unique()
    assert schools["suspensions"].sum() == read.fetch_suspensions_of_year(session).height
    text, unmarked = head.visit("attendance").text, members["possible_sessions"].fill_null(0) == 0
    assert f"Of {members.height} children, no marks this year: {unmarked.sum()}" in text
    without = read.fetch_without_place(session)
    ask(head, "Caseloads")
    told = f"{members.height} children, and {without.height} with no school place"
    assert head.title == f"Caseloads: {told}"
    head.app.toggle(key="all-Caseloads").set_value(True).run()
    rows = {row.child: row.cells for row in head.list_rows("Caseloads")}
    assert len(rows) == members.height + without.height
    for row in pl.concat([members, without], how="diagonal").to_dicts():
        cells = rows[words.capitalise(row["handle"])]
        is_in_care, since = row["is_looked_after"] is not False, row["home_since"]
        day = words.format_table_day(since) if since else words.NOT_RECORDED
        said = day.replace("\xa0", " ") if is_in_care else words.NOTHING
        assert cells["Home since"] == said
        assert (cells["School"] == _NO_PLACE) == (row["days_without"] is not None)


def test_a_click_on_a_school_shows_its_children(head: Site) -> None:
    """On Children, which is of that school from then on."""
    schools = read.fetch_school_names(head.session())
    name = max(schools.values(), key=list(schools.values()).count)
    head.visit("schools")
    open_row(head.app, "Files and plans", name)
    assert head.title.startswith(f"{name} · ")
    assert len(head.list_rows("children")) == list(schools.values()).count(name)
    assert head.visit("attendance").title.startswith(f"{name} · ")


def test_data_check_says_by_school_who_must_mend_what(head: Site) -> None:
    """Each row of a check once, and each file that was refused, of whichever school sent it."""
    session = head.session()
    head.visit("data_check")
    told = {
        (school, who): what
        for school, what, who in zip(
            *(head.find_table("To fix")[column] for column in ("School", "To fix", "Who must")),
            strict=True,
        )
    }
    schools = read.fetch_school_names(session)
    for name, who in (("unexplained_n", "School"), ("unknown_start", "Us")):
        title = words.get_definition_title(f"check_{name}")
        counts = Counter(schools[each] for each in read.fetch_check(session, name)["pupil_id"])
        assert counts
        assert all(f"{title}: {number}" in told[school, who] for school, number in counts.items())
        assert sum(title in what for what in told.values()) == len(counts)
    refused = read.fetch_loaded_files(session).filter("is_refused")["file_name"]
    assert "attendance.csv" in set(refused)
    assert sum(what.count("was refused") for what in told.values()) == len(refused)
    names = {
        row["school_key"]: row["school_name"] for row in read.fetch_schools(session).to_dicts()
    }
    (choice,) = [box for box in head.app.selectbox if box.label == "Files of"]
    assert set(choice.options) == {"Our own files", *names.values()}
    choice.select("Our own files").run()
    assert head.list_cells("File") == ["care_episodes.csv", "provision.csv"]


def test_figures_of_a_group_are_of_all_schools(head: Site) -> None:
    """What pages tell of a group is added up over the schools, each child once."""
    session = head.session()
    (year,) = read.fetch_cohort_years(session).to_dicts()
    weeks = read.fetch_cohort_weeks(session, year["academic_year"])
    assert weeks["week_start"].is_sorted()
    assert weeks["week_start"].is_unique().all()
    assert weeks["school_absence_rate"].null_count() == weeks.height
    reasons = read.fetch_absence_reasons(session, year["academic_year"])
    assert reasons["absent_sessions"].is_sorted(descending=True)
    coverage = read.fetch_sdq_coverage(session)
    assert coverage is not None
    assert coverage["children"] == read.fetch_members(session)["is_looked_after"].sum()


@pytest.mark.parametrize("role", ["virtual_head", "adviser", "data_officer"])
def test_every_page_of_every_role_runs(
    folder: Path, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    """Whoever brings files in sees how far they go, and no child."""
    site = Site(folder, monkeypatch, role)
    ours = [
        phrase
        for phrase, of in words.TEXTS["of_many"].items()
        if phrase not in of.get("authority", phrase)
    ]
    for page in roles.list_pages(role):
        if page in words.PAGES:
            if page == "child":
                site.open_child(site.session().read("select handle from cohort_member").item(0, 0))
            text = site.visit(page).text
            assert words.ROLES[role] in text
            assert not site.links or role != "data_officer", page
            assert [phrase for phrase in ours if phrase in text] == [], page
    for address in QUESTIONS:
        text = site.visit(address).text
        is_shown = (role == "data_officer") == (
            address == "files_by_kind"
        ) or role == "virtual_head"
        assert ("You cannot see this" not in text) == is_shown, address
        assert not site.links or role != "data_officer", address
        assert [phrase for phrase in ours if phrase in text] == [], address
    site.visit("schools")
    assert "A letter to a school" in site.text or role == "adviser"


def test_a_schools_files_come_in_by_its_urn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is asked for before it is said whose they are; no other school's rows change."""
    site = Site(authority_home(tmp_path / "home"), monkeypatch, "data_officer")
    before = site.session().read("from school_load order by school_key").to_dicts()
    assert not site.visit("bring_in").app.file_uploader
    (field,) = site.app.text_input
    field.set_value("123").run()
    assert not site.app.file_uploader
    field.set_value("900099").run()
    files = [(name, text.encode(), "text/csv") for name, text in GOOD.items()]
    site.app.file_uploader[0].set_value(files)
    site.app.run()
    (button,) = (each for each in site.app.button if each.label == "Load these files")
    button.click().run()
    assert any(each.value.startswith("Loaded: 3 children") for each in site.app.success)
    after = site.session().read("from school_load order by school_key").to_dicts()
    assert [row for row in after if row["school_key"] != 900_099] == before
    assert len(after) == len(before) + 1


def test_a_schools_own_home_has_no_such_page(open_site: OpenSite) -> None:
    """Not in its menu; and its address says that the page is not for the role."""
    site = open_site()
    assert "This page is not for your role" in site.visit("schools").text
    for address in QUESTIONS:
        assert "The role dsl cannot open this page" in site.visit(address).text
    assert all(box.label != "School or adviser" for box in site.visit("today").app.selectbox)
