"""One browser tab on a home, run whole by AppTest, and the homes that tests of pages share."""

import re
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any, Protocol

import pytest
from markupsafe import Markup
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Element
from streamlit.util import calc_hash

import dashboard
from dashboard.questions.catalogue import QUESTIONS
from dashboard.text import words
from dashboard.ui import lists
from safeguards.access import access, roles
from tests.support.schools.homes import demo_home, keys_at
from tests.support.web.lists import ShownList, ShownRow, read_lists

_APP = str(Path(dashboard.__file__).with_name("app.py"))


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with three years of 24 children, which nobody writes to but the access log."""
    return demo_home(tmp_path_factory.mktemp("homes") / "full", years=3)


#: How the heading of each page reads: most are its answer with its figures.
HEADINGS = {
    "today": r"needs? attention,",
    "schools": r"behind with the register$",
    "children": r"with something overdue$",
    "child": r"^No child is open$",
    "attendance": r"sessions? missed this year",
    "wellbeing": r"have a carer's score$",
    "learning": r"assessed twice or more$",
    "safeguarding": r"on a child protection plan,",
    "plans": r"^(?:No|[\d,]+) dates? (?:is|are) overdue",
    "reports": r"^Reports$",
    "rights": r"open request|^No request is open$",
    "bring_in": r"^Bring in files$",
    "data_check": r"to fix",
    "group": r"looked after$",
    "opened": r"^Identities opened$",
    "help": r"^Help$",
}


def is_heading(text: str, page: str) -> bool:
    """Return whether this is the heading of that page: its answer, or its name."""
    assert page in HEADINGS, f"{page} has no heading: add it to HEADINGS in {__file__}"
    return text == words.PAGES[page] or re.search(HEADINGS[page], text) is not None


def read_values(app: AppTest, *kinds: str) -> list[Any]:
    """What stands in a page's elements of these kinds, kind by kind."""
    values = []
    for kind in kinds:
        for element in app.get(kind):
            assert isinstance(element, Element)
            values.append(element.value)
    return values


def switch_page(app: AppTest, page: str) -> AppTest:
    """Go to a page by its address, as a link does; the next run shows it."""
    title = words.PAGES.get(page) or QUESTIONS[page].title
    is_first = any(
        (each.get("page_name"), each.get("url_pathname")) == (title, "")
        for each in app._registered_pages.values()
    )
    app._page_hash = calc_hash("" if is_first else page)
    return app


class OpenSite(Protocol):
    """Opens a tab in a role, on a day."""

    def __call__(self, role: str = "dsl", as_at: str | None = None) -> "Site": ...


def read_tables(app: AppTest) -> list[dict[str, list[str]]]:
    """The plain tables of a page, as a reader has them: the cells of each column by its head."""
    found = []
    for table in re.findall(r"<table class=.listing.*?</table>", "".join(read_values(app, "html"))):
        heads = re.findall(r'<th scope="col">(.*?)</th>', table)
        cells = re.findall(r"<td[^>]*>(.*?)</td>", re.sub(r"</?del>", "", table))
        found.append(
            {
                unescape(head): [*map(unescape, cells[n :: len(heads)])]
                for n, head in enumerate(heads)
            }
        )
    return found


