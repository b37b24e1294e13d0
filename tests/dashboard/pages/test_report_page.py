"""The Reports page in each of its states: what it shows is what the gate let out, and no more."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboard.app_pages import reports as report_parts
from dashboard.frame import search
from dashboard.report.content.model import (
    Bullets,
    Heading,
    Paragraph,
    Part,
    Question,
    Table,
    format_cell,
)
from dashboard.report.content.sections import build_document
from dashboard.report.make import PreparedReport
from dashboard.server import downloads
from dashboard.server.sessions import FRESH_PERIOD, ActiveSignIns
from dashboard.text import words
from dashboard.ui import tab
from safeguards.access import access, admission
from safeguards.disclosure.drafts import Drafts
from safeguards.disclosure.releases import Releases, ReportFiles
from safeguards.home.home import Home
from safeguards.journal.access_log import get_utc_now
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault
from tests.support import plain_words
from tests.support.schools.homes import demo_home, keys_at
from tests.support.schools.real_home import BROWSER, PEOPLE, at_one_browser, phrase_of, real_home
from tests.support.schools.report_home import NOW, answer_questions, issued, made, prepare, session
from tests.support.web.site import Site

PARTS = ("part-one", "part-two", "for-the-clerk", "virtual-school")
FILES = {f"{part}.{end}" for part in PARTS for end in ("docx", "pdf")}
GOOD = "What went well? Name what staff did and what came of it."


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Homes by how many children there are in their files; only read."""
    root = tmp_path_factory.mktemp("reports")
    return {n: demo_home(root / f"{n}", children=n) for n in (0, 5, 24)}


@pytest.fixture
def site(homes: dict[int, Path], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Site]:
    def of(children: int, role: str = "head", as_at: str | None = None) -> Site:
        return Site(homes[children], monkeypatch, role, as_at).visit("reports")

    return of


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Site]:
    """A site on a home of the test's own, which it may write to."""

    def of(
        children: int = 24, role: str = "head", before: Callable[..., object] = Home.open
    ) -> Any:
        folder = demo_home(tmp_path / "home", children=children)
        monkeypatch.setenv("LAC_KEYS", keys_at(folder)["LAC_KEYS"])
        monkeypatch.setattr(tab, "read_visitor_cookie", lambda *_: BROWSER)
        before(folder)
        return Site(folder, monkeypatch, role, None).visit("reports")

    return of


def show(site: Site, part: Part) -> Site:
    site.app.button_group(key=report_parts.PART).set_value(part).run()
    assert not site.app.exception
    return site


def press(site: Site, label: str) -> Site:
    next(each for each in site.app.button if each.label == label).click().run()
    assert not site.app.exception
    return site


def labels(site: Site) -> set[str]:
    return {each.label for each in site.app.button}


def field(site: Site, question: str = GOOD) -> Any:
    return next(each for each in site.app.text_area if each.label == question)


def warnings(site: Site) -> str:
    return "\n".join(str(each.value) for each in site.app.warning)


def events(site: Site) -> list[tuple[str, str]]:
    log = (site.folder / "log" / "access.jsonl").read_text(encoding="ascii")
    records = [json.loads(line) for line in log.splitlines()]
    return [(each["event"], each["role"]) for each in records if each.get("page") == "reports"]


def taken(site: Site) -> dict[str, bytes]:
    """The files behind the last of the three links, as the browser saves them.

    The two before it are Part One by itself.
    """
    links = {each.proto.label: each.proto.url for each in site.app.get("link_button")}
    assert list(links) == ["Part One as Word", "Part One as PDF", "All parts (zip)"]
    found = []
    for url in links.values():
        offer = downloads.OFFERS.take(url.removeprefix(downloads.PATH), BROWSER)
        assert offer is not None
        assert offer.page == "reports"
        found.append(offer.make())
    with zipfile.ZipFile(io.BytesIO(found[-1])) as opened:
        files = {name: opened.read(name) for name in opened.namelist()}
    assert found[:2] == [files["part-one.docx"], files["part-one.pdf"]]
    return files


def drafts(site: Site) -> dict[str, str]:
    home = Home.open(site.folder)
    held = Drafts.open(home, Keys.load(home)).list_all()
    return {each.prompt: each.text for each in held}


