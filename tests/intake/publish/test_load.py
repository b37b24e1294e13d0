"""A load from folder to home: what is published when, what is refused, what can be undone."""

import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from intake.check.upn import compute_check_letter
from intake.problems import IntakeError
from intake.publish import files
from intake.publish.entries import log_action
from intake.publish.load import PHASES, rebuild_store, undo_load
from queries.errors import StoreError
from queries.store import store
from queries.views import views
from safeguards.access import access
from safeguards.errors import HomeError, SafeguardsError
from tests.support.schools.good_exports import (
    ANN,
    BEN,
    CAT,
    GOOD,
    Files,
    added,
    upn,
    with_cell,
    with_line,
    without,
)
from tests.support.schools.small_home import SmallHome
from tests.support.sizes import rng, size

DAN = upn(4)
_REAL = compute_check_letter("201999926001") + "201999926001"


@pytest.fixture
def school(tmp_path: Path) -> SmallHome:
    return SmallHome(tmp_path)


@pytest.fixture
def loaded(school: SmallHome) -> SmallHome:
    school.load()
    return school


def changed(code: str = "I", files: Files = GOOD) -> Files:
    """The files with another code for Ann's first session."""
    return with_cell("attendance.csv", 2, "code", code, files)


def with_others(files: Files = GOOD) -> Files:
    """The same school with two children who are in none of the groups."""
    for child, name in ((DAN, "Dan"), (upn(5), "Eve")):
        files = added("roll.csv", f"{child},Low,{name},,03/03/2018,M,3,3B,02/09/2025,,,,", files)
    return files


# What a load makes


def test_a_first_load_makes_a_demo_home_for_its_owner_only(school: SmallHome) -> None:
    """Folders and files are for their owner whatever the umask says, but for the store's.

    `lac` itself sets the umask that covers the store as well.
    """
    outcome = school.load()
    assert school.home.is_demo
    assert (outcome.version, outcome.children, outcome.marks) == ("store-1.duckdb", 3, 25)
    assert (outcome.problems, outcome.data_until) == ((), date(2026, 11, 18))
    for path in (school.folder, *school.folder.rglob("*")):
        if path.suffix != ".duckdb" and path.name not in ("CURRENT", "load.lock"):
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path.name


def test_the_same_files_again_make_no_new_version(loaded: SmallHome) -> None:
    """Nothing has changed, so nothing is written but nothing is wrong either."""
    outcome = loaded.load()
    assert (outcome.version, outcome.problems) == (None, ())
    assert loaded.versions == ["store-1.duckdb"]


