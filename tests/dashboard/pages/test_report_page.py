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

from dashboard.report import make
from dashboard.report.content.model import Bullets, Document, Paragraph, Table, format_cell
from dashboard.report.page import page as report_parts
from dashboard.report.page import state
from dashboard.server import downloads, sessions
from dashboard.server.sessions import FRESH_PERIOD, ActiveSignIns
from dashboard.text import plain_words, words
from dashboard.ui import names, tab
from safeguards.access import access, admission, name_cards
from safeguards.disclosure import publish
from safeguards.disclosure.drafts import Drafts
from safeguards.disclosure.releases import Releases, ReportFiles, compute_digests
from safeguards.errors import DisclosureError
from safeguards.home.home import Home
from safeguards.journal.access_log import get_utc_now
from safeguards.keys.keys import Keys
from tests.support.schools.homes import demo_home, keys_at
from tests.support.schools.real_home import BROWSER, PEOPLE, at_one_browser, phrase_of, real_home
from tests.support.schools.report_home import NOW, answered, issued, made, session
from tests.support.web.site import Site

FILES = {
    f"{part}.{end}" for part in ("part-one", "part-two", "for-the-clerk") for end in ("docx", "pdf")
}
GOOD = "Name three good things of this term, a line each. Begin with what children did."


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Homes by how many children there are in their files; only read."""
    root = tmp_path_factory.mktemp("reports")
    return {n: demo_home(root / f"{n}", children=n) for n in (0, 5, 12, 24)}


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


def at_step(site: Site, step: str) -> Site:
    site.app.button_group(key=report_parts.STEP).set_value(step).run()
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
    """The files behind the one link on the page, as the browser saves them."""
    (link,) = site.app.get("link_button")
    offer = downloads.OFFERS.take(link.proto.url.removeprefix(downloads.PATH), BROWSER)
    assert offer is not None
    assert (offer.page, offer.mime) == ("reports", "application/zip")
    with zipfile.ZipFile(io.BytesIO(offer.make())) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def list_texts(document: Document) -> list[str]:
    """What stands in paragraphs and lists."""
    return [
        text
        for block in document.blocks
        if isinstance(block, Paragraph | Bullets)
        for text in ((block.text,) if isinstance(block, Paragraph) else block.items)
    ]


def drafts(site: Site) -> dict[str, str]:
    home = Home.open(site.folder)
    held = Drafts.open(home, Keys.load(home)).list_all()
    return {each.prompt: each.text for each in held}


def ledger(site: Site) -> Releases:
    home = Home.open(site.folder)
    return Releases(home, Keys.load(home))


def all_answered(folder: Path) -> None:
    answered(session(folder))


def with_a_report(folder: Path) -> None:
    all_answered(folder)
    issued(session(folder))


# Choose, and preview


@pytest.mark.parametrize("role", ["head", "teacher"])
@pytest.mark.parametrize("children", [5, 12, 24])
def test_each_step_is_there_and_says_nothing_of_a_machine(
    site: Any, children: int, role: str
) -> None:
    page = site(children, role)
    for step in report_parts.STEPS:
        text = at_step(page, step).text
        assert page.app.title[0].value == words.PAGES["reports"]
        assert "Termly report, Autumn term 2026, data up to 20 November 2026." in text
        assert not re.search(r"\b(?:nan|NaN|None|null|HIDDEN)\b|\{|--", text)
        assert plain_words.find_unexplained_acronyms(text) == []
    assert "No report has been made final yet." in page.text


@pytest.mark.parametrize("children", [12, 24])
def test_the_preview_has_the_tables_of_the_report(site: Any, children: int) -> None:
    """Cell by cell."""
    page = at_step(site(children), report_parts.PREVIEW)
    document = make.build_documents(make.prepare(session(page.folder), "termly"), is_final=False)[0]
    expected = [each for each in document.blocks if isinstance(each, Table)]
    shown = [each.value for each in page.app.table]
    assert [list(each.columns) for each in shown] == [list(each.header) for each in expected]
    for found, table in zip(shown, expected, strict=True):
        assert found.to_numpy().tolist() == [list(map(format_cell, row)) for row in table.rows]
    assert shown
    text = page.text
    for number, table in enumerate(expected, start=1):
        assert f"Table {number}. {table.caption}" in text.replace("\\", "")


@pytest.mark.parametrize("children", [5, 24])
def test_it_begins_with_what_the_report_says_of_the_whole_group(site: Any, children: int) -> None:
    """The page's first figures are the report's own, and it has no others."""
    page = site(children)
    documents = make.build_documents(make.prepare(session(page.folder), "termly"), is_final=False)
    printed = [text for each in documents for text in list_texts(each)]
    stands = next(each.value for each in page.app.markdown if each.value.startswith("- "))
    said = [line.removeprefix("- ").replace("\\", "") for line in stands.splitlines()]
    assert said
    for line in said:
        assert all(sentence in " ".join(printed) for sentence in line.split(". ")), line
    (table,) = page.app.table
    duties = next(
        each
        for each in documents[0].blocks
        if isinstance(each, Table) and each.caption.startswith("Duties")
    )
    assert table.value.to_numpy().tolist() == [list(map(format_cell, row)) for row in duties.rows]


def test_a_term_that_was_reported_on_stands_as_its_report_said(own: Any) -> None:
    """On another day of the term, too: nothing is worked out anew."""
    page = own(before=with_a_report)
    first = [each.value for each in (*page.app.markdown, *page.app.table)]
    page.app.date_input(key=report_parts.DAY).set_value(date(2026, 11, 6)).run()
    again = [each.value for each in (*page.app.markdown, *page.app.table)]
    assert [str(each) for each in again] == [str(each) for each in first]
    assert "This term was reported on" in page.text or "is final" in page.text


def test_the_preview_says_how_much_is_told(site: Any) -> None:
    said = "Of children it tells 1 sum and 12 new statements. Duties are counted in full."
    assert said in at_step(site(24), report_parts.PREVIEW).text


def test_fewer_than_six_children_are_told_of_by_their_duties(site: Any) -> None:
    page = at_step(site(5), report_parts.PREVIEW)
    assert "A small number of children are looked after." in page.text
    assert "The sessions missed are not given" in page.text
    assert len(page.app.table) == 1


@pytest.mark.parametrize("role", ["head", "teacher"])
def test_a_nil_return_is_one_press_and_one_step(site: Any, role: str) -> None:
    page = site(0, role)
    assert "No child is looked after on this day. Make a nil return." in page.text
    press(page, "Make a nil return")
    assert "Nil return, Autumn term 2026" in page.text
    assert {"Save", "Make a draft"} <= labels(page)
    assert not [each for each in page.app.button_group if each.key == report_parts.STEP]
    assert "to write" in page.app.expander[0].label


def test_a_nil_return_of_children_leads_back(site: Any) -> None:
    page = site(12)
    page.app.button_group(key=report_parts.KIND).set_value("nil").run()
    assert "so a nil return does not fit." in page.text
    press(page, "Make a termly report")
    assert "Termly report, Autumn term 2026" in page.text
    assert page.app.button_group(key=report_parts.STEP).value == report_parts.CHOOSE


def test_another_kind_and_day_are_asked_for_until_the_next_choice(site: Any) -> None:
    page = site(24)
    page.app.button_group(key=report_parts.KIND).set_value("annual").run()
    page.app.date_input(key=report_parts.DAY).set_value(date(2026, 10, 16)).run()
    for step in (report_parts.PREVIEW, report_parts.TAKE, report_parts.CHOOSE):
        text = at_step(page, step).text
        assert "Annual report, Autumn term 2026, data up to 16 October 2026." in text
    page.visit("help").visit("reports")
    assert "Annual report, Autumn term 2026, data up to 16 October 2026." in page.text


def test_a_day_before_any_term_is_said_so(site: Any) -> None:
    page = site(12, as_at="2019-01-07")
    assert "This report cannot be made" in page.text
    assert "No term has begun" in page.text
    assert not page.app.table


def test_where_no_release_is_safe_no_figure_is_shown(
    site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise DisclosureError("Not all of it can be told.")

    monkeypatch.setattr(publish, "publish_term", refused)
    for step in report_parts.STEPS:
        page = at_step(site(24), step)
        assert "No figures are safe to give" in page.text
        assert not page.app.table
        assert "Make a draft" not in labels(page)


def test_a_damaged_list_of_reports_stops_everything(own: Any) -> None:
    page = own(before=with_a_report)
    path = ledger(page).path
    path.write_bytes(path.read_bytes().replace(b"termly", b"annual"))
    page.app.run()
    assert "The list of final reports cannot be read" in page.text
    assert "Restore a backup" in page.text + warnings(page)
    assert not page.app.table


# Whose session, and how often


def test_the_page_reads_what_a_report_counts_and_nothing_else(
    site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also for a role that views children elsewhere."""
    asked: list[str] = []
    read = access.Session.read

    def noted(self: access.Session, *given: Any) -> Any:
        asked.append(self.purpose)
        return read(self, *given)

    page = site(24, "teacher")
    monkeypatch.setattr(access.Session, "read", noted)
    page.app.date_input(key=report_parts.DAY).set_value(date(2026, 11, 6)).run()
    for step in report_parts.STEPS:
        at_step(page, step)
    assert set(asked) == {access.REPORT}


