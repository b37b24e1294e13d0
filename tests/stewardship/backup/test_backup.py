"""A backup brings a home back whole, to whoever has the key or the code."""

import io
import json
import os
import shutil
import stat
import tarfile
from pathlib import Path

import pyrage
import pytest
from pyrage import x25519

from intake.current import is_up_to_date
from intake.problems import IntakeError
from intake.publish.load import rebuild_store
from intake.publish.lock import lock_store
from queries.errors import StoreError
from queries.store import versions
from safeguards.access import access
from safeguards.disclosure.releases import Releases, ReportFiles
from safeguards.errors import BackupError, KeysError, LedgerError, SafeguardsError, SealedLinesError
from safeguards.files import write_new
from safeguards.home.home import Home, create_demo
from safeguards.journal import audit
from safeguards.journal.access_log import AccessLog, Event
from safeguards.journal.journal import Journal
from safeguards.journal.ledger import Erasure, Ledger
from safeguards.journal.typed_entries import TypedEntries
from safeguards.keys.key_files import write_key
from safeguards.keys.keys import Keys, get_keys_folder
from safeguards.keys.recovery import generate_code
from safeguards.vault.vault import Vault
from stewardship.backup import backups
from stewardship.backup.backups import BACKUP_KEY, RECOVERY_RECIPIENT, load_identity
from stewardship.rights.erase import finish_erasures
from stewardship.rights.restrict import set_flag
from tests.support.reports.facts import build_facts
from tests.support.schools.backup_scene import (
    LATER,
    MADE,
    WHO,
    Scene,
    contents,
    light_scene,
    new_scene,
    rows_of,
    tree,
)
from tests.support.schools.good_exports import ANN

posix_only = pytest.mark.skipif(os.name != "posix", reason="modes and links are POSIX")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A home that was loaded, with one backup of it, at MADE."""
    scene = new_scene(tmp_path_factory.mktemp("made") / "scene")
    scene.back_up()
    return scene


@pytest.fixture
def loaded(made: Scene, tmp_path: Path) -> Scene:
    return made.copy(tmp_path / "scene")


@pytest.fixture(scope="module")
def light(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """One without a load, likewise."""
    scene = light_scene(tmp_path_factory.mktemp("light") / "scene")
    scene.back_up()
    return scene


@pytest.fixture
def scene(light: Scene, tmp_path: Path) -> Scene:
    return light.copy(tmp_path / "scene")


@pytest.fixture
def file(request: pytest.FixtureRequest) -> Path:
    """The backup of whichever home the test has."""
    name = "loaded" if "loaded" in request.fixturenames else "scene"
    (path,) = request.getfixturevalue(name).disk.iterdir()
    assert isinstance(path, Path)
    return path


def gone(scene: Scene, *, keys: bool = False) -> None:
    """The disk with the home died; with `keys`, the whole computer."""
    shutil.rmtree(scene.folder)
    if keys:
        shutil.rmtree(scene.environ["LAC_KEYS"])


# Round trips


@pytest.mark.slow
def test_a_home_comes_back_as_it_was(loaded: Scene, file: Path) -> None:
    """Every byte, but for the line that says so in the log."""
    before, log = contents(loaded.folder), (loaded.home.log / "access.jsonl").read_bytes()
    gone(loaded)
    restored = loaded.restore(file)
    assert contents(loaded.folder) == before
    after = (loaded.home.log / "access.jsonl").read_bytes()
    assert after.startswith(log)
    assert [json.loads(line)["event"] for line in after[len(log) :].splitlines()] == ["restore"]
    assert audit.verify(loaded.home, loaded.keys).gaps == ()
    assert (restored.made_at, restored.erased, restored.data_loss_warning) == (MADE, 0, None)
    assert restored.files == len(before) + 1
    assert restored.rows > 1000
    assert sorted(path.name for path in loaded.root.iterdir()) == [
        "disk",
        "exports",
        "home",
        "home-keys",
    ]


def test_the_code_alone_brings_everything_back(scene: Scene, file: Path) -> None:
    """On a new computer, with the keys: identities open, and backups go on under that code."""
    before, keys = contents(scene.folder), tree(scene.keys_folder)
    gone(scene, keys=True)
    restored = scene.restore(file, code=scene.code)
    assert restored.has_new_keys
    assert contents(scene.folder) == before
    verdict = audit.verify(scene.home, scene.keys)
    assert (verdict.is_whole, verdict.gaps) == (True, ())
    after = tree(scene.keys_folder)
    assert {name: after[name] for name in after if name.endswith(".key")} == {
        name: keys[name] for name in keys if name.endswith(".key")
    }
    vault = Vault.open(scene.home, scene.keys)
    record = vault.find_by_upn(ANN)
    assert record is not None
    key = scene.keys.load_demo_key()
    assert vault.open_identity(record.pupil_id, key) == {"upn": ANN}
    code, scene.code = scene.code, ""
    second = scene.back_up(LATER)
    assert scene.code == "", "no new code was drawn"
    gone(scene, keys=True)
    scene.restore(second, code=code)
    assert [path.name for path in Path(scene.environ["LAC_KEYS"]).iterdir()] == [scene.home.home_id]


def test_a_home_without_a_load_comes_back(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    scene = Scene(tmp_path)
    Keys.create(create_demo(scene.folder), scene.environ)
    path = scene.back_up()
    gone(scene, keys=True)
    assert scene.restore(path, code=scene.code).rows == 0
    assert TypedEntries.open(scene.home, scene.keys).list_entries() == ()


def test_another_place_and_an_empty_folder_will_do(scene: Scene, file: Path) -> None:
    (scene.root / "new" / "place").mkdir(parents=True)
    for place in ("new/place", "elsewhere/and/deeper"):
        scene.restore(file, scene.root / place, is_older_right=True)
        assert contents(scene.root / place) == contents(scene.folder)


@pytest.mark.slow
def test_definitions_of_another_day_do_not_matter(
    loaded: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backup of a store that older code made is restored as it is, and rebuilt when it opens."""
    with monkeypatch.context() as patched:
        patched.setattr("queries.views.views.compute_definitions_digest", lambda: "of another day")
        path = loaded.back_up(LATER)
        gone(loaded)
        loaded.restore(path)
    rebuild_store(loaded.home, loaded.environ, finish_erasures)
    assert is_up_to_date(loaded.home, loaded.keys)


