"""A backup: one sealed file with all of a home.

After its header comes the sealed stream: a manifest with the digest of each file, and the
bytes of all of them.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag

from queries.store import versions
from safeguards.errors import BackupError
from safeguards.files import FILE_MODE, FOLDER_MODE, sync_folder
from safeguards.home.home import Home
from stewardship.backup import sealed_stream
from stewardship.backup.header import Header, build_damage_error

_BLOCK = 1 << 20
# what is under way, or belongs to the processes of one computer
_TRANSIENT_SUFFIXES = (".lock", ".new", ".half", ".wal", ".tmp")
# they only grow, and are read up to their last whole line
_APPEND_ONLY_FOLDERS = ("log", "written", "ledger")


@dataclass(frozen=True)
class FileEntry:
    """One file of a home in a backup; `path` is from the home's folder, with slashes."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds: every file, every folder, and the rows of each table of the store.

    rows: empty where nothing has been loaded yet.
    """

    files: tuple[FileEntry, ...]
    folders: tuple[str, ...]
    rows: Mapping[str, int]


def write(
    path: Path,
    home: Home,
    header: Header,
    stream_key: bytes,
    *,
    store: Path | None,
    rows: Mapping[str, int],
) -> Manifest:
    """Seal a home into a new file, which is on the disk when this returns.

    store: the version in use, the only one that is taken along.  The caller holds the home,
    so that no load changes it meanwhile; what people type and who looks goes on growing, and
    is taken as it is now.  OSError if the disk does not take it; BackupError if a file
    changes while it is read.
    """
    manifest = _build_manifest(home, store, rows)
    manifest_json = json.dumps(asdict(manifest)).encode("utf-8")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, FILE_MODE), "wb") as file:
        file.write(header.start)
        sealer = sealed_stream.Sealer(file, stream_key, header.associated_data)
        sealer.write(len(manifest_json).to_bytes(8, "big") + manifest_json)
        for entry in manifest.files:
            _copy(home.folder / entry.path, entry, sealer)
        sealer.close()
        file.flush()
        os.fsync(file.fileno())
    return manifest


def unpack(path: Path, header: Header, stream_key: bytes, into: Path | None) -> Manifest:
    """Put all that a backup holds into a new folder, on the disk; None only checks it.

    BackupError if one bit is not as it was written, or the end is missing; what was written
    until then is for the caller to remove.  OSError if the disk does not take it.
    """
    with path.open("rb") as file:
        file.seek(len(header.start))
        try:
            return _unpack_stream(_Reader(file, stream_key, header), into)
        except (InvalidTag, EOFError) as error:
            raise build_damage_error(path) from error


class _Reader:
    """Reads the bytes of a sealed stream, so many at a time."""

    def __init__(self, file: BinaryIO, key: bytes, header: Header) -> None:
        self._pieces = sealed_stream.decrypt_stream(file, key, header.associated_data)
        self._there = b""

    def read_parts(self, size: int) -> Iterator[bytes]:
        """The next `size` bytes in parts; EOFError if there are fewer."""
        while size:
            if not self._there and (piece := next(self._pieces, None)) is not None:
                self._there = piece
            part, self._there = self._there[:size], self._there[size:]
            if not part:
                raise EOFError
            size -= len(part)
            yield part

    def require_end(self) -> None:
        """EOFError unless all has been read, to the last piece."""
        if self._there or next(self._pieces, None) is not None:
            raise EOFError


def _unpack_stream(reader: _Reader, into: Path | None) -> Manifest:
    size = int.from_bytes(b"".join(reader.read_parts(8)), "big")
    body = json.loads(b"".join(reader.read_parts(size)))
    manifest = Manifest(
        tuple(FileEntry(**entry) for entry in body["files"]), tuple(body["folders"]), body["rows"]
    )
    if into is not None:
        for name in ("", *manifest.folders):
            _resolve_inside(into, name).mkdir(mode=FOLDER_MODE)
    for held in manifest.files:
        digest = hashlib.sha256()
        parts = _digest_parts(reader.read_parts(held.size), digest)
        if into is None:
            for _ in parts:
                pass
        else:
            _write(_resolve_inside(into, held.path), parts)
        if digest.hexdigest() != held.sha256:
            raise EOFError
    reader.require_end()
    if into is not None:
        for name in ("", *manifest.folders):
            sync_folder(_resolve_inside(into, name))
    return manifest


def _build_manifest(home: Home, store: Path | None, rows: Mapping[str, int]) -> Manifest:
    files, folders = [], []
    in_use = () if store is None else versions.list_version_files(store)
    for path in sorted(home.folder.rglob("*")):
        name = path.relative_to(home.folder)
        other_version = name.parts[0] == "store" and name.match("store-*") and path not in in_use
        if any(part.endswith(_TRANSIENT_SUFFIXES) for part in name.parts) or other_version:
            continue
        if path.is_symlink():
            raise BackupError(f"{path} is a link. A home holds its own files: put it there.")
        if path.is_dir():
            folders.append(name.as_posix())
        else:
            files.append(_digest_file(path, name))
    return Manifest(tuple(files), tuple(folders), dict(rows))


def _digest_file(path: Path, name: Path) -> FileEntry:
    digest, size, up_to_line = hashlib.sha256(), 0, (hashlib.sha256(), 0)
    with path.open("rb") as file:
        while part := file.read(_BLOCK):
            if (end := part.rfind(b"\n") + 1) and name.parts[0] in _APPEND_ONLY_FOLDERS:
                lines = digest.copy()
                lines.update(part[:end])
                up_to_line = (lines, size + end)
            digest.update(part)
            size += len(part)
    if up_to_line[1]:
        digest, size = up_to_line
    return FileEntry(name.as_posix(), size, digest.hexdigest())


def _copy(path: Path, entry: FileEntry, sealer: sealed_stream.Sealer) -> None:
    digest, left = hashlib.sha256(), entry.size
    with path.open("rb") as file:
        while left and (part := file.read(min(left, _BLOCK))):
            digest.update(part)
            sealer.write(part)
            left -= len(part)
    if digest.hexdigest() != entry.sha256:
        raise BackupError(f"{path} changed while it was read. Make the backup again.")


def read_key_files(folder: Path) -> dict[str, str]:
    """Every file beside the keys, by its path from there, as hexadecimal."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().hex()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(_TRANSIENT_SUFFIXES)
    }


def write_key_files(folder: Path, files: Mapping[str, str]) -> None:
    """Put what `unlock_by_code` gave into a new folder; OSError if that fails."""
    folder.mkdir(mode=FOLDER_MODE, parents=True)
    for name, content in files.items():
        path = _resolve_inside(folder, name)
        path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        _write(path, iter([bytes.fromhex(content)]))
    sync_folder(folder)


def _write(path: Path, parts: Iterator[bytes]) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, FILE_MODE), "wb") as file:
        for part in parts:
            file.write(part)
        file.flush()
        os.fsync(file.fileno())


def _resolve_inside(folder: Path, name: str) -> Path:
    """A place in `folder`; ValueError for a name that leads out of it."""
    parts = PurePosixPath(name).parts
    if PurePosixPath(name).is_absolute() or ".." in parts or "\\" in name or ":" in name:
        raise ValueError("a name in a backup leads out of its folder")
    return folder.joinpath(*parts)


def _digest_parts(parts: Iterator[bytes], digest: Any) -> Iterator[bytes]:
    for part in parts:
        digest.update(part)
        yield part
