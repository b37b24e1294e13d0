"""What makes a run of the tests cheaper, and changes nothing that is tested.

Each part leaves out work that is done over and over with the same end: a disk that is waited
for, a package's signature, a page that is compiled, an import that is looked at for rubbish.
"""

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from queries.store import store
from tests.support import sizes

#: Every setting of a store's connection, as a person's own has it.
SETTINGS = store._CONFIG

#: Where processes of one run find the homes that one of them has made; see `shared`.
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
    """What is imported by now stays, so the search for rubbish need not look at it again.

    What tests leave is looked for less often: a page makes more objects than the usual bound.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def signature() -> Iterator[None]:
    """The extension with OpenSSL, 22 MB, is held against its signature once.

    DuckDB does it for each connection, for longer than all else that opens a store.  A test
    whose subject is a store's settings has them as they are: `as_set`.
    """
    store._connect().close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "_CONFIG", {**SETTINGS, "allow_unsigned_extensions": True})
        yield


@pytest.fixture
def as_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """A store's settings as a person's own has them, signature and all."""
    monkeypatch.setattr(store, "_CONFIG", SETTINGS)


@pytest.fixture(scope="session", autouse=True)
def apps() -> Iterator[None]:
    """What an app of Streamlit's tests works out before each run is kept for the next.

    It looks for components in every package, of which none comes or goes meanwhile, and
    compiles each page, of which none changes.
    """
    if "streamlit.testing.v1" not in sys.modules:
        yield
        return
    # only where a test module has it: an import of Streamlit takes its time
    from streamlit.components.v2 import manifest_scanner  # noqa: PLC0415
    from streamlit.runtime.scriptrunner.script_cache import ScriptCache  # noqa: PLC0415
    from streamlit.testing.v1 import app_test, local_script_runner  # noqa: PLC0415

    compiled = ScriptCache()
    with pytest.MonkeyPatch.context() as patch:
        kept = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", kept)
        for module in (app_test, local_script_runner):
            patch.setattr(module, "ScriptCache", lambda: compiled)
        yield
