"""A backup: a tar in the age format, which standard programs open: age -d -i KEY FILE | tar x.

Its first member is a manifest of what follows: what is beside the keys under `keys/`, and the
files of the home under `home/`.  All of it is held in memory: some tens of megabytes.
"""

import hashlib
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

import pyrage
from pyrage import x25519

from queries.store import versions
from safeguards.errors import BackupError
from safeguards.files import FILE_MODE, FOLDER_MODE, open_new, sync_folder, write_new
from safeguards.home.home import Home, Kind
from safeguards.journal.access_log import is_pupil_id

#: Raised by one when the file changes in a way that older code cannot read.
FORMAT = 1

Part = Literal["home", "keys"]

_MAGIC = b"age-encryption.org/"
_NO_KEY_FITS = "No matching keys found"
_MANIFEST = "manifest.json"
# what is under way, or belongs to the processes of one computer
_TRANSIENT_SUFFIXES = (".lock", ".new", ".half", ".wal", ".tmp")
# they only grow, and are read up to their last whole line
_APPEND_ONLY_FOLDERS = ("log", "written", "ledger")


@dataclass(frozen=True)
class FileEntry:
    """One file in a backup: its size in bytes, and its digest in hexadecimal."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds: every file and folder by path, and the rows of each table.

    rows: empty where nothing has been loaded yet.
    """

    home_id: str
    kind: Kind
    made_at: datetime
    lac_version: str
    rows: Mapping[str, int]
    folders: tuple[str, ...]
    files: Mapping[str, FileEntry]


@dataclass(frozen=True)
class Backup:
    """A manifest, and the content of each file that it names."""

    manifest: Manifest
    contents: Mapping[str, bytes] = field(repr=False)


