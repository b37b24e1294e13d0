"""An erased child does not come back, by whichever way somebody brings its data.

A later load under each number that it was known by, an older sheet that names it by handle,
an older folder, file or list of heads, a restore here and one elsewhere.  Held is a home
without the child, or one that opens nothing until somebody has looked.  In the control the
same ways are tried where nothing remembers the erasure.
"""

import re
import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake.publish.files import read_rows
from intake.publish.load import rebuild_store
from intake.publish.lock import lock_store
from queries.contract import OTHER_NUMBERS
from queries.errors import StoreError
from queries.store import versions
from safeguards.errors import SafeguardsError
from safeguards.handles import generate_id
from safeguards.home.home import Home
from safeguards.journal.ledger import Erasure
from safeguards.journal.typed_entries import Entry, TypedEntries
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault
from stewardship.backup.backups import back_up
from stewardship.backup.restores import restore_backup
from stewardship.rights.erase import apply_erasures, erase_pupils, finish_erasures
from tests.support.schools.good_exports import ANN, BEN, GOOD, Files, upn
from tests.support.schools.small_home import SmallHome
from tests.support.sizes import Count

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
NEW, FORMER = upn(11), upn(12)

#: Tries a way; whether the child is back.  Without a note of the erasure it is the control.
Attack = Callable[["Scene", bool], bool]


class Scene:
    """A home that knew Ben by three numbers, what it was, and how his erasure is told."""

    def __init__(self, root: Path, code: str) -> None:
        self.root, self.code, self.small = root, code, SmallHome(root)
        self.home, (self.backup,) = self.small.home, (root / "disk").iterdir()
        self.child = self.small.find(BEN)
        self.before = read_all(self.home.folder) | read_all(self.small.keys.folder)
        self.receipts: list[str] = []

    def erase(self, *, is_noted: bool) -> None:
        """Or delete rows and records, and write down nothing."""
        keys, child = self.small.keys, self.child
        if is_noted:
            told = {"why": "request", "now": LATER, "actor": "Kim", "role": "dsl"}
            name = erase_pupils(self.home, keys, [child], **told)  # type: ignore[arg-type]
            text = (self.home.ledger / name).read_text("utf-8")
            self.receipts = re.findall(r"\b[0-9A-F]{16}-[0-9A-F]{4}\b", text)
            assert child.pupil_id not in text
        else:
            with lock_store(self.home):
                apply_erasures(
                    self.home, keys, [Erasure(LATER, child.pupil_id, child.look_ups, "request")]
                )

    def load(self, files: Files) -> None:
        self.small.load(files, now=LATER)

    def put_back(self, *names: str, with_heads: bool = False) -> None:
        """What these folders and files of the home were, in place of what they are."""
        for path in [each for name in names for each in find_files(self.home.folder / name)]:
            path.unlink()
        for path, content in self.before.items():
            inside = path.is_relative_to(self.home.folder)
            name = path.relative_to(self.home.folder).as_posix() if inside else path.name
            is_named = any(name == each or name.startswith(f"{each}/") for each in names)
            if (inside and is_named) or (with_heads and path.name == "heads.json"):
                path.write_bytes(content)

    def is_back(self, folder: Path, environ: Mapping[str, str]) -> bool:
        """Whether the child is in a home again once whatever opens it next has done so."""
        try:
            home = Home.open(folder)
            rebuild_store(home, environ, finish_erasures)
            keys = Keys.load(home, environ)
            vault = Vault.open(home, keys)
        except (SafeguardsError, StoreError):
            return False
        path = versions.find_current_version(home.store)
        assert path is not None
        rows = read_rows(path, keys.store)
        # who is left out is one child, and not everybody in a file that names it
        assert vault.find_by_upn(ANN) is not None
        ours = {vault.find_by_upn(number) for number in (BEN, NEW, FORMER)} - {None}
        held = set(rows["raw_pupil"]["pupil_id"])
        return bool(ours) or self.child.pupil_id in held or len(held) != 2


def type_action(home: Home, keys: Keys, pupil_id: str) -> None:
    values = {"kind": "called the carer", "date": "2026-11-18", "line": "", "rules": "{}"}
    entry = Entry(generate_id(), NOW, "Kim", "dsl", "action", pupil_id, "", values)
    TypedEntries.open(home, keys).append(entry)


def numbers(*rows: str) -> Files:
    return {OTHER_NUMBERS.name: "\n".join([",".join(OTHER_NUMBERS.header), *rows]) + "\n"}


