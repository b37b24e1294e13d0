"""A backup: a tar in the age format, which standard programs open: age -d -i KEY FILE | tar x.

Its first member says what follows: what is beside the keys under `keys/`, and the files of the
home under `home/`.  The format finds each bit that is not as it was written.  All of it is held
in memory: some tens of megabytes.
"""

import io
import json
import shutil
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version as installed_version
from pathlib import Path, PurePosixPath
from typing import Literal

import msgspec
import pyrage
from pyrage import x25519

from queries.store import versions
from safeguards.errors import BackupError
from safeguards.files import FILE_MODE, FOLDER_MODE, open_new, sync_folder, write_new
from safeguards.home.home import Home, Kind
from safeguards.journal.access_log import is_pupil_id

#: Raised by one when the file changes in a way that older code cannot read.
FORMAT = 2

Part = Literal["home", "keys"]

_MAGIC = b"age-encryption.org/"
_NO_KEY_FITS = "No matching keys found"
_MANIFEST = "manifest.json"
# what is under way, or belongs to the processes of one computer
_TRANSIENT_SUFFIXES = (".lock", ".new", ".half", ".wal", ".tmp")
# they only grow, and are read up to their last whole line
_APPEND_ONLY_FOLDERS = ("log", "written", "ledger")


@dataclass(frozen=True)
class Manifest:
    """What a backup is of, and the rows of each table; none where nothing has been loaded yet."""

    home_id: str
    kind: Kind
    made_at: datetime
    lac_version: str
    rows: Mapping[str, int]


@dataclass(frozen=True)
class Backup:
    """A manifest, and by path the content of each file; null for a folder, before what is in it."""

    manifest: Manifest
    contents: Mapping[str, bytes | None] = field(repr=False)

    def list_part(self, part: Part) -> Iterator[tuple[PurePosixPath, bytes | None]]:
        """The files and folders of one part, by their paths within it."""
        for name, content in self.contents.items():
            path = PurePosixPath(name)
            if path.parts[0] == part:
                yield path.relative_to(part), content

    def count_files(self) -> int:
        """How many files of the home it holds."""
        return sum(content is not None for _, content in self.list_part("home"))


def collect(
    home: Home, keys_folder: Path, *, store: Path | None, rows: Mapping[str, int], made_at: datetime
) -> Backup:
    """All of a home and of what is beside its keys, as it is now.

    store: the version in use, the only one that is taken along.  The caller holds the home,
    so that no load changes it meanwhile; what people type and who looks goes on growing, and
    is taken as it is now.  OSError if a file cannot be read; BackupError for a link.
    """
    in_use = () if store is None else versions.list_version_files(store)
    contents: dict[str, bytes | None] = {}
    # the head of the log first: lines may come after it, and then none seems to be lost
    for part, root in (("keys", keys_folder), ("home", home.folder)):
        contents[part] = None
        for path in _list_lasting(root, in_use):
            name = PurePosixPath(part, path.relative_to(root).as_posix())
            if path.is_symlink():
                raise BackupError(f"{path} is a link. Put the file itself there.")
            contents[str(name)] = None if path.is_dir() else _read_whole_lines(path, name)
    manifest = Manifest(
        home_id=home.home_id,
        kind=home.kind,
        made_at=made_at.astimezone(UTC).replace(microsecond=0),
        lac_version=installed_version("lac-monitor"),
        rows=dict(rows),
    )
    return Backup(manifest, contents)


def write(path: Path, backup: Backup, recipients: Sequence[x25519.Recipient]) -> None:
    """Seal a backup into a new file, which is on the disk when this returns; OSError if not."""
    with open_new(path) as file:
        try:
            pyrage.encrypt_io(_serialise(backup), file, recipients)
        except pyrage.EncryptError as error:
            raise OSError(None, str(error).removeprefix("OSError: ")) from error