def test_a_load_is_one_step_that_can_be_undone(
    loaded: SmallHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its phases are told as they begin; what people typed stays, whichever way it goes."""
    monkeypatch.setenv("LAC_KEYS", loaded.environ["LAC_KEYS"])
    session = access.open(loaded.folder, actor="Sam", role="dsl", purpose="test")
    log_action(session, handle=loaded.find(ANN).handle, kind="other", line="spoke at break")
    typed = "select line from raw_action"
    before, told = loaded.state(), list[str]()
    outcome = loaded.load(changed(), progress=told.append)
    assert (outcome.version, tuple(told)) == ("store-2.duckdb", PHASES)
    assert (loaded.marks(ANN)["16 AM"], loaded.ask(typed)) == ("I", [("spoke at break",)])
    assert undo_load(loaded.home, loaded.environ) == "store-1.1.duckdb"
    assert (loaded.state(), loaded.ask(typed)) == (before, [("spoke at break",)])
    with pytest.raises(IntakeError, match="no earlier version"):
        undo_load(loaded.home, loaded.environ)
    assert loaded.state() == before


def test_a_version_that_is_not_as_it_was_written_is_not_published(
    loaded: SmallHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is read back is held against what was to be written, before anybody else reads it."""

    def write_less(path: Path, key: str, *_: object) -> None:
        with store.amend_version(loaded.path, path, key):
            pass

    monkeypatch.setattr(files, "write_version", write_less)
    with pytest.raises(StoreError, match="lost rows of raw_"):
        loaded.load(changed())
    assert loaded.path.name == "store-1.duckdb"


@pytest.mark.slow
def test_only_the_newest_bytes_of_a_file_are_loaded_already(loaded: SmallHome) -> None:
    """A fault is told again, but the home stays as it is; going back to older files loads."""
    faulty = with_line("attendance.csv", 3, "\0", changed("0"))
    assert loaded.load(faulty).refused_files == ("attendance.csv",)
    outcome = loaded.load(faulty)
    assert outcome.version is None
    assert [problem.fault for problem in outcome.problems] == ["not allowed", "broken row"]
    assert loaded.load(changed()).version == "store-3.duckdb"
    assert loaded.load().version == "store-4.duckdb"
    assert loaded.marks(ANN)["16 AM"] == "/"


# What is refused


@pytest.mark.parametrize(
    "faulty",
    [with_cell("roll.csv", 3, "sex", "X"), with_cell("care_episodes.csv", 4, "status", "In needs")],
    ids=["roll", "care"],
)
def test_a_refused_roll_or_care_file_refuses_the_load(school: SmallHome, faulty: Files) -> None:
    """Who is in scope is then in doubt, so nothing is taken, first load or not."""
    outcome = school.load(faulty)
    assert (outcome.version, len(outcome.problems)) == (None, 1)
    assert not school.folder.exists()
    school.load()
    assert school.load(added("calendar.csv", "2026-11-23,INSET", faulty)).version is None
    assert school.versions == ["store-1.duckdb"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["school.csv", "calendar.csv"])
def test_school_and_calendar_may_be_those_of_an_earlier_load(school: SmallHome, name: str) -> None:
    """They are needed once; later the home's own rows do."""
    assert school.load(without(name)).version is None
    school.load()
    before = school.state()
    outcome = school.load(changed(files=without(name)))
    assert outcome.version == "store-2.duckdb"
    assert (outcome.problems, outcome.refused_files) == ((), ())
    after = school.state()
    assert {table for table in after if after[table] != before[table]} == {"raw_mark"}


@pytest.mark.parametrize(
    "files",
    [
        added("roll.csv", f"{_REAL},Low,Dan,,03/03/2018,M,3,3B,02/09/2025,,,,"),
        added("attendance.csv", f"{_REAL},2026-11-16,AM,/"),
    ],
    ids=["roll", "register"],
)
def test_a_real_authoritys_number_is_refused(school: SmallHome, files: Files) -> None:
    """A home that a load makes is for made-up children: nothing is written, no number told."""
    school.write(files)
    with pytest.raises(IntakeError, match="for made-up children") as told:
        school.load_really()
    assert _REAL not in str(told.value)
    assert not school.folder.exists()


def test_what_is_no_home_to_load_into_is_told(
    loaded: SmallHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A home in use, of a newer lac, without its keys, of real children; and somebody's folder.

    New keys would cut every child off from its past, and a guess at newer data the data.
    """
    before = loaded.state()
    with (
        FileLock(loaded.folder / "load.lock"),
        pytest.raises(IntakeError, match="Another load is running"),
    ):
        loaded.load(changed())
    with monkeypatch.context() as older:
        older.setattr(store, "SCHEMA_VERSION", store.SCHEMA_VERSION - 1)
        for act in (
            lambda: loaded.load(changed()),
            lambda: rebuild_store(loaded.home, loaded.environ),
        ):
            with pytest.raises(StoreError, match="newer lac"):
                act()
    keys = Path(loaded.environ["LAC_KEYS"])
    keys.rename(tmp_path / "elsewhere")
    with pytest.raises(SafeguardsError, match="keys of this folder are not in"):
        loaded.load(changed())
    (tmp_path / "elsewhere").rename(keys)
    assert loaded.state() == before
    description = loaded.folder / "home.toml"
    description.write_text(description.read_text().replace('"demo"', '"real"'))
    with pytest.raises(IntakeError, match="a real school's folder"):
        loaded.load(changed())
    (tmp_path / "other" / "home").mkdir(parents=True)
    (tmp_path / "other" / "home" / "letter.txt").write_text("Dear")
    other = SmallHome(tmp_path / "other")
    with pytest.raises(HomeError, match="not empty"):
        other.load()
    assert [path.name for path in other.folder.iterdir()] == ["letter.txt"]


# --replace


def test_replace_asks_and_needs_what_takes_the_place(loaded: SmallHome) -> None:
    """It shows how many rows go; who says no, or has no whole file, has the home as it was."""
    before, shown = loaded.state(), list[dict[str, int]]()

    def say_no(rows: dict[str, int]) -> bool:
        shown.append(rows)
        return False

    given: dict[str, Any] = {"replace": ["attendance.csv"], "confirm": say_no}
    with pytest.raises(IntakeError, match="Nothing was changed"):
        loaded.load(changed(), **given)
    assert shown == [{"attendance.csv": 25}]
    outcome = loaded.load(changed("0"), **given)
    assert (outcome.version, len(outcome.problems)) == (None, 1)
    with pytest.raises(IntakeError, match=r"attendance\.csv is not among .* its earlier rows stay"):
        loaded.load(without("attendance.csv"), **given)
    with pytest.raises(IntakeError, match=r"that is in the store, not marks\.csv"):
        loaded.load(replace=["marks.csv"])
    assert loaded.state() == before
    assert loaded.versions == ["store-1.duckdb"]


@pytest.mark.slow
def test_replace_drops_a_files_earlier_rows(loaded: SmallHome) -> None:
    line = f"{ANN},2026-11-17,AM,I\n"
    files = {**GOOD, "attendance.csv": f"upn,date,session,code\n{line}"}
    loaded.load(files, replace=["attendance.csv"])
    assert (loaded.marks(ANN), loaded.marks(BEN)) == ({"17 AM": "I"}, {})


# Undo, rebuild


@pytest.mark.slow
def test_undo_can_leave_a_damaged_version_but_not_go_to_one(loaded: SmallHome) -> None:
    """The version before the damage is what undo is for."""
    before = loaded.state()
    loaded.load(changed())
    loaded.path.write_bytes(b"damaged" * 1000)
    undo_load(loaded.home, loaded.environ)
    assert loaded.state() == before
    loaded.load(changed())
    (loaded.home.store / "store-1.duckdb").write_bytes(b"damaged" * 1000)
    with pytest.raises(IntakeError, match="no earlier version"):
        undo_load(loaded.home, loaded.environ)


@pytest.mark.slow
def test_a_session_sees_each_version_though_a_number_comes_twice(
    loaded: SmallHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After undo and a load, store-2 is another file: a running dashboard reads the new one."""
    monkeypatch.setenv("LAC_KEYS", loaded.environ["LAC_KEYS"])

    def code() -> object:
        session = access.open(loaded.folder, actor="a", role="dsl", purpose="test")
        query = """
            select code from pupil_session
            where pupil_id = $id and half = 'AM' and session_date = '2026-11-16'
        """
        return session.read(query, {"id": loaded.find(ANN).pupil_id}).item()

    assert code() == "/"
    for other in ("I", "L"):
        loaded.write(changed(other))
        assert load_in_a_child(loaded).returncode == 0
        assert code() == other
        undo_load(loaded.home, loaded.environ)
        assert code() == "/"


@pytest.fixture
def other_definitions(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Called, it makes this code's definitions others than those of the stores there are."""
    digest = views.compute_definitions_digest()

    def change(sign: str = "-") -> None:
        monkeypatch.setattr(views, "compute_definitions_digest", lambda: f"{digest[:-1]}{sign}")

    return change


def test_a_store_of_other_definitions_is_rebuilt(
    loaded: SmallHome, other_definitions: Callable[..., None]
) -> None:
    """The facts stay; the views are this code's; a second time there is nothing to do."""
    before = loaded.state()
    other_definitions()
    rebuild_store(loaded.home, loaded.environ)
    assert loaded.path.name == "store-1.1.duckdb"
    assert loaded.state() == before
    rebuild_store(loaded.home, loaded.environ)
    assert len(loaded.versions) == 2


@pytest.mark.slow
def test_undo_after_a_rebuild_still_undoes_the_load(
    loaded: SmallHome, other_definitions: Callable[..., None]
) -> None:
    """A rebuild amends a load: the version that it was made from is not the load before.

    And `loaded already` holds only while the views are this code's.
    """
    before = loaded.state()
    loaded.load(changed())
    other_definitions()
    rebuild_store(loaded.home, loaded.environ)
    assert undo_load(loaded.home, loaded.environ) == "store-1.duckdb"
    rebuild_store(loaded.home, loaded.environ)
    assert loaded.state() == before
    assert loaded.load().version is None
    other_definitions("+")
    assert loaded.load().version == "store-3.duckdb"


# Out of reach; proofs/crashes has kills and full disks


#: `lac load` without the superuser's right to write anywhere, which would hide a folder's mode.
_AS_ANYBODY = """
import ctypes
import os
import sys
ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)
os.execv(sys.executable, [sys.executable, "-m", "cli.main", "load", *sys.argv[1:]])
"""


def load_in_a_child(school: SmallHome) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", _AS_ANYBODY, str(school.exports), "--home", str(school.folder)]
    return subprocess.run(command, env=school.environ, capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["vault", "store", "log", "."])
def test_a_home_that_cannot_be_written(loaded: SmallHome, name: str) -> None:
    """The message names the place, and the version before still opens."""
    before = loaded.state()
    loaded.write(added("care_episodes.csv", f"{DAN},in need,2026-10-01,,,,,", with_others()))
    locked = loaded.folder / name
    places = [path for path in locked.iterdir() if path.is_file()] if name in ("log", ".") else []
    for path in (*places, locked):
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        ended = load_in_a_child(loaded)
    finally:
        locked.chmod(0o700)
        for path in places:
            path.chmod(0o600)
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert str(locked.name if name != "." else loaded.folder) in ended.stderr
    assert loaded.state() == before


# What is dated ahead


@pytest.mark.slow
def test_a_mark_dated_ahead_changes_nothing_but_the_warning(tmp_path: Path) -> None:
    """Whoever's it is and whenever: today stays, and the mark is counted and named."""
    told = ("load_file", "school_load", "check_unusual")  # of the files themselves
    asked = {
        view.name: f"from {view.name} order by all"
        for view in views.load_views().values()
        if view.find_field("Category") and view.name not in told
    }
    asked["the end"] = "select data_until from raw_load"
    ahead = [date(2026, 12, 1) + timedelta(days=n) for n in range(10)]
    calendar = GOOD["calendar.csv"] + "".join(f"{day},school day\n" for day in ahead)
    files, plain = with_others({**GOOD, "calendar.csv": calendar}), SmallHome(tmp_path)
    plain.load(files)
    expected, draw = plain.answers(asked), rng("ahead")
    for place in range(size("ahead.places")):
        child, day = draw.choice((ANN, BEN, CAT, DAN)), draw.choice(ahead)
        mark = f"{child},{day},{draw.choice(('AM', 'PM'))},{draw.choice('MCIO')}"
        (tmp_path / f"place-{place}").mkdir()
        school = SmallHome(tmp_path / f"place-{place}")
        outcome = school.load(added("attendance.csv", mark, files))
        doubts = [each.file for each in outcome.doubts if each.fault == "dated after today"]
        assert doubts == ["attendance.csv"]
        assert school.answers(asked) == expected, mark
        query = "select first_date, handle is not null from check_unusual where doubt like 'dated%'"
        assert school.ask(query) == [(str(day), child != DAN)]
