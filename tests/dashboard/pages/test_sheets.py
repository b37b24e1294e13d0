"""Sheets to take along: one model on the page, as Word and as PDF, by code or by name."""

import csv
import io
import json
import re
from typing import Any

import docx
import pypdfium2
import pytest

from dashboard.report.content.model import PERSONAL
from dashboard.server import downloads
from dashboard.text import rules, standing, words
from dashboard.ui import names
from queries import read
from safeguards.journal.access_log import AccessLog, get_utc_now
from safeguards.keys.keys import Keys
from tests.support.web.site import OpenSite, Site


def _read_word(data: bytes) -> str:
    file = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    footers = [line.text for line in file.sections[0].footer.paragraphs]
    return "\n".join([*(line.text for line in file.paragraphs), *cells, *footers])


def _open_child(site: Site) -> dict[str, Any]:
    looks = read.fetch_attention_reasons(site.session())
    child = dict(looks.filter(~looks["is_closed"]).row(0, named=True))
    site.open_child(child["handle"])
    return child


def _take(site: Site, name: str) -> downloads.Offer:
    site.app.button(key=f"make-{name}").click().run()
    (link,) = site.app.get("link_button")
    # a test's tab has no cookie, so nobody may take it by its address
    return downloads.OFFERS._offers[link.proto.url.removeprefix(downloads.PATH)]


@pytest.mark.parametrize(
    ("kind", "parts"),
    [
        ("PEP sheet", ("Suspensions this school year", "Latest scores", "Last PEP")),
        ("Meeting sheet", ("Needs attention", "What to do", "What we did", "Latest scores")),
    ],
)
def test_a_sheet_has_its_parts_and_room_to_write(
    open_site: OpenSite, kind: str, parts: tuple[str, ...]
) -> None:
    site = open_site("teacher")
    found = _open_child(site)
    child = read.fetch_pupil(site.session(), found["pupil_id"])
    assert child is not None
    site.press(kind)
    assert site.title == f"{kind}: {words.capitalise(child['handle'])}"
    assert not site.charts
    missed = words.describe_attendance(child)
    always = ("Attendance this school year", "Still to do", "In the child's own words", "agree")
    for part in (*parts, *always, words.capitalise(missed), PERSONAL):
        assert part in site.text
    site.press("← Back to")
    assert site.title == words.capitalise(child["handle"])


def test_todays_list_has_every_listed_child_and_each_near_date(open_site: OpenSite) -> None:
    site = open_site("dsl")
    session = site.session()
    site.press("Today's list")
    assert "sessions; overdue:" in site.text
    looks = rules.fetch_reasons(session)
    for handle in looks.filter(~looks["is_closed"])["handle"]:
        assert words.capitalise(handle) in site.text
    dates = standing.fetch_dates(session)
    ours = sum(each.is_past and each.is_own for each in dates)
    assert f"Overdue: ours to do ({ours})" in site.text
    late = sum(each.is_past and not each.is_own for each in dates)
    assert f"Waiting for others: overdue ({late})" in site.text
    assert site.title == f"Today's list, {words.format_day(session.as_at)}"


@pytest.mark.parametrize(
    ("role", "may_take"), [("pastoral", False), ("teacher", True), ("dsl", True)]
)
def test_whoever_sees_a_child_may_print_and_some_may_take_a_file(
    open_site: OpenSite, role: str, *, may_take: bool
) -> None:
    site = open_site(role)
    _open_child(site)
    site.press("Meeting sheet")
    assert "To print" in site.text
    assert any(label.startswith("Create") for label in site.list_buttons()) == may_take


