"""An erased child is gone from the store, the vault and what was typed; nobody else changes."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from queries.store import versions
from safeguards.journal.ledger import Erasure
from safeguards.journal.typed_entries import TypedEntries
from safeguards.vault.records import LookUp
from safeguards.vault.vault import Vault
from stewardship.rights.erase import apply_erasures
from tests.support.schools.backup_scene import Scene, new_scene
from tests.support.schools.good_exports import ANN, BEN, CAT

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return new_scene(tmp_path_factory.mktemp("made") / "scene")


@pytest.fixture
def scene(made: Scene, tmp_path: Path) -> Scene:
    return made.copy(tmp_path / "scene")


def erasure_of(scene: Scene, upn: str, *, by_code: bool = True) -> Erasure:
    record = Vault.open(scene.home, scene.keys).find_by_upn(upn)
    assert record is not None
    return Erasure(AT, record.pupil_id if by_code else "0" * 10, record.look_ups, "request")


def erase(scene: Scene, *erasures: Erasure) -> tuple[str, ...]:
    return apply_erasures(scene.home, scene.keys, erasures)


@pytest.mark.slow
@pytest.mark.parametrize("by_code", [True, False], ids=["by code", "by number"])
def test_she_is_gone_and_the_others_are_as_they_were(scene: Scene, *, by_code: bool) -> None:
    """Also where the vault knows the child under another code than the ledger."""
    ann, before = scene.pupil_id(ANN), scene.rows
    key = before["raw_pupil"].filter(pupil_id=ann)["pupil_key"].item()
    old = versions.list_versions(scene.home.store)
    assert erase(scene, erasure_of(scene, ANN, by_code=by_code)) == (ann,)
    after = scene.rows
    lost = 0
    for table, rows in before.items():
        expected = rows.filter(pl.col("pupil_key") != key) if "pupil_key" in rows.columns else rows
        lost += rows.height - expected.height
        if table == "raw_source":  # the log of what was typed has another head
            drop = ("sha256", "rows_read", "rows_taken")
            expected, found = (each.drop(drop) for each in (expected, after[table]))
        else:
            found = after[table]
        assert sorted(map(str, found.rows())) == sorted(map(str, expected.rows())), table
    assert lost > 10
    assert ann not in {record.pupil_id for record in Vault.open(scene.home, scene.keys).pupils}
    assert [
        e for e in TypedEntries.open(scene.home, scene.keys).list_entries() if e.pupil_id == ann
    ] == []
    assert len(TypedEntries.open(scene.home, scene.keys).list_entries()) == 2
    assert not any(path.exists() for path in old), "no earlier version holds her"
    assert not list(scene.folder.glob("*.new"))


def test_nobody_to_erase_changes_nothing(scene: Scene) -> None:
    before = {path: path.read_bytes() for path in scene.folder.rglob("*") if path.is_file()}
    assert erase(scene) == ()
    other = Erasure(AT, "0" * 10, (LookUp("upn", "0" * 64),), "request")
    assert erase(scene, other) == ()
    after = {path: path.read_bytes() for path in scene.folder.rglob("*") if path.is_file()}
    assert {path: before[path] for path in after if path.suffix != ".lock"} == {
        path: content for path, content in after.items() if path.suffix != ".lock"
    }


def test_all_may_go(scene: Scene) -> None:
    """The store then holds no child, and still opens."""
    erase(scene, *(erasure_of(scene, upn) for upn in (ANN, BEN, CAT)))
    assert scene.rows["raw_pupil"].height == scene.rows["raw_mark"].height == 0
    assert Vault.open(scene.home, scene.keys).pupils == ()
    assert TypedEntries.open(scene.home, scene.keys).list_entries() == ()


@pytest.mark.slow
def test_what_corrected_an_entry_about_her_stands_by_itself(scene: Scene) -> None:
    """An action was typed about the wrong child, and then about the right one."""
    before = scene.actions
    first = scene.type_about(scene.pupil_id(ANN))
    second = scene.type_about(scene.pupil_id(BEN), corrects=first)
    third = scene.type_about(scene.pupil_id(BEN), corrects=second)
    erase(scene, erasure_of(scene, ANN))
    left = {
        e.entry_id: e.corrects for e in TypedEntries.open(scene.home, scene.keys).list_entries()
    }
    assert left[second] is None
    assert left[third] == second
    assert scene.actions == before - 1 + 2  # hers is gone, and both of his are kept


def test_an_old_version_is_overwritten_before_it_goes(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = versions.find_current_version(scene.home.store)
    assert path is not None
    size, found = path.stat().st_size, []
    monkeypatch.setattr(versions, "remove", lambda gone: found.append(gone.read_bytes()))
    versions.wipe(path)
    assert found == [bytes(size)]
