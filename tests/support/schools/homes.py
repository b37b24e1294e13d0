"""Demo homes for tests: a made-up school through the real door, made once and copied."""

import os
import random
import shutil
import tempfile
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from intake.publish.load import load_exports
from queries.store import versions
from queries.store.store import Store
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault
from synthetic import CAST, write_school
from tests.support.other_rules import digest_rules
from tests.support.schools.shared import shared

UNTIL = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 7, 40, tzinfo=UTC)


def keys_at(folder: Path) -> dict[str, str]:
    """An environment whose keys lie beside `folder`, never under it."""
    return {**os.environ, "LAC_KEYS": str(folder.parent / f"{folder.name}-keys")}


def demo_home(
    folder: Path, *, seed: int = 7, children: int = 24, years: int = 1, until: date = UNTIL
) -> Path:
    """A loaded home at `folder`; its keys are where $LAC_KEYS says: set it from `keys_at`."""
    made = _made(seed, children, years, until, digest_rules())
    shutil.copytree(made / "home", folder)
    shutil.copytree(made / "home-keys", folder.parent / f"{folder.name}-keys")
    return folder


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
        member.preferred or member.forename: vault.find_by_upn(member.upn) for member in CAST
    }
    return {name: record.handle for name, record in records.items() if record is not None}


def open_store(folder: Path) -> Store:
    """The store of this home, past every role: for tests that ask one mart on many days."""
    home = Home.open(folder)
    path = versions.find_current_version(home.store)
    assert path is not None
    return Store(path, Keys.load(home, keys_at(folder)).store)


@cache
def exports(
    seed: int = 7, children: int = 24, years: int = 1, until: date = UNTIL, *, dirty: bool = False
) -> Path:
    """A folder with the export files of a made-up school; read it, do not write to it."""
    folder = Path(tempfile.mkdtemp(prefix="lac-exports-"))
    write_school(folder, seed=seed, children=children, years=years, until=until, dirty=dirty)
    return folder


@cache
def _made(seed: int, children: int, years: int, until: date, rules: str) -> Path:
    def make(folder: Path) -> None:
        load_exports(
            exports(seed, children, years, until),
            folder / "home",
            now=NOW,
            rng=random.Random(seed),
            environ=keys_at(folder / "home"),
        )

    return shared(f"demo-{seed}-{children}-{years}-{until}-{rules}", make)
