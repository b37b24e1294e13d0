"""One flipped bit of the store or the vault, anywhere: it is found before anything is shown."""

import json
import shutil
from collections.abc import Callable
from contextlib import closing
from itertools import product
from pathlib import Path

import duckdb
import pytest

from queries.errors import StoreError
from queries.store import store, versions
from queries.store.store import Store
from safeguards.errors import ProofError
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from safeguards.vault.vault import FILE, Vault
from tests.support import sizes
from tests.support.schools.small_home import SmallHome
from tests.support.sizes import size

_ASKED = "select school_name, (select count(*) from raw_mark) from raw_school"


class Scene:
    """A loaded home with two versions, whose names differ in one bit."""

    def __init__(self, root: Path) -> None:
        small = SmallHome(root)
        small.load()
        self.home = Home.open(small.folder)
        self.keys = Keys.load(self.home, small.environ)
        self.old = self._amended("Old Lane School", self.home.store / "store-1.duckdb", 2)
        self.new = self._amended("New Lane School", self.old, 3)
        versions.publish(self.home.store, self.new)
        self.vault = self.home.vault / FILE

    def _amended(self, name: str, base: Path, number: int) -> Path:
        path = base.with_name(f"store-{number}.duckdb")
        with store.amend_version(base, path, self.keys.store) as connection:
            connection.execute("update raw_school set school_name = $name", {"name": name})
        return path

    def school(self) -> str:
        """What a reader sees of the version in use."""
        path = versions.find_current_version(self.home.store)
        assert path is not None
        with closing(Store(path, self.keys.store)) as opened:
            return str(opened.read(_ASKED)["school_name"].item())

    def is_found(self) -> bool:
        """Whether the store says that it is not as it was written."""
        try:
            self.school()
        except StoreError as error:
            return "estore a backup" in str(error)
        return False


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return Scene(tmp_path_factory.mktemp("flips"))


def flip(path: Path, place: int, bit: int) -> None:
    """Turn one bit of a file over; the same again turns it back."""
    with path.open("r+b") as file:
        file.seek(place)
        (byte,) = file.read(1)
        file.seek(place)
        file.write(bytes([byte ^ (1 << bit)]))


@pytest.mark.slow
def test_every_flipped_bit_of_a_version_is_found(
    scene: Scene, tmp_path: Path, count: sizes.Count
) -> None:
    """Wherever it is; DuckDB's own checks say nothing of the blocks that it does not read."""
    draw, cases, broken, control = sizes.rng("store.flips"), size("store.flips"), 0, 0
    bare = _without_digest(scene, tmp_path)
    for _ in range(cases):
        place, bit = draw.randrange(scene.new.stat().st_size), draw.randrange(8)
        flip(scene.new, place, bit)
        broken += not scene.is_found()
        flip(scene.new, place, bit)
        flip(bare, place % bare.stat().st_size, bit)
        control += _answers(bare, scene.keys.store)
        flip(bare, place % bare.stat().st_size, bit)
    assert scene.school() == "New Lane School"
    count("store_flipped", cases, broken, control)
    assert broken == 0
    assert control * 2 > cases


def _without_digest(scene: Scene, folder: Path) -> Path:
    """The same rows as earlier code left them: a version without a digest."""
    path = folder / "store-4.duckdb"
    with store.amend_version(scene.new, path, scene.keys.store) as connection:
        connection.execute("update store_stamp set schema_version = 1")
    versions.get_digest_path(path).unlink()
    return path


def _answers(path: Path, key: str) -> bool:
    try:
        with closing(Store(path, key)) as opened:
            return opened.read(_ASKED).height == 1
    except (StoreError, duckdb.Error):
        return False


def test_every_bit_of_the_pointer_and_of_the_digest_counts(
    scene: Scene, count: sizes.Count
) -> None:
    """All of them are tried; the control, a bare name, leads to the two versions before."""
    cases = broken = control = 0
    for path in (scene.home.store / "CURRENT", versions.get_digest_path(scene.new)):
        before = path.read_bytes()
        for place, bit in product(range(len(before)), range(8)):
            flip(path, place, bit)
            cases += 1
            broken += not _is_found_by_name(scene)
            control += _leads_elsewhere(scene, path.read_bytes())
            path.write_bytes(before)
    count("store_pointer_flipped", cases, broken, control)
    assert (broken, control) == (0, 2)
    assert scene.school() == "New Lane School"


