"""The small good folder, loaded through the real door into a home of its own."""

import pickle
import random
import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from intake.publish import files as build
from intake.publish.entries import EntryResult, add_fact
from intake.publish.load import Load, LoadResult
from queries.store import versions
from safeguards.access import access
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from safeguards.vault.records import PupilRecord
from safeguards.vault.vault import Vault
from stewardship.rights.erase import finish_erasures
from tests.support.schools.good_exports import ANN, BEN, CAT, EXPORTS_ALONE, GOOD, Files, write
from tests.support.schools.homes import copy_made, keys_at, make_once

NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
_OUTCOME = "outcome.pickle"

Answer = list[tuple[Any, ...]]


class SmallHome:
    """A home and the folder that is loaded into it."""

    def __init__(self, root: Path) -> None:
        self.exports, self.folder = root / "exports", root / "home"
        self.environ = keys_at(self.folder)

    @property
    def home(self) -> Home:
        return Home.open(self.folder)

    @property
    def keys(self) -> Keys:
        return Keys.load(self.home, self.environ)

    @property
    def vault(self) -> Vault:
        return Vault.open(self.home, self.keys)

    def write(self, files: Files = GOOD, books: Mapping[str, bytes] | None = None) -> Path:
        """These files and workbooks, and no others, in the folder of exports."""
        shutil.rmtree(self.exports, ignore_errors=True)
        self.exports.mkdir()
        write(files, self.exports)
        for name, content in (books or {}).items():
            (self.exports / name).write_bytes(content)
        return self.exports

    def load(
        self, files: Files = GOOD, books: Mapping[str, bytes] | None = None, **options: Any
    ) -> LoadResult:
        """Load these files and workbooks and no others.

        A first load of the good files is made once and copied, as is one of those exported.
        """
        self.write(files, books)
        if files in (GOOD, EXPORTS_ALONE) and not (self.folder.exists() or books or options):
            return first_load(self.folder, files)
        return self.load_really(**options)

    def load_really(self, **options: Any) -> LoadResult:
        """Load what the folder holds, and copy nothing."""
        of_files = ("authority", "replace", "confirm", "school")
        given = {name: options.pop(name) for name in of_files if name in options}
        told = {"now": NOW, "finish_erasures": finish_erasures, **options}
        load = Load(self.folder, rng=random.Random(1), environ=self.environ, **told)
        return load.load_exports(self.exports, **given)

    def answers(self, queries: Mapping[str, str], as_at: str = "2026-11-20") -> dict[str, Answer]:
        """The answers of the version in use to several questions; dates as text."""
        with build.open_version(self.path, self.keys.store) as opened:
            found = {
                name: opened.read(query, as_at=date.fromisoformat(as_at)).rows()
                for name, query in queries.items()
            }
        return {name: [tuple(map(_plain, row)) for row in rows] for name, rows in found.items()}

    def ask(self, query: str, as_at: str = "2026-11-20") -> Answer:
        """The answer of the version in use; dates as text."""
        return self.answers({"": query}, as_at)[""]

    @property
    def path(self) -> Path:
        """The version in use."""
        path = versions.find_current_version(self.home.store)
        assert path is not None
        return path

    @property
    def versions(self) -> list[str]:
        """The names of all versions that are kept."""
        return [path.name for path in versions.list_versions(self.home.store)]

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of a raw_ table, by child and date, with the child's name in the tests."""
        rows = build.read_rows(self.path, self.keys.store)
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

    def marks(self, child: str) -> dict[str, str]:
        """A child's marks by day and half, such as 16 AM."""
        query = f"""
            select strftime(session_date, '%d ') || half, code from raw_mark
            semi join (from raw_pupil where pupil_id = '{self.find(child).pupil_id}')
            using (pupil_key)
        """
        return dict(self.ask(query))

    def state(self) -> dict[str, Answer]:
        """Every row that a load brings, but for which load and file it came from."""
        tables = {
            "raw_school": "school_id, school_name, phase",
            "raw_calendar_day": "calendar_date, kind",
            "raw_pupil": "pupil_id, handle, is_on_newest_roll",
            "raw_enrolment": "pupil_key, entry_date, leaving_date, year_group, year_group_date",
            "raw_care_episode": "pupil_key, status, start_date, known_since, end_date, authority",
            "raw_mark": "pupil_key, session_date, half, code",
            "raw_school_week": "week_start, school_days, possible_sessions",
        }
        return self.answers(
            {table: f"select {names} from {table} order by all" for table, names in tables.items()}
        )

    def open(self, role: str = "dsl", actor: str = "test") -> access.Session:
        """A session; the home's keys must be those of the environment."""
        return access.open(self.folder, actor=actor, role=role, purpose="test")

    def add_fact(
        self, file: str, values: Mapping[str, str], *, role: str = "dsl", **more: Any
    ) -> EntryResult:
        """What becomes of a fact that somebody types, about Ann if no handle is given."""
        given = {"handle": self.find(ANN).handle, "where_written": "letter", "now": NOW, **more}
        return add_fact(self.open(role), file=file, values=values, **given)

    def find(self, upn: str) -> PupilRecord:
        """The record of a child who is there."""
        record = self.vault.find_by_upn(upn)
        assert record is not None
        return record

    def handles(self) -> dict[str, str]:
        """The handle of each child in the home, by the name that the tests give it."""
        vault = self.vault
        records = {
            name: vault.find_by_upn(upn) for name, upn in (("Ann", ANN), ("Ben", BEN), ("Cat", CAT))
        }
        return {name: record.handle for name, record in records.items() if record is not None}


def copy_of(loaded: Path, root: Path) -> Iterator[SmallHome]:
    """A test's own copy of what `home_with_a_leaver` or the like made; its keys are $LAC_KEYS."""
    shutil.copytree(loaded, root, dirs_exist_ok=True)
    made = SmallHome(root)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("LAC_KEYS", made.environ["LAC_KEYS"])
        yield made
    access._open_cached_store.cache_clear()


def first_load(folder: Path, files: Files = GOOD) -> LoadResult:
    """A home at `folder` as a first load of these files leaves it, and what that said."""

    def make(root: Path) -> None:
        made = SmallHome(root)
        made.write(files)
        (root / _OUTCOME).write_bytes(pickle.dumps(made.load_really()))

    made = make_once(f"small-{len(files)}-files", make)
    copy_made(made, folder)
    outcome: LoadResult = pickle.loads((made / _OUTCOME).read_bytes())
    return outcome


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, date) else value
