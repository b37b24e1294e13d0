"""Flipped bits, cuts and kills: a backup opens whole or says so, and a home is whole or absent."""

import io
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from collections import Counter
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import pytest
from pyrage import x25519

from safeguards.errors import BackupError
from stewardship.backup import archive, backups, restores
from stewardship.backup.beside_keys import load_identity
from tests.support.schools.backup_scene import LATER, Scene, contents, new_scene, tree
from tests.support.sizes import Count, rng, size

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A loaded home and one backup of it; tests copy what they change."""
    made = new_scene(tmp_path_factory.mktemp("made") / "scene")
    made.back_up()
    return made


def opens(file: Path, key: x25519.Identity) -> bool:
    """Whether every byte of a backup is as it was written."""
    try:
        return archive.read(file, [key]) is not None
    except BackupError:
        return False


def header_length(file: Path) -> int:
    """The bytes before the sealed pieces: whom it is sealed to, a MAC of that, and a nonce."""
    content = file.read_bytes()
    return content.index(b"\n", content.index(b"\n--- ") + 1) + 1 + 16


def flipped(file: Path, place: int, bit: int) -> None:
    with file.open("r+b") as opened:
        opened.seek(place)
        (byte,) = opened.read(1)
        opened.seek(place)
        opened.write(bytes([byte ^ (1 << bit)]))


def plain_copy(folder: Path, to: Path) -> Path:
    """What a backup would be without a seal: every file, one after the other."""
    with tarfile.open(to, "w") as tar:
        tar.add(folder, arcname="home")
    return to


def reads(file: Path, expected: dict[str, bytes]) -> bool:
    """Whether a plain copy can be read to its end with every file there, as people check one."""
    try:
        with tarfile.open(file) as tar:
            there = {
                member.name: tar.extractfile(member).read()  # type: ignore[union-attr]
                for member in tar.getmembers()
                if member.isfile()
            }
    except (tarfile.TarError, OSError, ValueError):
        return False
    return {f"home/{name}" for name in expected} == set(there)


def test_every_flipped_bit_is_found(scene: Scene, tmp_path: Path, count: Count) -> None:
    """Anywhere in the file, a quarter of them in its header; a plain copy says nothing."""
    draw, flips = rng("backup.flips"), size("backup.flips")
    (made,) = scene.disk.iterdir()
    file = Path(shutil.copy(made, tmp_path / "sealed.age"))
    plain = plain_copy(scene.folder, tmp_path / "plain.tar")
    files = tree(scene.folder)
    key, start = load_identity(scene.keys_folder), header_length(file)
    missed = unnoticed = 0
    for number in range(flips):
        place = draw.randrange(start if number % 4 == 0 else file.stat().st_size)
        bit = draw.randrange(8)
        flipped(file, place, bit)
        missed += opens(file, key)
        flipped(file, place, bit)
        place = draw.randrange(plain.stat().st_size)
        flipped(plain, place, bit)
        unnoticed += reads(plain, files)
        flipped(plain, place, bit)
    assert opens(file, key)
    assert reads(plain, files)
    count("backup_flips", flips, missed, unnoticed)
    assert missed == 0
    assert unnoticed * 2 > flips


def test_every_cut_is_found(scene: Scene, tmp_path: Path, count: Count) -> None:
    """At any length, at the ends of pieces, and with something put behind; a plain copy is
    read up to where it was cut.
    """
    draw, cuts = rng("backup.cuts"), size("backup.cuts")
    (made,) = scene.disk.iterdir()
    whole = made.read_bytes()
    file, key = tmp_path / "cut.age", load_identity(scene.keys_folder)
    start, piece = header_length(made), (1 << 16) + 16
    ends = list(range(start, len(whole), piece))  # the end of the last is no cut
    lengths = [0, 1, start, len(whole) - 1, *ends]
    lengths += [draw.randrange(len(whole)) for _ in range(cuts)]
    plain = plain_copy(scene.folder, tmp_path / "plain.tar").read_bytes()
    missed = unnoticed = 0
    for length in lengths[-cuts:] if cuts < len(lengths) else lengths:
        file.write_bytes(whole[:length])
        missed += opens(file, key)
        with tarfile.open(fileobj=io.BytesIO(plain[: 512 + length % len(plain)])) as tar:
            unnoticed += bool(tar.next())
    for length in lengths[: 4 + len(ends)]:
        file.write_bytes(whole[:length])
        missed += opens(file, key)
    for more in (b"\0", whole[-100:], whole):
        file.write_bytes(whole + more)
        missed += opens(file, key)
    count("backup_cuts", cuts, missed, unnoticed)
    assert missed == 0
    assert unnoticed


class _Running:
    """`lac` as a process that tells its phases."""

    def __init__(self, scene: Scene, *arguments: str, answer: str = "") -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cli.main", *arguments],
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

    def next_phase(self) -> str | None:
        """Wait for the next phase; None when the process has ended."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            if " phase " in line:
                self.phase = line.split()[-1]
                return self.phase
        return None

    def kill_in(self, phase: str, seconds: float) -> str:
        """kill -9 so long after a phase begins; the phase that was met."""
        while self.next_phase() not in (phase, None):
            pass
        time.sleep(seconds)
        self.process.send_signal(signal.SIGKILL)
        return self.phase if self.end() == -signal.SIGKILL else "after the end"

    def end(self) -> int:
        while self.next_phase():
            pass
        assert self.process.stderr is not None
        self.process.stderr.close()
        return self.process.wait()


