"""Strings that are known to break programs, and polluted files: from the door to what goes out.

Each is refused with a reason, or comes back from the store as it was written; on a page it
is text, and in a file for spreadsheets no cell is a formula.
"""

import csv
import io
import json
import shutil
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

import dashboard
from cli.main import app
from dashboard.ui.markdown import escape
from intake.check.values import check_values
from intake.publish import files as build
from intake.publish import typed
from intake.publish.amend import publish_entries
from intake.read.read import read_file
from intake.template import build_template
from queries.contract import SDQ
from queries.store import versions
from safeguards.home.home import Home
from safeguards.journal.typed_entries import Entry, TypedEntries, generate_entry_id
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault
from stewardship.rights import holdings
from stewardship.rights.access_bundle import build_draft
from tests.support.hostile.naughty import texts
from tests.support.hostile.pollution import Case, cases, guessed_wrong, rows_of
from tests.support.schools.good_exports import ANN, GOOD, export_of, without
from tests.support.schools.homes import keys_at
from tests.support.schools.small_home import SmallHome
from tests.support.sizes import Count, rng, size
from tests.support.web.site import read_values, switch_page

TEXTS = texts()
#: Of fewer strings there may be none that the control would break on.
_ENOUGH = 400
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
DAY = date(2026, 11, 20)

_CONTACTS = (
    "upn,priority,contact_name,relation,phone,email,address,may_collect\n"
    f"{ANN},1,Sam Lee,foster carer,01632 960001,sam@example.org,1 Mill Lane,yes\n"
)
#: Every column of a file into which somebody types what they like.
COLUMNS = (
    ("school.csv", "name"),
    *(("roll.csv", name) for name in ("surname", "preferred_forename", "class", "address")),
    ("care_episodes.csv", "authority"),
    ("pep.csv", "quality"),
    *(("contacts.csv", name) for name in ("contact_name", "relation", "email", "address")),
)


def file_with(name: str, column: str, text: str) -> bytes:
    """The good file's first row with this text in one column, as a careful program writes it."""
    header, row = list(csv.reader(io.StringIO({**GOOD, "contacts.csv": _CONTACTS}[name])))[:2]
    row[header.index(column)] = text
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([header, row])
    return written.getvalue().encode()