def collect(
    home: Home, keys_folder: Path, *, store: Path | None, rows: Mapping[str, int], made_at: datetime
) -> Backup:
    """All of a home and of what is beside its keys, as it is now.

    store: the version in use, the only one that is taken along.  The caller holds the home,
    so that no load changes it meanwhile; what people type and who looks goes on growing, and
    is taken as it is now.  OSError if a file cannot be read; BackupError for a link.
    """
    in_use = () if store is None else versions.list_version_files(store)
    folders, contents = [], {}
    # the head of the log first: lines may come after it, and then none seems to be lost
    for part, root in (("keys", keys_folder), ("home", home.folder)):
        folders.append(part)
        for path in _list_lasting(root, in_use):
            name = PurePosixPath(part, path.relative_to(root).as_posix())
            if path.is_symlink():
                raise BackupError(f"{path} is a link. A home holds its own files: put it there.")
            if path.is_dir():
                folders.append(str(name))
            else:
                contents[str(name)] = _read_whole_lines(path, name)
    return Backup(
        Manifest(
            home_id=home.home_id,
            kind=home.kind,
            made_at=made_at.astimezone(UTC).replace(microsecond=0),
            lac_version=installed_version("lac-monitor"),
            rows=dict(rows),
            folders=tuple(folders),
            files={name: _describe_file(content) for name, content in contents.items()},
        ),
        contents,
    )


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
        raise BackupError(f"{path} is no backup of lac-monitor, or its start is damaged.")
    try:
        return _parse(path, pyrage.decrypt(sealed, identities))
    except pyrage.DecryptError as error:
        if str(error) == _NO_KEY_FITS:
            return None
        raise build_damage_error(path) from error
    except (tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise build_damage_error(path) from error


def extract(backup: Backup, part: Part, into: Path) -> None:
    """Put one part of a backup into a new folder, on the disk; OSError if that fails."""
    into.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    folders = [_resolve(into, name) for name in backup.manifest.folders if is_in(name, part)]
    for folder in folders:
        folder.mkdir(mode=FOLDER_MODE)
    for name, content in backup.contents.items():
        if is_in(name, part):
            write_new(_resolve(into, name), content)
    for folder in folders:
        sync_folder(folder)


def verify_extracted(manifest: Manifest, home_folder: Path) -> None:
    """BackupError unless each file of a home is on the disk as the manifest says."""
    for name, entry in manifest.files.items():
        if is_in(name, "home"):
            path = _resolve(home_folder, name)
            if _describe_file(path.read_bytes()) != entry:
                raise BackupError(f"{path} is not on the disk as it was in the backup.")


def copy_keys(folder: Path, to: Path) -> None:
    """Copy what lies beside the keys to a new folder; OSError if that fails."""
    shutil.copytree(folder, to, ignore=lambda _, names: list(filter(_is_transient, names)))


def count_files(backup: Backup) -> int:
    """How many files of the home a backup holds."""
    return sum(is_in(name, "home") for name in backup.contents)


def is_in(name: str, part: Part) -> bool:
    """Whether a file or folder of a backup belongs to this part."""
    return PurePosixPath(name).parts[0] == part


def build_damage_error(path: Path) -> BackupError:
    """What is said of a backup that is not as it was written."""
    return BackupError(f"{path} is damaged or was cut short. Use another backup.")


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


def _describe_file(content: bytes) -> FileEntry:
    return FileEntry(len(content), hashlib.sha256(content).hexdigest())


def _serialise(backup: Backup) -> io.BytesIO:
    """The tar of a backup, to be read; the same one makes the same bytes."""
    manifest, stream = backup.manifest, io.BytesIO()
    body = {"format": FORMAT, **asdict(manifest), "made_at": manifest.made_at.isoformat()}
    with tarfile.open(fileobj=stream, mode="w") as tar:

        def add(name: str, content: bytes | None) -> None:
            member = tarfile.TarInfo(name)
            member.mtime = int(manifest.made_at.timestamp())
            if content is None:
                member.type, member.mode = tarfile.DIRTYPE, FOLDER_MODE
            else:
                member.size, member.mode = len(content), FILE_MODE
            tar.addfile(member, io.BytesIO(content or b""))

        add(_MANIFEST, json.dumps(body, indent=1).encode("ascii"))
        for name in manifest.folders:
            add(name, None)
        for name, content in backup.contents.items():
            add(name, content)
    stream.seek(0)
    return stream


def _parse(path: Path, tar_bytes: bytes) -> Backup:
    """What `_serialise` wrote; ValueError, KeyError, TypeError or TarError if it is not that.

    Whoever knows a recipient can seal such a tar, so no name in it may lead out of a folder.
    """
    with tarfile.open(fileobj=io.BytesIO(tar_bytes), mode="r:") as tar:
        files = {member.name: tar.extractfile(member) for member in tar}
        contents = {name: file.read() for name, file in files.items() if file is not None}
    body = json.loads(contents.pop(_MANIFEST))
    if body.pop("format") > FORMAT:
        raise BackupError(f"{path} was made by a newer lac-monitor. Update lac-monitor.")
    manifest = Manifest(
        **{
            **body,
            "made_at": datetime.fromisoformat(body["made_at"]),
            "folders": tuple(body["folders"]),
            "files": {name: FileEntry(**entry) for name, entry in body["files"].items()},
        }
    )
    if manifest.kind not in ("demo", "real") or not is_pupil_id(manifest.home_id):
        raise ValueError("this is no manifest")
    for name in (*manifest.folders, *manifest.files):
        _require_inside(name)
    if {name: _describe_file(content) for name, content in contents.items()} != manifest.files:
        raise ValueError("a file is not as the manifest says")
    return Backup(manifest, contents)


def _require_inside(name: str) -> None:
    """ValueError for a name that leads out of the parts of a backup."""
    parts = PurePosixPath(name).parts
    if parts[:1] not in (("home",), ("keys",)) or ".." in parts or "\\" in name or ":" in name:
        raise ValueError("a name in a backup leads out of its folder")


def _resolve(into: Path, name: str) -> Path:
    return into.joinpath(*PurePosixPath(name).parts[1:])