def test_a_store_of_a_newer_version_is_refused(
    loaded: Scene, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone(loaded)
    monkeypatch.setattr("queries.store.store.SCHEMA_VERSION", 0)
    with pytest.raises(StoreError, match="newer lac"):
        loaded.restore(file)
    assert not loaded.folder.exists()


# What is in the file


def test_nothing_of_it_can_be_read(scene: Scene, file: Path) -> None:
    """Not even what stands in the home in the clear: who looked, at whom, and their handles."""
    plain = b"".join(tree(scene.folder).values())
    sealed = file.read_bytes()
    record = Vault.open(scene.home, scene.keys).pupils[0]
    for word in (WHO, record.pupil_id, record.handle, "access.jsonl", "vault.json"):
        assert word.encode() not in sealed
    assert all(word.encode() in plain for word in (WHO, record.pupil_id, record.handle))


@posix_only
def test_everything_is_for_its_owner_only(scene: Scene, file: Path) -> None:
    gone(scene, keys=True)
    umask = os.umask(0o022)
    try:
        scene.restore(file, code=scene.code)
        scene.back_up(LATER)
    finally:
        os.umask(umask)
    keys = Path(scene.environ["LAC_KEYS"])
    for path in (scene.folder, *scene.folder.rglob("*"), *keys.rglob("*"), *scene.disk.iterdir()):
        expected = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == expected, path


def test_what_is_passing_stays_behind(loaded: Scene) -> None:
    """Locks, half-made files and other versions."""
    passing = ("load.lock", "vault/vault.json.new", "store/store-9.duckdb", "store/store-8.x.half")
    for name in passing:
        (loaded.folder / name).write_bytes(b"x")
    version = versions.find_current_version(loaded.home.store)
    assert version is not None
    loaded.restore(loaded.back_up(LATER), loaded.root / "new")
    names = tree(loaded.root / "new").keys()
    assert not names & set(passing)
    assert {name for name in names if name.startswith("store/")} == {
        "store/CURRENT",
        f"store/{version.name}",
        f"store/{version.name}.digest",
    }


def test_a_journal_is_taken_up_to_its_last_whole_line(scene: Scene) -> None:
    """A line that somebody is writing is nobody's yet; other files are taken as they are."""
    (scene.folder / "recipients.csv").write_bytes(b"name,kind")
    log = scene.home.log / "access.jsonl"
    with log.open("ab") as file:
        file.write(b'{"number"')
    with tarfile.open(
        fileobj=io.BytesIO(backups._pack(scene.home, scene.keys_folder, LATER))
    ) as tar:
        taken = {name: tar.extractfile(name) for name in tar.getnames()}
    lines, recipients = taken["home/log/access.jsonl"], taken["home/recipients.csv"]
    assert lines is not None
    assert recipients is not None
    assert lines.read() == log.read_bytes().removesuffix(b'{"number"')
    assert recipients.read() == b"name,kind"


def test_who_looks_and_types_meanwhile_is_not_held_up(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line that came after the head of the log was read is a later one, and none is lost."""
    read, looked = backups._read_whole_lines, iter([True])
    release(scene)

    def and_look(path: Path) -> bytes:
        content = read(path)
        if path.name == "heads.json" and next(looked, False):
            AccessLog(scene.home, scene.keys).append(Event("view", WHO, "dsl", page="today"))
            scene.draft("Reading club has grown.")
            Releases(scene.home, scene.keys).withdraw(1, at=LATER, actor="Kim")
        return content

    monkeypatch.setattr(backups, "_read_whole_lines", and_look)
    path = scene.back_up(LATER)
    written = (scene.home.folder / "written" / "drafts.sealed").read_bytes()
    gone(scene, keys=True)
    assert scene.restore(path, code=scene.code).data_loss_warning is None
    assert (scene.home.folder / "written" / "drafts.sealed").read_bytes() == written
    verdict = audit.verify(scene.home, scene.keys)
    assert (verdict.is_whole, verdict.gaps) == (True, ())
    (report,) = Releases(scene.home, scene.keys).list_issued()
    assert report.withdrawn_at == LATER


def test_a_load_under_way_is_waited_for(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backups, "_LOCK_TIMEOUT_S", 0.05)
    with lock_store(scene.home), pytest.raises(IntakeError, match="is running"):
        scene.back_up(LATER)
    assert len(list(scene.disk.iterdir())) == 1


@pytest.mark.parametrize(
    "name",
    [
        "vault/vault.json",
        *(f"{each.FOLDER}/{each.FILE}" for each in backups.SEALED_REGISTERS),
        *(each.FILE for each in (Ledger, Releases)),
    ],
)
def test_a_damaged_home_is_not_backed_up(scene: Scene, name: str) -> None:
    """It would not come back, and the one before is still good."""
    path = (scene.folder if "/" in name else scene.keys_folder) / name
    before = tree(scene.disk)
    path.write_bytes(b"what nobody wrote\n")
    with pytest.raises(SafeguardsError):
        scene.back_up(LATER)
    assert tree(scene.disk) == before


@posix_only
def test_a_link_is_not_followed(scene: Scene) -> None:
    (scene.home.log / "elsewhere").symlink_to(scene.disk)
    with pytest.raises(BackupError, match="is a link"):
        scene.back_up(LATER)


# Where it may lie


def test_it_does_not_lie_with_what_it_saves(scene: Scene) -> None:
    """Nor by a link."""
    link = scene.root / "link"
    if os.name == "posix":
        link.symlink_to(scene.home.log)
    links = [link] if link.exists() else []
    for place in (
        scene.folder,
        scene.home.log,
        scene.keys_folder,
        scene.keys_folder.parent,
        *links,
    ):
        with pytest.raises(BackupError, match="would be lost with it"):
            backups.back_up(
                scene.home, place, now=LATER, show_code=lambda _: None, environ=scene.environ
            )


def test_a_disk_that_is_not_there_is_told(scene: Scene) -> None:
    """A folder that is made by itself would be on the wrong disk."""
    shutil.rmtree(scene.disk)
    with pytest.raises(BackupError, match="Plug in the disk"):
        scene.back_up(LATER)
    assert not scene.disk.exists()


def test_a_backup_is_not_written_over(scene: Scene, file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(BackupError, match="already exists"):
        scene.back_up(MADE)
    assert file.read_bytes() == before


# Keys and codes


def refused(
    scene: Scene,
    file: Path,
    match: str,
    error: type[SafeguardsError] = BackupError,
    **options: object,
) -> None:
    """The restore fails with these words, and leaves no trace."""
    before = tree(scene.root)
    with pytest.raises(error, match=match):
        scene.restore(file, scene.root / "new", **options)
    after = tree(scene.root)
    assert {name for name in after if not name.endswith(".lock")} == {
        name for name in before if not name.endswith(".lock")
    }
    assert not (scene.root / "new").exists()


def test_without_the_keys_one_is_asked_for_the_code(scene: Scene, file: Path) -> None:
    shutil.rmtree(scene.environ["LAC_KEYS"])
    refused(scene, file, "or use the recovery code .*: --recovery-code -")


def test_another_key_does_not_open_it(scene: Scene, file: Path) -> None:
    key = scene.keys_folder / BACKUP_KEY
    key.write_text(f"{x25519.Identity.generate()}\n")
    refused(scene, file, "cannot be opened with a key on this computer")
    key.write_text("0" * 64 + "\n")
    refused(scene, file, "is damaged. Restore it", KeysError)


def test_another_code_does_not_open_it(scene: Scene, file: Path) -> None:
    refused(scene, file, "cannot be opened with this recovery code", code=generate_code())
    refused(scene, file, "recovery code is mistyped", code="nonsense")


def test_a_damaged_recipient_is_found_by_the_next_backup(scene: Scene) -> None:
    """By any one sign of it: no backup is made that the code on paper does not open."""
    path, before = scene.keys_folder / RECOVERY_RECIPIENT, tree(scene.disk)
    whole = path.read_text()
    for place in range(4, len(whole) - 1):
        path.write_text(whole[:place] + ("q" if whole[place] != "q" else "p") + whole[place + 1 :])
        with pytest.raises(KeysError, match=r"is damaged\. Make a new recovery code"):
            scene.back_up(LATER)
    assert tree(scene.disk) == before


def test_every_sealed_register_is_one_that_a_backup_opens() -> None:
    """Whoever adds a register adds it there; the list of reports lies with the keys."""
    found, waiting = set(), [Journal]
    while waiting:
        below = waiting.pop().__subclasses__()
        waiting += below
        found |= {each for each in below if hasattr(each, "FILE") and each.IS_SEALED}
    ours = {each for each in found if each.__module__.startswith(("safeguards", "stewardship"))}
    assert ours - {Releases} == set(backups.SEALED_REGISTERS)


def test_a_backup_opens_with_the_code_of_its_day(scene: Scene, file: Path) -> None:
    """A new code opens the backups from then on; earlier ones keep theirs."""
    old = scene.code
    newer = scene.back_up(LATER, wants_new_code=True)
    assert scene.code != old
    refused(scene, newer, "cannot be opened with this recovery code", code=old)
    refused(scene, file, "another code was valid", code=scene.code, is_older_right=True)
    scene.restore(newer, scene.root / "new", code=scene.code)
    scene.restore(file, scene.root / "old", code=old, is_older_right=True)


def test_the_code_is_shown_with_the_first_backup_and_kept_nowhere(scene: Scene) -> None:
    code = scene.code
    assert code
    scene.code = ""
    scene.back_up(LATER)
    assert scene.code == ""
    everything = b"".join(tree(scene.root).values())
    assert code.encode() not in everything
    assert code.removeprefix("AGE-SECRET-KEY-1").encode() not in everything


def test_a_code_that_could_not_be_shown_does_not_count(scene: Scene) -> None:
    before = tree(scene.keys_folder)

    def closed(_: str) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    with pytest.raises(BackupError):
        backups.back_up(
            scene.home,
            scene.disk,
            now=LATER,
            show_code=closed,
            wants_new_code=True,
            environ=scene.environ,
        )
    assert tree(scene.keys_folder) == before


def test_keys_that_are_there_are_never_written_over(scene: Scene, file: Path) -> None:
    """Nor is a home put beside keys that do not open it."""
    before = tree(scene.keys_folder)
    scene.restore(file, scene.root / "other", code=scene.code)
    assert {**tree(scene.keys_folder), "heads.json": before["heads.json"]} == before
    write_key(scene.keys_folder, "store.key", bytes(32))
    refused(scene, file, "these are not its keys", SealedLinesError, code=scene.code)


def test_a_home_is_put_into_an_empty_place_only(scene: Scene, file: Path) -> None:
    before = tree(scene.root)
    for place in (scene.folder, scene.disk, file):
        with pytest.raises(BackupError, match="is not empty"):
            scene.restore(file, place)
    assert tree(scene.root) == before


def test_not_among_the_keys(scene: Scene, file: Path) -> None:
    with pytest.raises(KeysError, match="one inside the other"):
        scene.restore(file, Path(scene.environ["LAC_KEYS"]) / "new")


# Files that are no backup, or an attacker's


def test_what_is_no_backup_is_told(scene: Scene) -> None:
    other = scene.disk / "other"
    for content in (b"", b"lac-monitor", b"PK\x03\x04" + bytes(2000)):
        other.write_bytes(content)
        refused(scene, other, "is not a backup by lac-monitor")
    refused(scene, scene.disk / "absent", "cannot be read")


@pytest.mark.parametrize(
    "name", ["../x", "/x", "x", "home/../../x", "home/a\\x", "home/c:x", "/home/X", "keys/../x"]
)
def test_no_name_leads_out_of_the_home(scene: Scene, name: str) -> None:
    refused(scene, forge(scene, tarfile.TarInfo(name)), "is damaged")


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
def test_a_link_in_a_backup_is_not_made(scene: Scene, kind: bytes) -> None:
    member = tarfile.TarInfo("home/elsewhere")
    member.type, member.linkname = kind, "home/home.toml"
    refused(scene, forge(scene, member), "is damaged")


def test_an_empty_backup_restores_nothing(scene: Scene) -> None:
    refused(scene, seal(scene, bytes(10240)), "is damaged")


def seal(scene: Scene, content: bytes) -> Path:
    """A backup by somebody who knows the recipient."""
    path = scene.disk / "forged"
    path.write_bytes(pyrage.encrypt(content, [load_identity(scene.keys_folder).to_public()]))
    return path


def forge(scene: Scene, member: tarfile.TarInfo) -> Path:
    """A backup with one more member, after all others."""
    stream = io.BytesIO(backups._pack(scene.home, scene.keys_folder, LATER))
    with tarfile.open(fileobj=stream, mode="a") as tar:
        tar.addfile(member)
    return seal(scene, stream.getvalue())


# By other programs


def test_the_code_opens_a_backup_in_any_program_of_the_format(scene: Scene, file: Path) -> None:
    """pyrage and tar alone: the line on the paper, and no code of ours."""
    identity = x25519.Identity.from_str(scene.code)
    plain = pyrage.decrypt(file.read_bytes(), [identity])
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        members = tar.getmembers()
        found = {each.name: tar.extractfile(each).read() for each in members if each.isfile()}  # type: ignore[union-attr]
    assert {each.mtime for each in members} == {MADE.timestamp()}
    home = {name.removeprefix("home/"): found[name] for name in found if name.startswith("home/")}
    assert {name: home[name] for name in contents(scene.folder)} == contents(scene.folder)
    keys = {name for name in tree(scene.keys_folder) if name.endswith(".key")}
    assert {f"keys/{name}" for name in keys} <= found.keys()


# Older backups, and who was erased since


def test_a_home_that_was_used_since_is_asked_about(scene: Scene, file: Path) -> None:
    """Its log was longer; the restored one says that it has a gap, and goes on."""
    for _ in range(3):
        AccessLog(scene.home, scene.keys).append(Event("view", WHO, "dsl", page="today"))
    gone(scene)
    refused(scene, file, r"used since then \(3 lines in its log\)\. Anything .* would be lost")
    restored = scene.restore(file, is_older_right=True)
    assert restored.data_loss_warning is not None
    verdict = audit.verify(scene.home, scene.keys)
    assert verdict.is_whole
    assert [(gap.lines, gap.why) for gap in verdict.gaps] == [
        (3, "restored a backup of 2026-11-21 18:00 UTC")
    ]


def erase(scene: Scene, upn: str) -> str:
    """What the ledger says of an erasure, and nothing else of it."""
    record = Vault.open(scene.home, scene.keys).find_by_upn(upn)
    assert record is not None
    erasure = Erasure(LATER, record.pupil_id, record.look_ups, "request")
    Ledger.open(scene.home, scene.keys).append(erasure)
    return record.pupil_id


def is_absent(scene: Scene, folder: Path, pupil_id: str) -> bool:
    home, keys = Home.open(folder), Keys.load(Home.open(folder), scene.environ)
    there = set(rows_of(folder, keys)["raw_pupil"]["pupil_id"])
    there |= {record.pupil_id for record in Vault.open(home, keys).pupils}
    there |= {entry.pupil_id for entry in TypedEntries.open(home, keys).list_entries()}
    return pupil_id not in there


@pytest.mark.parametrize("in_force", [True, False])
def test_no_backup_forgets_a_restriction(
    loaded: Scene, monkeypatch: pytest.MonkeyPatch, *, in_force: bool
) -> None:
    """One that was set or lifted since holds in what was restored, once anybody opens it."""
    monkeypatch.setenv("LAC_KEYS", loaded.environ["LAC_KEYS"])

    def restrict(*, to: bool) -> None:
        lead = access.open(loaded.folder, actor="Sam", role="manager", purpose="rights")
        pupil = Vault.open(loaded.home, Keys.load(loaded.home)).pupils[0]
        assert set_flag(lead, pupil.handle, "restriction", in_force=to, now=LATER)
        access.release_stores()

    if not in_force:
        restrict(to=True)
    file = loaded.back_up(LATER)
    restrict(to=in_force)
    refused(loaded, file, r"holds since then apply again \(1\)")
    new = loaded.root / "restored"
    loaded.restore(file, new, is_older_right=True)
    home = Home.open(new)
    assert not is_up_to_date(home, Keys.load(home))
    rebuild_store(home, finish_erasures=finish_erasures)
    lead = access.open(new, actor="Sam", role="dsl", purpose="test")
    assert lead.read("from cohort_member where is_restricted").height == in_force
    access.release_stores()


def release(scene: Scene) -> None:
    """A report without a figure goes out."""
    keys = Keys.load(scene.home, scene.environ)
    ReportFiles(scene.home, keys).save_files("one", {"part-one.pdf": b"made up"})
    releases = Releases(scene.home, keys)
    releases.append(
        build_facts(size=0).figures,
        at=LATER,
        kind="nil",
        actor="Kim",
        role="head",
        name="one",
        after=0,
    )


def test_no_backup_forgets_a_report_that_went_out(scene: Scene, file: Path) -> None:
    """What is known beside the keys is put in again, so that later reports are held against it."""
    release(scene)
    refused(scene, file, "later lines of its list of reports")
    new = scene.root / "restored"
    scene.restore(file, new, is_older_right=True)
    home = Home.open(new)
    (issued,) = Releases(home, Keys.load(home, scene.environ)).list_issued()
    assert (issued.kind, issued.number) == ("nil", 1)


@pytest.mark.slow
def test_a_backup_made_between_ledger_and_rewriting_is_made_good(loaded: Scene) -> None:
    """Its own ledger counts too, on a new computer that knows of nothing."""
    ann = erase(loaded, ANN)
    path = loaded.back_up(LATER)
    gone(loaded, keys=True)
    assert loaded.restore(path, code=loaded.code).erased == 1
    assert is_absent(loaded, loaded.folder, ann)


def test_a_ledger_that_was_changed_stops_a_restore(scene: Scene, file: Path) -> None:
    """Nobody gets a child back by editing the list."""
    erase(scene, ANN)
    path = scene.keys_folder / Ledger.FILE
    path.write_bytes(path.read_bytes().replace(b"request", b"requesd"))
    refused(scene, file, "was changed at line 1", LedgerError, is_older_right=True)


# Disks that fail


def test_a_disk_that_gives_back_something_else_is_found(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backup has its name only once it was read back."""
    before = tree(scene.disk)

    def and_rot(path: Path, content: bytes) -> None:
        rotten = bytearray(content)
        rotten[-100] ^= 1
        write_new(path, bytes(rotten))

    monkeypatch.setattr(backups, "write_new", and_rot)
    with pytest.raises(BackupError, match="damaged"):
        scene.back_up(LATER)
    assert tree(scene.disk) == before


def test_what_a_crash_left_is_removed(scene: Scene) -> None:
    """Half a backup of this home; another home's is its own affair."""
    ours = scene.disk / f"lac-{scene.home.home_id}-20261101T000000Z.tar.age.new"
    other = scene.disk / "lac-0123456789-20261101T000000Z.tar.age.new"
    for path in (ours, other):
        path.write_bytes(b"half")
    scene.back_up(LATER)
    assert not ours.exists()
    assert other.exists()
    assert get_keys_folder(scene.home, scene.environ) == scene.keys_folder
