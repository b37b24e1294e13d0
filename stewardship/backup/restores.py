"""Restores: a home out of a backup, whole or not at all; and the drill that tries it.

The home is built beside its place and gets its name last.  Before that every digest and
every count of rows is compared, and every erasure that this computer knows is applied
again: no backup brings an erased child back.
"""

import hashlib
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from intake.build import files as build
from intake.build.load import rebuild_store
from queries.store import versions
from safeguards.access import access
from safeguards.access.people import PROOF
from safeguards.disclosure.drafts import Drafts
from safeguards.disclosure.releases import Releases
from safeguards.errors import BackupError
from safeguards.files import FOLDER_MODE, sync_folder
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog, Event
from safeguards.journal.ledger import Erasure, Ledger
from safeguards.journal.typed_entries import TypedEntries
from safeguards.keys.keys import KEYS_VARIABLE, Keys, get_keys_folder, read_key
from safeguards.keys.recovery import derive_key
from safeguards.vault.vault import Vault
from stewardship.backup import archive
from stewardship.backup.header import (
    BACKUP_KEY,
    Header,
    build_damage_error,
    read_header,
    unlock,
    unlock_by_code,
)
from stewardship.backup.notes import read_notes, write_notes
from stewardship.registers.requests import Register
from stewardship.registers.shares import Shares
from stewardship.rights.erase import apply_erasures, finish_erasures

_log = logging.getLogger("lac.restore")

#: The steps of a restore, in their order.
PHASES = ("unpack", "verify", "erase", "publish")


@dataclass(frozen=True)
class RestoreResult:
    """What came out of a backup.

    erased: how many children it still held who have been erased since; they are gone.
    data_loss_warning: what the computer knows to be newer than the backup, None if nothing.
    """

    made_at: datetime
    files: int
    tables: int
    rows: int
    erased: int = 0
    has_new_keys: bool = False
    data_loss_warning: str | None = None


def restore_backup(
    file: Path,
    folder: Path,
    *,
    now: datetime,
    actor: str = "office",
    code: str | None = None,
    is_older_right: bool = False,
    environ: Mapping[str, str] = os.environ,
) -> RestoreResult:
    """Put the home of a backup at `folder`, which must be absent or empty.

    code: the recovery code, for a computer without the keys; they come out of the backup
    then.  Keys that are there are never written over.  is_older_right: restore even a backup
    that is older than what this computer knows of the home.  BackupError and others as their
    names say; nothing has changed then.
    """
    folder = folder.absolute()
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise BackupError(f"{folder} is not empty. Name a new folder for the home.")
    header = read_header(file)
    building = folder.with_name(f".{folder.name}.lac-restore.new")
    keys_folder = get_keys_folder(Home(folder, header.kind, header.home_id), environ)
    with (
        _translate_disk_errors(),
        _use_scratch_folder(building),
        _use_scratch_folder(_build_staging_path(keys_folder)),
    ):
        stream_key, carried = _unlock_stream(file, header, keys_folder, code)
        keys_environ = environ
        if not keys_folder.exists():
            side = _build_staging_path(keys_folder) / header.home_id
            archive.write_key_files(side, carried)
            keys_environ = {**environ, KEYS_VARIABLE: str(side.parent)}
        folder.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        _log.info("phase unpack")
        manifest = archive.unpack(file, header, stream_key, building)
        _log.info("phase verify")
        home, keys = _verify_unpacked(building, header, manifest, keys_environ)
        lost = _describe_data_loss(home, keys, header, now)
        if lost is not None and not is_older_right:
            raise BackupError(f"{lost} Add --older to restore it all the same.")
        _log.info("phase erase")
        erased = _reapply_erasures(home, keys)
        log = AccessLog(home, keys)
        log.declare_gap(f"restored a backup of {header.made_at:%Y-%m-%d %H:%M} UTC", actor=actor)
        log.append(Event("restore", actor, "office"))
        _log.info("phase publish")
        moves = [(building, folder)]
        # on a new computer nobody knows who has left since: the lead confirms the list
        if keys_environ is not environ:
            (_build_staging_path(keys_folder) / header.home_id / PROOF).unlink(missing_ok=True)
            # first: a home without keys could not be restored again, nor opened
            moves.insert(0, (_build_staging_path(keys_folder) / header.home_id, keys_folder))
        if folder.exists():
            folder.rmdir()
        _rename_all(moves)
    found = _build_result(header, manifest)
    return replace(
        found,
        erased=erased,
        has_new_keys=keys_environ is not environ,
        data_loss_warning=lost,
    )


