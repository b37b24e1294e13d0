"""`lac sql` and `lac notebook` as a person meets them: lists, who is let in, and a browser.

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

from queries import read
from tests.support.commands import lac
from tests.support.schools.homes import demo_home, keys_at
from tests.support.schools.real_home import LEAD, at_full_cost, phrase_of, real_home
from tests.support.web.browsers import chromium

_FOLDER = Path(__file__).parents[3] / "notebooks"
_QUESTIONS = {
    "around_a_move": "What happens to a child",
    "attendance_without_percentages": "Has the attendance of a small group changed",
    "does_it_help": "Did things go better",
    "duties_run_late": "Which dated duties run late",
    "money_and_help": "What was pupil premium plus planned for",
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
def started(home: Path, folder: Path, *arguments: str, typed: str = "") -> Iterator[str]:
    """`lac notebook` on a free port; Ctrl-C ends it, and it has nothing to complain of.

    typed: a passphrase, where one is asked for.
    """
    (folder / "typed.txt").write_text(f"{typed}\n", encoding="utf-8")
    arguments = (*arguments, "--passphrase-fd", "0") if typed else arguments
    with (
        socket.create_server(("127.0.0.1", 0)) as proxy,
        (folder / "errors.txt").open("w+", encoding="utf-8") as errors,
        (folder / "typed.txt").open(encoding="utf-8") as answers,
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
            stdin=answers,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as server:
            assert server.stdout
            try:
                ready = server.stdout.readline()
                assert re.match(r"Ready in [0-9.]+ s: http://127\.0\.0\.1:", ready), ready
                assert server.stdout.readline().endswith("Press Ctrl-C to stop.\n")
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
    assert first == f'There is no notebook "{name}". Choose from:'
    assert [line.split()[0] for line in others] == list(_QUESTIONS)


@pytest.mark.parametrize("name", ["sdq_change", "sdq-change", "new"])
def test_a_name_needs_a_home(name: str) -> None:
    """A hyphen does for an underscore; without a home nothing is opened."""
    result = lac("notebook", name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Give the school's folder." in result.stderr


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
    assert result.stderr == f"The role {role} cannot open this page. Ask the safeguarding lead.\n"
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
    """On the day asked for; each look is a line."""
    page.goto(shown)
    page.get_by_role("heading", name="Attendance without percentages", level=1).wait_for()
    assert page.title() == "Attendance without percentages"
    page.get_by_role("img", name=re.compile("^Line chart of")).wait_for()
    assert page.get_by_text("as at 23 October 2026").is_visible()
    # the command's line, and that of the page in the browser
    assert events(home)[-2:] == [
        ("open", "dsl", None, "notebook"),
        ("open", "dsl", None, "notebook: services"),
    ]
    # the menu is hidden, and what it would ask for is refused too
    for path in ("/api/export/html", "/api/files/list_files", "/api/ai/completion", "/terminal/ws"):
        origin = page.url.rstrip("/")
        answer = page.request.post(f"{origin}{path}", data="{}", headers={"Origin": origin})
        assert answer.status == 404
    assert asked == {"127.0.0.1"}


# One's own


@pytest.mark.parametrize(
    "name", ["", "new", "Mine", "../mine", "mine.py", "sdq_change", "a b", "m" * 41]
)
def test_ones_own_has_a_plain_name_that_nothing_else_has(home: Path, name: str) -> None:
    result = lac("notebook", "new", name, "--home", home)
    assert (result.exit_code, result.stdout) == (2, "")
    assert not (home / "notebooks").exists()


def test_ones_own_begins_with_a_cell_or_as_a_copy(home: Path, tmp_path: Path) -> None:
    """For its owner's eyes, in the school's folder; it is not written over."""
    school = demo_home(tmp_path / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAC_KEYS", keys_at(school)["LAC_KEYS"])
        assert lac("notebook", "new", "mine", "--home", school).exit_code == 0
        copied = lac("notebook", "new", "help2", "--like", "does-it-help", "--home", school)
        assert copied.exit_code == 0
        again = lac("notebook", "new", "mine", "--home", school)
        assert again.stderr == "There is already a notebook mine. Choose another name.\n"
        unlike = lac("notebook", "new", "other", "--like", "nothing", "--home", school)
        assert unlike.exit_code == 2
        lines = lac("notebook", "--home", school).stdout.splitlines()
        own = school / "notebooks"
    assert [line.split()[0] for line in lines] == [*_QUESTIONS, "help2", "mine"]
    assert (own / "help2.py").read_bytes() == (_FOLDER / "does_it_help.py").read_bytes()
    code = [line for line in (own / "mine.py").read_text("utf-8").splitlines() if line.strip()]
    assert len([line for line in code if line[0] == " "]) <= 20
    assert {path.stat().st_mode & 0o077 for path in (own, own / "mine.py")} == {0}
    (own / "mine.py").chmod(0o620)
    refused = lac("notebook", "mine", "--home", school)
    assert refused.stderr.startswith("Other users can change ")
    assert not (home / "notebooks").exists()


@pytest.mark.slow
def test_ones_own_of_a_real_school_is_changed_behind_the_guard(
    page: Page, asked: set[str | None], tmp_path: Path
) -> None:
    """Signed in once; an SQL cell answers, what is typed is kept, and no result is."""
    with at_full_cost():
        school = real_home(tmp_path / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAC_KEYS", keys_at(school)["LAC_KEYS"])
        assert lac("notebook", "new", "mine", "--home", school).exit_code == 0
        with started(school, tmp_path, "mine", typed=phrase_of(LEAD)) as link:
            with pytest.raises(HTTPError) as refused, urlopen(link.partition("/start/")[0]):
                pass
            assert refused.value.code == 403
            refused.value.close()
            page.goto(link)
            page.get_by_text("week_start").first.wait_for()
            page.locator("canvas.marks, svg.marks").first.wait_for()
            assert page.get_by_text(re.compile(r"copilot", re.IGNORECASE)).count() == 0
    own = school / "notebooks"
    assert sorted(path.name for path in own.iterdir()) == ["mine.py", "pyproject.toml"]
    assert "absent_sessions" in (own / "mine.py").read_text("utf-8")
    looks = [each for each in events(school) if each[0] in ("sign_in", "open")]
    assert [each[0] for each in looks[-3:]] == ["sign_in", "open", "open"]
    assert looks[-1] == ("open", "dsl", None, "notebook: services")
    assert asked == {"127.0.0.1"}


def test_a_file_to_send_is_made_after_its_line(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the current folder, for its owner's eyes."""
    monkeypatch.chdir(tmp_path)
    with monkeypatch.context() as patch:
        for name in ("HOME", "ROLE", "COOKIE", "AS_AT"):  # which the command sets
            patch.setenv(f"LAC_{name}", "")
            patch.delenv(f"LAC_{name}")
        result = lac("notebook", "money_and_help", "--home", home, "--export", "html")
    assert (result.exit_code, result.stderr) == (0, "")
    made = tmp_path / "money_and_help.html"
    assert result.stdout.startswith("money_and_help.html: it has code names, no names.")
    assert made.stat().st_mode & 0o077 == 0
    assert "Do not pass them on outside." in made.read_text("utf-8")
    assert events(home)[-2:] == [
        ("open", "dsl", None, "notebook: export as html"),
        ("open", "dsl", None, "notebook: services"),
    ]


