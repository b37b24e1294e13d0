"""An erased child is gone: not a byte is left, no step half done, and no load brings it back."""

import random
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from intake.publish import files
from intake.publish.entries import log_action
from intake.publish.load import rebuild_store
from queries.statement import format_sql
from queries.store import versions
from safeguards.access import access
from safeguards.errors import RightsError
from safeguards.home.home import Home, create_demo
from safeguards.journal.ledger import Flag, Ledger
from safeguards.keys.keys import Keys
from safeguards.vault.records import PupilRecord
from safeguards.vault.vault import Vault
from stewardship.registers.requests import Register
from stewardship.rights import erase
from stewardship.rights.restrict import set_flag
from tests.support import sizes
from tests.support.hostile.markers import is_in, marker, unpacked
from tests.support.schools.good_exports import ANN, BEN, with_line
from tests.support.schools.homes import keys_at
from tests.support.schools.small_home import SmallHome, copy_of

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SIZES = (10, 200, 5_000, 50_000)
_IDS = {"school_key": 1, "source_id": 1, "load_id": 1}


# The bytes of a store, in the clear, so that presence can be shown


def clear_rows(children: int, marks: int) -> dict[str, pl.DataFrame]:
    """Made-up rows of so many children, each marked in every text, and marks for size."""
    numbers = range(children)
    day = date(2020, 9, 1)
    per_child = -(-marks // children)
    return {
        "raw_pupil": pl.DataFrame(
            {
                "pupil_key": list(numbers),
                "pupil_id": [marker(number) for number in numbers],
                "handle": [f"handle {marker(number)}" for number in numbers],
                "is_on_newest_roll": [True] * children,
            }
        ).with_columns(**{name: pl.lit(value) for name, value in _IDS.items()}),
        "raw_suspension": pl.DataFrame(
            [
                {
                    "pupil_key": number,
                    "suspension_date": day,
                    "category": "SUSP",
                    "sessions": 2,
                    "reason": marker(number),
                    **_IDS,
                }
                for number in numbers
            ]
        ),
        "raw_mark": pl.DataFrame(
            [
                {
                    "pupil_key": number,
                    "session_date": day + timedelta(each),
                    "half": "AM",
                    "code": "/",
                    **_IDS,
                }
                for number in numbers
                for each in range(per_child)
            ]
        ),
    }


@pytest.mark.slow
@pytest.mark.parametrize("marks", SIZES)
def test_no_byte_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, marks: int, count: sizes.Count
) -> None:
    """Children are erased one after another; those still to come show what a search finds.

    The control deletes the same rows and checkpoints: the marker is still in the file.
    """
    unpacked(monkeypatch)
    cases = sizes.size("rights.markers")
    folder, control_folder = tmp_path / "store", tmp_path / "control"
    folder.mkdir()
    path = folder / "store-1.duckdb"
    files.write_version(path, None, clear_rows(cases + 1, marks))
    shutil.copytree(folder, control_folder)
    broken = control = 0
    for number in range(cases):
        assert is_in(folder, marker(number)) == [path.name]
        rows = files.read_rows(path, None)
        new = versions.compute_amendment_path(path)
        files.write_version(new, None, erase.drop_pupils(rows, {marker(number)}))
        versions.wipe(path)
        path = new
        broken += bool(is_in(folder, marker(number)))
        control += _is_left_by_delete(control_folder / "store-1.duckdb", number)
    assert is_in(folder, marker(cases)) == [path.name]
    count(f"rights.markers-{marks}", cases, broken, control)
    assert broken == 0
    assert control == cases


def _is_left_by_delete(path: Path, number: int) -> bool:
    with duckdb.connect(str(path)) as connection:
        for table in ("raw_suspension", "raw_mark", "raw_pupil"):
            connection.execute(
                format_sql("delete from {table} where pupil_key = $key", table=table),
                {"key": number},
            )
        connection.execute("checkpoint")
        found = connection.execute(
            "select count(*) from raw_pupil where pupil_key = $key", {"key": number}
        ).fetchone()
        assert found == (0,)
    return bool(is_in(path.parent, marker(number)))