def run_drill(
    file: Path,
    home: Home,
    *,
    now: datetime,
    actor: str = "office",
    code: str | None = None,
    environ: Mapping[str, str] = os.environ,
) -> RestoreResult:
    """Restore a backup of this home to a place of its own, open it, and remove it again.

    code: try the recovery code, with the keys in the backup, instead of this computer's.
    BackupError and others if the backup would not bring the home back.
    """
    header = read_header(file)
    if header.home_id != home.home_id:
        raise BackupError(f"{file} is a backup of another home.")
    keys_folder = get_keys_folder(home, environ)
    with (
        _translate_disk_errors(),
        _create_temporary_folders(keys_folder.parent) as (building, keys_root),
    ):
        stream_key, carried = _unlock_stream(file, header, keys_folder, code)
        carried = carried or archive.read_key_files(keys_folder)
        archive.write_key_files(keys_root / home.home_id, carried)
        keys_environ = {**environ, KEYS_VARIABLE: str(keys_root)}
        manifest = archive.unpack(file, header, stream_key, building)
        restored, keys = _verify_unpacked(building, header, manifest, keys_environ)
        erased = _reapply_erasures(restored, keys)
        _verify_opens(restored, keys_environ)
    with _translate_disk_errors():
        AccessLog(home, Keys.load(home, environ)).append(Event("drill", actor, "office"))
        write_notes(keys_folder, replace(read_notes(keys_folder), drilled=now))
    return replace(_build_result(header, manifest), erased=erased)


def _unlock_stream(
    file: Path, header: Header, keys_folder: Path, code: str | None
) -> tuple[bytes, dict[str, str]]:
    """The stream's key, and what lies beside the keys where the code has opened it."""
    if code is not None:
        return unlock_by_code(file, header, derive_key(code, header.home_id))
    if not (keys_folder / BACKUP_KEY).exists():
        raise BackupError(
            f"The keys of this backup are not on this computer, in {keys_folder}. "
            f"Set {KEYS_VARIABLE} to the folder that holds them, or use the recovery code: "
            "--recovery-code -"
        )
    return unlock(file, header, read_key(keys_folder, BACKUP_KEY)), {}


def _verify_unpacked(
    building: Path, header: Header, manifest: archive.Manifest, environ: Mapping[str, str]
) -> tuple[Home, Keys]:
    """The home that was unpacked, once each part opens and is what the manifest says."""
    home = Home.open(building)
    keys = Keys.load(home, environ)
    for manifest_file in manifest.files:
        with (building / manifest_file.path).open("rb") as content:
            if hashlib.file_digest(content, "sha256").hexdigest() != manifest_file.sha256:
                raise BackupError(
                    f"{manifest_file.path} is not on the disk as it was in the backup."
                )
    path = versions.find_current_version(home.store)
    counted = {} if path is None else build.count_rows(path, keys.store)
    if home.home_id != header.home_id or counted != manifest.rows:
        raise build_damage_error(building)
    Vault.open(home, keys)
    for sealed in (TypedEntries, Register, Shares, Drafts):
        sealed.open(home, keys)
    return home, keys