def test_figures_are_worked_out_once_and_never_for_another_role(own: Any) -> None:
    page = own()
    for step in (*report_parts.STEPS, *report_parts.STEPS):
        at_step(page, step)
    assert events(page).count(("report", "head")) == 1
    page.app.selectbox(key="role").select("teacher").run()
    page.visit("reports")
    assert events(page).count(("report", "teacher")) == 1
    at_step(page, report_parts.TAKE)
    assert [role for event, role in events(page) if event == "report"] == ["head", "teacher"]


@pytest.mark.parametrize("role", ["pastoral", "dsl", "manager", "none"])
def test_other_roles_have_no_such_page(
    homes: Any, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    site = Site(homes[12], monkeypatch, role, None)
    with pytest.raises(access.Denied):
        site.session().enter("reports")
    assert "Reports" not in str(site.app.title)
    session_of = site.session()
    assert not session_of.is_allowed("reports")
    assert not session_of.is_allowed("reports", "download")


# Words


def test_what_is_kept_is_a_draft_and_what_is_typed_is_not(own: Any) -> None:
    page = at_step(own(), report_parts.WORDS)
    field(page).input("Reading at home is kept up.").run()
    assert "**Not kept yet.**" in page.text
    assert drafts(page) == {}
    press(page, "Save")  # of another section: nothing of it is new
    assert drafts(page) == {}
    page.app.button(key="keep-1").click().run()
    assert drafts(page) == {"good_things": "Reading at home is kept up."}
    assert "Saved." in [each.value for each in page.app.success]
    assert "**Not kept yet.**" not in page.text
    assert re.search(r"Kept by .+ on \d+ \w+ 20\d\d\.", page.text)


def test_the_check_stands_beside_what_it_is_about(own: Any) -> None:
    page = at_step(own(role="head"), report_parts.WORDS)
    field(page).input("*Pupils* were at risk. 20% of children moved.").run()
    text = page.text
    assert 'Say "needs a look".' in text
    assert "“at risk”" in text
    assert "No percentages of children." in text
    assert "does not know the names of these children" in text


def test_open_names_are_looked_for(own: Any) -> None:
    page = own(role="teacher")
    called = name_cards.open_name_cards(page.session())
    name = next(iter(called.values())).partition(",")[0]
    at_step(page, report_parts.WORDS)
    field(page).input(f"{name} reads well.").run()
    assert "This is the name of a child at this school." not in page.text
    press(page, "Show names")
    assert names.KEY in page.app.session_state
    assert "This is the name of a child at this school." in page.text
    press(page, "Hide names")
    assert "This is the name of a child at this school." not in page.text


def test_each_place_is_changed_or_ticked_before_the_report_is_final(own: Any) -> None:
    """The bar of the section counts them."""

    def before(folder: Path) -> None:
        all_answered(folder)
        home, term = (Home.open(folder), make.prepare(session(folder), "termly").term["first_day"])
        Drafts.open(home, Keys.load(home)).save_answer(
            "good_things", term, "Mrs Hale reads. So does Mr Fox.", actor="Kim", now=NOW
        )

    page = at_step(own(before=before), report_parts.TAKE)
    assert "2 places in your comments may point to a child." in page.text
    assert "Make it final" not in labels(page)
    for left in (1, 0):
        at_step(page, report_parts.WORDS)
        ticks = [each for each in page.app.checkbox if each.label.endswith("points to no child")]
        ticks[0].check().run()
        (bar,) = [each.label for each in page.app.expander if each.label.startswith("Summary")]
        assert bar == ("Summary: 1 place to look at" if left else "Summary: written")
    assert "Make it final" in labels(at_step(page, report_parts.TAKE))


def test_typed_words_stay_from_step_to_step_and_page_to_page(own: Any) -> None:
    page = at_step(own(), report_parts.WORDS)
    field(page).input("Half a thou").run()
    at_step(page, report_parts.TAKE)
    assert "not kept yet, so they are not in the files" in warnings(page)
    page.visit("help").visit("reports")
    at_step(page, report_parts.WORDS)
    assert field(page).value == "Half a thou"
    assert drafts(page) == {}


def test_words_that_somebody_else_kept_are_shown_and_overwrite_nothing(own: Any) -> None:
    page = at_step(own(), report_parts.WORDS)
    field(page).input("Mine").run()
    answered(session(page.folder), keys=["good_things", "asks"])
    page.app.run()
    assert field(page).value == "Mine"
    assert "Other words were kept meanwhile" in page.text
    asks = "What do you ask of governors? Name up to three things, a line each."
    assert field(page, asks).value.startswith("Agree time for the designated teacher")


def test_a_text_that_cannot_be_kept_says_why(own: Any) -> None:
    page = at_step(own(), report_parts.WORDS)
    field(page).input("a\u200bb").run()
    page.app.button(key="keep-1").click().run()
    assert "Line 1 holds a sign that nobody sees." in warnings(page)
    assert drafts(page) == {}


def test_last_terms_words_are_carried_over_until_somebody_says_that_they_hold(own: Any) -> None:
    def before(folder: Path) -> None:
        home = Home.open(folder)
        Drafts(home, Keys.load(home)).save_answer(
            "designated_teacher", date(2026, 4, 13), "The deputy.", actor="Kim", now=NOW
        )

    page = at_step(own(before=before), report_parts.WORDS)
    assert "As last time; check that it is still true." in page.text
    assert page.app.expander[0].label == "About this report: check what is carried over"
    press(page, "Still true")
    assert drafts(page) == {"designated_teacher": "The deputy."}
    assert "As last time" not in page.text
    assert page.app.expander[0].label == "About this report: written"


# Files


def test_a_draft_is_taken_whole_and_is_no_report_yet(own: Any) -> None:
    page = at_step(own(), report_parts.TAKE)
    assert "5 sections need your comments before it can be final." in page.text
    assert "Make it final" not in labels(page)
    files = taken(press(page, "Make a draft"))
    assert set(files) == FILES | {make.CERTIFICATE}
    assert files == made(session(page.folder))
    assert json.loads(files[make.CERTIFICATE])["state"] == "draft: not for sending"
    assert ledger(page).list_issued() == ()


def test_a_report_is_final_once_somebody_says_what_that_means(own: Any) -> None:
    page = at_step(own(before=all_answered), report_parts.TAKE)
    text = page.text
    assert "its term is reported on then" in text
    assert "this cannot be undone" in text
    assert page.app.button(key="make-final").disabled
    page.app.checkbox[0].check().run()
    page.app.button(key="make-final").click().run()
    assert "Report 1 is final." in "\n".join(each.value for each in page.app.success)
    assert "Make it final" not in labels(page)
    (report,) = ledger(page).list_issued()
    assert (report.kind, report.role, report.actor) == ("termly", "head", report.actor)
    files = taken(page)
    assert report.digests == compute_digests(files)
    assert json.loads(files[make.CERTIFICATE])["state"] == "final"
    # the term is reported on
    page.app.run()
    assert "Report 1 of this term is final" in page.text
    assert "Make it final" not in labels(page)
    assert events(page).count(("report", "head")) == 4  # by the test, for it, of it, beside it


def test_a_yes_is_to_what_was_read(own: Any) -> None:
    """Words that are kept after it was said need another one."""
    page = at_step(own(before=all_answered), report_parts.TAKE)
    page.app.checkbox[0].check().run()
    assert not page.app.button(key="make-final").disabled
    home = Home.open(page.folder)
    term = make.prepare(session(page.folder), "termly").term["first_day"]
    Drafts.open(home, Keys.load(home)).save_answer(
        "asks", term, "Other words.", actor="Sam", now=NOW
    )
    page.app.button(key="make-final").click().run()
    assert ledger(page).list_issued() == ()
    assert page.app.button(key="make-final").disabled


def test_a_report_that_somebody_else_made_in_the_meantime_is_said(
    own: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = at_step(own(before=all_answered), report_parts.TAKE)
    page.app.checkbox[0].check().run()
    real = state.make_final

    def second(held: access.Session, prepared: make.PreparedReport) -> Any:
        issued(session(page.folder))
        return real(held, prepared)

    monkeypatch.setattr(state, "make_final", second)
    page.app.button(key="make-final").click().run()
    assert "Another report was made final in the meantime." in warnings(page)
    assert len(ledger(page).list_issued()) == 1


def test_a_report_is_taken_again_and_withdrawn(own: Any) -> None:
    page = own(before=with_a_report)
    (report,) = ledger(page).list_issued()
    table = page.app.table[-1].value
    assert table["Report"].to_list() == ["1: Termly report, data up to 20\u00a0Nov\u00a02026"]
    assert table["Made"].to_list() == ["23\u00a0Nov\u00a02026, Kim"]
    assert table["Fingerprint"].to_list() == [report.digests["part-one.pdf"][:8]]
    home = Home.open(page.folder)
    kept = ReportFiles(home, Keys.load(home)).get_files(report)
    assert taken(press(page, "Make its files ready")) == kept
    assert page.app.button(key="withdraw-1").disabled
    ticks = [each for each in page.app.checkbox if each.label == "Report 1 no longer stands."]
    ticks[0].check().run()
    page.app.button(key="withdraw-1").click().run()
    assert ledger(page).list_issued()[0].withdrawn_at is not None
    assert "2026, withdrawn " in page.app.table[-1].value["Report"][0]
    assert "It was withdrawn on" in page.text
    assert "Withdraw it" not in labels(page)
    assert taken(press(page, "Make its files ready")) == kept


def test_a_role_that_may_not_take_files_is_offered_none(
    own: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = at_step(own(), report_parts.TAKE)
    may = access.Session.is_allowed
    monkeypatch.setattr(
        access.Session,
        "is_allowed",
        lambda self, of, do="view": do != "download" and may(self, of, do),
    )
    next(each for each in page.app.button if each.label == "Make a draft").click().run()
    assert page.app.title[-1].value == "You cannot see this"
    assert not page.app.get("link_button")


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
    page = at_step(real("head").visit("reports"), report_parts.TAKE)
    assert "Make a draft" not in labels(page)
    asked = next(each for each in page.app.text_input if each.label.endswith("to take the report"))
    asked.input(phrase_of(PEOPLE["head"]))
    press(page, "Go on")
    assert set(taken(press(page, "Make a draft"))) == FILES | {make.CERTIFICATE}


@pytest.mark.slow
def test_a_report_is_the_persons_who_signed_in(real: Any) -> None:
    page = real("teacher")
    held = access.open(page.folder, admitted=tab.require_sign_in(), purpose=access.REPORT)
    answered(held)
    at_step(page.visit("reports"), report_parts.TAKE)
    next(each for each in page.app.text_input if each.label.endswith("to take the report")).input(
        phrase_of(PEOPLE["teacher"])
    )
    press(page, "Go on")
    page.app.checkbox[0].check().run()
    page.app.button(key="make-final").click().run()
    (report,) = ledger(page).list_issued()
    assert (report.actor, report.role) == (PEOPLE["teacher"], "teacher")


@pytest.mark.slow
def test_the_next_person_finds_nothing_that_was_typed(real: Any) -> None:
    page = at_step(real("teacher").visit("reports"), report_parts.WORDS)
    field(page).input("Half a thou").run()
    sessions.ACTIVE_SIGN_INS.sign_out(BROWSER)
    page.app.run()
    assert page.app.title[0].value == "Sign in"
    assert field(page).value == "Half a thou"  # hers, in case that she comes back
    assert next(each for each in page.app.button if each.label == "Save").disabled
    real("head")
    page.app.run()
    at_step(page.visit("reports"), report_parts.WORDS)
    assert field(page).value == ""
    assert "Half a thou" not in repr(page.app.session_state)
