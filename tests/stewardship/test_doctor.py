"""`lac doctor`: each check meets a home that is well and one that is made worse, for real."""

import csv
import io
import os
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from queries.store import versions
from safeguards.access.people import People
from safeguards.home import location
from safeguards.home.home import Home
from safeguards.journal import audit
from safeguards.journal.audit import Fault, Verdict
from safeguards.journal.ledger import Erasure, Ledger
from safeguards.keys.heads import FILE as HEADS
from safeguards.keys.key_ring import KeyRing
from safeguards.keys.keys import Keys, get_keys_folder
from safeguards.vault.vault import Vault
from stewardship.backup.backups import NEWEST, note_newest
from stewardship.doctor import doctor
from stewardship.doctor.doctor import check
from tests.support.commands import lac
from tests.support.schools.good_exports import ANN, BEN, CAT, GOOD, write
from tests.support.schools.small_home import SmallHome

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LEAD, DEPUTY, PHRASE = "R. Lead", "S. Deputy", "five plain words of hers"

posix_only = pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")


class Patient:
    """A loaded demo home with nothing to do, its keys, and where the person is."""

    def __init__(self, root: Path) -> None:
        small = SmallHome(root)
        self.root, self.environ, self.here = root, small.environ, root / "work"
        self.home = Home.open(small.folder)
        self.keys_folder = get_keys_folder(self.home, self.environ)
        self.log = self.home.log / "access.jsonl"

    @property
    def keys(self) -> Keys:
        return Keys.load(self.home, self.environ)

    def state(self, subject: str) -> tuple[str, str]:
        """The worst state of a subject, and its words; the store is opened where it is asked."""
        with pytest.MonkeyPatch.context() as patch:
            if subject != "store":
                patch.setattr(doctor, "check_store_encryption", lambda *_: ("good", ""))
            said = doctor.run_checks(
                self.home, now=NOW, working_folder=self.here, environ=self.environ
            )
        found = [each for each in said if each.subject == subject]
        states = {each.state for each in found}
        worst = next(state for state in ("to do", "cannot tell", "good") if state in states)
        return worst, " ".join(each.words for each in found if each.state == worst)

    def bytes(self) -> dict[str, bytes]:
        """Every file of the home and the keys, with what is in it; folders too."""
        return {
            str(path): path.read_bytes() if path.is_file() else b""
            for folder in (self.home.folder, self.keys_folder)
            for path in folder.rglob("*")
        }


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("well")
    small = SmallHome(root)
    small.load()
    shutil.rmtree(small.exports)
    (root / "work").mkdir()
    note_newest(Patient(root).keys_folder, NOW - timedelta(days=1))
    for path in (root, *root.rglob("*")):  # as the umask of `lac` makes them
        path.chmod(0o700 if path.is_dir() else 0o600)
    return root


