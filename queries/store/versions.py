"""The file of the store in use: numbered versions in a folder, and a pointer to one of them.

A load makes `store-<n>.duckdb`.  If somebody typed a fact or the definitions changed, that load is
made again as an amendment, `store-<n>.<m>.duckdb`.  The small file CURRENT names the version in
use, so readers see all of a step or nothing.  It also holds that version's digest, so that no other
name can get into it by chance.
"""

import hashlib
import hmac
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from queries.errors import StoreError

_VERSIONS_KEPT = 2
# a version in the clear has no digest
_POINTER = re.compile(rb"(store-[0-9]+(?:\.[0-9]+)?\.duckdb)(?: ([0-9a-f]{64}))?\n")
#: The end of a version's name until it is whole.
_STAGED_SUFFIX = ".half"


def find_current_version(folder: Path) -> Path | None:
    """Return the version in use, or None before the first load.

    StoreError means that CURRENT is not as it was written, or that the version it names is missing.
    """
    pointer = folder / "CURRENT"
    if not pointer.exists():
        return None
    parts = _POINTER.fullmatch(pointer.read_bytes())
    if parts is None:
        raise StoreError(f"{pointer} is damaged. Restore a backup.")
    path = folder / parts[1].decode("ascii")
    if not path.exists():
        raise StoreError(f"{pointer} names {path.name}, which is not there. Restore a backup.")
    if read_digest(path) != parts[2]:
        raise StoreError(f"{pointer} and the digest of {path.name} differ. Restore a backup.")
    return path


def list_versions(folder: Path) -> list[Path]:
    """Return all versions in the folder, oldest first."""
    return sorted(folder.glob("store-*.duckdb"), key=_parse_number)


def prepare_load_path(folder: Path) -> Path:
    """Return the path of the version that the next load makes.

    Loads above the one in use, which were undone, are removed.  Their numbers are not used again
    while a reader may hold such a file open.
    """
    in_use = find_current_version(folder)
    last = _parse_number(in_use)[0] if in_use else 0
    highest = max((_parse_number(path)[0] for path in list_versions(folder)), default=0)
    for path in list_versions(folder):
        if _parse_number(path)[0] > last:
            remove(path)
    return folder / f"store-{max(last, highest) + 1}.duckdb"


def compute_amendment_path(path: Path) -> Path:
    """Return the path of the next amendment of a load, after all that there are."""
    load = _parse_number(path)[0]
    newest = max(
        number for number in map(_parse_number, list_versions(path.parent)) if number[0] == load
    )
    return path.with_name(f"store-{load}.{newest[1] + 1}.duckdb")


def list_earlier_loads(folder: Path) -> list[Path]:
    """Return the versions of loads before the one in use, newest first."""
    in_use = find_current_version(folder)
    if in_use is None:
        return []
    return [
        path
        for path in reversed(list_versions(folder))
        if _parse_number(path)[0] < _parse_number(in_use)[0]
    ]


def format_pointer(path: Path) -> bytes:
    """Return the content of CURRENT while the version at `path` is the one in use."""
    digest = read_digest(path)
    return b" ".join((path.name.encode("ascii"), *([digest] if digest else []))) + b"\n"


def publish(folder: Path, path: Path) -> None:
    """Make `path` the version in use; the step is one rename, so it is all or nothing.

    An OSError means that the disk refused it, and nothing has changed then; StoreError that it is
    done, but the disk does not confirm that it will last.
    """
    for written in (path, folder):
        _sync(written)
    pointer = folder / "CURRENT.new"
    with pointer.open("wb") as file:
        file.write(format_pointer(path))
        file.flush()
        os.fsync(file.fileno())
    pointer.replace(folder / "CURRENT")
    try:
        _sync(folder)
    except OSError as error:
        raise StoreError(
            f"{path.name} is in use now, but the disk does not say that it keeps it "
            f"({error.strerror}). Have the disk looked at, and make a backup on another one."
        ) from error