def ledger(site: Site) -> Releases:
    home = Home.open(site.folder)
    return Releases(home, Keys.load(home))


def all_answered(folder: Path) -> None:
    answer_questions(session(folder))


def with_a_report(folder: Path) -> None:
    all_answered(folder)
    issued(session(folder))


# Choose, and preview


@pytest.mark.parametrize("role", ["head", "teacher"])
@pytest.mark.parametrize("children", [0, 5, 24])
def test_the_page_shows_each_part_as_the_report_has_it(site: Any, children: int, role: str) -> None:
    page = site(children, role)
    prepared = prepare(session(page.folder))
    kind = "Termly report" if children else "Nil return"
    for part in ("Part One", "Part Two", "For the clerk"):
        text = show(page, part).text
        assert_previews(page, prepared, part)
        assert f"{kind}, autumn term 2026, data up to 20 November 2026." in text
        assert not re.search(r"\b(?:nan|NaN|None|null|HIDDEN)\b|\{|--", text)
        assert plain_words.find_unexplained_acronyms(text) == []
    assert page.app.title[0].value == words.PAGES["reports"]
    assert "No report has been made final yet." in page.text


def assert_previews(page: Site, prepared: PreparedReport, part: Part) -> None:
    """What a part says, text by text and cell by cell."""
    document = build_document(prepared.facts, prepared.answers, part, is_final=False)
    if document is None:
        assert "This report has no such part." in page.text
        return
    blocks, text = document.blocks, page.text.replace("\\", "")
    drawn_heads = [*page.app.header, *page.app.subheader]
    heads = {each.value.replace("\\", "") for each in drawn_heads}
    assert {each.text for each in blocks if isinstance(each, Heading)} <= heads | {
        line.removeprefix("#### ") for line in text.splitlines()
    }
    said = [
        f"**{each.label}** {each.text}" if each.label else each.text
        for each in blocks
        if isinstance(each, Paragraph)
    ]
    said += [f"To write: {each.text}" for each in blocks if isinstance(each, Question)]
    said += [f"**{each.caption}**" for each in blocks if isinstance(each, Table)]
    said += [line for each in blocks if isinstance(each, Bullets) for line in each.texts]
    assert all(line in text for line in said)
    drawn = "".join(each.proto.body for each in page.app.get("html"))
    shown = [re.sub(r"<[^>]+>", "|", row) for row in re.findall(r"<tr.*?</tr>", drawn, re.DOTALL)]
    for row in (row for each in blocks if isinstance(each, Table) for row in each.rows):
        cells = [format_cell(cell) for cell in row]
        assert any(
            [cell for cell in each.split("|") if cell.strip()][-len(cells) :] == cells
            for each in shown
        ) or not "".join(cells).strip("\xa0")


def test_the_choice_has_terms_and_school_years_the_newest_first(site: Any) -> None:
    """At first the term that is going on; its school year has not begun to be over."""
    page = site(24)
    options = page.app.selectbox(key=report_parts.CHOICE).options
    assert options == ["Autumn term 2026, not over yet"]
    assert "Termly report, autumn term 2026" in page.text
    page.visit("help").visit("reports")
    assert "Termly report, autumn term 2026" in page.text


# Whose session, and how often


