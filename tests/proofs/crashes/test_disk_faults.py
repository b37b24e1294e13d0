"""A disk that fails at any one call of a writer: all is as before or all is done, and it is told.

Every writer of a home meets it, or a kill at that call: vault, log and head, entries, ledger and
its copy, keys, words for a report, the digest and the pointer, an erasure, a restore, a change of
who has which role and of the key; then a whole load.  So it is where room ends.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, get_args

import pytest
from typer.testing import Result

from cli.options import CANNOT_READ
from queries.errors import StoreError
from queries.store import versions
from safeguards.access import access
from safeguards.access.people import People
from safeguards.disclosure.drafts import Drafts
from safeguards.errors import SafeguardsError, VaultError
from safeguards.handles import generate_id
from safeguards.journal import audit
from safeguards.journal.access_log import AccessLog, Event
from safeguards.journal.ledger import Erasure, Ledger
from safeguards.journal.typed_entries import Entry, TypedEntries
from safeguards.keys.key_files import write_key
from safeguards.keys.key_ring import KeyRing, unlock_identities
from safeguards.keys.keys import Keys
from safeguards.vault.vault import FILE, Vault
from stewardship.backup.backups import find_identities, note_newest, open_backup, read_newest
from stewardship.registers import recipients
from stewardship.registers.requests import Register
from stewardship.rights.erase import erase_pupils, finish_erasures
from tests.support.commands import lac, passphrase_fd
from tests.support.hostile.faulty import Killed, Kind, failing
from tests.support.schools.backup_scene import Figures, Scene, contents, light_scene, new_scene
from tests.support.schools.good_exports import ANN, BEN, added, upn, with_cell
from tests.support.schools.real_home import DEPUTY, LEAD, phrase_of, real_home
from tests.support.sizes import Count, size

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
KEY = "5" * 64
#: Calls of a writer, of more than which a smaller run draws some.
_MANY = 30


@dataclass(frozen=True)
class Writer:
    """Something that writes, and how its state is read by those who read it.

    does: one step, the same each time.  sees: the state, which changes by the step; it
    raises where what is there does not open.  begins: what comes before it.  may_be: whether a
    state in between is right too, once it was cut off.
    """

    does: Callable[[Scene], object]
    sees: Callable[[Scene], Any]
    begins: Callable[[Scene], object] = lambda _: None
    may_be: Callable[[Any], bool] = lambda _: False


def enrol(scene: Scene) -> None:
    vault = Vault.open(scene.home, scene.keys)
    vault.enrol(DAN, {"upn": DAN})
    vault.save()


def count_children(scene: Scene) -> int:
    return len(Vault.open(scene.home, scene.keys).pupils)


def log(scene: Scene) -> None:
    AccessLog(scene.home, scene.keys).append(Event("view", "somebody", "dsl", page="today"))


def count_lines(scene: Scene) -> int:
    # a head one line behind is put right by the next line
    verdict = audit.verify(scene.home, scene.keys)
    assert verdict.is_whole, verdict
    return verdict.lines


def add_entry(scene: Scene) -> None:
    values = {"kind": "called the carer", "date": "2026-11-18", "line": "x", "rules": "{}"}
    child = scene.pupil_id(ANN)
    entry = Entry(generate_id(), NOW, "x", "dsl", "action", child, "", values)
    TypedEntries.open(scene.home, scene.keys).append(entry)


def forget_entries(scene: Scene) -> None:
    child = scene.pupil_id(BEN)
    TypedEntries.open(scene.home, scene.keys).forget(lambda entry: entry.pupil_id == child)


def count_entries(scene: Scene) -> int:
    return len(TypedEntries.open(scene.home, scene.keys).list_entries())


def note_erasure(scene: Scene) -> None:
    child = scene.small.find(ANN)
    erasure = Erasure(NOW, child.pupil_id, child.look_ups, "request")
    Ledger.open(scene.home, scene.keys).append(erasure)


def note_request(scene: Scene) -> None:
    asked = {"received_on": NOW.date(), "requester": "parent", "actor": "x", "now": NOW}
    register = Register.open(scene.home, scene.keys)
    register.add("access", scene.pupil_id(ANN), **asked)  # type: ignore[arg-type]


def read_key_file(scene: Scene) -> bytes | None:
    path = scene.keys_folder / "backup.key"
    return path.read_bytes() if path.exists() else None


def publish(scene: Scene) -> None:
    folder = scene.home.store
    path = versions.prepare_load_path(folder)
    with versions.stage_version(path) as half:
        half.write_bytes(b"a version")
        versions.write_digest(path, half, KEY)
    versions.publish(folder, path)


def read_published(scene: Scene) -> bytes | None:
    path = versions.find_current_version(scene.home.store)
    if path is None:
        return None
    versions.verify_digest(path, path, KEY)
    return path.read_bytes()


def is_readable(scene: Scene, path: Path) -> bool:
    return open_backup(path, find_identities(scene.keys_folder.parent)) is not None


def erase(scene: Scene) -> None:
    vault = Vault.open(scene.home, scene.keys)
    ann = [child for child in (vault.find_by_upn(ANN),) if child is not None]
    if ann:
        erase_pupils(scene.home, scene.keys, ann, why="request", now=NOW, actor="x", role="dsl")


def count_traces(scene: Scene) -> tuple[int, int, int]:
    """In the vault, in what people typed, and in the ledger, once the next load has begun."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("LAC_KEYS", scene.environ["LAC_KEYS"])
        finish_erasures(scene.home, scene.keys)
    ledger = len(Ledger.open(scene.home, scene.keys).list_entries())
    return count_children(scene), count_entries(scene), ledger