class Site:
    """One browser tab on one home."""

    def __init__(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, role: str, as_at: str | None = None
    ) -> None:
        self.folder, self._role, self._as_at = folder, role, as_at
        self._tab, self._is_open = AppTest.from_file(_APP, default_timeout=30), False
        self._session: access.Session | None = None
        self._monkeypatch = monkeypatch
        self._set_environ()

    def _set_environ(self) -> None:
        settings = {**keys_at(self.folder), "LAC_HOME": str(self.folder), "LAC_ROLE": self._role}
        for name in ("LAC_KEYS", "LAC_HOME", "LAC_ROLE"):
            self._monkeypatch.setenv(name, settings[name])
        if self._as_at:
            self._monkeypatch.setenv("LAC_AS_AT", self._as_at)
        else:
            self._monkeypatch.delenv("LAC_AS_AT", raising=False)

    @property
    def app(self) -> AppTest:
        """The tab, on its first page until another is visited."""
        return self._tab if self._is_open else self._run()

    def visit(self, page: str) -> "Site":
        own = (each for each in words.PAGES if roles.is_allowed(self._role, each))
        if self._is_open or page != next(own, None):
            switch_page(self._tab, page)
        self._run()
        return self

    def _run(self) -> AppTest:
        if not self._is_open:
            self._is_open = True
            self._set_environ()  # another tab may have come between
        return self._tab.run()

    def open_child(self, handle: str) -> "Site":
        """The child's page, as the link of a row opens it."""
        session = self.session()
        members = session.read("select pupil_id, handle from cohort_member")
        pupil_id = members.filter(handle=handle)["pupil_id"].item()
        self._tab.query_params[lists.ADDRESS] = session.get_address(pupil_id)
        self.visit("child")
        assert self.title == words.capitalise(handle)
        return self

    def press(self, label: str) -> None:
        """The last button that begins so: a dialog stands after its page."""
        [each for each in self.app.button if each.label.startswith(label)][-1].click().run()

    def choose(self, name: str, value: Any) -> None:
        """One or some of a group of choices, by its key or what stands above it."""
        groups = self.app.button_group
        next(each for each in groups if name in (each.key, each.label)).set_value(value).run()

    def write(self, label: str, text: str) -> None:
        """A text into the field under these words."""
        next(each for each in self.app.text_input if each.label == label).input(text).run()

    def fill_in(self, texts: dict[str, str]) -> None:
        """The fields of a form, which sends them with its button Save."""
        for label, text in texts.items():
            next(each for each in self.app.text_input if each.label == label).input(text)
        self.press("Save")

    def find_table(self, column: str) -> dict[str, list[str]]:
        """The first plain table with a column: its cells by head."""
        return next(each for each in read_tables(self.app) if column in each)

    def list_cells(self, column: str) -> list[str]:
        """What the page's plain tables have in a column."""
        return re.findall(f'data-label="{column}">([^<]*)<', "".join(read_values(self.app, "html")))

    def list_buttons(self) -> list[str]:
        return [each.label for each in self.app.button]

    @property
    def title(self) -> str:
        return str(self.app.title[0].value)

    @property
    def headers(self) -> list[str]:
        """Headings below the title, those of lists too."""
        own = [str(each.value) for each in self.app.header]
        return [*own, *(each.title for each in self.lists if each.title)]

    @property
    def lists(self) -> list[ShownList]:
        return read_lists(self.app)

    def list_rows(self, key: str) -> list[ShownRow]:
        """The rows of a list of the page, under whatever headings; none if it is not there."""
        return [row for each in self.lists if each.key == key for row in each.rows]

    @property
    def links(self) -> list[str]:
        """What the links to children say, in order."""
        return [row.child or "" for each in self.lists for row in each.rows if row.is_link]

    @property
    def text(self) -> str:
        """Everything that a reader can read, in order."""
        app = self.app
        assert not app.exception, [error.value for error in app.exception]
        assert words.UNFORESEEN not in [each.value for each in app.title], "see the log"
        parts = read_values(app, "title", "header", "subheader", "markdown", "caption")
        parts += [f"{metric.label}: {metric.value}" for metric in app.metric]
        parts += self.list_buttons()
        for each in self.lists:
            parts += [each.title, each.note, *([each.button] if each.rows else [])]
            for row in each.rows:
                cells = [f"{head}: {text}" for head, text in row.cells.items()]
                parts += [row.child or "", *cells, *row.under]
        parts += [
            Markup(html).striptags() for html in read_values(app, "html") if "<style" not in html
        ]
        return "\n".join(parts)

    @property
    def messages(self) -> str:
        """What stands in boxes of their own."""
        kinds = (self.app.success, self.app.warning, self.app.error)
        return "\n".join(str(each.value) for kind in kinds for each in kind)

    @property
    def charts(self) -> list[str]:
        return [chart.proto.spec for chart in self.app.get("vega_lite_chart")]

    def session(self) -> access.Session:
        """A session of the test's own, to ask the marts as they are now."""
        if self._session is None or not self._session.is_current:
            as_at = date.fromisoformat(self._as_at) if self._as_at else None
            self._session = access.open(
                self.folder, actor="test", role=self._role, purpose="test", as_at=as_at
            )
        return self._session


@pytest.fixture
def open_site(full: Path, monkeypatch: pytest.MonkeyPatch) -> OpenSite:
    """Opens a tab on the home that is only read."""
    return lambda role="dsl", as_at=None: Site(full, monkeypatch, role, as_at)


@pytest.fixture
def own_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OpenSite:
    """Opens a tab on a home of the test's own."""
    folder = demo_home(tmp_path / "home", years=3)
    return lambda role="dsl", as_at=None: Site(folder, monkeypatch, role, as_at)