def seconds_of(running: _Running) -> dict[str, float]:
    """How long each phase takes when nobody disturbs it."""
    began = {}
    while phase := running.next_phase():
        began[phase] = time.monotonic()
    ended = time.monotonic()
    assert running.end() == 0
    ends = [*list(began.values())[1:], ended]
    return {phase: end - start for (phase, start), end in zip(began.items(), ends, strict=True)}


def test_a_killed_backup_leaves_none_or_a_whole_one(
    scene: Scene, tmp_path: Path, count: Count, record_property: Callable[[str, object], None]
) -> None:
    """Whatever has a backup's name opens; the home is as it was, and the next one goes through."""
    copied, draw = scene.copy(tmp_path / "scene"), rng("backup.kills")
    arguments = ("backup", "--home", str(copied.folder), "--to", str(copied.disk))
    first = {path.name for path in copied.disk.iterdir()}
    seconds = seconds_of(_Running(copied, *arguments))
    assert tuple(seconds) == backups.PHASES
    home, key = contents(copied.folder), load_identity(copied.keys_folder)
    hit: Counter[str] = Counter()
    kills, broken, halves = size("backup.kills"), 0, 0
    for phase, _ in zip(cycle(backups.PHASES), range(kills), strict=False):
        for path in copied.disk.iterdir():
            if path.name not in first and not path.name.endswith(".new"):
                path.unlink()
        running = _Running(copied, *arguments)
        hit[running.kill_in(phase, draw.random() * seconds[phase])] += 1
        named = [path for path in copied.disk.iterdir() if path.suffix == ".age"]
        broken += not all(opens(path, key) for path in named) or contents(copied.folder) != home
        # without its own name for what is half made, this would have been a backup
        halves += any(not opens(path, key) for path in copied.disk.glob("*.new"))
    copied.back_up(LATER)
    assert not list(copied.disk.glob("*.new"))
    count("backup_kills", kills, broken, halves)
    record_property("COUNT", f"backup_kills met it in {dict(hit)}")
    assert broken == 0
    assert hit["after the end"] * 2 < kills or kills < 3
    assert halves or kills < 10


def test_a_killed_restore_leaves_no_home_or_a_whole_one(
    scene: Scene, tmp_path: Path, count: Count, record_property: Callable[[str, object], None]
) -> None:
    """Also on a new computer, by the code; and the next restore goes through."""
    draw, kills = rng("backup.restore_kills"), size("backup.restore_kills")
    (made,) = scene.disk.iterdir()
    expected = contents(scene.folder)
    hit: Counter[str] = Counter()
    broken = halves = 0

    def start(number: int) -> tuple[Scene, _Running]:
        copied = Scene(tmp_path / f"scene-{number}", scene.code)
        copied.root.mkdir()
        by_code = number % 2 == 1
        if not by_code:
            shutil.copytree(scene.environ["LAC_KEYS"], copied.environ["LAC_KEYS"])
        extra = ("--recovery-code", "-", "--no-receipt") if by_code else ()
        arguments = ("restore", str(made), "--home", str(copied.folder), *extra)
        return copied, _Running(copied, *arguments, answer=scene.code if by_code else "")

    _, running = start(1)
    seconds = seconds_of(running)
    assert tuple(seconds) == restores.PHASES
    shutil.rmtree(tmp_path / "scene-1")
    for phase, number in zip(cycle(restores.PHASES), range(kills), strict=False):
        copied, running = start(number)
        hit[running.kill_in(phase, draw.random() * seconds[phase])] += 1
        halves += any(copied.root.glob(".*"))
        if copied.folder.exists():
            broken += contents(copied.folder) != expected or not opened(copied)
        else:
            keys = Path(copied.environ["LAC_KEYS"]) / scene.home.home_id
            code = None if keys.exists() else scene.code
            # the line that was logged for a home that never was is asked about
            copied.restore(made, code=code, is_older_right=True)
            broken += contents(copied.folder) != expected or not opened(copied)
            broken += any(copied.root.glob(".*"))
        shutil.rmtree(copied.root)
    count("restore_kills", kills, broken, halves)
    record_property("COUNT", f"restore_kills met it in {dict(hit)}")
    assert broken == 0
    assert halves or kills < 10


def opened(scene: Scene) -> bool:
    """Whether the home opens with the keys that are there."""
    return bool(scene.rows["raw_pupil"].height) and os.access(scene.keys_folder, os.R_OK)