@pytest.fixture
def patient(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Patient:
    root = tmp_path / "copy"
    shutil.copytree(made, root)
    well = Patient(root)
    monkeypatch.setenv("LAC_KEYS", well.environ["LAC_KEYS"])
    monkeypatch.chdir(well.here)
    return well


@pytest.fixture
def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The home of a school as `lac init` makes it, with a lead and a deputy."""
    monkeypatch.setenv("LAC_KEYS", str(tmp_path / "keys"))
    answers = ["Brook Lane School", LEAD, DEPUTY, *[PHRASE] * 4]
    done = lac("init", "--home", tmp_path / "home", answer="\n".join(answers) + "\n")
    assert done.exit_code == 0, done.output
    return Home.open(tmp_path / "home")


@pytest.mark.slow
def test_a_home_that_is_well_has_nothing_to_do(patient: Patient) -> None:
    """Every subject is looked at; the disk alone may be out of sight."""
    found = doctor.run_checks(
        patient.home, now=NOW, working_folder=patient.here, environ=patient.environ
    )
    assert {each.subject for each in found} == {
        *("keys", "rights", "place", "disk", "roles", "identities", "store", "access log"),
        *("files", "erasures", "backup", "exports"),
    }
    assert {each.subject for each in found if each.state != "good"} <= {"disk"}
    assert "demo folder" in patient.state("roles")[1]


def test_nothing_is_written(patient: Patient) -> None:
    """Neither a line, a lock nor a folder, whether the home is well or not."""
    before = patient.bytes()
    assert patient.state("store")[0] == "good"
    lac("doctor", "--home", patient.home.folder)
    assert patient.bytes() == before
    (patient.keys_folder / HEADS).unlink()
    damaged = patient.bytes()
    lac("doctor", "--home", patient.home.folder)
    assert patient.bytes() == damaged


# keys, rights, place and disk


def test_missing_keys_are_a_finding(patient: Patient) -> None:
    """What needs them is said to be untold; what does not is looked at."""
    shutil.rmtree(patient.keys_folder)
    assert patient.state("keys")[0] == "to do"
    needing = ("store", "access log", "erasures", "roles", "identities", "backup")
    for subject in needing:
        assert patient.state(subject)[0] == "cannot tell"
    assert patient.state("rights")[0] == "good"
    assert patient.state("exports")[0] == "good"


def test_keys_in_the_home_are_to_be_moved(patient: Patient) -> None:
    inside = patient.home.folder / "keys"
    shutil.move(patient.keys_folder.parent, inside)
    patient.environ["LAC_KEYS"] = str(inside)
    state, words = patient.state("keys")
    assert state == "to do"
    assert "are one inside the other" in words


@posix_only
@pytest.mark.parametrize("where", ["home", "home.toml", "store/CURRENT", "vault", "keys"])
def test_rights_of_others_are_found(patient: Patient, where: str) -> None:
    """The home itself, a file, one further down, a folder, and beside the keys."""
    path = {"home": patient.home.folder, "keys": patient.keys_folder / NEWEST}.get(
        where, patient.home.folder / where
    )
    for mode in (0o604, 0o640, 0o610):
        path.chmod(mode | (0o700 if path.is_dir() else 0))
        state, words = patient.state("rights")
        assert state == "to do"
        assert "1 file or folder" in words


@posix_only
def test_the_mode_of_a_link_says_nothing(patient: Patient) -> None:
    (patient.home.folder / "link").symlink_to("/")
    (patient.home.folder / "nowhere").symlink_to("absent")
    assert patient.state("rights")[0] == "good"


def test_lists_of_access_are_for_a_person_to_read(patient: Patient) -> None:
    """Windows tells nothing by modes, so the doctor does not say that all is well."""
    found = check("it", partial(doctor.check_permissions, has_modes=False), patient.home.folder)
    assert found.state == "cannot tell"
    assert "icacls" in found.words


def test_a_synchronised_folder_is_found(patient: Patient) -> None:
    """By a mark above the home, and by the system's word about the keys' folder."""
    patient.environ["OneDrive"] = str(patient.keys_folder.parent)
    state, words = patient.state("place")
    assert state == "to do"
    assert "OneDrive" in words
    del patient.environ["OneDrive"]
    assert patient.state("place")[0] == "good"
    (patient.root / ".stfolder").mkdir()
    assert patient.state("place")[0] == "to do"


def _mounted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, at: Path, kind: str
) -> None:
    """A list of mounts of our own, as Linux keeps it."""
    path = tmp_path / "mounts"
    path.write_text(f"/dev/none / ext4 rw 0 0\n{source} {at} {kind} rw 0 0\n")
    monkeypatch.setattr(location, "_MOUNTS", path)
    monkeypatch.setattr(sys, "platform", "linux")


def _device(blocks: Path, name: str, uuid: str | None, *below: str) -> None:
    (blocks / name / "slaves").mkdir(parents=True)
    for each in below:
        (blocks / name / "slaves" / each).mkdir()
    if uuid is not None:
        (blocks / name / "dm").mkdir()
        (blocks / name / "dm" / "uuid").write_text(f"{uuid}\n")


@pytest.mark.parametrize(
    ("source", "kind", "state"),
    [
        ("/dev/dm-90", "ext4", "good"),
        ("/dev/dm-91", "xfs", "good"),
        ("/dev/dm-92", "ext4", "cannot tell"),
        ("/dev/dm-93", "ext4", "cannot tell"),
        ("/dev/sdz9", "ext4", "cannot tell"),
        ("/dev/absent", "ext4", "cannot tell"),
        ("/dev/dm-90", "btrfs", "cannot tell"),
        ("tmpfs", "tmpfs", "cannot tell"),
    ],
)
def test_the_disk_is_encrypted_where_all_below_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, kind: str, state: str
) -> None:
    """LUKS, a volume on LUKS, a volume on two of which one is plain, one on none, a plain disk."""
    blocks = tmp_path / "block"
    _device(blocks, "sdz9", None)
    _device(blocks, "dm-90", "CRYPT-LUKS2-0123-home", "sdz9")
    _device(blocks, "dm-91", "LVM-0123", "dm-90")
    _device(blocks, "dm-92", "LVM-0124", "dm-90", "sdz9")
    _device(blocks, "dm-93", "LVM-0125")
    _mounted(tmp_path, monkeypatch, source, tmp_path, kind)
    found = check("it", doctor.check_disk_encryption, tmp_path, blocks)
    assert found.state == state
    assert ("lsblk" in found.words) == (state == "cannot tell")


def test_each_system_is_told_how_to_find_out(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Off Linux nothing is guessed."""
    assert "fdesetup" in location.describe_disk_check("darwin")
    assert "manage-bde" in location.describe_disk_check("win32")
    assert "looks after" in location.describe_disk_check("sunos")
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not location.is_seen_encrypted(patient.home.folder)


# who


def test_a_schools_home_with_lead_and_deputy_is_well(real: Home) -> None:
    keys = Keys.load(real)
    assert check("it", doctor.check_roles, real, keys).state == "good"
    assert check("it", doctor.check_key_holders, real, keys).state == "good"
    assert check("it", doctor.check_access_log, real, keys).state == "good"


def test_a_list_of_people_that_nobody_confirmed_is_to_be_mended(real: Home) -> None:
    path = real.folder / "roles.csv"
    path.write_text(path.read_text() + "A. Stranger,dsl,,\n")
    found = check("it", doctor.check_roles, real, Keys.load(real))
    assert found.state == "to do"
    assert "lac people confirm" in found.words


def test_a_passphrase_of_somebody_who_left_is_found(real: Home) -> None:
    keys = Keys.load(real)
    People.load(real, keys).remove(DEPUTY).save(real, keys)
    found = check("it", doctor.check_roles, real, keys)
    assert found.state == "to do"
    assert "lac people remove" in found.words


def test_one_holder_alone_is_too_few(real: Home) -> None:
    keys = Keys.load(real)
    ring = KeyRing(real, keys)
    ring.remove(DEPUTY)
    ring.save()
    found = check("it", doctor.check_key_holders, real, keys)
    assert found.state == "to do"
    assert "lac people add" in found.words


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault("changed", 3), "Line 3 of the log was"),
        (Fault("missing", 2, 5), "removed before line 2 (5)"),
        (Fault("break", 4), "changed or removed before line 4"),
        (Fault("end", None, 2), "from the end of the log (2)"),
        (Fault("head"), "record of the log's end"),
    ],
)
def test_each_fault_of_the_log_has_its_words(
    real: Home, monkeypatch: pytest.MonkeyPatch, fault: Fault, words: str
) -> None:
    monkeypatch.setattr(audit, "verify", lambda *_: Verdict(9, (), (fault, Fault("changed", 8))))
    finding = check("it", doctor.check_access_log, real, Keys.load(real))
    assert (finding.state, words in finding.words) == ("to do", True)
    assert "data protection officer" in finding.words


