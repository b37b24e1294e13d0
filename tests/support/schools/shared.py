"""Folders that one process of a run makes, and every process reads."""

import os
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from filelock import FileLock

from tests.support.quick import SHARED


def shared(name: str, make: Callable[[Path], None]) -> Path:
    """The folder of this name; `make` fills it, once in a run, and nobody writes to it after.

    What is made must not depend on where the folder lies.  A process that is killed while it
    makes one leaves nothing that another would take for whole.
    """
    root = Path(os.environ.get(SHARED) or _own())
    folder, half = root / name, root / f"{name}.half"
    with FileLock(root / f"{name}.lock"):
        if not folder.exists():
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir()
            make(half)
            half.rename(folder)
    return folder


@cache
def _own() -> str:
    # outside of a run, as for a measurement
    return tempfile.mkdtemp(prefix="lac-shared-")
