"""One browser tab on a home, run whole by AppTest, and the homes that tests of pages share."""

import random
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Element
from streamlit.util import calc_hash

import dashboard
from dashboard.text import words
from dashboard.ui import lists
from safeguards.access import access
from safeguards.home.home import create_demo
from safeguards.keys.keys import Keys
from tests.support.schools.homes import demo_home, keys_at
from tests.support.web.lists import ShownList, ShownRow, read_lists

_APP = str(Path(dashboard.__file__).with_name("app.py"))


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Homes by what is in them; made once, only read."""
    root = tmp_path_factory.mktemp("homes")
    made = {
        "full": demo_home(root / "full", years=3),
        "one": demo_home(root / "one", children=1),
        "early": demo_home(root / "early", until=date(2026, 9, 18)),
    }
    home = create_demo(root / "unloaded", random.Random(1))
    Keys.create(home, keys_at(home.folder))
    return {**made, "unloaded": home.folder}


#: How the heading of each page reads: most are its answer with its figures.
HEADINGS = {
    "today": r"needs? a look,",
    "children": r"with something overdue$",
    "child": r"^No child is open$",
    "attendance": r"sessions? missed this year",
    "wellbeing": r"have a carer's score$",
    "learning": r"assessed twice or more$",
    "safeguarding": r"on a protection plan,",
    "plans": r"^(?:No|[\d,]+) dates? (?:is|are) overdue",
    "reports": r"^Reports$",
    "rights": r"open request|^No request is open$",
    "bring_in": r"^Bring in files$",
    "data_check": r"to fix",
    "opened": r"^Identities opened$",
    "help": r"^Help$",
}


def is_heading(text: str, page: str) -> bool:
    """Whether this is the heading of that page: its answer, or its name where there is none."""
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
    is_first = any(
        (each.get("page_name"), each.get("url_pathname")) == (words.PAGES[page], "")
        for each in app._registered_pages.values()
    )
    app._page_hash = calc_hash("" if is_first else page)
    return app


class Site:
    """One browser tab on one home."""

    def __init__(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, role: str, as_at: str | None
    ) -> None:
        monkeypatch.setenv("LAC_KEYS", keys_at(folder)["LAC_KEYS"])
        monkeypatch.setenv("LAC_HOME", str(folder))
        monkeypatch.setenv("LAC_ROLE", role)
        if as_at:
            monkeypatch.setenv("LAC_AS_AT", as_at)
        else:
            monkeypatch.delenv("LAC_AS_AT", raising=False)
        self.folder, self._role, self._as_at = folder, role, as_at
        self.app = AppTest.from_file(_APP, default_timeout=30)
        self.app.run()

    def visit(self, page: str) -> "Site":
        switch_page(self.app, page).run()
        return self

    def open_child(self, handle: str) -> "Site":
        """The child's page, as the link of a row opens it."""
        session = self.session()
        members = session.read("select pupil_id, handle from cohort_member")
        pupil_id = members.filter(handle=handle)["pupil_id"].item()
        self.app.query_params[lists.ADDRESS] = session.get_address(pupil_id)
        self.visit("child")
        assert self.app.title[0].value == words.capitalise(handle)
        return self

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
    def rows(self) -> list[tuple[str, list[str]]]:
        """The rows of lists: what the child is called, and the text of each cell."""
        return [(row.child or "", row.texts) for each in self.lists for row in each.rows]

    @property
    def text(self) -> str:
        """Everything that a reader can read, in order."""
        app = self.app
        assert not app.exception, [error.value for error in app.exception]
        parts = read_values(app, "title", "header", "subheader", "markdown", "caption")
        parts += [f"{metric.label}: {metric.value}" for metric in app.metric]
        parts += [str(table.value.to_csv()) for table in app.table]
        parts += [button.label for button in app.button]
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
    def charts(self) -> list[str]:
        return [chart.proto.spec for chart in self.app.get("vega_lite_chart")]

    def session(self) -> access.Session:
        """A session of the test's own, to ask the marts."""
        as_at = date.fromisoformat(self._as_at) if self._as_at else None
        return access.open(self.folder, actor="test", role=self._role, purpose="test", as_at=as_at)


@pytest.fixture
def open_site(folders: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    def start(home: str = "full", role: str = "dsl", as_at: str | None = None) -> Site:
        return Site(folders[home], monkeypatch, role, as_at)

    return start
