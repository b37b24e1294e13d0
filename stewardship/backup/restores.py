"""Restores: a home is taken out of a backup, completely or not at all.

The home is built beside its place and gets its name last.  Before that everything in it is opened,
and every erasure that this computer knows is applied again: no backup brings an erased child back.
"""

import io
import logging
import os
import shutil
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from intake.publish import files as build
from queries.store import versions
from safeguards.disclosure.releases import Releases
from safeguards.errors import BackupError
from safeguards.files import FOLDER_MODE, sync_folder, write_new, write_private
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog, Event
from safeguards.journal.audit import RESTORE
from safeguards.journal.ledger import Erasure, Ledger, parse_receipt
from safeguards.keys.heads import DECIDED, PEOPLE, compute_digest, open_heads
from safeguards.keys.home_of import NAME as HOME_OF
from safeguards.keys.key_files import KEYS_VARIABLE
from safeguards.keys.key_ring import KeyRing
from safeguards.keys.keys import Keys, get_keys_folder, get_keys_root, list_headed_files
from safeguards.keys.recovery import parse_code
from safeguards.vault.vault import Vault
from stewardship.backup.backups import (
    SEALED_REGISTERS,
    build_damage_error,
    find_identities,
    is_transient,
    open_backup,
)
from stewardship.rights.erase import apply_erasures
from stewardship.rights.restrict import apply_flags

_log = logging.getLogger("lac.restore")

#: The journals beside the keys, outside a home: a restore adds the lines that only the backup has.
_BESIDE_KEYS = (Ledger, Releases)
#: The heads that this computer keeps in a restore, so that it can count later lines of the log.
_KEPT_HEADS = {AccessLog.FILE, Ledger.FILE, Releases.FILE, HOME_OF}


@dataclass(frozen=True)
class RestoreResult:
    """The result of a restore.

    rows: the rows of loaded tables.  erased: the children who were in the backup and have been
    erased since.  data_loss_warning: what is newer than the backup, or None if nothing is.
    unconfirmed: the names of files that do not count until a lead has confirmed them.
    """

    made_at: datetime
    files: int
    rows: int
    erased: int
    has_new_keys: bool
    data_loss_warning: str | None
    unconfirmed: tuple[str, ...]


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

    The recovery code opens it on a computer without the keys, which then come out of the backup.
    receipts: lines of receipts for erasures since, which such a computer does not know.  Existing
    keys are never overwritten.  Decisions of people (roles, settings, recipients, periods,
    switches) count only if they are the newest that this computer knows.  BackupError if this
    computer knows the home to be newer and `is_older_right` is not set.  LedgerError for a false
    receipt.  Other errors as their names say.  Nothing has changed after an error.
    """
    folder = folder.absolute()
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise BackupError(f"{folder} is not empty. Name a new folder.")
    _log.info("phase unpack")
    content = _open(file, code, environ)
    building = folder.with_name(f".{folder.name}.lac-restore.new")
    staging = get_keys_root(environ) / "lac-restore.new"
    with _translate_disk_errors(), _use_scratch_folder(building), _use_scratch_folder(staging):
        made_at, count = _unpack(file, content, {"home": building, "keys": staging / "keys"})
        unpacked = Home.open(building)
        keys_folder = get_keys_folder(Home(folder, unpacked.kind, unpacked.home_id), environ)
        staged, has_keys = staging / unpacked.home_id, keys_folder.exists()
        known = _stage_keys(staging / "keys", keys_folder, staged)
        _log.info("phase verify")
        keys, rows = _verify(unpacked, made_at, {KEYS_VARIABLE: str(staging)})
        decided, released = (
            journal(unpacked, keys).add_missing(known / journal.FILE) for journal in _BESIDE_KEYS
        )
        lost = _describe_data_loss(unpacked, keys, made_at, now, decided, released)
        if lost is not None and not is_older_right:
            raise BackupError(f"{lost} To restore it anyway, add --older.")
        _log.info("phase erase")
        erased = _reapply_decisions(unpacked, keys, receipts, now, actor)
        why = f"restored a backup of {made_at:%Y-%m-%d %H:%M} UTC"
        AccessLog(unpacked, keys).append(Event(RESTORE, actor, "office", purpose=why))
        unconfirmed = _list_unconfirmed(unpacked, keys_folder)
        for name in unconfirmed:
            keys.heads.set(name)
        _log.info("phase publish")
        _publish((building, folder), (staged, keys_folder), has_keys=has_keys)
    return RestoreResult(made_at, count, rows, erased, not has_keys, lost, unconfirmed)


def _open(file: Path, code: str | None, environ: Mapping[str, str]) -> bytes:
    """Return the tar of a backup, opened by the recovery code or by the keys on this computer."""
    keys_root = get_keys_root(environ)
    content = open_backup(file, find_identities(keys_root) if code is None else [parse_code(code)])
    if content is not None:
        return content
    if code is None:
        raise BackupError(
            f"{file} cannot be opened with a key on this computer, in {keys_root}. Set "
            f"{KEYS_VARIABLE} to the folder with its keys, or use the recovery code that was valid "
            "when it was made: --recovery-code -"
        )
    raise BackupError(
        f"{file} cannot be opened with this recovery code. The backup is from a different "
        "folder, or was made when another code was valid."
    )


def _unpack(file: Path, content: bytes, roots: Mapping[str, Path]) -> tuple[datetime, int]:
    """Put the parts of a tar into their folders.  Return its time and the home's count of files."""
    times, count = [0], 0
    try:
        for part, names, time, body in _read_members(content):
            path = roots[part].joinpath(*names)
            times.append(time)
            count += part == "home" and body is not None
            if body is None:
                path.mkdir(FOLDER_MODE, parents=True)
            else:
                write_new(path, body)
    except (tarfile.TarError, ValueError, KeyError) as error:
        raise build_damage_error(file) from error
    if not count:
        raise build_damage_error(file)
    for root in roots.values():
        for path in (root, *root.rglob("*")):
            if path.is_dir():
                sync_folder(path)
    return datetime.fromtimestamp(times[-1], UTC), count


