"""Text from data that reads as markup, in every column that may hold free text, on every page.

It is shown as it was written: no picture, no link, no script, nothing asked of anybody.
The control shows the same texts through Streamlit's markdown as it is.
"""

import csv
import io
import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import polars as pl
import pytest
from playwright.sync_api import Browser, Dialog, Page

from dashboard.ui.markdown import escape, escape_cells
from intake.check.values import check_values
from intake.publish import files
from intake.publish.load import load_exports
from intake.read.read import read_file
from queries.contract import SCHOOL
from queries.store import versions
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from tests.support import sizes
from tests.support.hostile import naughty
from tests.support.schools.homes import NOW, exports, keys_at
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

pytestmark = NEEDS_BROWSER


@pytest.fixture(scope="module")
def browser() -> Any:
    with chromium() as opened:
        yield opened


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


def test_cells_of_text_are_guarded_and_numbers_stay() -> None:
    rows = escape_cells(pl.DataFrame({"Child": ["*a*", None], "Late": [1, 2]})).rows
    assert rows.to_dict(as_series=False) == {"Child": ["\\*a\\*", None], "Late": [1, 2]}


# In a browser


@pytest.mark.slow
def test_planted_texts_are_shown_as_written_on_every_page(
    browser: Browser, tmp_path: Path, count: Any
) -> None:
    """Payloads x columns x pages, with what is folded open; the control breaks."""
    folder = _through_the_door(tmp_path, PAYLOADS[0])
    broken, cases = [], 0
    with serving(folder, tmp_path / "log.txt") as served:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
        asked: set[str | None] = set()
        context.on("request", lambda sent: asked.add(urlsplit(sent.url).hostname))
        page = context.new_page()
        page.add_init_script("window.hit = () => { document.title = 'hit' }")
        page.goto(served.link)
        assert PAYLOADS[0] in _read(page), "the name that came through the door is not shown"
        columns = _plant(folder)
        for path in ("", "children", "attendance", "wellbeing", "plans", "data_check", "help"):
            page.goto(f"{served.address}/{path}")
            seen = _read(page)
            faults = _made_of_it(page)
            faults += [f"{text!r} not as written" for text in PAYLOADS if text not in seen]
            broken += [f"{path or 'today'}: {fault}" for fault in faults]
            cases += columns * len(PAYLOADS)
        for number in range(sizes.size("markdown.children")):
            page.goto(f"{served.address}/children")
            _rest(page)
            link = page.locator("[data-testid=stMain] [data-testid=stPageLink-NavLink]").nth(number)
            handle = link.inner_text().replace("\u2060", "")
            link.click()
            page.wait_for_url("**/child?*")
            seen = _read(page)
            faults = _made_of_it(page)
            if handle[:1].upper() + handle[1:] not in seen:
                faults.append("its title is not as written")
            broken += [f"child {handle!r}: {fault}" for fault in faults]
            cases += columns
        context.close()
    if asked != {"127.0.0.1"}:
        broken.append(f"asked {asked}")
    control, control_asked = _control(browser, tmp_path, PAYLOADS)
    count("hostile_text", cases, len(broken), control)
    assert broken == []
    assert control == len(PAYLOADS)
    assert _ELSEWHERE in control_asked, "the control asked nobody"


@pytest.mark.slow
def test_strings_that_break_programs_are_shown_as_written(
    browser: Browser, tmp_path: Path, count: Any
) -> None:
    """All that may be a school's name, each let through the door by itself, on two pages."""
    drawn = naughty.texts()
    texts = [text for text in drawn if _is_let_through(text)]
    folder = _through_the_door(tmp_path, texts[0])
    _put(folder, {"raw_school": {"school_name": pl.lit(" ; ".join(texts))}})
    broken = []
    with serving(folder, tmp_path / "log.txt") as served:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
        asked: set[str | None] = set()
        context.on("request", lambda sent: asked.add(urlsplit(sent.url).hostname))
        page = context.new_page()
        dialogs: list[str] = []

        def dismiss(dialog: Dialog) -> None:
            dialogs.append(dialog.message)
            dialog.dismiss()

        page.on("dialog", dismiss)
        page.goto(served.link)
        for path in ("", "help"):
            page.goto(f"{served.address}/{path}")
            _rest(page)
            seen = " ".join(page.inner_text("body").replace("\u2060", "").split())
            broken += _made_of_it(page)
            if " ".join(" ; ".join(texts).split()) not in seen:
                broken += [ascii(text) for text in texts if " ".join(text.split()) not in seen]
                broken.append(f"not as written on {path or 'today'}")
        context.close()
    broken += [*dialogs, *([str(asked)] if asked != {"127.0.0.1"} else [])]
    control, _ = _control(browser, tmp_path, texts)
    count("naughty_shown", 2 * len(texts), len(broken), control)
    assert broken == []
    assert control > 0 or len(texts) < 300
    assert len(texts) > len(drawn) // 2


def _is_let_through(text: str) -> bool:
    """Whether intake takes a school of this name."""
    row = io.StringIO()
    csv.writer(row, lineterminator="\n").writerows([SCHOOL.header, ("0019999", text, "junior")])
    read = read_file(SCHOOL, row.getvalue().encode())
    return not read.problems and check_values(read).faults.is_empty()


def _through_the_door(root: Path, name: str) -> Path:
    """A home of a school of this name, loaded as any other: a name is free text."""
    to = root / "exports"
    shutil.copytree(exports(), to)
    rows = pl.read_csv(to / "school.csv", infer_schema=False)
    rows.with_columns(name=pl.lit(name)).write_csv(to / "school.csv")
    home = root / "home"
    done = load_exports(to, home, now=NOW, rng=random.Random(7), environ=keys_at(home))
    assert done.problems == ()
    return home


def _plant(folder: Path) -> int:
    """A new version with a payload in each text that pages may show; how many columns.

    A school has one name, which holds all of them; each child has one of them.
    """

    def one_each(key: str) -> pl.Expr:
        return pl.col(key).map_elements(lambda n: PAYLOADS[n % len(PAYLOADS)], pl.String)

    of_child, of_source = one_each("pupil_key"), one_each("source_id")
    planted = {
        "raw_school": {"school_name": pl.lit("; ".join(PAYLOADS))},
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
    _put(folder, planted)
    return sum(len(columns) for columns in planted.values())


def _put(folder: Path, planted: Mapping[str, Mapping[str, pl.Expr]]) -> None:
    """A new version with these columns in place of its own."""
    home = Home.open(folder)
    keys = Keys.load(home, keys_at(folder))
    path = versions.find_current_version(home.store)
    assert path is not None
    rows = dict(files.read_rows(path, keys.store))
    for table, columns in planted.items():
        rows[table] = rows[table].with_columns(**columns)
    new = versions.prepare_load_path(home.store)
    files.write_version(new, keys.store, rows)
    files.publish(keys, new)


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


def _control(browser: Browser, tmp_path: Path, texts: Sequence[str]) -> tuple[int, set[str | None]]:
    """Of how many texts Streamlit itself makes something, without our helper; whom it asked."""
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
        broken = sum(
            made or read.split() != text.split()
            for text, (read, made) in zip(texts, shown, strict=True)
        )
    finally:
        page.close()
        server.terminate()
        server.wait(timeout=120)
    return broken, {urlsplit(url).hostname for url in asked}


def _as_read(text: str) -> str:
    return re.sub(r"\\([^A-Za-z0-9\s])", r"\1", text).replace("\u2060", "")
