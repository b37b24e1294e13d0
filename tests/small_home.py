"""The small good folder, loaded through the real door into a home of its own."""

import random
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from good_exports import ANN, BEN, CAT, GOOD, Files, write
from homes import keys_at

from intake import build
from intake.load import Outcome, load
from queries import versions
from safeguards.home import Home
from safeguards.keys import Keys
from safeguards.vault import Vault

NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)


class SmallHome:
    """A home and the folder that is loaded into it."""

    def __init__(self, root: Path) -> None:
        self.exports, self.folder = root / "exports", root / "home"
        self.environ = keys_at(self.folder)

    def load(
        self, files: Files = GOOD, books: Mapping[str, bytes] | None = None, **options: Any
    ) -> Outcome:
        """Load these files and workbooks and no others."""
        shutil.rmtree(self.exports, ignore_errors=True)
        self.exports.mkdir()
        write(files, self.exports)
        for name, content in (books or {}).items():
            (self.exports / name).write_bytes(content)
        return load(
            self.exports,
            self.folder,
            now=NOW,
            rng=random.Random(1),
            environ=self.environ,
            **options,
        )

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of a raw_ table, by child and date, with the child's name in the tests."""
        home = Home.open(self.folder)
        path = versions.current(home.store)
        assert path is not None
        keys = Keys.of(home, self.environ)
        rows = build.rows_of(path, keys.store)
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
        vault = Vault.open(home, Keys.of(home, self.environ))
        records = {
            name: vault.pupil(upn) for name, upn in (("Ann", ANN), ("Ben", BEN), ("Cat", CAT))
        }
        return {name: record.handle for name, record in records.items() if record is not None}