def _read_members(content: bytes) -> Iterator[tuple[str, list[str], int, bytes | None]]:
    """Yield the part, the names below it, the time and the content, which is None for a folder.

    ValueError for a link, and for a name that leads out of its folder: anybody who knows a
    recipient can seal such a tar.
    """
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as tar:
        for member in tar:
            part, *names = PurePosixPath(member.name).parts
            is_outside = ".." in names or "\\" in member.name or ":" in member.name
            if is_outside or not (member.isreg() or member.isdir()):
                raise ValueError(member.name)
            source = tar.extractfile(member)
            yield part, names, int(member.mtime), source.read() if source else None


def _verify(home: Home, made_at: datetime, environ: Mapping[str, str]) -> tuple[Keys, int]:
    """Check that everything in an unpacked home opens.  Return its keys and its number of rows."""
    folder = get_keys_folder(home, environ)
    heads, headed = open_heads(folder), list_headed_files(home, folder)
    # files beside the keys are not restored, so their heads stay
    for name in heads.list_names():
        if name not in _KEPT_HEADS and not (folder / name).exists():
            heads.forget(name)
    for path in headed:
        if path.parent != folder:
            heads.confirm(path)
    keys = Keys.load(home, environ)
    version = versions.find_current_version(home.store)
    rows = {} if version is None else build.count_rows(version, keys.store)
    sealed_to = Vault.open(home, keys).public_key
    if not home.is_demo and not KeyRing(home, keys).has_key("identities", sealed_to):
        raise BackupError(
            f"This backup, made on {made_at:%Y-%m-%d %H:%M} UTC, is older than the "
            "last renewal of the key (lac keys rotate). With the keys on this computer nobody "
            "could confirm it or open an identity in it. Use a later backup. This one opens "
            f"only with its own keys: set {KEYS_VARIABLE} to another folder and give "
            "--recovery-code -"
        )
    for journal in SEALED_REGISTERS:
        journal.open(home, keys).keep_head()
    return keys, sum(rows.values())


def _stage_keys(backed_up: Path, keys_folder: Path, staged: Path) -> Path:
    """Put the keys of this computer, or else of the backup, into the folder that is changed.

    Returns:
        The folder with the journals of the backup.
    """
    if keys_folder.exists():
        shutil.copytree(keys_folder, staged, ignore=_list_transient)
        return backed_up
    # a new computer uses the keys and journals of the backup
    return backed_up.rename(staged)


def _publish(home: tuple[Path, Path], keys: tuple[Path, Path], *, has_keys: bool) -> None:
    """Move the home and its keys from the folders where they were built to their places.

    Args:
        home: The folder that was built, and its place.
        keys: The folder of keys that was built, and its place.
        has_keys: Whether this computer had keys of the home before.
    """
    _, folder = home
    if folder.exists():
        folder.rmdir()
    if has_keys:
        with _move_heads(*keys):
            _rename_all([home])
    else:
        # move the keys first: a home without them could be neither opened nor restored again
        _rename_all([keys, home])


def _list_unconfirmed(home: Home, keys_folder: Path) -> tuple[str, ...]:
    """Return the files of decisions that are not the newest that this computer's keys know."""
    if home.is_demo:
        return ()
    known = open_heads(keys_folder) if keys_folder.exists() else None
    names = []
    for name in (PEOPLE, *DECIDED):
        path = home.folder / name
        heads = known.get(name) if known else None
        digest = compute_digest(path.read_bytes()) if path.exists() else None
        if (digest or heads) and digest not in (heads or ()):
            names.append(name)
    return tuple(names)


@contextmanager
def _move_heads(staged: Path, folder: Path) -> Iterator[None]:
    """Give the keys the heads and journals of the home that the block moves to its place.

    During the block they accept both homes, so that after a crash either one opens.
    """
    heads = open_heads(folder)
    heads.add(open_heads(staged))
    for journal in _BESIDE_KEYS:
        if (path := staged / journal.FILE).exists():
            write_private(folder / path.name, path.read_bytes())
    yield
    heads.replace(open_heads(staged))


def _describe_data_loss(
    home: Home, keys: Keys, made_at: datetime, now: datetime, decided: int, released: int
) -> str | None:
    """Describe what this computer knows to be newer than the backup, or return None."""
    signs = []
    if decided:
        done = "erasures, readmissions, restrictions, objections and holds since then apply again"
        signs.append(f"{done} ({decided})")
    if released:
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
    """Apply the ledger and the receipts, and return the number of children erased."""
    ledger = Ledger.open(home, keys)
    known = {child.pupil_id: child.look_ups for child in Vault.open(home, keys).pupils}
    for line in receipts:
        pupil_id = parse_receipt(keys, line, known)
        if pupil_id is not None:
            ledger.append(Erasure(now, pupil_id, known[pupil_id], "request"))
    lines = ledger.list_entries()
    erased = len(apply_erasures(home, keys, lines))
    apply_flags(home, keys, lines, actor)
    return erased


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


def _list_transient(_: str, names: list[str]) -> list[str]:
    return list(filter(is_transient, names))


@contextmanager
def _use_scratch_folder(folder: Path) -> Iterator[None]:
    """Remove the folder before the block and after it."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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