# lac sql


def test_a_question_may_begin_with_a_comment_or_stand_in_a_file(home: Path, tmp_path: Path) -> None:
    text = "-- how many are there?\nselect count(*) as children from cohort_member"
    file = tmp_path / "question.sql"
    file.write_text(text, encoding="utf-8")
    said = lac("sql", text, "--home", home)
    assert (said.exit_code, said.stdout) == (0, "children\n22\n")
    assert lac("sql", "-f", file, "--home", home).stdout == said.stdout
    assert lac("sql", "--file", "-", "--home", home, answer=text).stdout == said.stdout


@pytest.mark.parametrize(
    "given", [(), ("select 1", "--list"), ("select 1", "-f", "x"), ("--jsn", "a")]
)
def test_one_question_is_asked_in_one_way(home: Path, given: tuple[str, ...]) -> None:
    result = lac("sql", *given, "--home", home)
    assert (result.exit_code, result.stdout) == (2, "")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("insert into cohort_member values (1)", "This is not one select. Ask one question at a"),
        ("select 1; select 2", "This is not one select. Ask one question at a time."),
        ("", "This is not one select. Ask one question at a time."),
        ("selec 1", 'This is not a select: syntax error at or near "selec"'),
        (
            "select no_such from cohort_member",
            'The query failed: Binder Error: Referenced column "',
        ),
        (
            "select 'x'::integer as a from cohort_member",
            "The query failed: Conversion Error: Could",
        ),
    ],
)
def test_a_faulty_query_is_told(home: Path, query: str, said: str) -> None:
    """What DuckDB says of the asker's own words stays; what it says of its insides does not."""
    result = lac("sql", query, "--home", home)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(said)
    assert "serialized" not in result.stderr


def test_the_list_has_each_mart_with_two_sentences(home: Path) -> None:
    lines = lac("sql", "--list", "--home", home).stdout.splitlines()
    names = [line for line in lines if not line.startswith(" ")]
    assert sorted(names) == sorted(view.name for view in read.list_marts())
    place = lines.index("pupil_pep")
    assert " ".join(line.strip() for line in lines[place + 1 : place + 3]) == (
        "Each PEP (personal education plan) meeting of a child, held or booked. "
        "A meeting is on time if it met every deadline that applied."
    )


@pytest.mark.parametrize("value", ["[1, 2]", "{'a': 1}", "cohort_member", "'x'::blob"])
def test_what_csv_has_no_place_for_is_told(home: Path, value: str) -> None:
    result = lac("sql", f"select {value} as odd from cohort_member limit 1", "--home", home)
    assert (result.exit_code, result.stdout) == (2, "")
    assert 'The column "odd" contains lists, structs or bytes' in result.stderr
