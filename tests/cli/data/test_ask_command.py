"""`lac notebook` as a person meets it: the list, who is let in, and the real thing in a browser.

Whatever calls out of the process ends in a proxy of our own, where nobody may knock.
"""

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page

from dashboard.charts import catalogue as charts
from dashboard.text import words
from queries import read
from safeguards.access import access
from tests.support.commands import lac
from tests.support.schools.homes import demo_home, keys_at
from tests.support.web.browsers import chromium

_FOLDER = Path(__file__).parents[3] / "notebooks"
_QUESTIONS = {
    "attendance_without_percentages": "Has the attendance of a small group changed",
    "does_it_help": "Did a child miss less school",
    "sdq_change": "Have scores come down",
}
_DAY = date(2026, 10, 23)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_home(tmp_path_factory.mktemp("notebook") / "home")


@pytest.fixture(autouse=True)
def keys(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAC_KEYS", keys_at(home)["LAC_KEYS"])


@contextmanager
def started(home: Path, folder: Path, *arguments: str) -> Iterator[str]:
    """`lac notebook` on a free port; Ctrl-C ends it, and it has nothing to complain of."""
    with (
        socket.create_server(("127.0.0.1", 0)) as proxy,
        (folder / "errors.txt").open("w+", encoding="utf-8") as errors,
    ):
        away = f"http://127.0.0.1:{proxy.getsockname()[1]}"
        command = [sys.executable, "-m", "cli.main", "notebook", *arguments]
        with subprocess.Popen(
            [*command, "--home", str(home), "--port", "0", "--no-browser"],
            env={
                **keys_at(home),
                **{f"{scheme}_proxy": away for scheme in ("http", "https", "all")},
                **{f"XDG_{kind}_HOME": str(folder / kind) for kind in ("CONFIG", "STATE")},
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as server:
            assert server.stdout
            try:
                ready = server.stdout.readline()
                assert re.match(r"Ready in [0-9.]+ s: http://127\.0\.0\.1:", ready), ready
                assert server.stdout.readline().endswith("Stop with Ctrl-C.\n")
                yield ready.split()[-1]
            finally:
                server.send_signal(signal.SIGINT)
                code = server.wait(timeout=60)
        errors.seek(0)
        assert (code, errors.read()) == (0, "")
        proxy.setblocking(False)
        with pytest.raises(BlockingIOError):  # nobody waits there
            proxy.accept()


@pytest.fixture(scope="module")
def shown(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a notebook is shown as on a day."""
    name, day = "attendance-without-percentages", _DAY.isoformat()
    with started(home, tmp_path_factory.mktemp("shown"), name, "--as-at", day) as link:
        yield link


@pytest.fixture
def asked() -> set[str | None]:
    """The hosts that a page asked for anything."""
    return set()


@pytest.fixture
def page(asked: set[str | None]) -> Iterator[Page]:
    with chromium() as browser:
        tab = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-GB")
        tab.set_default_timeout(60_000)  # for a busy machine; nobody waits so long
        tab.on("request", lambda sent: asked.add(urlsplit(sent.url).hostname))
        tab.on("websocket", lambda opened: asked.add(urlsplit(opened.url).hostname))
        yield tab


def events(home: Path) -> list[tuple[str, str, str | None, str]]:
    lines = (home / "log" / "access.jsonl").read_text(encoding="utf-8").splitlines()
    return [
        (line["event"], line["role"], line["page"], line["purpose"])
        for line in map(json.loads, lines)
    ]


# Which notebook, and for whom


def test_without_a_name_the_notebooks_are_listed() -> None:
    """Each with its question, so that one need not open it to know."""
    result = lac("notebook")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = dict(line.split(maxsplit=1) for line in result.stdout.splitlines())
    assert lines.keys() == _QUESTIONS.keys()
    for name, question in _QUESTIONS.items():
        assert lines[name].startswith(question)
        assert lines[name].endswith("?")


@pytest.mark.parametrize("name", ["sdq", "../tests/conftest", "sdq_change.py", "SDQ_change", ""])
def test_an_unknown_name_is_exit_code_2_and_gets_the_list(home: Path, name: str) -> None:
    """No path is a name, nor half a name."""
    result = lac("notebook", name, "--home", home)
    assert (result.exit_code, result.stdout) == (2, "")
    first, *others = result.stderr.splitlines()
    assert first == f'There is no notebook "{name}". There are:'
    assert [line.split()[0] for line in others] == list(_QUESTIONS)


@pytest.mark.parametrize("name", ["sdq_change", "sdq-change"])
def test_a_name_needs_a_home(name: str) -> None:
    """A hyphen does for an underscore; without a home nothing is opened."""
    result = lac("notebook", name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Say which home to read." in result.stderr


def test_a_home_without_data_or_keys_is_told(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line each, and exit code 2."""
    results = [lac("notebook", "sdq_change", "--home", tmp_path / "absent")]
    monkeypatch.setenv("LAC_KEYS", str(tmp_path / "keys"))
    results.append(lac("notebook", "sdq_change", "--home", home))
    for result, word in zip(results, ("Check the path after --home", "Set LAC_KEYS"), strict=True):
        assert (result.exit_code, result.stdout) == (2, "")
        assert len(result.stderr.splitlines()) == 1
        assert word in result.stderr


@pytest.mark.parametrize("role", ["pastoral", "teacher", "head", "manager", "none", "king"])
def test_a_role_that_may_not_ask_by_sql_is_refused(home: Path, role: str) -> None:
    """A notebook reads by SQL, so it is for those who may; the refusal is logged."""
    result = lac("notebook", "sdq_change", "--home", home, "--role", role)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"The role {role} has no access to this page. Ask the DSL.\n"
    assert events(home)[-1] == ("deny", role, "sql", "notebook")


# As a process


@pytest.mark.slow
def test_without_the_link_the_page_is_not_there(shown: str) -> None:
    """Another person of this computer reaches the port, and no more; the next is the control."""
    with pytest.raises(HTTPError) as refused, urlopen(shown.partition("/start/")[0]):
        pass
    assert refused.value.code == 403
    refused.value.close()


@pytest.mark.slow
def test_the_app_shows_its_figures_and_asks_nobody_else(
    shown: str, page: Page, asked: set[str], home: Path
) -> None:
    """On the day asked for, wide and narrow, with nothing to download; each look is logged."""
    page.goto(shown)
    page.get_by_role("heading", name="Attendance without percentages", level=1).wait_for()
    assert page.title() == "Attendance without percentages"
    chart = page.locator("[role=graphics-document][aria-label^='Line chart of']")
    chart.wait_for()
    assert page.get_by_text("Shown as at 23 October 2026.").is_visible()
    # the command's two lines and those of the page in the browser
    look = [("open", "dsl", None, "notebook"), ("sql", "dsl", "sql", "notebook")]
    assert events(home)[-4:] == [*look, *look]
    marts = access.open(home, actor="test", role="dsl", purpose="test", as_at=_DAY)
    weeks = read.fetch_cohort_weeks(marts, read.fetch_academic_year(marts), "looked after")
    figure = charts.draw_week_lines(weeks)
    assert figure
    assert page.get_by_role("heading", name=figure.title).is_visible()
    sums = weeks.select("absent_sessions", "possible_sessions").sum()
    missed = words.format_part(*sums.row(0))
    assert page.get_by_role("heading", name=f"Children looked after missed {missed}").is_visible()
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        box = chart.bounding_box()
        assert box
        assert box["width"] > 250
        assert box["height"] > 150
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not page.locator("[data-testid=notebook-actions-dropdown]").is_visible()
    assert page.locator("summary").count() == 0  # a chart's menu
    assert asked == {"127.0.0.1"}


@pytest.mark.slow
def test_the_editor_opens_by_its_link_and_keeps_nothing(
    page: Page, asked: set[str], home: Path, tmp_path: Path
) -> None:
    """Whoever reaches it runs code; no assistant is there, and no file of answers."""
    with started(home, tmp_path, "sdq-change", "--edit") as link:
        address, _, token = link.partition("?access_token=")
        assert len(token) > 20
        page.goto(address)
        assert urlsplit(page.url).path == "/auth/login"
        page.goto(link)
        assert token not in page.url
        page.get_by_role("heading", name="Scores by carers").wait_for()
        assert page.get_by_text("from pupil_sdq as scores").first.is_visible()
        assert page.get_by_text(re.compile(r"\bAI\b|assistant|copilot", re.IGNORECASE)).count() == 0
        # where it would put what the cells showed
        assert not (_FOLDER / "__marimo__").exists()
    assert asked == {"127.0.0.1"}
