"""Changed bytes are found before anything is shown: flipped bits, cuts, lines out of their place.

Of whatever is sealed or chained: a version of the store, its pointer, the vault, the access
log, a backup.  The control reads the same without a seal, as most programs would.
"""

import io
import json
import shutil
import tarfile
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path

import duckdb
import pytest

from intake.publish import files
from queries.errors import StoreError
from queries.store import store, versions
from queries.store.store import Store
from safeguards.errors import BackupError, ProofError
from safeguards.journal.access_log import AccessLog, Event
from safeguards.journal.audit import verify
from safeguards.keys.keys import Keys
from safeguards.vault.vault import FILE, Vault
from stewardship.backup.backups import load_identity, open_backup
from tests.support.schools.backup_scene import Scene, new_scene, tree
from tests.support.sizes import Count, rng, size

_ASKED = "select school_name, (select count(*) from raw_mark) from raw_school"
_ACTORS = ("Sam", "Kim", "Ash", "M. Carer")
_CHILDREN = ("0123456789", "ABCDEFGHJK", "ZYXWVTSRQP")


class Changed(Scene):
    """A home with a backup, 40 more lines of its log, and two versions that differ in a name."""

    def make(self) -> "Changed":
        self.back_up()
        log, draw = AccessLog(self.home, self.keys), rng("log")
        for _ in range(40):
            child = (draw.choice(_CHILDREN),)
            log.append(Event("view", draw.choice(_ACTORS), "dsl", "child", child, "dashboard"))
        for name in ("Old Lane School", "New Lane School"):
            base = self.small.path
            path = base.with_name(f"store-{int(base.stem[6:7]) + 1}.duckdb")
            with store.amend_version(base, path, self.keys.store) as connection:
                connection.execute("update raw_school set school_name = $name", {"name": name})
            files.publish(self.keys, path)
        return self

    @cached_property
    def keys(self) -> Keys:
        """As they were before anything was changed, which they would say as well."""
        return Keys.load(self.home, self.environ)

    @property
    def log(self) -> Path:
        return self.home.log / "access.jsonl"

    @property
    def backup(self) -> Path:
        return next(self.disk.iterdir())

    def school(self) -> str:
        """What a reader sees of the version in use."""
        with closing(Store(self.small.path, self.keys.store)) as opened:
            return str(opened.read(_ASKED)["school_name"].item())


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Changed:
    made = new_scene(tmp_path_factory.mktemp("flips") / "scene")
    return Changed(made.root, made.code).make()


def says_so(act: Callable[[], object]) -> bool:
    """Whether what reads a file says that it is not as it was written, and what to do."""
    try:
        act()
    except (StoreError, ProofError) as error:
        return "estore a backup" in str(error)
    return False


# Flipped bits


@dataclass(frozen=True)
class Sealed:
    """A file whose changes are found, and the same without a seal.

    beginning: how many bytes at its start have a quarter of the flips.  least: the share of
    flips that nobody notices of the bare file.
    """

    path: Path
    is_found: Callable[[], bool]
    bare: Path
    passes: Callable[[], bool]
    beginning: int = 1
    least: float = 0.0


def seal_store(scene: Changed, folder: Path) -> Sealed:
    path = scene.small.path
    bare = Path(shutil.copy(path, folder))

    def answers() -> bool:
        with suppress(duckdb.Error), duckdb.connect() as connection:
            store.open_earlier(connection, bare, scene.keys.store)
            connection.execute("use earlier")
            return len(connection.execute(_ASKED).fetchall()) == 1
        return False

    return Sealed(path, lambda: says_so(scene.school), bare, answers, least=0.25)


def seal_vault(scene: Changed, folder: Path) -> Sealed:
    path = scene.home.vault / FILE
    bare = Path(shutil.copy(path, folder))
    is_found = lambda: says_so(lambda: Vault.open(scene.home, scene.keys))  # noqa: E731
    return Sealed(path, is_found, bare, lambda: parses(bare.read_bytes()))


