"""Homes for tests: each kind is made once in a run, and every test has a copy of its own.

A load takes a second, a copy a few thousandths of one.  So the process that first asks for a
kind makes it, through the real door, and whoever asks later, in whichever process, copies it.
The kinds, and where they are made:

    demo_home                  the made-up school: 24 children, a year of marks
    lend_demo                  the same, one for all tests of a process that only read it
    small_home.SmallHome       a few files of three children; a first `load` of them is a copy
    backup_scene.new_scene     a small home in use: entries, words, a log, a disk beside it
    leaver.home_with_a_leaver  a small home that a child has left
    real_home.real_home        a school's real home, with named people who sign in

Keys lie beside a home: `keys_at` says where.
"""

import json
import os
import random
import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from filelock import FileLock

from intake.publish.load import Load
from queries.store import versions
from queries.store.store import Store
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault
from synthetic.cast.cast import CAST
from synthetic.exports import write_school
from tests.support.other_rules import digest_rules
from tests.support.quick import SHARED

UNTIL = date(2026, 11, 20)
#: The homes that are being made for many; see `tests/conftest.py`.
MAKING: list[str] = []
NOW = datetime(2026, 11, 20, 7, 40, tzinfo=UTC)


def make_once(name: str, make: Callable[[Path], object]) -> Path:
    """The folder of this name; `make` fills it, once in a run, and nobody writes to it after.

    What is made must not depend on where the folder lies.  A process that is killed while it
    makes one leaves nothing that another would take for whole.
    """
    root = Path(os.environ.get(SHARED) or _own_folder())
    folder, half = root / name, root / f"{name}.half"
    with FileLock(root / f"{name}.lock"):
        if not folder.exists():
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir()
            MAKING.append(name)
            try:
                make(half)
            finally:
                MAKING.pop()
            half.rename(folder)
    return folder


def copy_made(made: Path, folder: Path) -> Path:
    """A home at `folder` and its keys beside it, as they are in a folder that was made once."""
    shutil.copytree(made / "home", folder)
    shutil.copytree(made / "home-keys", keys_at(folder)["LAC_KEYS"])
    return folder


def keys_at(folder: Path) -> dict[str, str]:
    """An environment whose keys lie beside `folder`, never under it."""
    return {**os.environ, "LAC_KEYS": str(folder.parent / f"{folder.name}-keys")}


def demo_home(
    folder: Path, *, seed: int = 7, children: int = 24, years: int = 1, until: date = UNTIL
) -> Path:
    """A loaded home at `folder`; its keys are where $LAC_KEYS says: set it from `keys_at`."""

    def make(root: Path) -> None:
        now = max(NOW, datetime.combine(until, NOW.timetz()))  # a load knows nothing later
        home = root / "home"
        load = Load(home, now, rng=random.Random(seed), environ=keys_at(home))
        load.load_exports(exports(seed, children, years, until))

    name = f"demo-{seed}-{children}-{years}-{until}-{digest_rules()}"
    return copy_made(make_once(name, make), folder)


@cache
def lend_demo() -> Path:
    """The made-up school, for tests that read it and leave it as it was, but for its log."""
    return demo_home(Path(tempfile.mkdtemp(prefix="lac-lent-")) / "home")


@cache
def exports(
    seed: int = 7, children: int = 24, years: int = 1, until: date = UNTIL, *, dirty: bool = False
) -> Path:
    """A folder with the export files of a made-up school; read it, do not write to it."""
    given = {"seed": seed, "children": children, "years": years, "until": until, "dirty": dirty}
    name = "-".join(map(str, ("exports", *given.values())))
    return make_once(name, lambda folder: write_school(folder, **given))  # type: ignore[arg-type]


def read_log(folder: Path) -> list[dict[str, Any]]:
    """Each line of a home's access log, as it stands in the file."""
    text = (folder / "log" / "access.jsonl").read_text(encoding="ascii")
    return [json.loads(line) for line in text.splitlines()]


def edit(path: Path, keys: Keys, text: str) -> None:
    """Another text in a file of a home, which the safeguarding lead has confirmed."""
    path.write_text(text, encoding="utf-8")
    keys.heads.confirm(path)


def cast_handles(folder: Path) -> dict[str, str]:
    """The handle of each child of the cast in this home, by the name that its story uses.

    The vault knows a child by the pupil number, as intake does; no name is read back.
    """
    home = Home.open(folder)
    vault = Vault.open(home, Keys.load(home, keys_at(folder)))
    records = {
        member.person.preferred or member.person.forename: vault.find_by_upn(member.upn)
        for member in CAST
    }
    return {name: record.handle for name, record in records.items() if record is not None}


def open_store(folder: Path) -> Store:
    """The store of this home, past every role: for tests that ask one mart on many days."""
    home = Home.open(folder)
    path = versions.find_current_version(home.store)
    assert path is not None
    return Store(path, Keys.load(home, keys_at(folder)).store)


@cache
def _own_folder() -> str:
    # outside of a run, as for a measurement
    return tempfile.mkdtemp(prefix="lac-shared-")