def prune(folder: Path) -> None:
    """Remove versions older than the one in use, the one before it and the load before.

    Loads that were undone stay until the next load: a reader may hold them open.  A file that
    cannot be removed now stays too: the work before it is done, and must not fail because of it.
    """
    in_use = find_current_version(folder)
    if in_use is None:
        return
    up_to_now = [
        path for path in list_versions(folder) if _parse_number(path) <= _parse_number(in_use)
    ]
    kept = {*up_to_now[-_VERSIONS_KEPT:], *list_earlier_loads(folder)[:1]}
    for path in up_to_now:
        if path not in kept:
            with suppress(OSError):
                remove(path)
    for path in folder.glob(f"store-*{_STAGED_SUFFIX}"):
        with suppress(OSError):
            remove(path)


@contextmanager
def stage_version(path: Path) -> Iterator[Path]:
    """Yield the path to write the version to; it gets the name `path` only once it is whole.

    Nothing is left of it if the block raises.  StoreError means that there is one already.
    """
    if path.exists():
        raise StoreError(f"{path.name} is there already. A version is written once.")
    staged = path.with_name(path.name + _STAGED_SUFFIX)
    remove(staged)
    try:
        yield staged
        staged.rename(path)
    except BaseException:
        remove(staged)
        remove(path)
        raise


def remove(path: Path) -> None:
    """Remove a version and the files beside it."""
    for leftover in list_version_files(path):
        leftover.unlink(missing_ok=True)


def list_version_files(path: Path) -> tuple[Path, ...]:
    """Return a version's file, the log of its last write and its digest, whether there or not."""
    return path, path.with_name(path.name + ".wal"), get_digest_path(path)


def wipe(path: Path) -> None:
    """Remove a version whose rows must be gone: overwrite it, then unlink it.

    A disk may keep the old blocks all the same; those are protected because the file was encrypted,
    and the disk is.
    """
    for leftover in list_version_files(path):
        if leftover.exists():
            with leftover.open("r+b") as file:
                left = leftover.stat().st_size
                while left > 0:
                    left -= file.write(bytes(min(left, 1 << 20)))
                file.flush()
                os.fsync(file.fileno())
    remove(path)


def _parse_number(path: Path) -> tuple[int, int]:
    """Return the load of a version and the number of its amendment, 0 for the load itself."""
    load, _, amendment = path.stem.removeprefix("store-").partition(".")
    return int(load), int(amendment or 0)


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # Windows syncs folders by itself and cannot open them
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


_USE = b"store digest|v1"
_PART = 1 << 18


def get_digest_path(version: Path) -> Path:
    """Return the path of a version's digest."""
    return version.with_name(version.name + ".digest")


def read_digest(version: Path) -> bytes | None:
    """Return the digest beside a version, right or not; None if there is none."""
    try:
        return get_digest_path(version).read_bytes()
    except FileNotFoundError:
        return None


def write_digest(version: Path, file: Path, key: str) -> None:
    """Write the digest of a future `version`, which is at `file` now, to the disk."""
    path = get_digest_path(version)
    path.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o600), "wb") as new:
        new.write(_digest(version, file, key))
        new.flush()
        os.fsync(new.fileno())


def verify_digest(version: Path, file: Path, key: str) -> None:
    """Raise StoreError unless the version has a digest, and it fits the bytes of `file`."""
    digest = read_digest(version)
    if digest is None:
        raise StoreError(f"{version.name} has lost its digest. Restore a backup.")
    if not hmac.compare_digest(digest, _digest(version, file, key)):
        raise StoreError(
            f"{version.name} is damaged, or does not open with this home's key. "
            "Use the key that it was written with, or restore a backup."
        )


def _digest(version: Path, file: Path, key: str) -> bytes:
    derived = HKDF(SHA256(), 32, salt=None, info=_USE).derive(bytes.fromhex(key))
    # a name has no zero byte, so no part of the file can count as a part of the name
    mac = hmac.new(derived, version.name.encode() + b"\0", hashlib.sha256)
    with file.open("rb") as content:
        while part := content.read(_PART):
            mac.update(part)
    return mac.hexdigest().encode("ascii")