def seal_log(scene: Changed, folder: Path) -> Sealed:
    bare = folder / "bare.jsonl"
    bare.write_bytes(join(unchain(split(scene.log.read_bytes()))))
    is_found = lambda: not verify(scene.home, scene.keys).is_whole  # noqa: E731
    return Sealed(scene.log, is_found, bare, lambda: parses(bare.read_bytes()))


def seal_backup(scene: Changed, folder: Path) -> Sealed:
    bare, files = plain_copy(scene, folder), tree(scene.folder)

    def reads() -> bool:
        """To its end, with every file there, as people check an archive."""
        with suppress(tarfile.TarError, OSError, ValueError), tarfile.open(bare) as tar:
            there = [each for each in tar.getmembers() if each.isfile()]
            contents = {each.name: tar.extractfile(each).read() for each in there}  # type: ignore[union-attr]
            return {f"home/{name}" for name in files} == set(contents)
        return False

    is_found = lambda: not opens(scene.backup, scene)  # noqa: E731
    return Sealed(scene.backup, is_found, bare, reads, header_length(scene.backup), 0.25)


def plain_copy(scene: Changed, folder: Path) -> Path:
    """What a backup would be without a seal: every file, one after the other."""
    with tarfile.open(folder / "plain.tar", "w") as tar:
        tar.add(scene.folder, arcname="home")
    return folder / "plain.tar"


def opens(file: Path, scene: Scene) -> bool:
    """Whether every byte of a backup is as it was written."""
    with suppress(BackupError):
        return open_backup(file, [load_identity(scene.keys_folder)]) is not None
    return False


def header_length(file: Path) -> int:
    """The bytes before the sealed pieces: whom it is sealed to, a MAC of that, and a nonce."""
    content = file.read_bytes()
    return content.index(b"\n", content.index(b"\n--- ") + 1) + 1 + 16


def parses(content: bytes) -> bool:
    """All that can be asked of JSON, a text or one a line, without a keyed hash."""
    try:
        for text in content.split(b"\n")[:-1] if content.startswith(b'{"') else [content]:
            json.loads(text)
    except ValueError:
        return False
    return True


def flip(path: Path, place: int, bit: int) -> None:
    """Turn one bit of a file over; the same again turns it back."""
    with path.open("r+b") as file:
        file.seek(place)
        (byte,) = file.read(1)
        file.seek(place)
        file.write(bytes([byte ^ (1 << bit)]))


SEALED = {"store": seal_store, "vault": seal_vault, "log": seal_log, "backup": seal_backup}


@pytest.mark.parametrize(
    "name",
    [pytest.param(each, marks=pytest.mark.slow if each == "store" else ()) for each in SEALED],
)
def test_every_flipped_bit_is_found(
    scene: Changed, tmp_path: Path, count: Count, name: str
) -> None:
    """Wherever it is."""
    sealed, draw, flips = SEALED[name](scene, tmp_path), rng(f"{name}.flips"), size("flips.bits")
    broken = control = 0
    for number in range(flips):
        end = sealed.beginning if number % 4 == 3 else sealed.path.stat().st_size
        place, bit = draw.randrange(end), draw.randrange(8)
        flip(sealed.path, place, bit)
        broken += not sealed.is_found()
        flip(sealed.path, place, bit)
        place %= sealed.bare.stat().st_size
        flip(sealed.bare, place, bit)
        control += sealed.passes()
        flip(sealed.bare, place, bit)
    assert not sealed.is_found()
    assert sealed.passes()
    count(f"{name}_flipped", flips, broken, control)
    assert broken == 0
    assert control > flips * sealed.least