def read(path: Path, identities: Sequence[x25519.Identity]) -> Backup | None:
    """All that a backup holds; None if none of the identities opens it.

    BackupError if it is no backup, cannot be read, or one bit is not as it was written.
    """
    try:
        sealed = path.read_bytes()
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror}.") from error
    if not sealed.startswith(_MAGIC):
        raise BackupError(f"{path} is not a backup by lac-monitor, or its start is damaged.")
    try:
        return _parse(path, pyrage.decrypt(sealed, identities))
    except pyrage.DecryptError as error:
        if str(error) == _NO_KEY_FITS:
            return None
        raise build_damage_error(path) from error
    except (tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise build_damage_error(path) from error


def extract(backup: Backup, part: Part, into: Path) -> None:
    """Put one part of a backup into a new folder, on the disk; OSError if that fails.

    BackupError unless each file is there as it was in the backup.
    """
    into.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    found = {into / name: content for name, content in backup.list_part(part)}
    for path, content in found.items():
        if content is None:
            path.mkdir(FOLDER_MODE)
        else:
            write_new(path, content)
    for path, content in found.items():
        if content is None:
            sync_folder(path)
        elif path.read_bytes() != content:
            raise BackupError(f"{path} is not on the disk as it was in the backup.")


def copy_keys(folder: Path, to: Path) -> None:
    """Copy what lies beside the keys to a new folder; OSError if that fails."""
    shutil.copytree(folder, to, ignore=lambda _, names: list(filter(_is_transient, names)))


def build_damage_error(path: Path) -> BackupError:
    """What is said of a backup that is not as it was written."""
    return BackupError(f"{path} is damaged or incomplete. Use another backup.")


def _is_transient(name: str) -> bool:
    return name.endswith(_TRANSIENT_SUFFIXES)


def _list_lasting(root: Path, in_use: Sequence[Path]) -> Iterator[Path]:
    """What is in a folder, less what is under way and other versions of the store."""
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root)
        is_other_version = name.parts[0] == "store" and name.match("store-*") and path not in in_use
        if not is_other_version and not any(map(_is_transient, name.parts)):
            yield path


def _read_whole_lines(path: Path, name: PurePosixPath) -> bytes:
    content = path.read_bytes()
    if name.parts[1] in _APPEND_ONLY_FOLDERS and b"\n" in content:
        return content[: content.rfind(b"\n") + 1]
    return content


def _serialise(backup: Backup) -> io.BytesIO:
    """The tar of a backup, to be read; the same one makes the same bytes."""
    manifest, stream = backup.manifest, io.BytesIO()
    body = msgspec.json.encode({"format": FORMAT, **asdict(manifest)})
    with tarfile.open(fileobj=stream, mode="w") as tar:
        for name, content in ((_MANIFEST, body), *backup.contents.items()):
            member = tarfile.TarInfo(name)
            member.mtime = int(manifest.made_at.timestamp())
            if content is None:
                member.type, member.mode = tarfile.DIRTYPE, FOLDER_MODE
            else:
                member.size, member.mode = len(content), FILE_MODE
            tar.addfile(member, io.BytesIO(content or b""))
    stream.seek(0)
    return stream


def _parse(path: Path, tar_bytes: bytes) -> Backup:
    """What `_serialise` wrote; ValueError, KeyError, TypeError or TarError if it is not that.

    Whoever knows a recipient can seal such a tar, so no name in it may lead out of a folder.
    """
    with tarfile.open(fileobj=io.BytesIO(tar_bytes), mode="r:") as tar:
        contents = {each.name: _read_member(tar, each) for each in tar}
    body = json.loads(contents.pop(_MANIFEST) or b"")
    if body["format"] > FORMAT:
        raise BackupError(f"{path} was made by a newer lac-monitor. Update lac-monitor.")
    manifest = msgspec.convert(body, Manifest)
    if not is_pupil_id(manifest.home_id):
        raise ValueError("this is no manifest")
    for name in contents:
        _require_inside(name)
    return Backup(manifest, contents)


def _read_member(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes | None:
    """The content of a file, null of a folder; ValueError of what a backup never holds."""
    if not (member.isreg() or member.isdir()):
        raise ValueError("a backup holds files and folders only")
    file = tar.extractfile(member)
    return None if file is None else file.read()


def _require_inside(name: str) -> None:
    """ValueError for a name that leads out of the parts of a backup."""
    parts = PurePosixPath(name).parts
    if parts[:1] not in (("home",), ("keys",)) or ".." in parts or "\\" in name or ":" in name:
        raise ValueError("a name in a backup leads out of its folder")
