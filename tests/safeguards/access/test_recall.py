"""What files say is asked again as soon as one of them has changed, in whatever way."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from safeguards.access import recall
from safeguards.errors import HomeError, KeysError
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from tests.support.schools.homes import keys_at
from tests.support.schools.real_home import real_home


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    folder = real_home(tmp_path / "home")
    monkeypatch.setenv("LAC_KEYS", keys_at(folder)["LAC_KEYS"])
    return recall.open_home(folder)


@pytest.fixture
def ask(home: Home) -> Callable[[], int]:
    """How often the question has been asked in earnest, this time included."""
    asked: list[None] = []

    def count() -> int:
        asked.append(None)
        return len(asked)

    return lambda: recall.ask_once(home, "question", count)


def test_nothing_changed_is_nothing_asked(ask: Callable[[], int], home: Home) -> None:
    """But each question is one of its own, and so is each home."""
    assert [ask(), ask(), ask()] == [1, 1, 1]
    assert recall.ask_once(home, "another", lambda: "own") == "own"
    assert recall.open_home(home.folder) is home


@pytest.mark.parametrize(
    "name", ["roles.csv", "settings.toml", "CURRENT", "heads.json", "key_ring.json"]
)
@pytest.mark.parametrize("change", ["written", "replaced", "touched back", "gone"])
def test_each_file_is_looked_at(ask: Callable[[], int], home: Home, name: str, change: str) -> None:
    """Also where it has the same size and, put back by hand, the same time."""
    keys = Keys.load(home).folder
    places = (home.folder / name, home.store / name, keys / name)
    path = next(each for each in places if each.exists())
    assert ask() == 1
    before, content = path.stat(), path.read_bytes()
    if change == "written":
        path.write_bytes(content + b"\n")
    elif change == "replaced":
        shutil.copy2(path, path.with_suffix(".new"))
        path.with_suffix(".new").replace(path)
    elif change == "touched back":
        path.write_bytes(content[::-1])
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    else:
        path.unlink()
    assert [ask(), ask()] == [2, 2]


def test_other_rights_are_a_change(ask: Callable[[], int], home: Home) -> None:
    """As when somebody lets others reach the keys, or moves them away."""
    folder = Keys.load(home).folder
    assert ask() == 1
    folder.chmod(0o755)
    assert ask() == 2
    folder.rename(folder.with_name("elsewhere"))
    assert ask() == 3


def test_an_error_is_asked_again(home: Home) -> None:
    answers = iter(["not yet", "now"])

    def fail() -> str:
        answer = next(answers)
        if answer == "not yet":
            raise KeysError(answer)
        return answer

    with pytest.raises(KeysError):
        recall.ask_once(home, "a question", fail)
    assert recall.ask_once(home, "a question", fail) == "now"


def test_a_home_that_is_another_or_none_any_more_is_not_taken_for_it(home: Home) -> None:
    description = home.folder / "home.toml"
    description.write_text(description.read_text().replace("real", "demo"), encoding="utf-8")
    assert recall.open_home(home.folder).is_demo
    shutil.rmtree(home.folder)
    with pytest.raises(HomeError):
        recall.open_home(home.folder)
