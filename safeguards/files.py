"""Files for their owner only, written whole or not at all, and wiped when they are replaced."""

import io
import os
import shlex
import subprocess
import threading
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from filelock import FileLock, Timeout

#: The modes of folders and files for their owner only; Windows has access lists and ignores them.
FOLDER_MODE = 0o700
FILE_MODE = 0o600
#: The system and the mode of each file in a zip: made on Unix, for its owner only.
_UNIX, _OWN_FILE = 3, 0o100600 << 16
#: Seconds between two attempts to take a lock that another program has.
_LOCK_POLL_S = 0.002
#: The queues in which the threads of this program wait, by the path of the file that they write.
_QUEUES: dict[str, threading.Lock] = {}


@contextmanager
def lock_file(path: Path, timeout_s: float = -1) -> Iterator[None]:
    """Let one thread of one program write `path` at a time; filelock's Timeout if its turn is late.

    A lock of a file is tried again and again.  If a hundred threads try, none gets on.  So the
    threads of one program wait in a queue, and only the first of them tries.
    """
    queue, began = _QUEUES.setdefault(str(path), threading.Lock()), time.monotonic()
    lock = FileLock(f"{path}.lock", mode=FILE_MODE, poll_interval=_LOCK_POLL_S)
    if not queue.acquire(timeout=timeout_s):
        raise Timeout(lock.lock_file)
    try:
        waited = time.monotonic() - began
        with lock.acquire(timeout_s if timeout_s < 0 else max(timeout_s - waited, 0)):
            yield
    finally:
        queue.release()


def write_private(path: Path, content: bytes) -> None:
    """Put `content` at `path`, readable by its owner only: all of it, or nothing changes.

    The content is on the disk when this returns.  An OSError means that this is not sure: the file
    is then the earlier one, or the new one if only its name was not yet safe.  The caller lets one
    writer write at a time.
    """
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    try:
        write_new(new, content)
        new.replace(path)
    except OSError:
        new.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_new(path: Path, content: bytes) -> None:
    """Put `content` on the disk at `path`, readable by its owner only.

    FileExistsError means that a file is there; after another OSError a part may be there.
    """
    with open_new(path) as file:
        file.write(content)


@contextmanager
def open_new(path: Path) -> Iterator[io.BufferedIOBase]:
    """Open a new file for its owner only; it is on the disk when the block ends.

    FileExistsError means that a file is there.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, FILE_MODE), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def wipe_replaced(path: Path) -> Iterator[None]:
    """Overwrite the earlier bytes of the file at `path` if the block replaces or removes it.

    Where a file cannot be replaced while it is open (Windows), the bytes are left to the disk's own
    encryption.
    """
    if os.name != "posix" or not path.exists():
        yield
        return
    with path.open("r+b") as earlier:
        yield
        if not path.exists() or not os.path.samestat(os.fstat(earlier.fileno()), path.stat()):
            earlier.write(bytes(os.fstat(earlier.fileno()).st_size))
            earlier.flush()
            os.fsync(earlier.fileno())


def is_reached_by_others(path: Path) -> bool:
    """Say whether other users of this computer have any right to a file or folder.

    It is False on Windows, where rights are not kept as modes.  A missing file is an OSError.
    """
    return os.name == "posix" and bool(path.stat().st_mode & 0o077)


def zip_files(files: Mapping[str, bytes], day: date) -> bytes:
    """Return a zip of these files by name, dated a day; the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, _UNIX
            entry.external_attr = _OWN_FILE
            archive.writestr(entry, content)
    return out.getvalue()


def sync_folder(folder: Path) -> None:
    """Put the folder's list of names on the disk; Windows does this by itself."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def quote(text: object) -> str:
    """Return a path or a name as it is written in a command that somebody can paste."""
    # shells of Windows know only the double quotation mark
    return subprocess.list2cmdline([f"{text}"]) if os.name == "nt" else shlex.quote(f"{text}")
