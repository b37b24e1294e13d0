"""A child whom the schedule took out whole is back at the school: new facts only, by the lead's
word; an erasure that somebody asked for stands."""

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from intake.problems import IntakeError
from intake.publish.entries import add_fact
from intake.publish.load import rebuild_store
from safeguards.access import access
from safeguards.errors import BackupError, VaultError
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog
from safeguards.journal.ledger import Ledger, Readmission, has_unfinished_erasure
from safeguards.keys.keys import Keys
from safeguards.vault.records import PupilRecord
from safeguards.vault.vault import Vault
from stewardship.rights import erase, links
from tests.support.hostile.markers import is_in
from tests.support.schools.backup_scene import Scene
from tests.support.schools.good_exports import BEN, CAT, added, upn
from tests.support.schools.leaver import NOW, ON, home_with_a_leaver, who_came_back, with_a_leaver
from tests.support.schools.small_home import SmallHome, copy_of

BACK = date(2026, 11, 23)
#: Another file, so that a load is not of files that are loaded already.
SCHOOL = "school_id,name,phase\n0019999,Brook School,junior\n"
#: Cat's rows of files that tell of the time before and after.
TABLES = ("raw_mark", "raw_sdq", "raw_health", "raw_pep", "raw_suspension", "raw_enrolment")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a leaver, about whom people typed; each test copies it."""
    return home_with_a_leaver(tmp_path_factory.mktemp("readmitted")).folder.parent


@pytest.fixture
def small(loaded: Path, tmp_path: Path) -> Iterator[SmallHome]:
    yield from copy_of(loaded, tmp_path)


def cat(small: SmallHome) -> PupilRecord | None:
    home = Home.open(small.folder)
    return Vault.open(home, Keys.load(home)).find_by_upn(CAT)


def taken_out(small: SmallHome, why: str = "retention", days: int = 0) -> PupilRecord:
    """Cat as the vault knew the child, who goes whole."""
    home, record = Home.open(small.folder), cat(small)
    assert record is not None
    at = NOW + timedelta(days)
    erase.erase_pupils(
        home, Keys.load(home), [record], why=why, now=at, actor="Sam", role="manager"
    )
    return record


def readmit(small: SmallHome, number: str = CAT, since: date = BACK, *options: str) -> Result:
    where = ("retention", "readmit", "--home", str(small.folder), "--from", str(since), *options)
    result = CliRunner().invoke(app, where, input=f"{number}\n")
    assert result.exception is None or isinstance(result.exception, SystemExit), result
    return result


def lines(small: SmallHome) -> tuple[object, ...]:
    home = Home.open(small.folder)
    return Ledger.open(home, Keys.load(home)).list_entries()


def of_cat(small: SmallHome) -> dict[str, int]:
    """How many rows of each table are Cat's; none left out."""
    found = {table: sum(row["child"] == "Cat" for row in small.rows(table)) for table in TABLES}
    return {table: number for table, number in found.items() if number}


@pytest.mark.slow
def test_who_is_back_comes_in_anew_by_the_leads_word(small: SmallHome) -> None:
    """Asked for by the load; the same files again take the child in, and nothing from before."""
    old = taken_out(small)
    out = small.load(who_came_back())
    assert (len(out.erased_on), out.erased_by_schedule, out.children) == (1, 1, 2)
    done = readmit(small)
    assert done.exit_code == 0, done.stderr
    assert "has a new code name" in done.stdout
    home = Home.open(small.folder)
    *_, last = AccessLog(home, Keys.load(home)).read_records()
    (readmission,) = (each for each in lines(small) if isinstance(each, Readmission))
    assert (last["event"], last["role"], last["pupil_ids"]) == (
        *("readmit", "dsl"),
        [readmission.pupil_id],
    )
    for name in (CAT, "Smith-Jones"):
        assert is_in(small.folder, name) == []

    came = small.load(who_came_back(), now=NOW + timedelta(3))
    new = cat(small)
    assert new is not None
    assert (new.pupil_id, new.handle != old.handle) == (readmission.pupil_id, True)
    assert (came.erased_on, came.children) == ((), 3)
    assert any("schedule" in rule.rule for each in came.accounts for rule in each.rules)
    assert of_cat(small) == {"raw_mark": 1, "raw_sdq": 1, "raw_health": 1, "raw_enrolment": 1}
    (stay,) = (row for row in small.rows("raw_enrolment") if row["child"] == "Cat")
    assert stay["entry_date"] == BACK
    assert small.load(who_came_back()).version is None, "already been loaded"

    rebuild_store(home)  # which finishes what was cut off: there is nothing
    assert (
        small.load(
            added("pep.csv", f"{BEN},2026-11-23,held,,,", who_came_back()), now=NOW + timedelta(3)
        ).children
        == 3
    )
    assert cat(small) == new
    session = access.open(small.folder, actor="Sam", role="dsl", purpose="test")
    assert new.handle in set(session.read("from cohort_member")["handle"])
    with pytest.raises(IntakeError, match="retention schedule has deleted"):
        add_fact(
            *(session,),
            handle=new.handle,
            file="sdq.csv",
            values={"date": "2025-06-09", "informant": "carer", "total": "13"},
            where_written="letter",
            now=NOW,
        )


