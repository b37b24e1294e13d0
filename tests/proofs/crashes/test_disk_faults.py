"""A disk that fails at any one call of a writer: all is as before or all is done, and it is told.

Every writer of a home meets it: vault, log and head, entries, ledger and its copy, keys,
words for a report, the digest and the pointer; then a whole load and a typed entry.  So it is
where room ends.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from cli.options import CANNOT_READ
from intake.publish import files
from queries.errors import StoreError
from queries.store import versions
from safeguards.access import access
from safeguards.disclosure.drafts import Drafts
from safeguards.errors import SafeguardsError, VaultError
from safeguards.home.home import Home, create_demo
from safeguards.journal import audit
from safeguards.journal.access_log import AccessLog, Event
from safeguards.journal.ledger import Erasure, Ledger
from safeguards.journal.typed_entries import Entry, TypedEntries, generate_entry_id
from safeguards.keys.key_files import write_key
from safeguards.keys.keys import Keys, get_keys_folder
from safeguards.vault.vault import FILE, Vault
from stewardship.backup.beside_keys import Notes, read_notes, write_notes
from stewardship.registers.requests import Register
from tests.support.hostile.faulty import Kind, failing
from tests.support.schools.backup_scene import Scene, light_scene
from tests.support.schools.good_exports import ANN, BEN, CAT, added, upn, with_cell, write
from tests.support.schools.small_home import SmallHome
from tests.support.sizes import Count, size

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
KEY = "5" * 64
#: Which of the figures is how many entries are kept; those before it are what is shown.
_KEPT = 2


@dataclass(frozen=True)
class Writer:
    """Something that writes, and how its state is read by those who read it.

    does: one step, the same each time.  sees: the state, which changes by the step; it
    raises where what is there does not open.
    """

    does: Callable[[Scene], None]
    sees: Callable[[Scene], Any]


def _enrol(scene: Scene) -> None:
    vault = Vault.open(scene.home, scene.keys)
    vault.enrol(CAT, {"upn": CAT})
    vault.save()


def _children(scene: Scene) -> int:
    return len(Vault.open(scene.home, scene.keys).pupils)


def _log(scene: Scene) -> None:
    AccessLog(scene.home, scene.keys).append(Event("view", "somebody", "dsl", page="today"))


def _lines(scene: Scene) -> int:
    # a head one line behind is put right by the next line
    verdict = audit.verify(scene.home, scene.keys)
    assert verdict.is_whole, verdict
    return verdict.lines


def _type(scene: Scene) -> None:
    child = Vault.open(scene.home, scene.keys).find_by_upn(ANN)
    assert child is not None
    values = {"kind": "called the carer", "date": "2026-11-20", "line": "x", "rules": "{}"}
    entry = Entry(generate_entry_id(), NOW, "x", "dsl", "action", child.pupil_id, "", values)
    TypedEntries.open(scene.home, scene.keys).append(entry)


def _entries(scene: Scene) -> int:
    return len(TypedEntries.open(scene.home, scene.keys).list_entries())


def _forget(scene: Scene) -> None:
    child = Vault.open(scene.home, scene.keys).find_by_upn(BEN)
    assert child is not None
    TypedEntries.open(scene.home, scene.keys).forget(lambda entry: entry.pupil_id == child.pupil_id)


def _erase(scene: Scene) -> None:
    child = Vault.open(scene.home, scene.keys).find_by_upn(ANN)
    assert child is not None
    Ledger.open(scene.home, scene.keys).append(
        Erasure(NOW, child.pupil_id, child.look_ups, "request")
    )


def _erased(scene: Scene) -> int:
    return len(Ledger.open(scene.home, scene.keys).list_entries())


def _ask(scene: Scene) -> None:
    child = Vault.open(scene.home, scene.keys).find_by_upn(ANN)
    assert child is not None
    Register.open(scene.home, scene.keys).add(
        "access", child.pupil_id, received_on=NOW.date(), requester="parent", actor="x", now=NOW
    )


def _asked(scene: Scene) -> int:
    return len(Register.open(scene.home, scene.keys).list_all())


def _draft(scene: Scene) -> None:
    scene.draft("Reading club has grown.")


def _drafts(scene: Scene) -> int:
    return len(Drafts.open(scene.home, scene.keys).list_all())


def _note(scene: Scene) -> None:
    write_notes(scene.keys_folder, Notes(newest=NOW))


def _noted(scene: Scene) -> object:
    return read_notes(scene.keys_folder).newest


def _new_key(scene: Scene) -> None:
    write_key(scene.keys_folder, "backup.key", bytes(range(32)))


def _has_key(scene: Scene) -> bytes | None:
    path = scene.keys_folder / "backup.key"
    return path.read_bytes() if path.exists() else None


def _publish(scene: Scene) -> None:
    folder = scene.home.store
    path = versions.prepare_load_path(folder)
    with versions.stage_version(path) as half:
        half.write_bytes(b"a version")
        versions.write_digest(path, half, KEY)
    versions.publish(folder, path)


def _published(scene: Scene) -> bytes | None:
    path = versions.find_current_version(scene.home.store)
    if path is None:
        return None
    assert versions.verify_digest(path, path, KEY)
    return path.read_bytes()


WRITERS = {
    "vault": Writer(_enrol, _children),
    "log": Writer(_log, _lines),
    "entries": Writer(_type, _entries),
    "entries forgotten": Writer(_forget, _entries),
    "ledger": Writer(_erase, _erased),
    "register": Writer(_ask, _asked),
    "drafts": Writer(_draft, _drafts),
    "notes": Writer(_note, _noted),
    "a key": Writer(_new_key, _has_key),
    "pointer": Writer(_publish, _published),
}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return light_scene(tmp_path_factory.mktemp("light") / "scene")


@pytest.mark.parametrize("name", WRITERS)
def test_a_writer_leaves_all_as_before_or_all_done(
    scene: Scene, tmp_path: Path, count: Count, name: str
) -> None:
    """Whichever call fails, and the same step then goes through."""
    writer = WRITERS[name]
    whole = scene.copy(tmp_path / "whole")
    before = writer.sees(whole)
    with failing() as disk:
        writer.does(whole)
    after, calls = writer.sees(whole), disk.calls
    assert before != after
    assert calls > 1
    broken = []
    for at, kind in _every(calls):
        met = scene.copy(tmp_path / f"{kind}-{at}")
        said = _failed(writer, met, at, kind)
        if said is not None or _state(writer, met) not in (before, after):
            broken.append((at, kind, said))
            continue
        if _state(writer, met) == before:
            writer.does(met)
        if _state(writer, met) != after:
            broken.append((at, kind, "does not go on"))
    control = _plain_writer_breaks(tmp_path)
    count(f"fault_{name}".replace(" ", "_"), 2 * calls, len(broken), control)
    assert broken == []
    assert control > 0


def _every(calls: int) -> list[tuple[int, Kind]]:
    return [(at, kind) for at in range(1, calls + 1) for kind in ("error", "half")]


def _failed(writer: Writer, scene: Scene, at: int, kind: Kind) -> str | None:
    """What is wrong with what was said of a failed call; None if nothing is.

    A step that ends well has been done: a writer may go round a call that failed.
    """
    try:
        with failing(at, kind):
            writer.does(scene)
    except (SafeguardsError, StoreError) as error:
        return None if len(str(error)) > 20 and "\n" not in str(error) else str(error)
    except OSError as error:  # told by the command, which names the place
        return None if error.strerror else repr(error)
    return None


def _state(writer: Writer, scene: Scene) -> Any:
    try:
        return writer.sees(scene)
    except (SafeguardsError, StoreError, AssertionError) as error:
        return f"does not open: {error}"


def _plain_writer_breaks(folder: Path) -> int:
    """After how many faults a file that is simply written over is neither old nor new."""
    path, old, new = folder / "plain", b"old " * 1000, b"new " * 1000
    broken = 0
    for at, kind in _every(1):
        path.write_bytes(old)
        try:
            with failing(at, kind), path.open("wb") as file:
                file.write(new)
        except OSError:
            broken += path.read_bytes() not in (old, new)
    return broken


def test_keys_are_made_whole_or_not_at_all(tmp_path: Path, count: Count) -> None:
    """A home that has none makes them anew; one with half of them would be lost."""

    def home_of(word: object) -> tuple[Home, dict[str, str]]:
        made = create_demo(tmp_path / f"home-{word}")
        return made, {"LAC_KEYS": str(tmp_path / f"keys-{word}")}

    with failing() as disk:
        Keys.create(*home_of("whole"))
    broken = []
    for at, kind in _every(disk.calls):
        home, environ = home_of(f"{kind}-{at}")
        with suppress(SafeguardsError), failing(at, kind):
            Keys.create(home, environ)
        if not get_keys_folder(home, environ).exists():
            Keys.create(home, environ)
        try:
            Keys.load(home, environ)
        except SafeguardsError as error:
            broken.append((at, kind, str(error)))
    count("fault_keys", 2 * disk.calls, len(broken), _plain_writer_breaks(tmp_path))
    assert broken == []
    assert disk.calls > 5


# A load, and a typed entry, as commands


@dataclass(frozen=True)
class Command:
    """A command of `lac`, and which of the figures that `_figures` gives it changes."""

    arguments: tuple[str, ...]
    figure: int


COMMANDS = {
    "load": Command(("load", "{exports}"), 0),
    "action": Command(
        ("action", "--handle", "{handle}", "--kind", "called the carer", "--line", "x"), 1
    ),
}
DAN = upn(4)
#: The load brings another mark, and a child who is new to the vault.
CHANGED = with_cell("attendance.csv", 2, "code", "I")
CHANGED = added("roll.csv", f"{DAN},Stone,Dan,,03/02/2017,M,4,4A,01/09/2024,,,,", CHANGED)
CHANGED = added("care_episodes.csv", f"{DAN},in need,2026-10-01,,,,,", CHANGED)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("loaded") / "scene"
    root.mkdir()
    small = SmallHome(root)
    small.load()
    write(CHANGED, small.exports)
    return root


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_leaves_all_as_before_or_all_done(
    loaded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: Count, name: str
) -> None:
    """It says so in a line, and never that nothing was changed when something was."""
    command = COMMANDS[name]
    whole = _copied(loaded, tmp_path / "whole", monkeypatch)
    before = _figures(whole)
    with failing() as disk:
        assert _ran(command, whole).exit_code == 0
    after, calls = _figures(whole), disk.calls
    assert before != after
    # odd, so that each kind has its turn
    step = 100 // size("faults.percent") | 1
    places = _every(calls)[::step]
    broken = []
    for at, kind in places:
        met = _copied(loaded, tmp_path / f"{kind}-{at}", monkeypatch)
        with failing(at, kind):
            ended = _ran(command, met)
        if said := _wrong(command, met, ended, before, after):
            broken.append((at, kind, said, ended.stderr))
        shutil.rmtree(met.folder.parent)
    count(f"fault_lac_{name}", len(places), len(broken), _plain_writer_breaks(tmp_path))
    assert broken == []
    assert calls > 10


Figures = tuple[int, int, int, int]


def _wrong(
    command: Command, small: SmallHome, ended: Result, before: Figures, after: Figures
) -> str | None:
    """What is wrong after a command met a fault, now and after it was given again."""
    found = _figures(small)
    if ended.exit_code == 0:
        return None if found == after else "it ended well and is not done"
    if ended.exit_code != CANNOT_READ or len(ended.stderr.splitlines()) != 1:
        return "it is not told in a line"
    # a record in the vault that no store names is not read by anybody
    if "Nothing was changed" in ended.stderr and found[:_KEPT] != before[:_KEPT]:
        return "it says that nothing was changed"
    if found[command.figure] not in (before[command.figure], after[command.figure]):
        return "it is half done"
    is_kept = found[_KEPT] != before[_KEPT]
    if found[command.figure] == before[command.figure] and not is_kept:
        again = _ran(command, small)
        if again.exit_code:
            return f"it does not go through the next time: {again.stderr}"
    # whatever opens the home shows an entry that was kept
    CliRunner().invoke(app, ["sql", "select 1", "--home", str(small.folder)])
    return None if _figures(small) == after else "it is not done the next time"


def _copied(scene: Path, to: Path, monkeypatch: pytest.MonkeyPatch) -> SmallHome:
    shutil.copytree(scene, to)
    small = SmallHome(to)
    monkeypatch.setenv("LAC_KEYS", small.environ["LAC_KEYS"])
    return small


def _ran(command: Command, small: SmallHome) -> Result:
    access.release_stores()
    given = {"exports": str(small.exports), "handle": small.handles()["Ann"]}
    arguments = [argument.format(**given) for argument in command.arguments]
    ended = CliRunner().invoke(app, [*arguments, "--home", str(small.folder)])
    assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
    return ended


def _figures(small: SmallHome) -> Figures:
    """Marks of illness, actions shown, entries kept, children in the vault."""
    home = Home.open(small.folder)
    keys = Keys.load(home, small.environ)
    path = versions.find_current_version(home.store)
    assert path is not None
    with files.open_version(path, keys.store) as opened:
        ill = opened.read("select count(*) from raw_mark where code = 'I'").item()
        shown = opened.read("select count(*) from raw_action").item()
    kept = len(TypedEntries.open(home, keys).list_entries())
    return ill, shown, kept, len(Vault.open(home, keys).pupils)


# Room that ends

#: From less than any file of a home to more than a store, each a third larger.
_LIMITS = [round(100 * 1.36**step) for step in range(40)]


@contextmanager
def room(limit: int) -> Iterator[None]:
    """No file may grow beyond so many bytes, as on a disk that is full."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_a_full_disk_leaves_all_as_before_or_all_done(
    loaded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: Count, name: str
) -> None:
    """Wherever room ends for a load or an action: it is told, and kept whole or not at all."""
    command = COMMANDS[name]
    whole = _copied(loaded, tmp_path / "whole", monkeypatch)
    before = _figures(whole)
    assert _ran(command, whole).exit_code == 0
    after = _figures(whole)
    step = len(_LIMITS) // size("faults.limits")
    limits = _LIMITS[step // 2 :: step]
    broken, full = [], 0
    for limit in limits:
        met = _copied(loaded, tmp_path / str(limit), monkeypatch)
        with room(limit):
            ended = _ran(command, met)
        full += ended.exit_code != 0
        if said := _wrong(command, met, ended, before, after):
            broken.append((limit, said, ended.stderr))
        shutil.rmtree(met.folder.parent)
    count(f"full_lac_{name}", len(limits), len(broken), _overwritten(tmp_path, limits))
    assert broken == []
    assert full * 2 > len(limits)


def test_a_full_disk_leaves_the_vault(scene: Scene, tmp_path: Path, count: Count) -> None:
    """At every size up to its own: the earlier vault opens, and the next one is written."""
    met = scene.copy(tmp_path / "scene")
    size_of_it = (met.home.vault / FILE).stat().st_size
    limits = [size_of_it * step // 40 for step in range(40)]
    broken = []
    for limit in limits:
        with pytest.raises(VaultError, match="cannot be written"), room(limit):
            _enrol(met)
        if _state(WRITERS["vault"], met) != 2:
            broken.append(limit)
    _enrol(met)
    assert _children(met) == 3
    count("full_vault", len(limits), len(broken), _overwritten(tmp_path, limits))
    assert broken == []


def _overwritten(folder: Path, limits: Sequence[int]) -> int:
    """After how many limits a file that is simply written over is neither old nor new."""
    path, old, new = folder / "plain", b"old " * 5_000_000, b"new " * 5_000_000
    broken = 0
    for limit in limits:
        path.write_bytes(old)
        with suppress(OSError), room(limit), path.open("wb") as file:
            file.write(new)
        broken += path.read_bytes() not in (old, new)
    return broken