def lose(scene: Scene, *, computer: bool = False) -> None:
    """The home is gone, or the whole computer; a backup is there."""
    scene.back_up()
    shutil.rmtree(scene.folder)
    if computer:
        shutil.rmtree(scene.environ["LAC_KEYS"])


def restore(scene: Scene, code: str | None = None) -> None:
    (made,) = scene.disk.iterdir()
    scene.restore(made, code=code, is_older_right=True)


def see_home(scene: Scene) -> dict[str, bytes] | None:
    if not scene.folder.exists():
        return None
    count_traces(scene)
    return contents(scene.folder)


def give_command(scene: Scene, *words: object) -> None:
    typed = passphrase_fd(scene.root, phrase_of(LEAD))
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("LAC_KEYS", scene.environ["LAC_KEYS"])
        lac(*words, "--home", scene.folder, *typed)


def list_powers(scene: Scene) -> frozenset[str]:
    """What the deputy has: roles, and the keys that go with it."""
    home, keys = scene.home, scene.keys
    person, ring = People.load(home, keys).find_by_name(DEPUTY), KeyRing(home, keys)
    have = {
        **dict.fromkeys(person.role.split() if person else ["none"], True),
        "identities": DEPUTY in ring.list_people("identities"),
        "names": DEPUTY in ring.list_people("names"),
        "sign-in": DEPUTY in ring.people,
    }
    return frozenset(power for power, has in have.items() if has)


def is_less(powers: Any) -> bool:
    """A role without its keys; never a key without the role."""
    return "dsl" in powers


def get_seal(scene: Scene) -> str:
    return Vault.open(scene.home, scene.keys).public_key.public_bytes_raw().hex()


def note_seal(scene: Scene) -> None:
    (scene.root / "sealed to").write_text(get_seal(scene))


def open_all(scene: Scene) -> tuple[list[str], bool, bool]:
    """Each child's number in the vault, whether its key is new, and whether the deputy has it."""
    vault = Vault.open(scene.home, scene.keys)
    key = unlock_identities(scene.home, scene.keys, LEAD, phrase_of(LEAD), vault.public_key)
    numbers = [f"{vault.open_identity(each.pupil_id, key)['upn']}" for each in vault.pupils]
    is_new = get_seal(scene) != (scene.root / "sealed to").read_text()
    return numbers, is_new, "identities" in list_powers(scene)


#: Of a school's own home, whose people hold keys.
OF_PEOPLE = {
    "role": Writer(
        lambda scene: give_command(scene, "people", "remove", DEPUTY, "--role", "dsl"),
        list_powers, may_be=is_less,
        begins=lambda scene: give_command(scene, "people", "add", DEPUTY, "--role", "head"),
    ),
    "leaving": Writer(
        lambda scene: give_command(scene, "people", "remove", DEPUTY), list_powers, may_be=is_less
    ),
    "rotation": Writer(
        lambda scene: give_command(scene, "keys", "rotate"), open_all, begins=note_seal
    ),
}  # fmt: skip
WRITERS = {
    "vault": Writer(enrol, count_children),
    "log": Writer(log, count_lines),
    "entries": Writer(add_entry, count_entries),
    "entries forgotten": Writer(forget_entries, count_entries),
    "ledger": Writer(
        note_erasure, lambda scene: len(Ledger.open(scene.home, scene.keys).list_entries())
    ),
    "recipients": Writer(
        lambda scene: recipients.add(
            scene.home, scene.keys, "Council", "other authority", actor="x", role="dsl"
        ),
        lambda scene: len(recipients.load_recipients(scene.home, scene.keys)),
    ),
    "register": Writer(
        note_request, lambda scene: len(Register.open(scene.home, scene.keys).list_all())
    ),
    "drafts": Writer(
        lambda scene: scene.draft("Reading club has grown."),
        lambda scene: len(Drafts.open(scene.home, scene.keys).list_all()),
    ),
    "notes": Writer(
        lambda scene: note_newest(scene.keys_folder, NOW),
        lambda scene: read_newest(scene.keys_folder),
    ),
    "a key": Writer(
        lambda scene: write_key(scene.keys_folder, "backup.key", bytes(range(32))), read_key_file
    ),
    # a home that has none makes them anew; one with half of them would be lost
    "new keys": Writer(
        lambda scene: scene.keys_folder.exists() or Keys.create(scene.home, scene.environ),
        lambda scene: scene.keys_folder.exists() and bool(scene.keys),
        begins=lambda scene: shutil.rmtree(scene.keys_folder),
    ),
    "erasure": Writer(erase, count_traces),
    "restore": Writer(restore, see_home, begins=lose),
    "restore elsewhere": Writer(
        lambda scene: restore(scene, scene.code),
        see_home,
        begins=lambda scene: lose(scene, computer=True),
    ),
    "pointer": Writer(publish, read_published),
    "backup": Writer(
        lambda scene: scene.back_up(),
        # each can be read, and the home is as it was
        lambda scene: (
            sorted((path.name, is_readable(scene, path)) for path in scene.disk.glob("*.age")),
            contents(scene.folder),
        ),
    ),
}