def _describe_data_loss(home: Home, keys: Keys, header: Header, now: datetime) -> str | None:
    """What is known beside the keys and not in the backup; None if it is the newest there is."""
    newest = read_notes(keys.folder).newest
    missing = Ledger(home, keys).find_missing()
    erasures = [each for each in missing if isinstance(each, Erasure)]
    erased = sum(each.is_whole for each in erasures)
    signs = []
    # a backup's time is in whole seconds
    if newest is not None and newest.replace(microsecond=0) > header.made_at:
        signs.append(f"a newer one was made on {newest:%Y-%m-%d at %H:%M} UTC")
    if erased:
        signs.append(f"{erased} erased since will be erased again")
    if in_part := len(erasures) - erased:
        signs.append(f"{in_part} erased in part since will be so again")
    if readmitted := len(missing) - len(erasures):
        signs.append(f"{readmitted} readmitted since will be so again")
    if released := len(Releases(home, keys).find_missing_records()):
        signs.append(f"newer lines of its list of reports ({released}) will be put in again")
    if later := AccessLog(home, keys).count_lost_lines():
        signs.append(f"the home was used since ({later:,} lines in its log)")
    if not signs:
        return None
    days = max(1, -(-(now - header.made_at).total_seconds() // 86_400))
    return (
        f"This backup is of {header.made_at:%Y-%m-%d at %H:%M} UTC, and "
        f"{', '.join(signs)}. What was loaded and typed in the last "
        f"{f'{days:.0f} days' if days > 1 else 'day'} would be lost."
    )


def _reapply_erasures(home: Home, keys: Keys) -> int:
    """Apply every erasure of the home's own ledger and of the one that this computer knows.

    The list of released reports is brought up to what this computer knows too: later ones
    are held against it.
    """
    ledger = Ledger(home, keys)
    ledger.add_missing()
    Releases(home, keys).add_missing()
    return len(apply_erasures(home, keys, Ledger.open(home, keys).list_entries()))


def _verify_opens(home: Home, environ: Mapping[str, str]) -> None:
    """Open the store as a page does, and ask it something; nothing to open before a load."""
    if versions.find_current_version(home.store) is None:
        return
    rebuild_store(home, environ, finish_erasures)
    path = versions.find_current_version(home.store)
    assert path is not None  # noqa: S101 - it was there, and a rebuild makes one
    try:
        store = access.open_store(path, Keys.load(home, environ).store)
        last_day = store.read("select data_until from int_newest_load").item()
        store.read("select count(*) from cohort_member", as_at=last_day)
    finally:
        access.release_stores()


def _rename_all(moves: list[tuple[Path, Path]]) -> None:
    """Give folders their names, all of them or none."""
    done = []
    try:
        for half_made, place in moves:
            half_made.rename(place)
            done.append((half_made, place))
            sync_folder(place.parent)
    except BaseException:
        for half_made, place in reversed(done):
            place.rename(half_made)
        raise


def _build_result(header: Header, manifest: archive.Manifest) -> RestoreResult:
    return RestoreResult(
        header.made_at,
        files=len(manifest.files),
        tables=len(manifest.rows),
        rows=sum(manifest.rows.values()),
    )


def _build_staging_path(keys_folder: Path) -> Path:
    """Where keys are put until the home is whole."""
    return keys_folder.with_name(f"{keys_folder.name}.restore.new")


@contextmanager
def _use_scratch_folder(folder: Path) -> Iterator[None]:
    """Nothing is at `folder` when this begins, and nothing when it ends."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _create_temporary_folders(keys_root: Path) -> Iterator[tuple[Path, Path]]:
    """Where a drill puts a home and its keys; keys stay where keys may be, even if cut off."""
    with (
        tempfile.TemporaryDirectory(prefix="lac-drill-") as place,
        tempfile.TemporaryDirectory(prefix="drill-", suffix=".new", dir=keys_root) as keys_place,
    ):
        yield Path(place) / "home", Path(keys_place)


@contextmanager
def _translate_disk_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        place = f" at {error.filename}" if error.filename else ""
        raise BackupError(
            f"Nothing was restored: {error.strerror}{place}. Make room or mend that, and try again."
        ) from error
