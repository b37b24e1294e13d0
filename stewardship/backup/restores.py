"""Restores: a home out of a backup, whole or not at all; and the drill that tries it.

The home is built beside its place and gets its name last.  Before that every byte and
every count of rows is compared, and every erasure that this computer knows is applied
again: no backup brings an erased child back.
"""

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from intake.publish import files as build
from intake.publish.load import rebuild_store
from queries.store import versions
from safeguards.access import access
from safeguards.access.people import LEADS
from safeguards.disclosure.releases import Releases
from safeguards.errors import BackupError
from safeguards.files import sync_folder, write_private
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog, Event
from safeguards.journal.ledger import Erasure, Ledger, parse_receipt
from safeguards.journal.registers import COPY_SUFFIX
from safeguards.keys.heads import DECIDED, PEOPLE, compute_digest, open_heads
from safeguards.keys.home_of import NAME as HOME_OF
from safeguards.keys.key_files import KEYS_VARIABLE
from safeguards.keys.keys import (
    Keys,
    get_keys_folder,
    get_keys_root,
    get_wraps_path,
    list_headed_files,
    open_identity_wraps,
)
from safeguards.keys.recovery import parse_code
from safeguards.vault.vault import Vault
from stewardship.backup import archive
from stewardship.backup.backups import SEALED_REGISTERS
from stewardship.backup.beside_keys import find_identities, read_notes, write_notes
from stewardship.rights.erase import apply_erasures, finish_erasures
from stewardship.rights.restrict import apply_flags

_log = logging.getLogger("lac.restore")

#: Of journals whose lines after the backup are known here, and put in again or counted.
_KEPT_HEADS = {AccessLog.FILE, Ledger.FILE, Releases.FILE, LEADS, HOME_OF}
#: What only a person can say is right.
_DECIDED = (PEOPLE, *DECIDED)


@dataclass(frozen=True)
class RestoreResult:
    """What came out of a backup.

    erased: how many children it still held who have been erased since; they are gone.
    data_loss_warning: what the computer knows to be newer than the backup, None if nothing.
    unconfirmed: the files, by name, that count for nothing until a lead has confirmed them.
    """

    made_at: datetime
    files: int
    tables: int
    rows: int
    erased: int = 0
    has_new_keys: bool = False
    data_loss_warning: str | None = None
    unconfirmed: tuple[str, ...] = ()