def taken(name: str, column: str, text: str) -> dict[str, Any] | None:
    """The row that intake takes from such a file; None if it is refused."""
    read = read_file(export_of(name), file_with(name, column, text))
    judged = check_values(read)
    if read.problems or judged.faults.height:
        return None
    return dict(judged.rows.row(0, named=True))


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would take a cell for a formula; a number below zero is none."""
    if not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\0")):
        return False
    return not (cell[0] == "-" and cell[1:].replace(".", "", 1).isascii() and _is_number(cell[1:]))


def _is_number(text: str) -> bool:
    whole, _, rest = text.partition(".")
    return whole.isdigit() and (rest.isdigit() or "." not in text)


def allowed(name: str, column: str) -> list[str]:
    """The texts that the door lets through."""
    return [text for text in TEXTS if text and taken(name, column, text)]


# Through the door


@pytest.mark.slow
def test_each_is_refused_or_comes_back_as_it_was(tmp_path: Path, count: Count) -> None:
    """And changes nothing of the row it stands in; a reader that guesses changes many."""
    lost = []
    for name, column in COLUMNS:
        whole = taken(name, column, "")
        for text in TEXTS:
            found = taken(name, column, text)
            if found is None:
                continue
            if found[column] != (text or None) or (whole and _others(found, column, whole)):
                lost.append((name, column, text))
    control = sum(_guessed(text, tmp_path / "address.csv") != text for text in TEXTS)
    count("naughty_door", len(COLUMNS) * len(TEXTS), len(lost), control)
    assert lost == []
    assert control > 0 or len(TEXTS) < _ENOUGH
    assert len(allowed("roll.csv", "address")) > len(TEXTS) // 2


def _others(found: dict[str, Any], column: str, whole: dict[str, Any]) -> bool:
    return any(found[name] != value for name, value in whole.items() if name != column)


def _guessed(text: str, path: Path) -> object:
    path.write_bytes(file_with("roll.csv", "address", text))
    try:
        return duckdb.read_csv(str(path)).project("address").fetchall()[0][0]
    except (duckdb.Error, IndexError):
        return None


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
    kept = []
    for number, text in enumerate(TEXTS):
        action = {"kind": "called the carer", "date": str(DAY), "line": text}
        day = str(DAY - timedelta(days=number))
        score = {"date": day, "informant": "self", "total": "14"}
        problems = [
            *typed.check_action(action, DAY),
            *typed.check_fact(SDQ, values=score, where_written=text, latest=DAY),
        ]
        if problems:
            assert all(
                each.problem and each.fix and repr(text) not in each.fix for each in problems
            )
            continue
        kept.append(text)
        taken = {**action, "rules": "{}"}
        entry = Entry(generate_entry_id(), NOW, "test", "dsl", "action", child.pupil_id, "", taken)
        TypedEntries.open(home, keys).append(entry)
        TypedEntries.open(home, keys).append(
            replace(
                entry,
                entry_id=generate_entry_id(),
                kind="fact",
                file="sdq.csv",
                values=score,
                where_written=text,
            )
        )
    publish_entries(home, keys)
    return small, kept


def test_a_typed_line_comes_back_from_the_store(typed_home: tuple[SmallHome, list[str]]) -> None:
    """As it was typed; the sealed log has the source of each fact, in its order."""
    small, kept = typed_home
    home = Home.open(small.folder)
    keys = Keys.load(home, small.environ)
    path = versions.find_current_version(home.store)
    assert path is not None
    with build.open_version(path, keys.store) as opened:
        lines = opened.read("select line from raw_action")["line"].to_list()
    facts = [
        e.where_written for e in TypedEntries.open(home, keys).list_entries() if e.kind == "fact"
    ]
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
    content = build_draft(
        holdings.gather_parts(home, keys, child), handle="x", made_on=DAY, is_demo=True
    )
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    cells = [
        cell
        for name, text in files.items()
        if name.endswith(".csv")
        for row in csv.reader(io.StringIO(text, newline=""))
        for cell in row
    ]
    formulas = [cell for cell in cells if is_formula(cell)]
    bare = io.StringIO()
    csv.writer(bare).writerows([[text] for text in kept])
    control = sum(is_formula(row[0]) for row in csv.reader(io.StringIO(bare.getvalue())) if row)
    count("naughty_cells", len(cells), len(formulas), control)
    assert formulas == []
    assert control > 0 or len(TEXTS) < _ENOUGH
    assert {cell.removeprefix("'") for cell in cells} >= {text.removeprefix("'") for text in kept}
    parts = json.loads(files["everything.json"])["parts"]
    assert {row["line"] for row in parts["raw_action"]["rows"]} == set(kept)
    for name in ("everything.html", "for-the-child.html"):
        page = _Page(files[name])
        assert page.tags <= _OURS, name
    assert set(kept) <= set(_Page(files["everything.html"]).cells)


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
        self._is_cell = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert {name for name, _ in attrs} <= {"lang", "charset", "class"}
        self._is_cell = tag == "td"
        if self._is_cell:
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        self._is_cell = self._is_cell and tag != "td"

    def handle_data(self, data: str) -> None:
        if self._is_cell:
            self.cells[-1] += data


def test_a_workbook_takes_a_text_or_is_not_written() -> None:
    """A handle never begins so; were one to, there would be no workbook rather than a formula."""
    for text in (text for text in TEXTS if text and len(text) < 30 and text.isprintable()):
        if text.startswith(("=", "+", "-", "@")):
            with pytest.raises(ValueError, match="begins as a formula"):
                build_template([text])
            continue
        book = openpyxl.load_workbook(io.BytesIO(build_template([text])))
        cell = book["lists"].cell(1, 1)
        assert (cell.data_type, cell.value) == ("s", text)
        book.close()


# Loaded, shown and given out


@pytest.mark.slow
def test_a_name_goes_through_load_page_and_export(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: Count
) -> None:
    """As a school's name, formulas first: the store and the page have it, and no cell computes."""
    names = sorted(allowed("school.csv", "name"), key=lambda text: not is_formula(text))
    drawn = [*names[: size("naughty.loads") // 2], *names[-(size("naughty.loads") + 1) // 2 :]]
    broken, control = [], 0
    for number, name in enumerate(drawn):
        small = SmallHome(tmp_path / str(number))
        small.exports.parent.mkdir()
        files = {**GOOD, "school.csv": file_with("school.csv", "name", name).decode()}
        assert small.load(files).problems == ()
        monkeypatch.setenv("LAC_KEYS", small.environ["LAC_KEYS"])
        page = _page(small.folder, monkeypatch, "today")
        asked = ["sql", "select school_name from school_load", "--home", str(small.folder)]
        answered = CliRunner().invoke(app, asked)
        assert answered.exit_code == 0, answered.stderr
        (cell,) = list(csv.reader(io.StringIO(answered.stdout, newline="")))[1]
        is_right = (
            f"**{escape(name)}**" in page
            and cell.removeprefix("'") == name.removeprefix("'")
            and not is_formula(cell)
        )
        broken += [] if is_right else [name]
        control += is_formula(name)
    count("naughty_loaded", len(drawn), len(broken), control)
    assert broken == []
    assert control > 0 or len(TEXTS) < _ENOUGH


def _page(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> str:
    """What Streamlit is given for a page, in its own marks."""
    monkeypatch.setenv("LAC_KEYS", keys_at(folder)["LAC_KEYS"])
    monkeypatch.setenv("LAC_HOME", str(folder))
    monkeypatch.setenv("LAC_ROLE", "dsl")
    shown = AppTest.from_file(
        str(Path(dashboard.__file__).with_name("app.py")), default_timeout=30
    ).run()
    switch_page(shown, name).run()
    assert not shown.exception
    texts = read_values(shown, "title", "header", "subheader", "markdown", "caption")
    return "\n".join([*texts, *(button.label for button in shown.button)])


@pytest.mark.slow
def test_polluted_files_go_through_load_page_and_export(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: Count
) -> None:
    """Over a good load, each of another kind: rows, page and answers stay as they were.

    So they do where the same rows come in another form, which is taken.
    """
    drawn = [*_drawn(size("naughty.loads")), *_other_forms()]
    good = SmallHome(tmp_path / "good")
    good.exports.parent.mkdir()
    good.load()
    before = _seen(good, monkeypatch)
    broken = []
    for number, case in enumerate(drawn):
        shutil.copytree(tmp_path / "good", tmp_path / str(number))
        small = SmallHome(tmp_path / str(number))
        done = small.load(without(case.name), {case.name: case.content})
        is_right = not (done.problems and case.kind == "another form")
        if not is_right or _seen(small, monkeypatch) != before:
            broken.append((case.kind, case.name))
    control = sum(guessed_wrong(case, tmp_path) for case in drawn)
    count("hostile_loaded", len(drawn), len(broken), control)
    assert broken == []
    assert control > 0 or len(drawn) < 10


def _drawn(number: int) -> list[Case]:
    """So many cases, each of another kind; what a cut left out is the file's own by then."""
    kinds = {
        case.kind: case for case in cases(draw=rng("hostile.loaded")) if not case.may_lack_rows
    }
    return [case for case in kinds.values() if b"\\" not in case.content][:number]


def _other_forms() -> list[Case]:
    """The good rows with a byte-order mark, other line ends and every field in quotes."""
    text = GOOD["care_episodes.csv"]
    quoted = io.StringIO()
    csv.writer(quoted, quoting=csv.QUOTE_ALL).writerows(csv.reader(io.StringIO(text)))
    contents = (b"\xef\xbb\xbf" + text.encode(), text.replace("\n", "\r\n").encode(),
                quoted.getvalue().encode())  # fmt: skip
    return [Case("another form", "care_episodes.csv", content) for content in contents]


def _seen(small: SmallHome, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, ...]:
    """What a home holds, shows on a page and answers."""
    page = _page(small.folder, monkeypatch, "children")
    path = versions.find_current_version(Home.open(small.folder).store)
    assert path is not None
    rows = build.read_rows(path, Keys.load(Home.open(small.folder), small.environ).store)
    facts = {
        table: rows_of(frame.drop("source_id", "load_id", strict=False).rows())
        for table, frame in rows.items()
        if table not in ("raw_load", "raw_source")
    }
    asked = ["sql", "from cohort_member order by all", "--home", str(small.folder)]
    return facts, page, CliRunner().invoke(app, asked).stdout
