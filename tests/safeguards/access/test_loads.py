"""Loads by a person: the key that finds a child by its UPN opens by passphrase only."""

import re
import shutil
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from safeguards.access import admission, loads
from safeguards.errors import PassphraseError, PeopleError
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault
from tests.support import commands
from tests.support.schools.real_home import DEPUTY, LEAD, PEOPLE, phrase_of, real_exports

MANAGER, TEACHER = PEOPLE["manager"], PEOPLE["teacher"]


def list_keys(home: Home) -> str:
    """What `lac people list` says beside the names."""
    return commands.lac("people", "list", "--home", home.folder).stderr


@pytest.fixture
def lac(real: Home, tmp_path: Path) -> Any:
    def run(*words: object, people: tuple[str, ...] = ()) -> Any:
        typed = commands.passphrase_fd(tmp_path, *map(phrase_of, people))
        return commands.lac(*words, "--home", real.folder, *typed)

    return run


@pytest.fixture
def locked(real: Home, lac: Any) -> Home:
    done = lac("keys", "lock-loads", MANAGER, people=(LEAD, MANAGER))
    assert (done.exit_code, done.output) == (
        0,
        f"From now on a load needs the passphrase of {LEAD} or {MANAGER}.\n",
    )
    return real


def list_upns(folder: Path) -> set[str]:
    """The UPNs of a school's roll, as whoever has a class list knows them."""
    return set(re.findall(r"\b[A-Z]201\d{8}[0-9A-Z]\b", (folder / "roll.csv").read_text("utf-8")))


def count_linked(home: Home, upns: set[str]) -> int:
    """How many children the keys lead to, for who has them and a list of UPNs."""
    vault = Vault.open(home, Keys.load(home))
    try:
        return sum(vault.find_by_upn(upn) is not None for upn in upns)
    except PassphraseError:
        return 0


def test_who_has_the_account_and_a_list_of_upns_links_nobody(real: Home, lac: Any) -> None:
    """The control is a home as it is made: there every child of the list is found."""
    upns = list_upns(real_exports())
    children = len(Vault.open(real, Keys.load(real)).pupils)
    assert count_linked(real, upns) == children > 1
    key = Keys.load(real).lookup
    assert key is not None
    lac("keys", "lock-loads", MANAGER, people=(LEAD, MANAGER))
    assert count_linked(real, upns) == 0
    left = chain(real.folder.rglob("*"), Keys.load(real).folder.rglob("*"))
    held = b"".join(path.read_bytes() for path in left if path.is_file())
    assert key not in held
    assert key.hex().encode() not in held


def test_nobody_else_loads(locked: Home, lac: Any, tmp_path: Path) -> None:
    """Neither who has no part, nor the lead by another passphrase."""
    for name in (TEACHER, DEPUTY):
        refused = lac("load", real_exports(), "--as", name, people=(name,))
        assert (refused.exit_code, "has no key to loads" in refused.stderr) == (2, True)
    wrong = commands.passphrase_fd(tmp_path, "not the words of anybody")
    assert commands.lac("load", real_exports(), "--home", locked.folder, *wrong).exit_code == 2


@pytest.mark.slow
def test_a_load_by_one_of_them_goes_through(locked: Home, lac: Any, tmp_path: Path) -> None:
    """It is in the log who it was; handles stay as they were."""
    before = {each.handle for each in Vault.open(locked, Keys.load(locked)).pupils}
    exports = shutil.copytree(real_exports(), tmp_path / "exports")
    register = exports / "attendance.csv"
    register.write_text("".join(register.read_text("utf-8").splitlines(keepends=True)[:-1]))
    done = lac("load", exports, "--as", MANAGER, people=(MANAGER,))
    assert done.exit_code == 0, done.output
    assert {each.handle for each in Vault.open(locked, Keys.load(locked)).pupils} == before
    assert f'"event": "load", "actor": "{MANAGER}"' in (locked.log / "access.jsonl").read_text()