def test_the_page_reads_what_a_report_counts_and_nothing_else(
    site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also for a role that views children elsewhere; the search above every page is none of it."""
    monkeypatch.setattr(search, "render_search", lambda _: None)
    asked: list[str] = []
    read = access.Session.read

    def noted(self: access.Session, *given: Any) -> Any:
        asked.append(self.purpose)
        return read(self, *given)

    monkeypatch.setattr(access.Session, "read", noted)
    site(24, "teacher")
    assert set(asked) == {access.REPORT}


def test_figures_are_worked_out_once_and_never_for_another_role(own: Any) -> None:
    page = own()
    first = events(page).count(("report", "head"))
    show(page, "Part Two")
    show(page, "Part One")
    page.app.selectbox(key="role").select("teacher").run()
    page.visit("reports")
    told = events(page)
    assert told.count(("report", "head")) == first
    assert told.count(("report", "teacher")) == first


# Words


def test_what_is_kept_is_a_draft_and_what_is_typed_is_not(own: Any) -> None:
    page = own()
    field(page).input("Reading at home is kept up.").run()
    assert "**Not saved yet.**" in page.text
    assert drafts(page) == {}
    page.app.button(key="report-save").click().run()
    assert drafts(page) == {"good_things": "Reading at home is kept up."}
    assert "Saved." in [each.value for each in page.app.success]
    assert "**Not saved yet.**" not in page.text
    assert re.search(r"Saved by .+ on \d+ \w+ 20\d\d\.", page.text)
    field(page).input("a\u200bb").run()
    page.app.button(key="report-save").click().run()
    assert any("Line 1 contains a hidden character." in each.value for each in page.app.error)
    assert drafts(page) == {"good_things": "Reading at home is kept up."}


def test_the_check_stands_beside_what_it_is_about(own: Any) -> None:
    page = own(role="head")
    field(page).input("*Pupils* were at risk. 20% of children moved.").run()
    text = page.text
    assert 'Say "needs attention".' in text
    assert "“at risk”" in text
    assert "the report gives those that cannot identify" in text
    assert "We check your text for every name on the school's roll" in text


@pytest.mark.parametrize("role", ["head", "teacher"])
def test_names_on_the_roll_are_found_whether_they_are_shown_or_not(own: Any, role: str) -> None:
    """For who may show names and for who may not; Ruby is a word as well, so it is asked about."""
    page = own(role=role)
    home = page.session().home
    keys = Keys.load(home)
    vault, secret = Vault.open(home, keys), keys.load_demo_key()
    identities = [vault.open_identity(each.pupil_id, secret) for each in vault.pupils]
    known = {each["forename"]: each["surname"] for each in identities}
    for name, message in (
        ("Freya", "This is the name of a child here."),
        (known["Freya"], "This is the name of a child here."),
        ("Ruby", "Is this a child's name?"),
    ):
        assert {name} <= {*known, *known.values()}
        field(page).input(f"{name} reads well.").run()
        assert f"“{name}”** {message}" in page.text
    field(page).input("Zebedeus reads well.").run()
    assert "“Zebedeus" not in page.text


def test_who_makes_a_report_final_is_told_how_many_places_there_are(own: Any) -> None:
    """The section counts them, too."""

    def before(folder: Path) -> None:
        all_answered(folder)
        home, term = Home.open(folder), prepare(session(folder)).first_day
        Drafts.open(home, Keys.load(home)).save_answer(
            "good_things", term, "He reads. So does she.", actor="Kim", now=NOW
        )

    page = own(before=before)
    assert "2 places in your comments could identify a child." in warnings(page)
    assert page.app.button(key="make-final").disabled
    heads = [each.value for each in page.app.header]
    assert "What we ask of governors :small[(2 places to look at)]" in heads
    assert page.text.count("This could identify a child.") == 2


def test_typed_words_stay_from_page_to_page(own: Any) -> None:
    page = own()
    field(page).input("Half a thou").run()
    assert "not saved yet, so it is not in the files" in warnings(page)
    page.visit("help").visit("reports")
    assert field(page).value == "Half a thou"
    assert drafts(page) == {}


def test_words_that_somebody_else_kept_are_shown_and_overwrite_nothing(own: Any) -> None:
    page = own()
    field(page).input("Mine").run()
    answer_questions(session(page.folder), keys=["good_things", "asks"])
    page.app.run()
    assert field(page).value == "Mine"
    assert "Somebody saved other words in the meantime" in page.text
    asks = "What do you ask of governors? Up to three things, a line each."
    assert field(page, asks).value.startswith("Agree time for the designated teacher")


def test_last_times_words_stand_beside_until_somebody_uses_them(own: Any) -> None:
    def before(folder: Path) -> None:
        home = Home.open(folder)
        Drafts.open(home, Keys.load(home)).save_answer(
            "good_things", date(2026, 4, 13), "The choir sang.", actor="Kim", now=NOW
        )

    page = own(before=before)
    assert "Last time, 23 November 2026: “The choir sang.”" in page.text
    assert field(page).value == ""
    press(page, "Use it again")
    assert field(page).value == "The choir sang."
    assert drafts(page) == {"good_things": "The choir sang."}
    assert "Last time" not in page.text


# Files


def test_a_draft_is_taken_whole_and_is_no_report_yet(own: Any) -> None:
    page = own()
    assert "sections need your comments before the report is final." in page.text
    assert "Make it final" not in labels(page)
    files = taken(press(page, "Make a draft"))
    assert set(files) == FILES
    assert files == made(session(page.folder))
    assert ledger(page).list_issued() == ()


def test_a_report_is_final_once_somebody_says_what_that_means(own: Any) -> None:
    page = own(before=all_answered)
    text = page.text
    assert "to change its words, withdraw it and make it again" in text
    assert "this cannot be undone" in text
    assert page.app.button(key="make-final").disabled
    page.app.checkbox[0].check().run()
    page.app.button(key="make-final").click().run()
    assert "Report 1 is final." in "\n".join(each.value for each in page.app.success)
    assert "Make it final" not in labels(page)
    (report,) = ledger(page).list_issued()
    assert (report.kind, report.role, report.actor) == ("termly", "head", report.actor)
    home = Home.open(page.folder)
    assert taken(page) == ReportFiles(home, Keys.load(home)).get_files(report)
    # the term is reported on
    page.app.run()
    assert "Report 1 on this period is final" in page.text
    assert "Make it final" not in labels(page)
    assert events(page).count(("report", "head")) == 4  # by the test, for it, of it, beside it


def test_a_yes_is_to_what_was_read(own: Any) -> None:
    """Words that are kept after it was said need another one."""
    page = own(before=all_answered)
    page.app.checkbox[0].check().run()
    assert not page.app.button(key="make-final").disabled
    home = Home.open(page.folder)
    term = prepare(session(page.folder)).first_day
    Drafts.open(home, Keys.load(home)).save_answer(
        "asks", term, "Other words.", actor="Sam", now=NOW
    )
    page.app.button(key="make-final").click().run()
    assert ledger(page).list_issued() == ()
    assert page.app.button(key="make-final").disabled


def test_a_report_is_taken_again_and_withdrawn(own: Any) -> None:
    page = own(before=with_a_report)
    (report,) = ledger(page).list_issued()
    table = page.find_table("Report")
    assert table["Report"] == ["1: Termly report, data up to 20\u00a0Nov\u00a02026"]
    assert table["Made"] == ["23\u00a0Nov\u00a02026, Kim"]
    home = Home.open(page.folder)
    kept = ReportFiles(home, Keys.load(home)).get_files(report)
    assert taken(press(page, "Make its files ready")) == kept
    assert page.app.button(key="withdraw-1").disabled
    ticks = [each for each in page.app.checkbox if each.label == "Report 1 is withdrawn."]
    ticks[0].check().run()
    page.app.button(key="withdraw-1").click().run()
    assert ledger(page).list_issued()[0].withdrawn_at is not None
    assert "2026, withdrawn " in page.find_table("Report")["Report"][0]
    assert "It was withdrawn on" in page.text
    assert "Withdraw it" not in labels(page)
    assert taken(press(page, "Make its files ready")) == kept


# In a school's real home


@pytest.fixture
def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Site]:
    """Signs somebody in, in this browser, at a time by which a sign-in is fresh no more."""
    folder = real_home(tmp_path / "home", children=12)
    clock = [get_utc_now()]
    presences = ActiveSignIns(lambda: clock[0])
    at_one_browser(folder, monkeypatch, presences)
    home = Home.open(folder)

    def of(role: str) -> Site:
        name = PEOPLE[role]
        clock[0] = get_utc_now()
        presences.sign_in(BROWSER, admission.sign_in_with_passphrase(home, name, phrase_of(name)))
        clock[0] = get_utc_now() + FRESH_PERIOD
        return Site(folder, monkeypatch, role, None)

    return of


@pytest.mark.slow
def test_files_are_for_who_has_just_signed_in(real: Any) -> None:
    page = real("head").visit("reports")
    assert "Make a draft" not in labels(page)
    asked = next(
        each for each in page.app.text_input if each.label.endswith("to download the report")
    )
    asked.input(phrase_of(PEOPLE["head"]))
    press(page, "Go on")
    assert set(taken(press(page, "Make a draft"))) == FILES
