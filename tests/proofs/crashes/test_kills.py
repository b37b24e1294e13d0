"""`kill -9` at any moment of whatever writes: nothing that was told of is lost, and all goes on.

A load and a first load are killed in each of their phases.  The control counts what a program
without names of its own for what is half made would have lost.  Of whatever else writes,
test_disk_faults.py stops each call.
"""

import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import pytest

from intake.publish.load import PHASES as LOADING
from tests.proofs.crashes.test_disk_faults import NEXT_FILES
from tests.support.schools.backup_scene import Scene, new_scene
from tests.support.sizes import Count, rng, size

pytestmark = pytest.mark.slow

Tell = Callable[[str, object], None]
#: A first load makes the home when the check has ended.
_MAKING, _CHECK = "making", "check"


class Running:
    """`lac` as a process that tells its phases."""

    def __init__(self, scene: Scene, *arguments: object, answer: str = "") -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cli.main", *map(str, arguments)],
            env={**scene.environ, "LAC_LOG": "info"},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdin is not None
        self.process.stdin.write(answer)
        self.process.stdin.close()
        self.phase = "start"

    def list_phases(self) -> Iterator[str]:
        """Each phase as it begins, until the process ends."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            if " phase " in line:
                self.phase = line.split()[-1]
                yield self.phase

    def wait_for(self, phase: str, home: Path) -> None:
        """Until a phase begins, or that in which a home is made, which is not told."""
        while self.phase != (_CHECK if phase == _MAKING else phase):
            if next(self.list_phases(), None) is None:
                return
        while phase == _MAKING and not home.exists() and self.process.poll() is None:
            pass

    def end(self, *, by: signal.Signals | None = None) -> int:
        """Hear the process out, once the signal is sent; its exit code."""
        if by is not None:
            self.process.send_signal(by)
        for _ in self.list_phases():
            pass
        assert self.process.stderr is not None
        self.process.stderr.close()
        return self.process.wait()

    def time_phases(self) -> dict[str, float]:
        """How long each phase takes when nobody disturbs it."""
        began = {phase: time.monotonic() for phase in self.list_phases()}
        assert self.end() == 0
        ends = [*list(began.values())[1:], time.monotonic()]
        return {name: end - start for (name, start), end in zip(began.items(), ends, strict=True)}


@dataclass(frozen=True)
class Victim:
    """A command that is killed.

    start: a home of its own, and the command on it.  find_wrong: of the home before, of one
    where nobody killed it, and of the one that was met: what is not whole in that, or does not
    go through the next time.
    """

    phases: tuple[str, ...]
    start: Callable[[Scene, Path, int], tuple[Scene, Running]]
    find_wrong: Callable[[Scene, Scene, Scene], list[str]]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A home in use, with the files of its next load; each kill has a copy."""
    made = new_scene(tmp_path_factory.mktemp("killed") / "scene")
    made.small.write(NEXT_FILES)
    return made


def start_load(scene: Scene, folder: Path, number: int) -> tuple[Scene, Running]:
    met = scene.copy(folder / f"scene-{number}")
    return met, Running(met, "load", met.small.exports, "--home", met.folder)


def start_first_load(scene: Scene, folder: Path, number: int) -> tuple[Scene, Running]:
    met = Scene(folder / f"scene-{number}")
    shutil.copytree(scene.small.exports, met.small.exports)
    return met, Running(met, "load", met.small.exports, "--home", met.folder)


def find_wrong_load(scene: Scene, done: Scene, met: Scene) -> list[str]:
    """Old or new, vault and all; the next load goes through, and nothing half made is left."""
    old, new, found = scene.figures, done.figures, met.figures
    met.small.load_really()
    return name_faults(
        shown=found[:3] in (old[:3], new[:3]),
        vault=found.known in (old.known, new.known),
        next_load=met.figures == new,
        versions=len(met.small.versions) <= len(scene.small.versions) + 1,
    )


def find_wrong_first_load(_: Scene, done: Scene, met: Scene) -> list[str]:
    """No home, one half made, or a whole one; the next load makes it whole."""
    new, is_there = done.figures, (met.folder / "store" / "CURRENT").exists()
    is_whole = not (is_there and (met.folder / "home.toml").exists()) or met.figures == new
    met.small.load_really()
    return name_faults(shown=is_whole, next_load=met.figures == new)


def name_faults(**checks: bool) -> list[str]:
    return [name for name, is_right in checks.items() if not is_right]


VICTIMS = {
    "load": Victim(LOADING, start_load, find_wrong_load),
    "first_load": Victim((_MAKING, *LOADING[1:]), start_first_load, find_wrong_first_load),
}


@pytest.mark.parametrize("name", VICTIMS)
def test_a_killed_command_leaves_all_as_before_or_all_done(
    scene: Scene, tmp_path: Path, count: Count, record_property: Tell, name: str
) -> None:
    """Whichever phase is met, at whichever moment of it."""
    victim, draw = VICTIMS[name], rng(f"kill.{name}")
    done, running = victim.start(scene, tmp_path, -1)
    seconds = running.time_phases()
    kills, hit, halves = size(f"kill.{name}s"), Counter[str](), 0
    broken: list[tuple[str, list[str]]] = []
    for number, target in enumerate(islice(cycle(victim.phases), kills)):
        met, running = victim.start(scene, tmp_path, number)
        running.wait_for(target, met.folder)
        time.sleep(draw.random() * seconds.get(target, 0.03))
        was_met = running.end(by=signal.SIGKILL) == -signal.SIGKILL
        phase = running.phase if was_met else "after the end"
        hit[phase] += 1
        # what by the name of a version would have been taken for one
        halves += any(met.folder.glob("store/*.half*"))
        if wrong := victim.find_wrong(scene, done, met):
            broken.append((phase, wrong))
        shutil.rmtree(met.root)
    count(f"{name}_killed", kills, len(broken), halves)
    record_property("PHASES", f"{name}: {dict(hit)}")
    assert broken == []
    if kills >= 10:  # enough to say that they met it, and that something was half made
        assert hit["after the end"] * 2 < kills
        assert halves


def test_ctrl_c_leaves_the_old_store(scene: Scene, tmp_path: Path) -> None:
    """An interrupt ends a load without a trace of it, and says so by its exit code."""
    met, running = start_load(scene, tmp_path, 0)
    running.wait_for("store", met.folder)
    assert running.end(by=signal.SIGINT) == 130
    assert met.figures[:3] == scene.figures[:3]
    met.small.load_really()
    assert met.figures.ill == scene.figures.ill + 1