def test_all_else_goes_on_without(locked: Home, lac: Any) -> None:
    """The dashboard's session, an erasure, doctor: they look up no number."""
    child = next(each.handle for each in Vault.open(locked, Keys.load(locked)).pupils)
    assert list_keys(locked) == f"A load needs the passphrase of {LEAD} or {MANAGER}.\n"
    asked = lac("sql", "select handle from cohort_member", people=(LEAD,))
    assert (asked.exit_code, child in asked.stdout) == (0, True)
    done = lac("keys", "rotate", people=(LEAD,))
    assert done.exit_code == 0, done.output
    assert loads.list_loaders(locked, Keys.load(locked)) == (LEAD, MANAGER)


def test_who_leaves_or_has_another_role_loads_no_more(locked: Home, lac: Any) -> None:
    assert lac("people", "add", MANAGER, "--role", "head", people=(LEAD,)).exit_code == 0
    assert MANAGER in loads.list_loaders(locked, Keys.load(locked))  # is still the manager too
    gone = lac("people", "remove", MANAGER, "--role", "manager", people=(LEAD,))
    assert gone.exit_code == 0
    assert loads.list_loaders(locked, Keys.load(locked)) == (LEAD,)
    done = lac("keys", "lock-loads", DEPUTY, people=(LEAD, DEPUTY))
    assert done.exit_code == 0, done.output
    assert lac("people", "remove", DEPUTY, people=(LEAD,)).exit_code == 0
    assert loads.list_loaders(locked, Keys.load(locked)) == (LEAD,)


def test_another_passphrase_keeps_a_part_and_gives_none(locked: Home, lac: Any) -> None:
    """The lead lets the manager choose one, and the deputy, who had no part."""
    keys, person = Keys.load(locked), admission.sign_in_with_passphrase
    for name in (MANAGER, DEPUTY):
        assert lac("people", "passphrase", name, people=(LEAD, name)).exit_code == 0
    assert loads.list_loaders(locked, keys) == (LEAD, MANAGER)
    opened = loads.open_lookup(locked, keys, person(locked, MANAGER, phrase_of(MANAGER)))
    assert opened.lookup is not None


def test_the_lead_unlocks_loads_again(locked: Home, lac: Any) -> None:
    """By the passphrase of one who has a part: what they open is the key of before."""
    upns = list_upns(real_exports())
    refused = lac("keys", "unlock-loads", "--as", DEPUTY, people=(DEPUTY,))
    assert refused.exit_code == 2
    assert lac("keys", "unlock-loads", "--as", MANAGER, people=(MANAGER,)).exit_code == 2
    assert (
        lac("keys", "unlock-loads", people=(LEAD,)).output
        == "From now on a load needs no passphrase.\n"
    )
    assert count_linked(locked, upns) == len(Vault.open(locked, Keys.load(locked)).pupils)
    assert list_keys(locked) == "A load needs no passphrase.\n"


def test_only_who_brings_files_in_has_a_part(real: Home) -> None:
    people = [
        admission.sign_in_with_passphrase(real, name, phrase_of(name)) for name in (LEAD, TEACHER)
    ]
    with pytest.raises(PeopleError, match="can load files"):
        loads.lock_lookup(real, Keys.load(real), people)
    assert loads.list_loaders(real, Keys.load(real)) == ()


@pytest.mark.parametrize("at", ["KeyRing.save", "_store_lookup"])
def test_a_crash_half_way_leaves_one_choice_or_the_other(
    real: Home, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second file not yet written, or the first not yet taken away: loads go on as before."""
    people = [admission.sign_in_with_passphrase(real, LEAD, phrase_of(LEAD))]

    def cut(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(f"safeguards.access.loads.{at}", cut)
        with pytest.raises(KeyboardInterrupt):
            loads.lock_lookup(real, Keys.load(real), people)
    assert Keys.load(real).lookup is not None
    loads.lock_lookup(real, Keys.load(real), people)
    assert Keys.load(real).lookup is None
