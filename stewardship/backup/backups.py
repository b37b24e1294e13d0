"""Backups: a tar of a home and its keys, sealed with age and read back before it has its name.

Standard programs open it: age -d -i CODE FILE | tar x.  Files of the keys are under `keys/`, those
of the home under `home/`.  A load waits meanwhile, so store, vault and ledger are of one moment.
Journals can grow meanwhile, and a backup has them up to their last whole line.  The whole tar is
held in memory: some tens of megabytes for a school.
"""

import io
import logging
import os
import tarfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import pyrage
from pyrage import IdentityError, RecipientError, x25519

from intake.publish.lock import lock_store
from queries.store import versions
from safeguards.disclosure.drafts import Drafts
from safeguards.disclosure.releases import Releases, ReportFiles
from safeguards.errors import BackupError, KeysError, ProofError
from safeguards.files import FILE_MODE, FOLDER_MODE, sync_folder, write_new
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog, Event
from safeguards.journal.ledger import Ledger
from safeguards.journal.typed_entries import TypedEntries
from safeguards.keys.heads import FILE as HEADS
from safeguards.keys.heads import open_heads
from safeguards.keys.key_files import read_key_text
from safeguards.keys.keys import Keys
from safeguards.keys.recovery import generate_code, parse_code
from safeguards.vault.vault import Vault
from stewardship.registers import OF_CHILDREN

_log = logging.getLogger("lac.backup")

#: The journals that must open in a home before a backup and after a restore.
SEALED_REGISTERS = (TypedEntries, *OF_CHILDREN, Drafts, ReportFiles)

#: Files beside the keys: the identity that opens backups on this computer, the recipient of the
#: recovery code (the code itself is kept nowhere), and when the newest backup was made.
BACKUP_KEY, RECOVERY_RECIPIENT, NEWEST = "backup.key", "recovery.recipient", "backup.newest"

#: Seconds to wait for a load, so that the backup has what it makes.
_LOCK_TIMEOUT_S = 60.0
#: Endings of files that are half written, or that belong to the processes of one computer.
_TRANSIENT_SUFFIXES = (".lock", ".new", ".half", ".wal", ".tmp")
_JOURNAL_SUFFIXES = (".jsonl", ".sealed")


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
    """Make a backup of a home in the existing folder `to`, and return its file.

    The first backup draws a recovery code, and so does one with `wants_new_code`.  `show_code` gets
    it before it counts.  Earlier backups keep the code they were made with.  BackupError if `to` is
    not a suitable folder, cannot be written, or returns other bytes: then no new file has a
    backup's name.  IntakeError if a load does not end.  Other errors if the home is damaged.
    """
    keys = Keys.load(home, environ)
    to = _require_destination(to, home, keys.folder)
    path = to / f"lac-{home.home_id}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.tar.age"
    with _translate_disk_errors(to), lock_store(home, _LOCK_TIMEOUT_S):
        recipients = _get_or_create_recipients(keys.folder, show_code, wants_new_code)
        AccessLog(home, keys).append(Event("backup", actor, "office"))
        # a backup of a home that does not open would be useless
        Vault.open(home, keys)
        for journal in (*SEALED_REGISTERS, Ledger, Releases):
            journal.open(home, keys)
        content = _pack(home, keys.folder, now)
        _log.info("phase write")
        with _stage_backup(path, home) as half:
            write_new(half, pyrage.encrypt(content, recipients))
            _log.info("phase verify")
            if _decrypt(half, [load_identity(keys.folder)]) != content:
                raise BackupError(f"{to} returns something different from what was written to it.")
            _log.info("phase publish")
        note_newest(keys.folder, now)
    return path


def open_backup(path: Path, identities: Sequence[x25519.Identity]) -> bytes | None:
    """Return the tar of a backup, or None if none of the identities opens it.

    BackupError if the file is no backup, cannot be read, is cut, or has a single bit changed.
    """
    try:
        return _decrypt(path, identities)
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror}.") from error


def find_identities(keys_root: Path) -> list[x25519.Identity]:
    """Return the identities of all homes whose keys are on this computer."""
    return [load_identity(path.parent) for path in sorted(keys_root.glob(f"*/{BACKUP_KEY}"))]


def load_identity(folder: Path) -> x25519.Identity:
    """Return the identity in a folder of keys.  KeysError if it is damaged or missing."""
    try:
        return x25519.Identity.from_str(read_key_text(folder, BACKUP_KEY))
    except IdentityError:
        raise KeysError(f"{folder / BACKUP_KEY} is damaged. Restore it.") from None


