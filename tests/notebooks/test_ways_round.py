"""Ways round the guard, from within a notebook's cell in a school's real home, as the lead.

Each is refused, or sees no more than the role.  What no program can refuse to its owner's own
Python is said in SECURITY.md, and is not here.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from notebooks import analysis
from notebooks.export import load_app
from safeguards.access import admission
from safeguards.home.home import Home
from tests.support import texts
from tests.support.schools.homes import demo_home, keys_at
from tests.support.schools.real_home import LEAD, PEOPLE, phrase_of, real_home

#: Put to `lac.sql`, most of them also to an SQL cell.
_QUESTIONS = [question for part in texts.list_ways_round() for question in part]

#: Python that asks for more than the session has; each raises.
_PYTHON = (
    'lac.mart("raw_sdq")',
    "lac.mart('duty\"; from raw_sdq --')",
    'analysis.open_home(home, role="teacher")',
    'analysis.open_home(home, role="none")',
    'analysis.open_home(home, purpose="report")',
    'analysis.open_home(home, purpose="dashboard")',
    "analysis.open_home(other)",
    "in_a_thread(lambda: lac.sql('from raw_sdq'))",
    "in_another_process()",
    "with_a_forged_name()",
    "without_a_sign_in()",
    "lac.cursor()",
    "lac.rules('../store/store-1')",
)


_NOTEBOOK = """
import marimo

app = marimo.App()


@app.cell
def _():
    asked = []
    return (asked,)


@app.cell
def _(asked):
    import marimo as mo

    from notebooks.analysis import open_home

    lac = open_home()
    frame = lac.sql("select 1 as one")  # which DuckDB might take for a table
    answered = []
    for each in asked:
        for ask in (lac.sql, lambda query: mo.sql(query, engine=lac)):
            try:
                ask(each)
            except Exception:
                continue
            answered.append(each)
    return answered, frame
"""


def _refused(run: Any) -> bool:
    try:
        run()
    except Exception:  # noqa: BLE001 - of whatever kind: nothing was answered
        return True
    return False


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = real_home(tmp_path_factory.mktemp("ways") / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAC_KEYS", keys_at(folder)["LAC_KEYS"])
        patch.setenv("LAC_HOME", str(folder))
        patch.setenv("LAC_SIGNED_IN", "")
        for name in ("LAC_ROLE", "LAC_AS_AT"):
            patch.delenv(name, raising=False)
        found = admission.sign_in_with_passphrase(Home.open(folder), LEAD, phrase_of(LEAD))
        admission.remember(found)
        yield folder
        vars(admission)["_remembered"].clear()


@pytest.fixture(scope="module")
def lac(home: Path) -> analysis.Lac:
    return analysis.open_home(home)


def test_there_are_forty_and_more() -> None:
    assert len(_QUESTIONS) + len(_PYTHON) >= 40


def test_a_question_that_goes_round_is_refused(home: Path, tmp_path: Path) -> None:
    """By `lac.sql`, and as an SQL cell puts it; a plain one is answered both ways."""
    path = tmp_path / "ways.py"
    path.write_text(_NOTEBOOK, encoding="utf-8")
    key_file = next(Path(os.environ["LAC_KEYS"]).rglob("*.json"))
    asked = [each.format(home=home, key_file=key_file) for each in _QUESTIONS]
    _, found = load_app(path).run(defs={"asked": [*asked, "select 1 as one"]})
    assert found["answered"] == ["select 1 as one"] * 2
    assert not list(home.glob("taken*"))


@pytest.mark.parametrize("code", _PYTHON)
def test_python_that_goes_round_is_refused(
    lac: analysis.Lac, home: Path, tmp_path: Path, code: str
) -> None:
    """With what a cell has at hand."""
    other = demo_home(tmp_path / "other")  # its keys are elsewhere

    def ask_nobody(_: str) -> str:
        raise EOFError  # where a passphrase would be typed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("getpass.getpass", ask_nobody)
        names = {"lac": lac, "analysis": analysis, "home": home, "other": other, **_TRICKS}
        assert _refused(lambda: eval(code, names))


def _in_a_thread(ask: Any) -> Any:
    import threading  # noqa: PLC0415 - as a cell would

    found: list[Any] = []

    def run() -> None:
        try:
            found.append(ask())
        except Exception as error:  # noqa: BLE001 - whatever it is goes back to who asked
            found.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if isinstance(found[0], Exception):
        raise found[0]
    return found[0]


def _in_another_process() -> Any:
    """One that nobody signed in to, though it has all of the environment."""
    import subprocess  # noqa: PLC0415 - as a cell would
    import sys  # noqa: PLC0415 - as a cell would

    code = "from notebooks.analysis import open_home; open_home().mart('duty')"
    run = [sys.executable, "-c", code]
    return subprocess.run(run, stdin=subprocess.DEVNULL, capture_output=True, check=True)


def _with_a_forged_name() -> Any:
    """A sign-in that somebody writes into the environment, without the secret of this process."""
    told = os.environ["LAC_SIGNED_IN"].replace(LEAD, PEOPLE["teacher"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(admission, "_remembered", {})
        patch.setenv("LAC_SIGNED_IN", told)
        return analysis.open_home()


def _without_a_sign_in() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(admission, "_remembered", {})
        patch.setenv("LAC_SIGNED_IN", "")
        return analysis.open_home()


_TRICKS = {
    "in_a_thread": _in_a_thread,
    "in_another_process": _in_another_process,
    "with_a_forged_name": _with_a_forged_name,
    "without_a_sign_in": _without_a_sign_in,
}


def test_a_process_that_this_one_starts_for_notebooks_knows_who_it_is(home: Path) -> None:
    """The editor's, under a secret that Python hands to it alone: the control of a forged one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(admission, "_remembered", {})
        found = admission.find_remembered(Home.open(home))
        assert found is not None
        assert (found.name, found.role, found.key) == (LEAD, "dsl", None)
        late = found.at + admission.SIGN_IN_TTL
        assert admission.find_remembered(Home.open(home), lambda: late) is None
        assert datetime.now(UTC) >= found.at
        assert analysis.open_home().role == "dsl"


def test_no_answer_has_a_name(lac: analysis.Lac) -> None:
    """Whatever mart is asked: identities are sealed, and no key here opens them."""
    exported = {"surname", "forename", "date_of_birth", "address", "upn", "postcode"}
    for row in lac.marts().to_dicts():
        assert not exported & set(row["columns"]), row["name"]
