"""A folder of a scheduled export: what is half written is waited for."""

import time
from pathlib import Path

import pytest

from intake.inbox import NOT_TAKEN, WATCH_S, find_unfinished
from tests.support.commands import lac
from tests.support.schools.good_exports import GOOD, write
from tests.support.schools.homes import keys_at


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LAC_KEYS", keys_at(tmp_path / "home")["LAC_KEYS"])
    monkeypatch.setattr(time, "sleep", lambda _: None)
    made = tmp_path / "inbox"
    made.mkdir()
    return write(GOOD, made)


def test_a_file_that_grows_comes_or_goes_is_unfinished(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_on(_: float) -> None:
        with (folder / "roll.csv").open("a", encoding="utf-8") as file:
            file.write("A")
        (folder / "new.csv").touch()
        (folder / "sdq.csv").unlink()

    assert find_unfinished(folder) == []
    monkeypatch.setattr(time, "sleep", write_on)
    assert find_unfinished(folder) == ["new.csv", "roll.csv", "sdq.csv"]


@pytest.mark.slow
def test_a_timer_loads_what_is_new_and_keeps_what_is_faulty(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    assert "now show 3 children" in lac("load", "--inbox", folder, "--home", home).stdout
    again = lac("load", "--inbox", folder, "--home", home)
    assert (again.exit_code, again.stdout) == (0, "These files have already been loaded.\n")
    (folder / "sdq.csv").write_text("upn,date\n", encoding="utf-8")
    faulty = lac("load", "--inbox", folder, "--home", home)
    assert faulty.exit_code == 1
    assert (folder / "sdq.csv").exists()
    monkeypatch.setattr(
        time, "sleep", lambda _: (folder / "roll.csv").write_text("x", encoding="utf-8")
    )
    waiting = lac("load", "--inbox", folder, "--home", home)
    assert (waiting.exit_code, waiting.stdout) == (
        1,
        "Still being written: roll.csv. Nothing has been loaded yet.\n",
    )


def test_one_folder_is_named(folder: Path, tmp_path: Path) -> None:
    for given in ((), (folder, "--inbox", folder)):
        said = lac("load", *given, "--home", tmp_path / "home")
        assert (said.exit_code, said.stderr) == (
            2,
            "Give one of: PATH, --inbox DIR for a timer, or --watch DIR.\n",
        )


def test_a_watched_folder_is_loaded_whenever_it_changes(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not taken stands in a file in it, which goes once all was; until Ctrl-C."""
    told: list[str | None] = []
    report, good = folder / NOT_TAKEN, GOOD["sdq.csv"]
    steps = iter(["upn,date\n", "upn,date\n", good])

    def wait(seconds: float) -> None:
        if seconds != WATCH_S:
            return
        told.append(report.read_text(encoding="utf-8") if report.exists() else None)
        text = next(steps, None)
        if text is None:
            raise KeyboardInterrupt
        (folder / "sdq.csv").write_text(text, encoding="utf-8")

    monkeypatch.setattr(time, "sleep", wait)
    said = lac("load", "--watch", folder, "--home", tmp_path / "home")
    assert said.exit_code == 0, said.output
    first, second, third, last = told
    assert (first, last) == (None, None)
    assert second == third
    assert "The columns of sdq.csv could not be recognised" in (second or "")
    assert said.stdout.count("now show 3 children") == 3