def read_newest(folder: Path) -> datetime | None:
    """Return when the newest backup was made, or None without a reliable note of it.

    folder: the folder of the keys.
    """
    with suppress(OSError, ProofError, ValueError):
        return datetime.fromisoformat(open_heads(folder).read(folder / NEWEST).decode("ascii"))
    return None


def note_newest(folder: Path, at: datetime | None) -> None:
    """Keep the time of the newest backup, or None if these keys open none.  OSError if it fails."""
    open_heads(folder).write(folder / NEWEST, at.isoformat().encode("ascii") if at else b"")


def build_damage_error(path: Path) -> BackupError:
    """Return the error for a backup that is not as it was written."""
    return BackupError(f"{path} is damaged or incomplete. Use another backup.")


def is_transient(name: str) -> bool:
    """Say whether a file or folder of this name is half written, or only for this computer."""
    return name.endswith(_TRANSIENT_SUFFIXES)


def _require_destination(to: Path, home: Home, keys_folder: Path) -> Path:
    """Return the folder for backups.  BackupError if they would be lost together with the home."""
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


def _get_or_create_recipients(
    folder: Path, show_code: Callable[[str], None], wants_new_code: bool
) -> list[x25519.Recipient]:
    heads = open_heads(folder)
    if not (folder / BACKUP_KEY).exists():
        heads.write(folder / BACKUP_KEY, f"{x25519.Identity.generate()}\n".encode("ascii"))
    if wants_new_code or not (folder / RECOVERY_RECIPIENT).exists():
        code = generate_code()
        show_code(code)
        recipient = parse_code(code).to_public()
        heads.write(folder / RECOVERY_RECIPIENT, f"{recipient}\n".encode("ascii"))
    try:
        recovery = x25519.Recipient.from_str(read_key_text(folder, RECOVERY_RECIPIENT))
    except RecipientError:
        raise KeysError(
            f"{folder / RECOVERY_RECIPIENT} is damaged. Make a new recovery code, which opens "
            "backups from then on: lac backup --new-recovery-code"
        ) from None
    return [load_identity(folder).to_public(), recovery]


def _pack(home: Home, keys_folder: Path, now: datetime) -> bytes:
    """Return the tar of a home as it is now, with only the version of the store in use."""
    store = versions.find_current_version(home.store)
    in_use = () if store is None else versions.list_version_files(store)
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        # pack the heads first: a restore then counts later lines of a journal as new, not as lost
        for part, root in (("keys", keys_folder), ("home", home.folder)):
            below = sorted(root.rglob("*"), key=lambda path: (path.name != HEADS, path))
            for path in (root, *below):
                name = path.relative_to(root)
                is_version = name.parts[:1] == ("store",) and name.match("store-*")
                if any(map(is_transient, name.parts)) or (is_version and path not in in_use):
                    continue
                if path.is_symlink():
                    raise BackupError(f"{path} is a link. Put the file itself there.")
                member = tarfile.TarInfo(PurePosixPath(part, name.as_posix()).as_posix())
                member.mtime, content = int(now.timestamp()), b""
                if path.is_dir():
                    member.type, member.mode = tarfile.DIRTYPE, FOLDER_MODE
                else:
                    content = _read_whole_lines(path)
                    member.size, member.mode = len(content), FILE_MODE
                tar.addfile(member, io.BytesIO(content))
    return stream.getvalue()


def _read_whole_lines(path: Path) -> bytes:
    content = path.read_bytes()
    if path.suffix in _JOURNAL_SUFFIXES and b"\n" in content:
        return content[: content.rfind(b"\n") + 1]
    return content


def _decrypt(path: Path, identities: Sequence[x25519.Identity]) -> bytes | None:
    sealed = path.read_bytes()
    if not sealed.startswith(b"age-encryption.org/"):
        raise BackupError(f"{path} is not a backup by lac-monitor, or its start is damaged.")
    try:
        return bytes(pyrage.decrypt(sealed, identities))
    except pyrage.DecryptError as error:
        if str(error) == "No matching keys found":
            return None
        raise build_damage_error(path) from error


@contextmanager
def _stage_backup(path: Path, home: Home) -> Iterator[Path]:
    """Yield the path to write to.  The file gets its name only if the block succeeds."""
    if path.exists():
        raise BackupError(f"{path} already exists. Wait a second and try again.")
    for left_over in path.parent.glob(f"lac-{home.home_id}-*.tar.age.new"):
        left_over.unlink()
    half = path.with_name(path.name + ".new")
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
