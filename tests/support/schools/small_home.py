"""The small good folder, loaded through the real door into a home of its own."""

import random
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from intake.publish import files as build
from intake.publish.load import LoadResult, load_exports
from queries.store import versions
from safeguards.access import access
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault
from stewardship.rights.erase import finish_erasures
from tests.support.schools.good_exports import ANN, BEN, CAT, EXPORTS_ALONE, GOOD, Files, write
from tests.support.schools.homes import keys_at

NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)


class SmallHome:
    """A home and the folder that is loaded into it."""

    def __init__(self, root: Path) -> None:
        self.exports, self.folder = root / "exports", root / "home"
        self.environ = keys_at(self.folder)

    def load(
        self, files: Files = GOOD, books: Mapping[str, bytes] | None = None, **options: Any
    ) -> LoadResult:
        """Load these files and workbooks and no others.

        A first load of the good files is made once and copied, as is one of those exported.
        """
        shutil.rmtree(self.exports, ignore_errors=True)
        self.exports.mkdir()
        write(files, self.exports)
        for name, content in (books or {}).items():
            (self.exports / name).write_bytes(content)
        if not (self.folder.exists() or books or options) and files in (GOOD, EXPORTS_ALONE):
            return first_load(self.folder, files)
        return load_exports(
            self.exports,
            self.folder,
            rng=random.Random(1),
            environ=self.environ,
            **{"now": NOW, "finish_erasures": finish_erasures, **options},
        )

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of a raw_ table, by child and date, with the child's name in the tests."""
        home = Home.open(self.folder)
        path = versions.find_current_version(home.store)
        assert path is not None
        keys = Keys.load(home, self.environ)
        rows = build.read_rows(path, keys.store)
        names = {record: name for name, record in self.handles().items()}
        children = {
            key: names[handle]
            for key, handle in rows["raw_pupil"].select("pupil_key", "handle").iter_rows()
        }
        found = [
            {"child": children[row.pop("pupil_key")], **row}
            for row in rows[table].drop("school_key", "source_id", "load_id").to_dicts()
        ]
        return sorted(found, key=lambda row: [str(value) for value in row.values()])

    def handles(self) -> dict[str, str]:
        """The handle of each child in the home, by the name that the tests give it."""
        home = Home.open(self.folder)
        vault = Vault.open(home, Keys.load(home, self.environ))
        records = {
            name: vault.find_by_upn(upn) for name, upn in (("Ann", ANN), ("Ben", BEN), ("Cat", CAT))
        }
        return {name: record.handle for name, record in records.items() if record is not None}


def copy_of(loaded: Path, root: Path) -> Iterator[SmallHome]:
    """A test's own copy of what `a_leaver` or the like made once; its keys are $LAC_KEYS."""
    shutil.copytree(loaded, root, dirs_exist_ok=True)
    made = SmallHome(root)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("LAC_KEYS", made.environ["LAC_KEYS"])
        yield made
    access._open_cached_store.cache_clear()


def first_load(folder: Path, files: Files = GOOD) -> LoadResult:
    """A home at `folder` as a first load of these files leaves it, and what that said.

    One load through the real door is made in each process, and copied each time.
    """
    made, outcome = _made(tuple(files.items()))
    shutil.copytree(made / "home", folder)
    shutil.copytree(made / "home-keys", folder.with_name(f"{folder.name}-keys"))
    return outcome


@cache
def _made(files: tuple[tuple[str, str], ...]) -> tuple[Path, LoadResult]:
    root = Path(tempfile.mkdtemp(prefix="lac-small-"))
    (root / "exports").mkdir()
    write(dict(files), root / "exports")
    home = root / "home"
    environ = keys_at(home)
    return root, load_exports(
        root / "exports", home, now=NOW, rng=random.Random(1), environ=environ
    )
