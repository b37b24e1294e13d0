"""Real `kill -9` of a load at random points: the store opens, whole and old or whole and new."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import cycle, islice
from pathlib import Path

import pytest

from intake.publish.load import PHASES, load_exports
from queries.store import store, versions
from safeguards.access import access
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault
from tests.support.schools.homes import NOW, exports, keys_at
from tests.support.sizes import rng, size

_OLD, _NEW = date(2026, 11, 13), date(2026, 11, 20)
#: What a kill can meet before the first phase is told: the start of the process.
_START = "start"
#: So that a tenth of the kills meets the ones that matter most.
_TARGETS = ("publish", "store", "vault", "prune", "verify", "check", "read")

Shown = tuple[date, int, int]


@dataclass(frozen=True)
class Scene:
    """A loaded home to copy, how long each phase takes, and what a home may show."""

    home: Path
    seconds: dict[str, float]
    old: Shown
    new: Shown


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    root = tmp_path_factory.mktemp("kill")
    home = root / "home"
    load_exports(exports(until=_OLD), home, now=NOW, rng=random.Random(7), environ=keys_at(home))
    copied = _copy(home, root / "timed")
    loading = _Loading(copied)
    began: dict[str, float] = {}
    while phase := loading.next_phase():
        began[phase] = time.monotonic()
    ended = time.monotonic()
    assert loading.end() == 0
    assert tuple(began) == PHASES
    ends = [*list(began.values())[1:], ended]
    seconds = {phase: end - start for (phase, start), end in zip(began.items(), ends, strict=True)}
    old, new = _shown(home), _shown(copied)
    assert old is not None
    assert new is not None
    assert old[0] < new[0]
    return Scene(home, seconds, old, new)


class _Loading:
    """`lac load` of the newer exports as a process that tells its phases."""

    def __init__(self, home: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cli.main", "load", exports(until=_NEW), "--home", home],
            env={**keys_at(home), "LAC_LOG": "info"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.phase = _START

    def next_phase(self) -> str | None:
        """Wait for the next phase; None when the process has ended."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            if line.startswith("lac.load phase "):
                self.phase = line.split()[-1]
                return self.phase
        return None

    def kill(self) -> bool:
        """kill -9; whether it came before the end.  `phase` is then the last one told."""
        self.process.send_signal(signal.SIGKILL)
        return self.end() == -signal.SIGKILL

    def end(self) -> int:
        """Hear the process out; its exit code."""
        while self.next_phase():
            pass
        assert self.process.stderr is not None
        self.process.stderr.close()
        return self.process.wait()


def _copy(home: Path, to: Path) -> Path:
    shutil.copytree(home, to)
    shutil.copytree(keys_at(home)["LAC_KEYS"], keys_at(to)["LAC_KEYS"])
    return to


def _shown(folder: Path) -> Shown | None:
    """The end of the data, the children and the marks; None where nothing was loaded."""
    before = os.environ.get("LAC_KEYS")
    os.environ["LAC_KEYS"] = keys_at(folder)["LAC_KEYS"]
    try:
        session = access.open(folder, actor="test", role="dsl", purpose="test")
        children = session.read("select count(*) from cohort_member").item()
        marks = session.read("select count(*) from pupil_session where code is not null").item()
    except access.NothingLoaded:
        return None
    finally:
        if before is None:
            del os.environ["LAC_KEYS"]
        else:
            os.environ["LAC_KEYS"] = before
    return session.data_until, int(children), int(marks)


@pytest.mark.slow
def test_a_killed_load_leaves_the_old_store_or_the_new(
    scene: Scene, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """After each kill the home opens, vault and all, and the next load goes through."""
    draw = rng("kill.loads")
    hit: Counter[str] = Counter()
    left: Counter[str] = Counter()
    for number, target in enumerate(islice(cycle(_TARGETS), size("kill.loads"))):
        home = _copy(scene.home, tmp_path / f"home-{number}")
        loading = _Loading(home)
        while loading.next_phase() not in (target, None):
            pass
        time.sleep(draw.random() * scene.seconds[target])
        was_killed = loading.kill()
        hit[loading.phase if was_killed else "after the end"] += 1
        shown = _shown(home)
        assert shown in (scene.old, scene.new), f"killed in {loading.phase}"
        left["old" if shown == scene.old else "new"] += 1
        _goes_on(home, scene)
        shutil.rmtree(home)
    with capsys.disabled():
        print(  # noqa: T201 - the phases that were hit are asked for
            f"\n{hit.total()} kills, by phase: {dict(hit)}; the store was then {dict(left)}"
        )
    if hit.total() > 1:  # enough to say that they met the load, on both sides of its flip
        assert hit["after the end"] * 2 < hit.total()
        assert len(left) == 2


@pytest.mark.slow
def test_a_killed_first_load_leaves_a_home_that_loads(
    scene: Scene, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also while the home and its keys are being made, between check and vault."""
    draw = rng("kill.first_loads")
    hit: Counter[str] = Counter()
    for number in range(size("kill.first_loads")):
        home = tmp_path / f"home-{number}"
        loading = _Loading(home)
        while loading.next_phase() not in ("check", None):
            pass
        if number % 2:
            # the home is made when the check has ended: wait for its first folder
            while not home.exists() and loading.process.poll() is None:
                pass
            time.sleep(draw.random() * 0.03)
        else:
            time.sleep(draw.random() * sum(scene.seconds.values()))
        was_killed = loading.kill()
        hit[loading.phase if was_killed else "after the end"] += 1
        if (home / "home.toml").exists() and (home / "store" / "CURRENT").exists():
            assert _shown(home) is not None
        _goes_on(home, scene)
        shutil.rmtree(home)
    with capsys.disabled():
        print(  # noqa: T201 - the phases that were hit are asked for
            f"\n{hit.total()} kills of a first load, by phase: {dict(hit)}"
        )


@pytest.mark.slow
def test_ctrl_c_leaves_the_old_store(scene: Scene, tmp_path: Path) -> None:
    """An interrupt ends the load without a trace of it, and says so by its exit code."""
    home = _copy(scene.home, tmp_path / "home")
    loading = _Loading(home)
    while loading.next_phase() != "store":
        pass
    loading.process.send_signal(signal.SIGINT)
    assert loading.end() == 130
    assert _shown(home) == scene.old
    _goes_on(home, scene)


def _goes_on(folder: Path, scene: Scene) -> None:
    """The next load succeeds, and shows what it must."""
    load_exports(
        exports(until=_NEW), folder, now=NOW, rng=random.Random(8), environ=keys_at(folder)
    )
    home = Home.open(folder)
    vault = Vault.open(home, Keys.load(home, keys_at(folder)))
    assert _shown(folder) == scene.new
    assert len(vault.pupils) == scene.new[1] + _left_since(folder)
    assert len(versions.list_versions(home.store)) <= 2


def _left_since(folder: Path) -> int:
    """How many children the store knows who are on no page any more."""
    home = Home.open(folder)
    path = versions.find_current_version(home.store)
    assert path is not None
    opened = store.Store(path, Keys.load(home, keys_at(folder)).store)
    query = "select (select count(*) from raw_pupil) - (select count(*) from cohort_member)"
    try:
        return int(opened.read(query, as_at=date(2026, 11, 20)).item())
    finally:
        opened.close()