def _is_found_by_name(scene: Scene) -> bool:
    try:
        versions.find_current_version(scene.home.store)
    except StoreError as error:
        return "estore a backup" in str(error)
    return False


def _leads_elsewhere(scene: Scene, content: bytes) -> bool:
    """Whether the name alone is that of another version."""
    there = {path.name.encode("ascii"): path for path in versions.list_versions(scene.home.store)}
    return there.get(content.split(b" ")[0], scene.new) != scene.new


def _swapped(scene: Scene) -> None:
    shutil.copy(scene.old, scene.new)


def _swapped_with_digest(scene: Scene) -> None:
    shutil.copy(scene.old, scene.new)
    shutil.copy(versions.get_digest_path(scene.old), versions.get_digest_path(scene.new))
    pointer = scene.home.store / "CURRENT"
    digest = versions.read_digest(scene.old)
    assert digest is not None
    pointer.write_bytes(scene.new.name.encode() + b" " + digest + b"\n")


def _without_any_digest(scene: Scene) -> None:
    versions.get_digest_path(scene.new).unlink()
    (scene.home.store / "CURRENT").write_bytes(scene.new.name.encode() + b"\n")


@pytest.mark.parametrize("tamper", [_swapped, _swapped_with_digest, _without_any_digest])
def test_an_older_version_under_a_newer_name_is_found(
    tmp_path: Path, tamper: Callable[[Scene], None]
) -> None:
    """With or without its own digest beside it; a digest cannot be taken away either."""
    scene = Scene(tmp_path)
    tamper(scene)
    assert scene.is_found()


def test_an_older_version_passes_by_duckdb_alone(scene: Scene, tmp_path: Path) -> None:
    """The control: the same key opens it, whatever its name, and it shows what was before."""
    path = _without_digest(scene, tmp_path)
    later = path.with_name("store-9.duckdb")
    shutil.copy(path, later)
    with closing(Store(later, scene.keys.store)) as opened:
        assert opened.read(_ASKED)["school_name"].item() == "New Lane School"


def test_damage_is_not_copied_into_the_next_version(scene: Scene) -> None:
    """An amendment has a digest of its own, so what it copies must be sound."""
    flip(scene.new, scene.new.stat().st_size - 7, 3)
    path = versions.compute_amendment_path(scene.new)
    with (
        pytest.raises(StoreError, match="is damaged"),
        store.amend_version(scene.new, path, scene.keys.store),
    ):
        pass
    flip(scene.new, scene.new.stat().st_size - 7, 3)
    assert not [left for left in scene.home.store.iterdir() if left.name.startswith(path.name)]


def test_a_version_of_earlier_code_has_none_and_the_next_one_has(
    scene: Scene, tmp_path: Path
) -> None:
    """It opens, as made by other definitions; one of this code without a digest does not."""
    path = _without_digest(scene, tmp_path)
    versions.publish(tmp_path, path)
    assert (tmp_path / "CURRENT").read_bytes() == b"store-4.duckdb\n"
    assert versions.find_current_version(tmp_path) == path
    with closing(Store(path, scene.keys.store)) as opened:
        assert not opened.stamp.is_current
    again = tmp_path / "store-5.duckdb"
    with store.create_version(again, scene.keys.store):
        pass
    versions.publish(tmp_path, again)
    assert (tmp_path / "CURRENT").read_bytes().split() == [
        b"store-5.duckdb",
        versions.read_digest(again),
    ]


def test_every_flipped_bit_of_the_vault_is_found(scene: Scene, count: sizes.Count) -> None:
    """Wherever it is; JSON without a keyed hash says nothing of most of them."""
    draw, cases, broken, control = sizes.rng("vault.flips"), size("vault.flips"), 0, 0
    whole = scene.vault.read_bytes()
    for _ in range(cases):
        place, bit = draw.randrange(len(whole)), draw.randrange(8)
        flip(scene.vault, place, bit)
        broken += not _vault_says_so(scene)
        control += _parses(scene.vault.read_bytes())
        flip(scene.vault, place, bit)
    assert scene.vault.read_bytes() == whole
    assert not _vault_says_so(scene)
    count("vault_flipped", cases, broken, control)
    assert broken == 0
    assert control > 0


def _vault_says_so(scene: Scene) -> bool:
    try:
        Vault.open(scene.home, scene.keys)
    except ProofError as error:
        return "estore a backup" in str(error)
    return False


def _parses(content: bytes) -> bool:
    try:
        json.loads(content)
    except ValueError:
        return False
    return True