def test_an_empty_log_of_a_used_home_is_found(real: Home) -> None:
    """The log and its end gone together leave nothing that is broken."""
    keys = Keys.load(real)
    (real.log / "access.jsonl").unlink()
    keys.heads.forget("access.jsonl")
    assert check("it", doctor.check_access_log, real, keys).state == "to do"


# the store


def test_a_store_that_does_not_open_is_found(patient: Patient) -> None:
    path = versions.find_current_version(patient.home.store)
    assert path is not None
    path.write_bytes(path.read_bytes()[:4096])
    assert patient.state("store")[0] == "to do"
    path.unlink()
    assert "Restore a backup" in patient.state("store")[1]


def test_a_home_without_a_load_has_no_store_to_open(real: Home) -> None:
    found = check("it", doctor.check_store_encryption, real, Keys.load(real))
    assert found.state == "good"
    assert "Nothing has been loaded" in found.words


# erasures


def test_an_erasure_that_was_cut_off_is_found(patient: Patient) -> None:
    child = Vault.open(patient.home, patient.keys).pupils[0]
    ledger = Ledger.open(patient.home, patient.keys)
    ledger.append(Erasure(NOW, child.pupil_id, child.look_ups, "request"))
    assert patient.state("erasures")[0] == "to do"
    ledger.path.write_bytes(ledger.path.read_bytes()[:-9])
    assert "lacks lines" in patient.state("erasures")[1]