@pytest.fixture(scope="module")
def light(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A home in use, but without a store."""
    return light_scene(tmp_path_factory.mktemp("light") / "scene")


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A home in use, with the files of its next load: another mark, and a new child."""
    made = new_scene(tmp_path_factory.mktemp("faults") / "scene")
    made.small.write(NEXT_FILES)
    return made


@pytest.mark.parametrize("name", [*WRITERS, *OF_PEOPLE])
def test_a_writer_leaves_all_as_before_or_all_done(
    light: Scene, tmp_path: Path, count: Count, name: str
) -> None:
    """Whichever call fails or is the last, and the same step then goes through."""
    writer, begun = {**WRITERS, **OF_PEOPLE}[name], Scene(tmp_path / "begun")
    if name in OF_PEOPLE:
        real_home(begun.folder)
    else:
        begun = light.copy(begun.root)
    writer.begins(begun)
    whole = begun.copy(tmp_path / "whole")
    before = writer.sees(whole)
    with failing() as disk:
        writer.does(whole)
    after, calls = writer.sees(whole), disk.calls
    assert before != after
    assert calls > 1
    broken, faults = [], list_faults(calls)
    if calls > _MANY:
        faults = draw_faults(faults)
    for at, kind in faults:
        met = begun.copy(tmp_path / f"{kind}-{at}")
        said = find_wrong_words(writer, met, at, kind)
        found = look(writer, met)
        is_right = found in (before, after) or writer.may_be(found)
        if found != after:
            writer.does(met)
        if said is not None or not is_right or look(writer, met) != after:
            broken.append((at, kind, said, found))
        shutil.rmtree(met.root)
    control = count_broken_plainly(tmp_path)
    count(f"fault_{name}".replace(" ", "_"), len(faults), len(broken), control)
    assert broken == []
    assert control > 0


def list_faults(calls: int) -> list[tuple[int, Kind]]:
    return [(at, kind) for at in range(1, calls + 1) for kind in get_args(Kind)]


def draw_faults(faults: list[tuple[int, Kind]]) -> list[tuple[int, Kind]]:
    """As many as this run draws; the step is no multiple of the kinds, so each has its turn."""
    step = 100 // size("faults.percent")
    return faults[:: step + (step % len(get_args(Kind)) == 0)]


def find_wrong_words(writer: Writer, scene: Scene, at: int, kind: Kind) -> str | None:
    """What is wrong with what was said of a failed call; None if nothing is.

    A step that ends well has been done: a writer may go round a call that failed.
    """
    try:
        with failing(at, kind):
            writer.does(scene)
    except Killed:
        return None
    except (SafeguardsError, StoreError) as error:
        return None if len(str(error)) > 20 and "\n" not in str(error) else str(error)
    except OSError as error:  # told by the command, which names the place
        return None if error.strerror else repr(error)
    return None


def look(writer: Writer, scene: Scene) -> Any:
    try:
        return writer.sees(scene)
    except (SafeguardsError, StoreError, AssertionError) as error:
        return f"does not open: {error}"


def count_broken_plainly(folder: Path) -> int:
    """After how many faults a file that is simply written over is neither old nor new."""
    path, old, new = folder / "plain", b"old " * 1000, b"new " * 1000
    broken = 0
    for at, kind in list_faults(1):
        path.write_bytes(old)
        with suppress(OSError, Killed), failing(at, kind), path.open("wb") as file:
            file.write(new)
        broken += path.read_bytes() not in (old, new)
    return broken


# A load, as a command


def load(scene: Scene) -> Result:
    access.release_stores()
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("LAC_KEYS", scene.environ["LAC_KEYS"])
        return lac("load", scene.small.exports, "--home", scene.folder)


DAN = upn(4)
NEXT_FILES = with_cell("attendance.csv", 2, "code", "I")
NEXT_FILES = added("roll.csv", f"{DAN},Stone,Dan,,03/02/2017,M,4,4A,01/09/2024,,,,", NEXT_FILES)
NEXT_FILES = added("care_episodes.csv", f"{DAN},in need,2026-10-01,,,,,", NEXT_FILES)


def meet(
    scene: Scene, folder: Path, faults: Mapping[str, Callable[[], Any]]
) -> tuple[list[tuple[str, str]], int]:
    """What is wrong after a load met each fault, and how often it did not end well."""
    whole, broken, failed = scene.copy(folder / "whole"), [], 0
    before = whole.figures
    assert load(whole).exit_code == 0
    after = whole.figures
    assert before != after
    for name, fault in faults.items():
        met = scene.copy(folder / name)
        with fault():
            ended = load(met)
        failed += ended.exit_code != 0
        if said := find_wrong(met, ended, before, after):
            broken.append((name, f"{said}: {ended.stderr}"))
        shutil.rmtree(met.root)
    return broken, failed


def find_wrong(scene: Scene, ended: Result, before: Figures, after: Figures) -> str | None:
    """What is wrong after a load met a fault, now and after it was given again."""
    found = scene.figures
    if ended.exit_code == 0:
        return None if found == after else "it ended well and is not done"
    if ended.exit_code != CANNOT_READ or len(ended.stderr.splitlines()) != 1:
        return "it is not told in a line"
    # a record in the vault that no store names is not read by anybody
    if "Nothing was changed" in ended.stderr and found[:2] != before[:2]:
        return "it says that nothing was changed"
    if found.ill not in (before.ill, after.ill):
        return "it is half done"
    if found.ill == before.ill and (again := load(scene)).exit_code:
        return f"it does not go through the next time: {again.stderr}"
    return None if scene.figures == after else "it is not done the next time"


@pytest.mark.slow
def test_a_load_leaves_all_as_before_or_all_done(
    scene: Scene, tmp_path: Path, count: Count
) -> None:
    """It says so in a line, and never that nothing was changed when something was.

    Who is killed says nothing: that is `test_kills.py`.
    """
    with failing() as disk:
        assert load(scene.copy(tmp_path / "counted")).exit_code == 0
    places = [each for each in draw_faults(list_faults(disk.calls)) if each[1] != "kill"]
    faults = {f"{kind}-{at}": partial(failing, at, kind) for at, kind in places}
    broken, _ = meet(scene, tmp_path, faults)
    count("fault_lac_load", len(places), len(broken), count_broken_plainly(tmp_path))
    assert broken == []
    assert disk.calls > 10


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
def test_a_full_disk_leaves_all_as_before_or_all_done(
    scene: Scene, tmp_path: Path, count: Count
) -> None:
    """Wherever room ends for a load: it is told, and kept whole or not at all."""
    step = len(_LIMITS) // size("faults.limits")
    limits = _LIMITS[step // 2 :: step]
    faults = {str(limit): partial(room, limit) for limit in limits}
    broken, full = meet(scene, tmp_path, faults)
    count("full_lac_load", len(limits), len(broken), count_overwritten(tmp_path, limits))
    assert broken == []
    assert full * 2 > len(limits)


def test_a_full_disk_leaves_the_vault(light: Scene, tmp_path: Path, count: Count) -> None:
    """At every size up to its own: the earlier vault opens, and the next one is written."""
    met = light.copy(tmp_path / "scene")
    size_of_it, before = (met.home.vault / FILE).stat().st_size, count_children(met)
    limits = [size_of_it * step // 40 for step in range(40)]
    broken = []
    for limit in limits:
        with pytest.raises(VaultError, match="cannot be written"), room(limit):
            enrol(met)
        if look(WRITERS["vault"], met) != before:
            broken.append(limit)
    enrol(met)
    assert count_children(met) == before + 1
    count("full_vault", len(limits), len(broken), count_overwritten(tmp_path, limits))
    assert broken == []


def count_overwritten(folder: Path, limits: Sequence[int]) -> int:
    """After how many limits a file that is simply written over is neither old nor new."""
    path, old, new = folder / "plain", b"old " * 5_000_000, b"new " * 5_000_000
    broken = 0
    for limit in limits:
        path.write_bytes(old)
        with suppress(OSError), room(limit), path.open("wb") as file:
            file.write(new)
        broken += path.read_bytes() not in (old, new)
    return broken
