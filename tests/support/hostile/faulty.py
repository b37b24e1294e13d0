"""A disk that fails at the k-th thing that a program asks of it, around the real calls.

What the program writes, puts on the disk, cuts off, removes or gives another name is
counted; the k-th of these fails as an input/output error, or is the last.  DuckDB writes
without Python, and is not met.
"""

import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

import pytest

#: "error": nothing of the call happens.  "half": half of a write does, and then it fails.
#: "kill": nothing of the call happens, nor of any that come after it.
Kind = Literal["error", "half", "kill"]

_NEVER = 1 << 60


class Killed(BaseException):
    """Stands for a kill: nobody catches it, and nothing is tidied up after it."""


class Disk:
    """Counts the calls; the `at`-th fails, and no other."""

    def __init__(self, at: int = _NEVER, kind: Kind = "error") -> None:
        self.at = at
        self.kind = kind
        self.calls = 0

    def is_due(self) -> bool:
        """Count one call; whether it is the one."""
        self.calls += 1
        return self.calls == self.at or (self.kind == "kill" and self.calls > self.at)

    def fail(self) -> None:
        """As a disk does that is going, or a process that is gone."""
        if self.kind == "kill":
            raise Killed
        raise OSError(errno.EIO, os.strerror(errno.EIO))


class _File(io.FileIO):
    """A file on such a disk."""

    disk: Disk

    def write(self, content: Any) -> int:
        if self.disk.is_due():
            if self.disk.kind == "half":
                super().write(memoryview(content)[: len(content) // 2])
            self.disk.fail()
        return super().write(content)


@contextmanager
def failing(at: int = _NEVER, kind: Kind = "error") -> Iterator[Disk]:
    """Within the block the `at`-th call fails; without a number they are only counted."""
    disk = Disk(at, kind)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(io, "open", _opening(io.open, disk))
        patched.setattr(os, "write", _writing(os.write, disk))
        for name in ("fsync", "replace", "rename", "ftruncate", "unlink", "mkdir", "rmdir"):
            patched.setattr(os, name, _guarded(getattr(os, name), disk))
        yield disk


def _guarded(real: Callable[..., Any], disk: Disk) -> Callable[..., Any]:
    def call(*arguments: Any, **options: Any) -> Any:
        if disk.is_due():
            disk.fail()
        return real(*arguments, **options)

    return call


def _writing(real: Callable[[int, bytes], int], disk: Disk) -> Callable[[int, bytes], int]:
    def write(file: int, content: bytes) -> int:
        if not disk.is_due():
            return real(file, content)
        if disk.kind == "half":
            return real(file, content[: len(content) // 2])
        disk.fail()
        raise AssertionError

    return write


def _opening(real: Callable[..., Any], disk: Disk) -> Callable[..., Any]:
    def opened(file: Any, mode: str = "r", *arguments: Any, **options: Any) -> Any:
        if "b" not in mode or not set(mode) & set("wax+"):
            return real(file, mode, *arguments, **options)
        raw = _File(file, mode.replace("b", ""), opener=options.get("opener"))
        raw.disk = disk
        return io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)

    return opened