# The whole home


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small home with two typed entries, which each test copies."""
    made = SmallHome(tmp_path_factory.mktemp("erasure"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("LAC_KEYS", made.environ["LAC_KEYS"])
        made.load()
        for name in ("Ann", "Ben"):
            session = access.open(made.folder, actor="Sam", role="dsl", purpose="test")
            log_action(session, handle=made.handles()[name], kind="other", line="x", now=NOW)
    return made.folder.parent


@pytest.fixture
def small(loaded: Path, tmp_path: Path) -> Iterator[SmallHome]:
    yield from copy_of(loaded, tmp_path)


def child(small: SmallHome, upn: str = ANN) -> PupilRecord:
    home = Home.open(small.folder)
    record = Vault.open(home, Keys.load(home)).find_by_upn(upn)
    assert record is not None
    return record


def ask(home: Home, record: PupilRecord) -> None:
    """Register a request to erase, from somebody whose identity nobody has checked."""
    Register.open(home, Keys.load(home)).add(
        "erase",
        record.pupil_id,
        received_on=date(2026, 11, 2),
        requester="parent",
        actor="Sam",
        now=NOW,
    )


def erased(small: SmallHome, record: PupilRecord) -> str:
    home = Home.open(small.folder)
    return erase.erase_pupils(
        home, Keys.load(home), [record], why="request", now=NOW, actor="Sam", role="manager"
    )


def actions(small: SmallHome) -> set[str]:
    """The codes of the children about whom the store has an action."""
    home = Home.open(small.folder)
    path = versions.find_current_version(home.store)
    assert path is not None
    with files.open_version(path, Keys.load(home).store) as opened:
        query = "select pupil_id from raw_action join raw_pupil using (pupil_key)"
        return set(opened.read(query)["pupil_id"])


@pytest.mark.slow
def test_every_file_has_forgotten_the_child(small: SmallHome) -> None:
    """Codes and seals alike; the ledger and the log keep the code, which leads nowhere now."""
    record, other = child(small), child(small, BEN)
    ask(Home.open(small.folder), record)
    said = (record.pupil_id, record.handle, record.sealed[:40], record.look_ups[0].value)
    for text in said:
        assert "vault/vault.json" in is_in(small.folder, text), "the search finds what is there"
    receipt = erased(small, record)
    for text in said:
        assert is_in(small.folder, text, but=("log",)) == []
    assert is_in(small.folder, record.pupil_id) == ["log/access.jsonl"]
    assert is_in(small.folder, record.handle) == []
    assert is_in(small.folder, other.handle) == ["vault/vault.json"]
    text = (small.folder / "ledger" / receipt).read_text("utf-8")
    assert "Children whose data was erased on 2026-11-23 because of request: 1." in text
    assert record.pupil_id not in text


@pytest.mark.slow
@pytest.mark.parametrize(
    "step",
    [
        "safeguards.journal.typed_entries.TypedEntries.forget",
        "safeguards.journal.registers.SteppedRegister.forget",
        "intake.publish.files.write_version",
        "intake.publish.files.verify_version",
        "queries.store.versions.publish",
        "queries.store.versions.wipe",
        "safeguards.vault.vault.Vault.forget",
        "safeguards.vault.vault.Vault.save",
    ],
)
def test_an_erasure_that_was_cut_off_is_finished(
    small: SmallHome, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Before any step, and after the one before it: the next command ends the erasure."""
    record = child(small)

    def cut_off(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(step, cut_off)
        with pytest.raises(KeyboardInterrupt):
            erased(small, record)
    rebuild_store(Home.open(small.folder), finish_erasures=erase.finish_erasures)
    for text in (record.pupil_id, record.handle):
        assert is_in(small.folder, text, but=("log",)) == []
    assert {row["child"] for row in small.rows("raw_mark")} == {"Ben", "Cat"}
    assert actions(small) == {child(small, BEN).pupil_id}
    assert small.load(with_line("pep.csv", 4, f"{BEN},2026-10-07,held,,,")).version


@pytest.mark.slow
def test_a_file_in_use_is_told_and_finished_later(
    small: SmallHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows does not let go of a file that the dashboard has open."""
    record = child(small)

    def in_use(_: Path) -> None:
        raise PermissionError(13, "in use")

    with monkeypatch.context() as patched:
        patched.setattr(versions, "wipe", in_use)
        with pytest.raises(RightsError, match="Close the dashboard"):
            erased(small, record)
    rebuild_store(Home.open(small.folder), finish_erasures=erase.finish_erasures)
    assert len(list((small.folder / "store").glob("store-*.duckdb"))) == 1


def test_a_handle_is_not_given_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though no file has it any more: a keyed hash of it is enough."""
    home = create_demo(tmp_path / "home")
    monkeypatch.setenv("LAC_KEYS", keys_at(home.folder)["LAC_KEYS"])
    keys = Keys.create(home)
    vault = Vault.open(home, keys)
    first = vault.enrol(ANN, {}, random.Random(3))
    vault.forget([first.pupil_id])
    vault.save()
    again = Vault.open(home, keys)
    second = again.enrol(BEN, {}, random.Random(3))
    assert second.handle != first.handle
    assert first.handle.encode() not in (home.vault / "vault.json").read_bytes()


# The request


def test_it_takes_a_request_whose_identity_was_checked_and_the_code_name(small: SmallHome) -> None:
    """What goes is said first, and nothing has gone before all of it is right."""
    record = child(small)
    home = Home.open(small.folder)
    keys = Keys.load(home)
    session = small.open("manager")
    marks = sum(row["child"] == "Ann" for row in small.rows("raw_mark"))
    assert f"raw_mark: {marks}" in erase.plan_erasure(home, keys, record).describe()
    with pytest.raises(RightsError, match="no open request to erase"):
        erase.erase_as_asked(session, Register.open(home, keys), record, record.handle, NOW)
    ask(home, record)
    with pytest.raises(RightsError, match="who is asking"):
        erase.erase_as_asked(session, Register.open(home, keys), record, record.handle, NOW)
    assert Ledger.open(home, keys).list_entries() == ()


def test_a_hold_stops_an_erasure(small: SmallHome) -> None:
    """An inquiry's order to keep comes before a request; nothing is written down as erased."""
    record = child(small)
    home = Home.open(small.folder)
    assert set_flag(small.open("manager"), record.handle, "hold", in_force=True, now=NOW)
    with pytest.raises(RightsError, match="There is a hold"):
        erased(small, record)
    (hold,) = Ledger.open(home, Keys.load(home)).list_entries()
    assert isinstance(hold, Flag)