def test_every_bit_of_the_pointer_and_of_the_digest_counts(scene: Changed, count: Count) -> None:
    """All of them are tried; the control, a bare name, leads to another version."""
    there = {path.name.encode("ascii") for path in versions.list_versions(scene.home.store)}
    current, in_use = scene.home.store / "CURRENT", scene.small.path
    cases = broken = control = 0
    for path in (current, versions.get_digest_path(in_use)):
        before = path.read_bytes()
        for place, bit in product(range(len(before)), range(8)):
            flip(path, place, bit)
            cases += 1
            broken += not says_so(lambda: versions.find_current_version(scene.home.store))
            name = path.read_bytes().split(b" ")[0]
            control += name in there and name != in_use.name.encode("ascii")
            path.write_bytes(before)
    count("store_pointer_flipped", cases, broken, control)
    assert broken == 0
    assert control > 0
    assert scene.school() == "New Lane School"


def swap(scene: Changed) -> None:
    shutil.copy(scene.home.store / "store-2.duckdb", scene.small.path)


def swap_with_digest(scene: Changed) -> None:
    new, old = scene.small.path, scene.home.store / "store-2.duckdb"
    swap(scene)
    shutil.copy(versions.get_digest_path(old), versions.get_digest_path(new))
    digest = versions.read_digest(old)
    assert digest is not None
    pointer = new.name.encode() + b" " + digest + b"\n"
    (scene.home.store / "CURRENT").write_bytes(pointer)


def drop_digest(scene: Changed) -> None:
    new = scene.small.path
    versions.get_digest_path(new).unlink()
    (scene.home.store / "CURRENT").write_bytes(new.name.encode() + b"\n")


@pytest.mark.parametrize("tamper", [swap, swap_with_digest, drop_digest])
def test_an_older_version_under_a_newer_name_is_found(
    scene: Changed, tmp_path: Path, tamper: Callable[[Changed], None]
) -> None:
    """With or without its own digest beside it; a digest cannot be taken away either."""
    met = Changed(scene.copy(tmp_path / "scene").root)
    tamper(met)
    assert says_so(met.school)


def test_damage_is_not_copied_into_the_next_version(scene: Changed) -> None:
    """An amendment has a digest of its own, so what it copies must be sound."""
    base = scene.small.path
    path, place = versions.compute_amendment_path(base), base.stat().st_size - 7
    flip(base, place, 3)
    with (
        pytest.raises(StoreError, match="is damaged"),
        store.amend_version(base, path, scene.keys.store),
    ):
        pass
    flip(base, place, 3)
    assert not list(scene.home.store.glob(f"{path.name}*"))


# Cuts


def test_every_cut_of_a_backup_is_found(scene: Changed, tmp_path: Path, count: Count) -> None:
    """At any length, at the ends of pieces, and with something put behind; a plain copy is
    read up to where it was cut.
    """
    draw, cuts = rng("backup.cuts"), size("flips.cuts")
    whole, start, piece = scene.backup.read_bytes(), header_length(scene.backup), (1 << 16) + 16
    plain, file = plain_copy(scene, tmp_path).read_bytes(), tmp_path / "cut.age"
    lengths = [draw.randrange(len(whole)) for _ in range(cuts)]
    # the end of the last piece is no cut
    others = [0, 1, start, len(whole) - 1, *range(start, len(whole), piece)]
    contents = [whole[:length] for length in (*lengths, *others)]
    broken = control = 0
    for content in (*contents, *(whole + more for more in (b"\0", whole[-100:], whole))):
        file.write_bytes(content)
        broken += opens(file, scene)
    for length in lengths:
        with tarfile.open(fileobj=io.BytesIO(plain[: 512 + length % len(plain)])) as tar:
            control += bool(tar.next())
    count("backup_cut", cuts, broken, control)
    assert broken == 0
    assert control > 0


# Lines

Lines = list[bytes]


def split(content: bytes) -> Lines:
    return content.split(b"\n")[:-1]


def join(lines: Iterable[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


def unchain(lines: Lines) -> Lines:
    """The same records without a chain."""
    records = [json.loads(line) for line in lines]
    for record in records:
        for name in ("number", "after", "mac"):
            del record[name]
    return [json.dumps(record).encode("ascii") for record in records]
