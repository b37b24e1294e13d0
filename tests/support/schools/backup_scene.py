"""A small home with all that a home holds, to back up and to restore: loaded, typed, looked at."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from intake.publish import files
from intake.publish.amend import publish_entries
from intake.publish.merge import Rows
from queries.store import versions
from safeguards.disclosure.drafts import Drafts
from safeguards.handles import generate_id
from safeguards.home.home import Home, create_demo
from safeguards.journal.access_log import AccessLog, Event
from safeguards.journal.typed_entries import Entry, TypedEntries
from safeguards.keys.keys import Keys, get_keys_folder
from safeguards.vault.vault import Vault
from stewardship.backup.backups import back_up
from stewardship.backup.restores import RestoreResult, restore_backup
from tests.support.schools.good_exports import ANN, BEN
from tests.support.schools.homes import keys_at, make_once
from tests.support.schools.small_home import SmallHome

MADE = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
WHO = "M. Quillfeather"


class Figures(NamedTuple):
    """Marks of illness, actions shown, entries kept, children in the vault."""

    ill: int
    shown: int
    kept: int
    known: int


@dataclass
class Scene:
    """A home, the keys beside it, and a disk for its backups."""

    root: Path
    code: str = ""

    @property
    def folder(self) -> Path:
        return self.root / "home"

    @property
    def disk(self) -> Path:
        return self.root / "disk"

    @property
    def environ(self) -> dict[str, str]:
        return keys_at(self.folder)

    @property
    def home(self) -> Home:
        return Home.open(self.folder)

    @property
    def keys(self) -> Keys:
        return Keys.load(self.home, self.environ)

    @property
    def keys_folder(self) -> Path:
        return get_keys_folder(self.home, self.environ)

    @property
    def rows(self) -> Rows:
        return rows_of(self.folder, self.keys)

    @property
    def actions(self) -> int:
        """How many actions the store shows."""
        path = versions.find_current_version(self.home.store)
        assert path is not None
        return files.count_rows(path, self.keys.store)["raw_action"]

    @property
    def small(self) -> SmallHome:
        """The home, as one that files are loaded into."""
        return SmallHome(self.root)

    @property
    def figures(self) -> Figures:
        """What the home shows and keeps; whatever cannot be opened raises."""
        query = "select (select count(*) from raw_mark where code = 'I'), count(*) from raw_action"
        ((ill, shown),) = self.small.ask(query)
        kept = len(TypedEntries.open(self.home, self.keys).list_entries())
        return Figures(ill, shown, kept, len(Vault.open(self.home, self.keys).pupils))

    def copy(self, to: Path) -> "Scene":
        """The same home and keys, elsewhere."""
        shutil.copytree(self.root, to)
        return Scene(to, self.code)

    def back_up(self, now: datetime = MADE, **options: bool) -> Path:
        """Make a backup; `code` is the newest recovery code afterwards."""

        def show(code: str) -> None:
            self.code = code

        return back_up(
            self.home, self.disk, now=now, show_code=show, environ=self.environ,
            wants_new_code=options.get("wants_new_code", False),
        )  # fmt: skip

    def restore(self, file: Path, to: Path | None = None, **options: object) -> RestoreResult:
        """Restore a backup, to the home's own place if no other is named."""
        given = {"now": LATER, "environ": self.environ, **options}
        return restore_backup(file, to or self.folder, **given)  # type: ignore[arg-type]

    def type_about(self, pupil_id: str, corrects: str | None = None) -> str:
        """Add an action about a child, and show it; the entry's id."""
        values = {"kind": "called the carer", "date": "2026-11-18", "line": "Home reading agreed",
                  "rules": "{}"}  # fmt: skip
        entry = Entry(
            generate_id(), MADE, WHO, "dsl", "action", pupil_id, "", values, corrects=corrects
        )
        TypedEntries.open(self.home, self.keys).append(entry)
        publish_entries(self.home, self.keys)
        return entry.entry_id

    def draft(self, text: str = "Reading club is full.") -> None:
        """Write words for a report."""
        Drafts.open(self.home, self.keys).save_answer(
            "good_things", MADE.date(), text, actor=WHO, now=MADE
        )

    def pupil_id(self, upn: str) -> str:
        """The code of a child of the good exports."""
        record = Vault.open(self.home, self.keys).find_by_upn(upn)
        assert record is not None
        return record.pupil_id


def new_scene(root: Path) -> Scene:
    """The good exports, loaded through the real door, and used a little."""

    def make(folder: Path) -> None:
        SmallHome(folder).load()
        _use(Scene(folder))

    return Scene(make_once("scene", make)).copy(root)


def light_scene(root: Path) -> Scene:
    """The same without a store, which makes a backup of it smaller: a vault, entries and a log."""
    root.mkdir()
    scene = Scene(root)
    keys = Keys.create(create_demo(scene.folder), scene.environ)
    vault = Vault.open(scene.home, keys)
    for upn in (ANN, BEN):
        vault.enrol(upn, {"upn": upn})
    vault.save()
    _use(scene)
    return scene


def _use(scene: Scene) -> None:
    """A disk; an action and a line of the log about each child, and words for a report."""
    scene.disk.mkdir()
    for record in Vault.open(scene.home, scene.keys).pupils:
        scene.type_about(record.pupil_id)
        AccessLog(scene.home, scene.keys).append(
            Event("view", WHO, "pastoral", page="child", pupil_ids=(record.pupil_id,))
        )
    scene.draft()


def rows_of(folder: Path, keys: Keys) -> Rows:
    """The raw_ rows of the version in use."""
    path = versions.find_current_version(Home.open(folder).store)
    assert path is not None
    return files.read_rows(path, keys.store)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a home that a backup takes along, but for the log, which goes on."""
    in_use = versions.find_current_version(folder / "store")
    kept = versions.list_version_files(in_use) if in_use else ()
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.suffix != ".lock"
        and path.parent.name != "log"
        and (path in kept or not path.match("store-*"))
    }


def tree(folder: Path) -> dict[str, bytes]:
    """Every file under a folder, with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
