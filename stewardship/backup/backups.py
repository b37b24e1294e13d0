"""Backups: a home in one sealed file on another disk, read back before it has its name.

The home is held meanwhile, as a load holds it, so the store, the vault and the ledger are
of one moment.  What people type and who looks is not held up: those logs only grow, and a
backup has them up to a whole line.
"""

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from intake.publish import files as build
from intake.publish.lock import lock_store
from queries.store import versions
from safeguards.disclosure.drafts import Drafts
from safeguards.disclosure.releases import Releases, ReportFiles
from safeguards.errors import BackupError
from safeguards.files import sync_folder
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog, Event
from safeguards.journal.ledger import Ledger
from safeguards.journal.typed_entries import TypedEntries
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault
from stewardship.backup import archive
from stewardship.backup.beside_keys import (
    get_or_create_recipients,
    load_identity,
    read_notes,
    write_notes,
)
from stewardship.registers import OF_CHILDREN

_log = logging.getLogger("lac.backup")

#: What must open in a home that is worth a backup, and in one that was restored.
SEALED_REGISTERS = (TypedEntries, *OF_CHILDREN, Drafts, ReportFiles)

#: A load may be under way, and the backup is of what it makes.
_LOCK_TIMEOUT_S = 60.0


def back_up(
    home: Home,
    to: Path,
    *,
    now: datetime,
    actor: str = "office",
    show_code: Callable[[str], None],
    wants_new_code: bool = False,
    environ: Mapping[str, str] = os.environ,
) -> Path:
    """Make a backup of a home in the folder `to`, which must be there; its file.

    show_code: told the recovery code when one is drawn, before it counts: with the first
    backup, and where a new one is wanted.  Earlier backups keep the code they were made with.
    BackupError if `to` is no place for it, does not take it, or gives back something else:
    nothing new has a backup's name then.  IntakeError if a load does not come to its end,
    others as their names say if the home itself is damaged.
    """
    keys = Keys.load(home, environ)
    to = _require_destination(to, home, keys.folder)
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    path = to / f"lac-{home.home_id}-{stamp}.tar.age"
    with _translate_disk_errors(to), lock_store(home, _LOCK_TIMEOUT_S):
        recipients = get_or_create_recipients(keys.folder, show_code, wants_new_code=wants_new_code)
        AccessLog(home, keys).append(Event("backup", actor, "office"))
        _require_readable(home, keys)
        store = versions.find_current_version(home.store)
        rows = {} if store is None else build.count_rows(store, keys.store)
        backup = archive.collect(home, keys.folder, store=store, rows=rows, made_at=now)
        _log.info("phase write")
        with _stage_backup(path) as half:
            archive.write(half, backup, recipients)
            _log.info("phase verify")
            if archive.read(half, [load_identity(keys.folder)]) != backup:
                raise BackupError(f"{to} returns something different from what was written to it.")
            _log.info("phase publish")
        write_notes(keys.folder, replace(read_notes(keys.folder), newest=now))
    return path


def _require_destination(to: Path, home: Home, keys_folder: Path) -> Path:
    """Where backups go; BackupError if they would be lost with what they are to save."""
    to = to.absolute()
    if not to.is_dir():
        raise BackupError(f"There is no folder {to}. Plug in the disk, or make the folder.")
    inside = to.resolve()
    for folder, word in ((home.folder, "home"), (keys_folder.parent, "folder of keys")):
        if inside.is_relative_to(folder.resolve()):
            raise BackupError(
                f"{to} is in the {word}, and would be lost with it. Name a folder on another disk."
            )
    return to


def _require_readable(home: Home, keys: Keys) -> None:
    """SafeguardsError if what is sealed does not open: a backup of it would bring nothing back."""
    Vault.open(home, keys)
    for register in (*SEALED_REGISTERS, Ledger, Releases):
        register.open(home, keys)


@contextmanager
def _stage_backup(path: Path) -> Iterator[Path]:
    """Where to write a backup, which has its name only once it is whole and read back."""
    if path.exists():
        raise BackupError(f"{path} already exists. Wait a second and try again.")
    half = path.with_name(path.name + ".new")
    home_id = path.name.split("-")[1]
    for left_over in path.parent.glob(f"lac-{home_id}-*.tar.age.new"):
        left_over.unlink()
    try:
        yield half
        half.rename(path)
        sync_folder(path.parent)
    except BaseException:
        half.unlink(missing_ok=True)
        raise


@contextmanager
def _translate_disk_errors(to: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BackupError(
            f"No backup was made in {to}: {error.strerror}. Make room on the disk, or name another "
            "disk."
        ) from error