def renumbered(new: str, *rows: str) -> Files:
    """The good files with Ben under another UPN, and what is told of his other numbers."""
    files = {name: text.replace(BEN, new) for name, text in GOOD.items()}
    return {**files, **(numbers(*rows) if rows else {})}


def find_files(path: Path) -> list[Path]:
    return [each for each in path.rglob("*") if each.is_file()] if path.is_dir() else [path]


def read_all(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in find_files(folder) if path.suffix != ".lock"}


def restore(scene: Scene, *, here: bool) -> bool:
    """Whether a restore of the backup from before brings the child."""
    environ = scene.small.environ
    if here:
        shutil.rmtree(scene.home.folder)
        restore_backup(
            scene.backup, scene.home.folder, now=LATER, is_older_right=True, environ=environ
        )
        return scene.is_back(scene.home.folder, environ)
    elsewhere = {**environ, "LAC_KEYS": str(scene.root / "new keys")}
    new = scene.root / "new"
    restore_backup(
        scene.backup, new, now=LATER, code=scene.code, receipts=scene.receipts, environ=elsewhere
    )
    return scene.is_back(new, elsewhere)


def by_files(*names: str, with_heads: bool = False) -> Attack:
    def attack(scene: Scene, is_noted: bool) -> bool:
        # in the control all else is older too, or nothing at all could come back
        scene.put_back(*(names if is_noted else _HOME), with_heads=with_heads or not is_noted)
        return scene.is_back(scene.home.folder, scene.small.environ)

    return attack


_MARKED = GOOD["attendance.csv"].splitlines(keepends=True)
#: The good files with a mark less, so that they are none that were loaded already.
AGAIN = {**GOOD, "attendance.csv": "".join(_MARKED[:-1])}


def by_load(files: Files) -> Attack:
    def attack(scene: Scene, _: bool) -> bool:
        scene.load(files)
        return scene.is_back(scene.home.folder, scene.small.environ)

    return attack


def by_typing(scene: Scene, is_noted: bool) -> bool:
    """Somebody types about the code again, and the home shows what was typed."""
    if not is_noted:  # what is typed needs a child that is there
        scene.load(AGAIN)
    type_action(scene.home, scene.small.keys, scene.child.pupil_id)
    return scene.is_back(scene.home.folder, scene.small.environ)


_HOME = ("store", "vault", "written", "log")
#: Each way, and what it does; of the home's files "all" leaves what lies beside the keys.
WAYS: dict[str, Attack] = {
    "the same files again": by_load(AGAIN),
    "a new UPN, and the former one beside it": by_load(renumbered(NEW, f"{NEW},{BEN},,")),
    "an old file, by a former UPN": by_load(renumbered(FORMER)),
    "a new UPN, and the one before the last beside it": by_load(
        renumbered(NEW, f"{NEW},{FORMER},,")
    ),
    "a new UPN, and the authority's number": by_load(renumbered(NEW, f"{NEW},,Northmoor,N-7")),
    "a typed entry": by_typing,
    "what was typed, put back": by_files("written", "store", "vault"),
    "restore here": lambda scene, _: restore(scene, here=True),
    "restore elsewhere with the receipt": lambda scene, _: restore(scene, here=False),
    "the store's folder": by_files("store", "vault"),
    "CURRENT and its version alone": by_files("store"),
    "the vault alone": by_files("vault/vault.json"),
    "old heads, store and vault": by_files("store", "vault", with_heads=True),
    "old heads and the whole home": by_files(*_HOME, with_heads=True),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The home before the erasure, with an action and a backup, and the code of that."""
    root, codes = tmp_path_factory.mktemp("erased") / "scene", list[str]()
    (root / "disk").mkdir(parents=True)
    small = SmallHome(root)
    small.load({**GOOD, **numbers(f"{BEN},{FORMER},,", f"{BEN},,Northmoor,N-7")})
    type_action(small.home, small.keys, small.find(BEN).pupil_id)
    given = {"now": NOW, "show_code": codes.append, "environ": small.environ}
    back_up(small.home, root / "disk", **given)  # type: ignore[arg-type]
    return root, codes[0]


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_an_erased_child_stays_away(
    made: tuple[Path, str], way: str, tmp_path: Path, count: Count
) -> None:
    found = []
    for is_noted in (True, False):
        root = shutil.copytree(made[0], tmp_path / f"noted-{is_noted}")
        scene = Scene(root, made[1])
        scene.erase(is_noted=is_noted)
        found.append(WAYS[way](scene, is_noted))
    is_back, is_back_unnoted = found
    count(f"erased.{way.replace(' ', '_')}", 1, int(is_back), int(is_back_unnoted))
    assert not is_back
    assert is_back_unnoted
