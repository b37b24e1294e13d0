"""What makes a run of the tests cheaper, and changes nothing that is tested.

A disk need not be waited for, and the garbage collector need not look at imports again.
"""

import gc
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from tests.support import sizes

#: Where processes of one run find the homes that one of them has made; see `make_once`.
SHARED = "LAC_TESTS_SHARED"
_MEMORY = Path("/dev/shm")
_ROOM = 4 << 30  # bytes; at its most a run at a tenth took half of that
_scratch: list[Path] = []


def pytest_configure(config: pytest.Config) -> None:
    """One folder for all that this run writes, in memory where there is room for it.

    Writers of a home wait until each file is on the disk, which no test can see.  Who sets
    TMPDIR has it there, and keeps it; a whole run is too large, and has it on the disk.
    Workers have what the first process found.
    """
    if hasattr(config, "workerinput"):
        return
    if "TMPDIR" not in os.environ and sizes.share() != "whole" and _has_room(_MEMORY):
        _scratch.append(Path(tempfile.mkdtemp(prefix="lac-tests-", dir=_MEMORY)))
        os.environ["TMPDIR"] = str(_scratch[-1])
        tempfile.tempdir = None  # so that it is looked up again
    # a school's tables are small: beside other workers its threads wait longer than they work
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    _scratch.append(Path(tempfile.mkdtemp(prefix="lac-tests-shared-")))
    os.environ[SHARED] = str(_scratch[-1])


def pytest_unconfigure() -> None:
    """Nothing of it stays in memory; `--basetemp` keeps what the tests themselves wrote."""
    for folder in _scratch:
        shutil.rmtree(folder, ignore_errors=True)
    _scratch.clear()


def _has_room(folder: Path) -> bool:
    if not (hasattr(os, "statvfs") and folder.is_dir() and os.access(folder, os.W_OK)):
        return False
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize >= _ROOM and not found.f_flag & os.ST_NOEXEC


def pytest_collection_finish() -> None:
    """What is imported by now stays, so the garbage collector need not look at it again.

    What tests leave is looked for less often: a page makes more objects than the usual bound.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