@pytest.mark.slow
def test_the_load_says_what_to_do_and_then_waits_for_the_new_stay(small: SmallHome) -> None:
    taken_out(small)
    small.load(with_a_leaver())
    (small.exports / "school.csv").write_text(SCHOOL, encoding="utf-8")
    said = CliRunner().invoke(app, ["load", str(small.exports), "--home", str(small.folder)])
    assert "the safeguarding lead can let the child in again: lac retention readmit" in said.stdout
    assert readmit(small).exit_code == 0
    out = small.load(with_a_leaver())
    assert (out.erased_by_schedule, out.children) == (1, 2)
    assert cat(small) is None
    assert small.load(who_came_back()).children == 3


@pytest.mark.slow
def test_what_somebody_asked_for_is_not_undone(small: SmallHome) -> None:
    """Neither before, nor once the child was here anew and then asked for it."""
    taken_out(small)
    readmit(small)
    small.load(who_came_back())
    taken_out(small, "request")
    before = lines(small)
    assert "somebody asked for that" in readmit(small).stderr
    assert lines(small) == before
    out = small.load(who_came_back() | {"school.csv": SCHOOL})
    assert (len(out.erased_on), out.erased_by_schedule, out.children) == (1, 0, 2)
    assert cat(small) is None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "since", "options", "why"),
    [
        ("A123", BACK, (), "This is not a valid UPN"),
        (BEN, BACK, (), "This child is already here"),
        (upn(11), BACK, (), "No child with this UPN"),
        (CAT, date(2026, 8, 31), (), "must be after 2026-08-31"),
        (CAT, BACK, ("--role", "manager"), "cannot open this page"),
        (CAT, BACK, ("--role", "teacher"), "cannot open this page"),
    ],
)
def test_what_is_not_so_is_refused(
    small: SmallHome, number: str, since: date, options: tuple[str, ...], why: str
) -> None:
    taken_out(small)
    before = lines(small)
    done = readmit(small, number, since, *options)
    assert done.exit_code == 2
    assert why in done.stderr
    assert lines(small) == before


@pytest.mark.slow
def test_no_backup_brings_the_old_facts_back_or_takes_the_new_ones(
    small: SmallHome, tmp_path: Path
) -> None:
    """One from before the child went; then one from after it came back."""
    scene = Scene(tmp_path)
    scene.disk.mkdir()
    before = scene.back_up(datetime(2026, 11, 22, tzinfo=UTC))
    old = taken_out(small)
    readmit(small)
    shutil.rmtree(scene.folder)
    with pytest.raises(BackupError, match=r"readmissions, .* since then apply again"):
        scene.restore(before)
    assert scene.restore(before, is_older_right=True).erased == 1
    assert is_in(scene.folder, old.pupil_id, but=("log",)) == []
    assert small.load(who_came_back()).children == 3
    rows, new = of_cat(small), cat(small)
    assert rows == {"raw_mark": 1, "raw_sdq": 1, "raw_health": 1, "raw_enrolment": 1}

    after = scene.back_up(datetime(2026, 11, 24, tzinfo=UTC))
    shutil.rmtree(scene.folder)
    assert scene.restore(after).erased == 0
    assert of_cat(small) == rows
    assert cat(small) == new


def back_and_in_doubt(small: SmallHome) -> tuple[Home, Keys, PupilRecord, PupilRecord]:
    """Cat, who is back, may be the same child as Ben; the two records."""
    taken_out(small)
    readmit(small)
    small.load(who_came_back())
    home, new = Home.open(small.folder), cat(small)
    keys = Keys.load(home)
    vault = Vault.open(home, keys)
    ben = vault.find_by_upn(BEN)
    assert new is not None
    assert ben is not None
    vault.add_possible_match(new.pupil_id, ben.pupil_id)
    vault.save()
    return home, keys, new, ben


@pytest.mark.slow
def test_a_record_of_who_is_back_keeps_its_code(small: SmallHome) -> None:
    """Were it another's, the old erasure would find the child by its number."""
    home, keys, new, _ = back_and_in_doubt(small)
    assert links.confirm_match(home, keys, new.handle, "Sam") == new.handle
    assert not has_unfinished_erasure(home, keys)
    rebuild_store(home)
    assert cat(small) is not None


@pytest.mark.slow
def test_two_who_must_keep_their_code_do_not_become_one(small: SmallHome) -> None:
    home, keys, new, ben = back_and_in_doubt(small)
    session = access.open(small.folder, actor="Sam", role="dsl", purpose="test")
    values = {"date": str(ON), "outcome": "held"}
    add_fact(
        session, handle=ben.handle, file="pep.csv", values=values, where_written="letter", now=NOW
    )
    with pytest.raises(VaultError, match="readmitted under one"):
        links.confirm_match(home, keys, new.handle, "Sam")