# backups


@pytest.mark.parametrize(
    ("age", "state"),
    [
        (timedelta(days=7), "good"),
        (timedelta(days=7, seconds=1), "to do"),
        (None, "to do"),
        (-timedelta(days=1), "cannot tell"),
    ],
)
def test_a_backup_grows_old(patient: Patient, age: timedelta | None, state: str) -> None:
    """After seven days, to the second; a time to come says that a clock is wrong."""
    note_newest(patient.keys_folder, None if age is None else NOW - age)
    assert patient.state("backup")[0] == state


# what lies about


@pytest.mark.parametrize("where", [".", "exports", "work", "work/last week"])
def test_exports_that_were_left_are_found(patient: Patient, where: str) -> None:
    """Beside the home, where the person is, and a folder further down."""
    folder = patient.root / where
    folder.mkdir(exist_ok=True)
    (folder / "Roll.csv").write_text(f"upn\n{ANN}\n")
    (folder / "contacts.csv").write_text("upn\n")
    state, words = patient.state("exports")
    assert state == "to do"
    assert "contacts.csv, roll.csv in " in words
    assert ANN not in words


def test_other_files_and_the_home_are_no_exports(patient: Patient) -> None:
    """Files about no child, of other names, hidden ones, and whatever the home has."""
    for path in ("school.csv", "calendar.csv", "roll.txt", "a/b/roll.csv", ".a/roll.csv"):
        (patient.here / path).parent.mkdir(exist_ok=True, parents=True)
        (patient.here / path).write_text("x\n")
    (patient.home.folder / "roll.csv").write_text("x\n")
    assert patient.state("exports")[0] == "good"


def test_a_folder_that_cannot_be_listed_is_not_called_empty(patient: Patient) -> None:
    patient.here = patient.root / "absent"
    assert patient.state("exports")[0] == "cannot tell"


# the command


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command at the hour of these tests."""
    monkeypatch.setattr("cli.home.backup.get_utc_now", lambda: NOW)


@pytest.mark.usefixtures("today")
def test_nothing_to_do_is_exit_code_0(patient: Patient) -> None:
    done = lac("doctor", "--home", patient.home.folder)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.endswith("\nNothing to do.\n")
    assert "To do" not in done.stdout


@pytest.mark.usefixtures("today")
def test_something_to_do_is_exit_code_1_and_comes_first(patient: Patient) -> None:
    (patient.keys_folder / NEWEST).unlink()
    assert patient.state("files")[0] == "to do"
    patient.keys.heads.forget(NEWEST)
    done = lac("doctor", "--home", patient.home.folder)
    assert (done.exit_code, done.stderr) == (1, "")
    first, *rest = done.stdout.splitlines()
    assert first == "To do"
    assert rest[0].startswith("- backup:")
    assert rest[-1] == "1 thing to do."
    assert "Good" in rest


def test_a_home_that_is_none_is_exit_code_2(patient: Patient) -> None:
    done = lac("doctor", "--home", patient.here)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "is not a folder made by lac-monitor" in done.stderr


def _values() -> Iterator[str]:
    """What tells of the children in the exports of these tests, and the children's numbers."""
    yield from (ANN, BEN, CAT)
    for name, columns in (("roll.csv", ("surname", "forename", "date_of_birth", "address")),):
        for row in csv.DictReader(io.StringIO(GOOD[name])):
            yield from (value for column in columns if (value := row.get(column)))


def test_no_child_is_told_of(patient: Patient) -> None:
    """However much is wrong: no number, no name, no handle, no code."""
    write(GOOD, patient.here)
    child = Vault.open(patient.home, patient.keys).pupils[0]
    Ledger.open(patient.home, patient.keys).append(
        Erasure(NOW, child.pupil_id, child.look_ups, "request")
    )
    codes = [
        code
        for each in Vault.open(patient.home, patient.keys).pupils
        for code in (each.pupil_id, each.handle)
    ]
    patient.log.write_bytes(b"broken\n")
    values: list[Any] = [*_values(), *codes]
    assert len(values) > 12
    done = lac("doctor", "--home", patient.home.folder)
    assert done.exit_code == 1
    assert [value for value in values if value in done.output] == []
