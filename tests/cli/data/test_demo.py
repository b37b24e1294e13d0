"""The made-up school of a demo: its log, and its home, which is kept as it was made."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest

from cli.data import demo_home, made_up
from cli.data.demo_home import copy_demo_home
from cli.data.made_up import log_cast_actions
from intake.publish.amend import publish_entries
from queries import read
from safeguards.access import access
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from safeguards.wording.pointers import check_line
from synthetic.cast.cast import CAST_ACTIONS
from tests.support.schools.homes import cast_handles, keys_at
from tests.support.schools.homes import demo_home as make_demo_home

_DAY = 86_400.0

Place = Callable[..., str]


def test_the_cast_has_a_log_and_reasons_stay_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is about the cast, and closes no reason."""
    folder = make_demo_home(tmp_path / "home")
    monkeypatch.setenv("LAC_KEYS", keys_at(folder)["LAC_KEYS"])

    def ask() -> access.Session:
        return access.open(folder, actor="test", role="dsl", purpose="test")

    before = read.fetch_attention_reasons(ask())
    home = Home.open(folder)
    log_cast_actions(home, Keys.load(home), Random(7))
    publish_entries(home, Keys.load(home))
    found = read.fetch_actions(ask())
    names = {handle: name for name, handle in cast_handles(folder).items()}
    told = {
        (names[row["handle"]], str(row["action_date"]), row["kind"], row["line"] or "")
        for row in found.to_dicts()
    }
    assert told == {
        (each["child"], each["day"], each["kind"], each["line"]) for each in CAST_ACTIONS
    }
    assert not any(check_line(each["line"], lambda _: False) for each in CAST_ACTIONS)
    assert read.fetch_attention_reasons(ask()).equals(before)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Homes of two small files, each with its number; the numbers of those that were made."""
    numbers: list[int] = []

    def make(folder: Path, **_: object) -> None:
        numbers.append(len(numbers) + 1)
        for name in ("home", "keys"):
            (folder / name).mkdir(parents=True)
            (folder / name / "made").write_text(str(numbers[-1]))

    monkeypatch.setattr(made_up, "make_home", make)
    monkeypatch.setattr(made_up, "make_authority_home", make)
    return numbers


@pytest.fixture
def place(tmp_path: Path, made: list[int]) -> Place:
    """Places a home for a demo of its own; says which one it is."""
    demos = count()

    def put(cache: Path = tmp_path / "cache", **options: Any) -> str:
        demo = tmp_path / f"demo-{next(demos)}"
        copy_demo_home(demo, cache, **{"all_categories": False, **options})
        (number,) = {(demo / name / "made").read_text() for name in ("home", "keys")}
        (demo / "home" / "typed").write_text("in this demo")
        return number

    assert made == []
    return put


def test_a_home_is_made_once_for_each_school(place: Place, made: list[int], tmp_path: Path) -> None:
    """Kept as it was made: what a demo wrote into its own is in no other."""
    authority, everything, small = {"is_authority": True}, {"all_categories": True}, {"children": 3}
    options: tuple[dict[str, Any], ...] = ({}, {}, authority, everything, small, {}, small)
    assert [place(**each) for each in options] == ["1", "1", "2", "3", "4", "1", "4"]
    assert made == [1, 2, 3, 4]
    assert not list((tmp_path / "cache").rglob("typed"))


def test_one_of_other_sources_is_made_anew_and_the_old_one_goes(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a fresh one is, which takes the place of the kept one."""
    assert [place(), place(is_fresh=True), place()] == ["1", "2", "2"]
    monkeypatch.setattr(demo_home, "compute_digest", lambda: "other")
    assert [place(), place()] == ["3", "3"]
    assert [each.name for each in (tmp_path / "cache").iterdir()] == ["other-24.zip"]


def test_the_digest_is_of_all_that_makes_a_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Views, rules, the contract, the generator, and what loads; not of what only shows."""
    before = demo_home.compute_digest()
    assert demo_home.compute_digest() == before
    for source in demo_home._SOURCES:
        assert (demo_home._ROOT / source).is_dir()
        (tmp_path / source).mkdir(parents=True)
    monkeypatch.setattr(demo_home, "_ROOT", tmp_path)
    seen = {before, demo_home.compute_digest()}
    for number, name in enumerate(
        ("queries/a.sql", "queries/b.csv", "queries/c.py", "synthetic/d.toml", "intake/e.py"), 3
    ):
        (tmp_path / name).write_text("")
        seen.add(demo_home.compute_digest())
        assert len(seen) == number
    (tmp_path / "queries/c.pyc").write_text("")
    assert demo_home.compute_digest() in seen


def test_a_half_made_one_is_never_used(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is cut off keeps none; and one that is spoilt is made anew."""

    def fail(*_: object) -> None:
        raise OSError(28, "No space left")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", fail)
        assert place() == "1"
    assert place() == "2"
    (kept,) = (tmp_path / "cache").iterdir()
    for spoilt in (kept.read_bytes()[:-9], kept.read_bytes().replace(b"2", b"7", 1), b""):
        kept.write_bytes(spoilt)
        number = place()
        assert place() == number
    assert number == "5"


def test_a_demo_runs_where_nothing_can_be_kept(place: Place, tmp_path: Path) -> None:
    """As where the folder is no folder."""
    (tmp_path / "file").write_text("")
    assert [place(tmp_path / "file" / "cache"), place(tmp_path / "file" / "cache")] == ["1", "2"]


@pytest.mark.slow
def test_a_demo_runs_to_its_first_page_and_keeps_its_school(tmp_path: Path) -> None:
    """It says at once what it does, into a pipe as well, and the second one makes nothing.

    Nor does it load what the first page does without.
    """
    environ = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache"), "TMPDIR": str(tmp_path)}
    environ |= {"XDG_CONFIG_HOME": str(tmp_path / "config"), "PYTHONPROFILEIMPORTTIME": "1"}
    loaded = tmp_path / "loaded.txt"
    command = [sys.executable, "-m", "cli.main", "demo", "--no-browser"]
    kept: list[bytes] = []
    for is_first in (True, False):
        with (
            loaded.open("w") as beside,
            subprocess.Popen(
                [*command, "--port", "0"],
                env=environ,
                stdout=subprocess.PIPE,
                stderr=beside,
                text=True,
            ) as demo,
        ):
            assert demo.stdout is not None
            assert demo.stdout.readline().startswith(
                "This is a made-up school. Nobody in it is real"
            )
            assert demo.poll() is None
            said = demo.stdout.readline()
            said += "" if "Ready in " in said else demo.stdout.readline()
            demo.send_signal(signal.SIGINT)
        assert demo.returncode == 130  # as by Ctrl-C
        assert ("Making the school." in said) == is_first
        assert "Ready in " in said
        assert list(tmp_path.glob("lac-*")) == []
        files = sorted((tmp_path / "cache").rglob("*"))
        kept.append(
            sha256(b"".join(each.read_bytes() for each in files if each.is_file())).digest()
        )
    assert kept[0] == kept[1]
    names = {line.rpartition("|")[2].strip() for line in loaded.read_text().splitlines()}
    assert names & {"streamlit", "pandas", "pyarrow", "synthetic"} == {"streamlit"}
    assert not (tmp_path / "config").exists()  # where a school's own keys lie