def test_word_and_pdf_say_what_the_page_says_and_the_log_which_child(open_site: OpenSite) -> None:
    site = open_site("teacher")
    child = _open_child(site)
    site.press("Meeting sheet")
    page, word = site.text, _take(site, "meeting-sheet.docx")
    site.choose("sheet-form", "PDF")
    pdf = _take(site, "meeting-sheet.pdf")
    assert (word.page, word.child, pdf.child) == ("child", child["pupil_id"], child["pupil_id"])
    said = _read_word(word.make())
    leaves = pypdfium2.PdfDocument(pdf.make())
    printed = " ".join(each.get_textpage().get_text_bounded() for each in leaves)
    for text in (said, printed):
        assert words.capitalise(child["handle"]) in text
        assert PERSONAL in text
        assert "As at 20 November 2026. Printed by" in text
        for line in ("What we did", "Still to do", "Missed by weekday"):
            assert line in page
            assert line in text
    home = site.session().home  # which is a line of its own
    assert downloads._serve_offer(word).status_code == 200
    *_, last = AccessLog(home, Keys.load(home)).read_records()
    assert (last["event"], child["pupil_id"] in json.dumps(last)) == ("download", True)


def test_a_sheet_is_by_name_while_names_are_open_and_holds_none_while_not(
    open_site: OpenSite,
) -> None:
    site = open_site("teacher")
    child = _open_child(site)
    site.app.session_state[names.KEY] = {child["pupil_id"]: "Marker N., 4A"}
    site.app.session_state["names-until"] = get_utc_now() + names.NAMES_TTL
    site.press("Meeting sheet")
    assert site.title == "Meeting sheet: Marker N., 4A"
    said = _read_word(_take(site, "meeting-sheet.docx").make())
    assert "Marker N., 4A" in said
    assert child["handle"] not in said.lower()
    for key in (names.KEY, "names-until"):
        del site.app.session_state[key]
    site.app.run()
    assert "Marker" not in site.text


@pytest.mark.parametrize(
    ("page", "key", "filters", "ending"),
    [
        ("plans", "dates", {"status": ["Overdue"], "kind": ["EHCP"]}, "dates: Overdue, EHCP"),
        ("children", "children", {"only": ["Needs attention"]}, "with something overdue"),
        ("attendance", "attendance", {"show": ["Late this year"]}, "children: Late this year"),
    ],
)
def test_what_is_filtered_is_taken_as_it_is_shown(
    open_site: OpenSite, page: str, key: str, filters: dict[str, list[str]], ending: str
) -> None:
    """Its title says the filter, and Word, PDF and CSV have the rows of the page and no other."""
    site = open_site("teacher").visit(page)
    total = len(site.list_rows(key))
    for name, chosen in filters.items():
        site.choose(name, chosen)
    rows = site.list_rows(key)
    assert 0 < len(rows) < total
    title = next(each for each in (site.title, *site.headers) if each.endswith(ending))
    assert title.startswith(f"{len(rows)} of ")
    shown = re.search(rf"{len(rows)} of \d+ shown\.", site.text)
    assert shown is not None
    word = _take(site, f"{page}.docx")
    site.choose("list-form", "PDF")
    pdf = _take(site, f"{page}.pdf")
    site.choose("list-form", "CSV")
    held = _take(site, f"{page}.csv")
    assert {each.page for each in (word, pdf, held)} == {page}
    leaves = pypdfium2.PdfDocument(pdf.make())
    assert len(rows) > 12 or len(leaves) == 1
    printed = " ".join(each.get_textpage().get_text_bounded() for each in leaves)
    for text in (_read_word(word.make()), printed):
        assert title in " ".join(text.split())
        assert shown.group() in text
        assert "As at 20 November 2026. Printed by" in " ".join(text.split())
    _, *lines = csv.reader(io.StringIO(held.make().decode("utf-8-sig")))
    assert [line[0] for line in lines] == [row.child for row in rows]
    for line, row in zip(lines, rows, strict=True):
        assert row.cells["When" if page == "plans" else "Year"].lstrip("▲◆●▼■ ") in line


def test_who_may_take_no_file_sees_how_many_are_shown(open_site: OpenSite) -> None:
    site = open_site("pastoral").visit("children")
    assert re.search(r"(\d+) of \1 shown\.", site.text)
    assert not any(label.startswith("Create") for label in site.list_buttons())
