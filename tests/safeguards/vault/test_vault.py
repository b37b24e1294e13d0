"""The vault: sealed, found again by keyed hash, and whole whatever happens while saving."""

import dataclasses
import json
import random
from datetime import date
from pathlib import Path

import msgspec
import pytest

from safeguards.errors import ProofError, VaultError
from safeguards.home.home import Home, create_demo
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault

UPN = "A001999926001"
IDENTITY = {"upn": UPN, "forename": "Zebedee", "surname": "Quillfeather", "born": "2016-03-09"}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return create_demo(tmp_path / "home")


@pytest.fixture
def keys(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Keys:
    monkeypatch.setenv("LAC_KEYS", str(tmp_path / "keys"))
    return Keys.create(home)


@pytest.fixture
def vault(home: Home, keys: Keys) -> Vault:
    return Vault.open(home, keys)


def upn(number: int) -> str:
    return f"A0019999{number:05d}"


def test_a_child_is_found_again(home: Home, keys: Keys, vault: Vault) -> None:
    enrolled = vault.enrol(UPN, IDENTITY)
    vault.save()
    again = Vault.open(home, keys)
    assert again.find_by_upn(UPN) == enrolled
    assert again.pupils == (enrolled,)
    assert again.find_by_upn(upn(2)) is None
    assert again.open_identity(enrolled.pupil_id, keys.load_demo_key()) == IDENTITY


def test_a_roll_is_known_under_these_keys_alone(home: Home, keys: Keys, vault: Vault) -> None:
    """A set for each school's newest roll, in no order of children, and nothing in the clear."""
    born = date(2017, 2, 3)
    values: list[str | date] = ["zebedee", "quillfeather", UPN, born]
    vault.set_roll(1, values)
    vault.set_roll(2, ["ondine", upn(2)])
    vault.save()
    again = Vault.open(home, keys)
    is_on_roll, is_name = again.build_roll_check(1), again.build_name_check()
    assert is_on_roll is not None
    asked = (UPN, upn(2), born, date(2017, 2, 4))
    assert [is_on_roll(value) for value in asked] == [True, False, True, False]
    assert again.build_roll_check(3) is None
    words = ("zebedee", "quillfeather", "ondine", "bram")
    assert [is_name(word) for word in words] == [True, True, True, False]
    content = (home.vault / "vault.json").read_bytes()
    assert not any(f"{value}".encode() in content for value in values)
    other = Vault(home, dataclasses.replace(keys, log=bytes(32), lookup=bytes(32))).hashes
    assert not any(other.hash_on_roll(value).encode() in content for value in values)
    assert all(again.hashes.hash_on_roll(value).encode() in content for value in values)
    again.set_roll(1, ["bram"])
    assert [again.build_name_check()(word) for word in words] == [False, False, True, True]


def test_the_number_of_a_forgotten_child_leaves_the_roll(vault: Vault) -> None:
    record = vault.enrol(UPN, IDENTITY)
    vault.set_roll(1, [UPN, upn(2)])
    vault.forget([record.pupil_id])
    is_on_roll = vault.build_roll_check(1)
    assert is_on_roll is not None
    assert [is_on_roll(each) for each in (UPN, upn(2))] == [False, True]


def test_nobody_gets_the_code_of_who_was_erased(home: Home, keys: Keys) -> None:
    """Codes of made-up children come from a generator that begins alike at each load."""
    erased = Vault.open(home, keys).enrol(UPN, IDENTITY, random.Random(7)).pupil_id
    vault = Vault.open(home, keys)
    assert vault.enrol(UPN, IDENTITY, random.Random(7), used={erased}).pupil_id != erased


def test_an_unchanged_identity_keeps_its_bytes(home: Home, keys: Keys, vault: Vault) -> None:
    first = vault.enrol(UPN, IDENTITY)
    vault.save()
    before = (home.vault / "vault.json").stat()
    again = Vault.open(home, keys)
    assert again.enrol(UPN, dict(reversed(IDENTITY.items()))) == first
    again.save()
    after = (home.vault / "vault.json").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_a_changed_identity_keeps_the_pseudonyms(keys: Keys, vault: Vault) -> None:
    first = vault.enrol(UPN, IDENTITY)
    second = vault.enrol(UPN, IDENTITY | {"surname": "Marrowby"})
    assert (second.pupil_id, second.handle) == (first.pupil_id, first.handle)
    assert second.sealed != first.sealed
    assert second.identity_hash != first.identity_hash
    opened = vault.open_identity(first.pupil_id, keys.load_demo_key())
    assert opened["surname"] == "Marrowby"


def test_equal_identities_do_not_look_equal(vault: Vault) -> None:
    one, other = vault.enrol(upn(1), {"surname": "Same"}), vault.enrol(upn(2), {"surname": "Same"})
    assert one.sealed != other.sealed
    assert one.identity_hash != other.identity_hash


def test_the_length_of_a_name_does_not_show(vault: Vault) -> None:
    short, long = vault.enrol(upn(1), {"name": "Al"}), vault.enrol(upn(2), {"name": "A" * 90})
    assert len(short.sealed) == len(long.sealed)


def test_a_record_opens_only_under_its_own_pupil(keys: Keys, vault: Vault) -> None:
    mine, other = vault.enrol(upn(1), IDENTITY), vault.enrol(upn(2), IDENTITY)
    vault._pupils[other.pupil_id] = msgspec.structs.replace(other, sealed=mine.sealed)
    assert vault.open_identity(mine.pupil_id, keys.load_demo_key()) == IDENTITY
    with pytest.raises(VaultError, match="cannot be opened"):
        vault.open_identity(other.pupil_id, keys.load_demo_key())


def test_contacts_open_as_nothing_else(keys: Keys, vault: Vault) -> None:
    """Nor under another child; a known child without any has none."""
    mine, other = vault.enrol(upn(1), IDENTITY), vault.enrol(upn(2), IDENTITY)
    vault.seal_contacts(mine.pupil_id, [{"contact_name": "Yolanda"}])
    sealed = vault.pupils[[each.pupil_id for each in vault.pupils].index(mine.pupil_id)].contacts
    opening = keys.load_demo_key()
    assert vault.open_contacts(mine.pupil_id, opening) == [{"contact_name": "Yolanda"}]
    assert vault.open_contacts(other.pupil_id, opening) == []
    vault._pupils[other.pupil_id] = msgspec.structs.replace(other, sealed=sealed, contacts=sealed)
    for read in (vault.open_identity, vault.open_contacts):
        with pytest.raises(VaultError, match="cannot be opened"):
            read(other.pupil_id, opening)


def test_an_unknown_child_opens_as_nothing(keys: Keys, vault: Vault) -> None:
    with pytest.raises(VaultError, match="no child"):
        vault.open_identity("0123456789", keys.load_demo_key())


@pytest.mark.parametrize("part", ["pupils", "doubts"])
def test_a_vault_with_a_field_that_none_has_is_refused(
    home: Home, keys: Keys, vault: Vault, part: str
) -> None:
    """It is not read as if the field were not there, which the next save would lose."""
    pupil_id = vault.enrol(UPN, IDENTITY).pupil_id
    vault.save()
    body = json.loads(vault._path.read_bytes())
    body["doubts"] = [{"pupil_id": pupil_id, "former_id": "0" * 10}]
    body[part][0]["colour"] = "blue"
    keys.heads.write(vault._path, json.dumps(body).encode())
    with pytest.raises(VaultError, match=r"unknown field `colour`.*Update lac-monitor"):
        Vault.open(home, keys)


def test_a_vault_that_is_lost_is_not_begun_anew(home: Home, keys: Keys, vault: Vault) -> None:
    vault.enrol(UPN, IDENTITY)
    vault.save()
    (home.vault / "vault.json").unlink()
    with pytest.raises(ProofError, match="is missing"):
        Vault.open(home, keys)


def test_a_look_up_depends_on_the_key(home: Home, keys: Keys, vault: Vault) -> None:
    other = Vault(home, dataclasses.replace(keys, lookup=bytes(32)))
    mine, theirs = vault.enrol(UPN, IDENTITY), other.enrol(UPN, IDENTITY)
    assert [look_up.kind for look_up in mine.look_ups] == ["upn"]
    assert mine.look_ups != theirs.look_ups


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "a001999926001",
        " A001999926001",
        "A001999926001\n",
        "A00199992600",
        "A\u066001999926001",
    ],
)
def test_an_unchecked_number_is_a_bug_and_is_not_repeated(vault: Vault, bad: str) -> None:
    """Two spellings of one number would be two children."""
    for act in (vault.find_by_upn, lambda number: vault.enrol(number, IDENTITY)):
        with pytest.raises(ValueError, match="has not checked") as caught:
            act(bad)
        assert not bad or bad not in str(caught.value)
    assert vault.pupils == ()


def test_a_seed_gives_the_same_pseudonyms_in_demo_homes_only(home: Home, keys: Keys) -> None:
    def drawn(of_home: Home) -> list[tuple[str, str]]:
        vault, rng = Vault(of_home, keys), random.Random(7)
        records = [vault.enrol(upn(number), IDENTITY, rng) for number in range(5)]
        return [(record.pupil_id, record.handle) for record in records]

    assert drawn(home) == drawn(home)
    real = dataclasses.replace(home, kind="real")
    with pytest.raises(ValueError, match="system's randomness"):
        drawn(real)
    public = keys.load_demo_key().public_key()
    assert Vault(real, keys, (public, public)).enrol(UPN, IDENTITY).pupil_id
    with pytest.raises(VaultError, match="is missing"):
        Vault(real, keys).enrol(UPN, IDENTITY)