def restore_backup(
    file: Path,
    folder: Path,
    *,
    now: datetime,
    actor: str = "office",
    code: str | None = None,
    receipts: Sequence[str] = (),
    is_older_right: bool = False,
    environ: Mapping[str, str] = os.environ,
) -> RestoreResult:
    """Put the home of a backup at `folder`, which must be absent or empty.

    code: the recovery code, for a computer without the keys; they come out of the backup
    then.  receipts: lines of those of erasures since the backup, of which a new computer
    knows nothing; LedgerError for one that is none.  is_older_right: restore even a backup that
    is older than what this computer knows of the home.  Keys that are there are never written
    over.  What people decide (who holds a role, settings, recipients, periods, switches) counts
    only where it is the newest that this computer knows.  BackupError and others as their names
    say; nothing has changed then.
    """
    folder = folder.absolute()
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise BackupError(f"{folder} is not empty. Name a new folder.")
    _log.info("phase unpack")
    backup = _open_backup(file, code, environ)
    made = backup.manifest
    building = folder.with_name(f".{folder.name}.lac-restore.new")
    keys_folder = get_keys_folder(Home(folder, made.kind, made.home_id), environ)
    staging = keys_folder.with_name(f"{keys_folder.name}.restore.new")
    has_keys, staged_keys = keys_folder.exists(), staging / made.home_id
    with _translate_disk_errors(), _use_scratch_folder(building), _use_scratch_folder(staging):
        home, keys = _build_home(backup, building, staging, keys_folder if has_keys else None)
        lost = _describe_data_loss(home, keys, made.made_at, now)
        if lost is not None and not is_older_right:
            raise BackupError(f"{lost} To restore it anyway, add --older.")
        _log.info("phase erase")
        erased = _reapply_decisions(home, keys, receipts, now, actor)
        log = AccessLog(home, keys)
        log.declare_gap(f"restored a backup of {made.made_at:%Y-%m-%d %H:%M} UTC", actor=actor)
        log.append(Event("restore", actor, "office"))
        unconfirmed = _list_unconfirmed(home, keys_folder)
        for name in unconfirmed:
            keys.heads.set(name)
        _log.info("phase publish")
        if folder.exists():
            folder.rmdir()
        if has_keys:
            with _move_heads(staged_keys, keys_folder):
                _rename_all([(building, folder)])
        else:
            # the keys first: a home without them could not be restored again, nor opened
            _rename_all([(staged_keys, keys_folder), (building, folder)])
    found = _build_result(backup, erased)
    return replace(
        found, has_new_keys=not has_keys, data_loss_warning=lost, unconfirmed=unconfirmed
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
    backup = _open_backup(file, code, environ)
    if backup.manifest.home_id != home.home_id:
        raise BackupError(f"{file} is a backup of a different folder.")
    keys_folder = get_keys_folder(home, environ)
    with (
        _translate_disk_errors(),
        _create_temporary_folders(keys_folder.parent) as (building, keys_root),
    ):
        own_keys = keys_folder if code is None else None
        restored, keys = _build_home(backup, building, keys_root, own_keys)
        erased = _reapply_decisions(restored, keys, (), now, actor)
        _verify_opens(restored, {KEYS_VARIABLE: str(keys_root)})
    with _translate_disk_errors():
        AccessLog(home, Keys.load(home, environ)).append(Event("drill", actor, "office"))
        if code is not None:  # what brings a home back when this computer is gone
            write_notes(keys_folder, replace(read_notes(keys_folder), drilled=now))
    return _build_result(backup, erased)


def _open_backup(file: Path, code: str | None, environ: Mapping[str, str]) -> archive.Backup:
    """All of a backup, by the recovery code if there is one; BackupError if it does not open."""
    identities = find_identities(environ) if code is None else [parse_code(code)]
    backup = archive.read(file, identities)
    if backup is None and code is None:
        raise BackupError(
            f"{file} cannot be opened with a key on this computer, in "
            f"{get_keys_root(environ)}. Set {KEYS_VARIABLE} to the folder with its keys, or "
            "use the recovery code that was valid when it was made: --recovery-code -"
        )
    if backup is None:
        raise BackupError(
            f"{file} cannot be opened with this recovery code. The backup is from a different "
            "folder, or was made when another code was valid."
        )
    return backup


def _build_home(
    backup: archive.Backup, building: Path, keys_root: Path, own_keys: Path | None
) -> tuple[Home, Keys]:
    """The home of a backup in a new folder, once each part opens and is what the manifest says.

    keys_root: where its keys are put, which know its files from then on: a copy of this
    computer's own, or else those of the backup.
    """
    manifest, folder = backup.manifest, keys_root / backup.manifest.home_id
    if own_keys is None:
        archive.extract(backup, "keys", folder)
    else:
        archive.copy_keys(own_keys, folder)
    archive.extract(backup, "home", building)
    _log.info("phase verify")
    home = Home.open(building)
    heads, headed = open_heads(folder), list_headed_files(home, folder)
    # what lies beside the keys is no part of what is restored, and stays what it was known as
    for name in heads.list_names():
        if name not in _KEPT_HEADS and not (folder / name).exists():
            heads.forget(name)
    for path_there in headed:
        if path_there.parent != folder:
            heads.confirm(path_there)
    environ = {KEYS_VARIABLE: str(keys_root)}
    keys = Keys.load(home, environ)
    path = versions.find_current_version(home.store)
    counted = {} if path is None else build.count_rows(path, keys.store)
    if home.home_id != manifest.home_id or counted != manifest.rows:
        raise archive.build_damage_error(building)
    sealed_to = Vault.open(home, keys).public_key
    if not home.is_demo and not get_wraps_path(home, sealed_to, environ).exists():
        raise BackupError(
            f"This backup, made on {manifest.made_at:%Y-%m-%d %H:%M} UTC, is older than the "
            "last renewal of the key (lac keys rotate). With the keys on this computer nobody "
            "could confirm it or open an identity in it. Use a later backup. This one opens "
            f"only with its own keys: set {KEYS_VARIABLE} to another folder and give "
            "--recovery-code -"
        )
    if not home.is_demo:
        open_identity_wraps(home, sealed_to, environ)
    for register in SEALED_REGISTERS:
        register.open(home, keys).keep_head()
    return home, keys


def _list_unconfirmed(home: Home, keys_folder: Path) -> tuple[str, ...]:
    """The files of decisions that are not, here and now, the newest that is known.

    keys_folder: this computer's keys of the home; where it has none, nothing newer is known.
    """
    if home.is_demo:
        return ()
    known = open_heads(keys_folder) if keys_folder.exists() else None
    found = []
    for name in _DECIDED:
        path = home.folder / name
        heads = known.get(name) if known else None
        digest = compute_digest(path.read_bytes()) if path.exists() else None
        if (digest or heads) and digest not in (heads or ()):
            found.append(name)
    return tuple(found)


@contextmanager
def _move_heads(staged: Path, folder: Path) -> Iterator[None]:
    """Let the keys of a home know what the block puts in its place, from copies of them.

    Before that either home is believed, so that a crash leaves none that does not open.
    """
    heads = open_heads(folder)
    heads.add(open_heads(staged))
    for copy in staged.glob(f"*{COPY_SUFFIX}"):
        write_private(folder / copy.name, copy.read_bytes())
    yield
    heads.replace(open_heads(staged))


def _describe_data_loss(home: Home, keys: Keys, made_at: datetime, now: datetime) -> str | None:
    """What is known beside the keys and not in the backup; None if it is the newest there is."""
    newest = read_notes(keys.folder).newest
    signs = []
    # a backup's time is in whole seconds
    if newest is not None and newest.replace(microsecond=0) > made_at:
        signs.append(f"a later one was made on {newest:%Y-%m-%d at %H:%M} UTC")
    if decided := len(Ledger(home, keys).find_missing_records()):
        told = "erasures, readmissions, restrictions, objections and holds since then apply again"
        signs.append(f"{told} ({decided})")
    if released := len(Releases(home, keys).find_missing_records()):
        signs.append(f"later lines of its list of reports ({released}) will be added again")
    if later := AccessLog(home, keys).count_lost_lines():
        signs.append(f"the folder has been used since then ({later:,} lines in its log)")
    if not signs:
        return None
    days = max(1, -(-(now - made_at).total_seconds() // 86_400))
    return (
        f"This backup was made on {made_at:%Y-%m-%d at %H:%M} UTC, and {', '.join(signs)}. "
        f"Anything loaded or typed in the last {f'{days:.0f} days' if days > 1 else 'day'} "
        "would be lost."
    )


def _reapply_decisions(
    home: Home, keys: Keys, receipts: Sequence[str], now: datetime, actor: str
) -> int:
    """Apply what the home's own ledger, this computer's and receipts say; how many were erased.

    The list of released reports is brought up to what this computer knows too: later ones
    are held against it.
    """
    ledger = Ledger(home, keys)
    ledger.add_missing()
    known = {each.pupil_id: each.look_ups for each in Vault.open(home, keys).pupils}
    for line in receipts:
        pupil_id = parse_receipt(keys, line, known)
        if pupil_id is not None:
            ledger.append(Erasure(now, pupil_id, known[pupil_id], "request"))
    Releases(home, keys).add_missing()
    lines = Ledger.open(home, keys).list_entries()
    erased = len(apply_erasures(home, keys, lines))
    apply_flags(home, keys, lines, actor)
    return erased


def _verify_opens(home: Home, environ: Mapping[str, str]) -> None:
    """Open the store as a page does, and ask it something; nothing to open before a load."""
    if versions.find_current_version(home.store) is None:
        return
    rebuild_store(home, environ, finish_erasures)
    path = versions.find_current_version(home.store)
    assert path is not None  # noqa: S101 - it was there, and a rebuild makes one
    try:
        store = access.open_store(path, Keys.load(home, environ).store)
        last_day = store.read("select max(data_until) from int_newest_load").item()
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


def _build_result(backup: archive.Backup, erased: int) -> RestoreResult:
    return RestoreResult(
        backup.manifest.made_at,
        files=backup.count_files(),
        tables=len(backup.manifest.rows),
        rows=sum(backup.manifest.rows.values()),
        erased=erased,
    )


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
            f"Nothing was restored: {error.strerror}{place}. Make room on the disk, or fix the "
            "fault, and try again."
        ) from error
