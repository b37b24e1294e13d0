"""The key of a real home: opened by a passphrase, by each holder, and renewed all or nothing."""

import dataclasses
import json
import os
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from safeguards.access import name_cards
from safeguards.access.people import People, Person
from safeguards.access.rotation import rotate
from safeguards.errors import KeysError, PassphraseError, VaultError
from safeguards.home.home import Home, create_demo
from safeguards.keys import passphrase as phrases
from safeguards.keys.heads import open_heads
from safeguards.keys.keys import (
    USE,
    Keys,
    get_wraps_path,
    load_demo_private_key,
    open_identity_wraps,
    unlock_private_key,
)
from safeguards.keys.passphrase import Cost
from safeguards.keys.wraps import Wraps
from safeguards.vault.vault import Vault

USUAL = phrases.DEFAULT_COST  # before a run of tests makes it next to nothing
LEAD, DEPUTY, LEAVER = "R. Lead", "S. Deputy", "L. Eaver"
PHRASE, OTHER = "five plain words of hers", "quite another one of five"
UPN = "A001999926001"
IDENTITY = {"upn": UPN, "forename": "Zebedee", "surname": "Quillfeather"}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return dataclasses.replace(create_demo(tmp_path / "home"), kind="real")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"LAC_KEYS": str(tmp_path / "keys")}


@pytest.fixture
def keys(home: Home, environ: dict[str, str]) -> Keys:
    made = Keys.create(home, environ, holders={LEAD: PHRASE, DEPUTY: OTHER})
    People((Person(LEAD, "dsl"),)).save(home, made)
    return made


@pytest.fixture
def wraps(home: Home, keys: Keys, environ: dict[str, str]) -> Wraps:
    return open_identity_wraps(home, keys.public_key, environ)


def test_each_holder_opens_the_same_key(home: Home, keys: Keys, environ: dict[str, str]) -> None:
    opened = [
        unlock_private_key(home, keys.public_key, holder, phrase, environ)
        for holder, phrase in ((LEAD, PHRASE), (DEPUTY, f"  {OTHER}\n"))
    ]
    assert [key.public_key() for key in opened] == [keys.public_key] * 2


def test_the_key_lies_nowhere_in_the_clear(
    home: Home, keys: Keys, environ: dict[str, str], tmp_path: Path
) -> None:
    """The control: the very same search finds the key of a demo home."""

    def is_on_the_disk(secret: bytes) -> bool:
        content = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
        return secret in content or secret.hex().encode() in content

    secret = unlock_private_key(home, keys.public_key, LEAD, PHRASE, environ).private_bytes_raw()
    assert not is_on_the_disk(secret)
    demo = create_demo(tmp_path / "demo")
    Keys.create(demo, environ)
    assert is_on_the_disk(load_demo_private_key(demo, environ).private_bytes_raw())


@pytest.mark.parametrize(
    ("holder", "phrase", "message"),
    [
        (LEAD, OTHER, "not the passphrase of R. Lead"),
        (LEAD, PHRASE.upper(), "not the passphrase"),
        (LEAD, "", "not the passphrase"),
        (DEPUTY, PHRASE, "not the passphrase of S. Deputy"),
        ("N. Body", PHRASE, "has no key"),
    ],
)
def test_a_wrong_passphrase_is_told(wraps: Wraps, holder: str, phrase: str, message: str) -> None:
    with pytest.raises(PassphraseError, match=message) as caught:
        wraps.unlock(holder, phrase)
    assert not phrase or phrase not in str(caught.value)


def test_a_real_key_is_not_read_without_a_passphrase(
    home: Home, keys: Keys, environ: dict[str, str]
) -> None:
    assert keys.public_key
    with pytest.raises(PassphraseError, match="You need a passphrase"):
        load_demo_private_key(home, environ)


def test_a_demo_home_opens_with_what_its_pages_show(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    demo = create_demo(tmp_path / "demo")
    made = Keys.create(demo, environ)
    assert unlock_private_key(demo, made.public_key, "anybody", phrases.DEMO_PASSPHRASE, environ)
    with pytest.raises(PassphraseError, match="made-up school"):
        unlock_private_key(demo, made.public_key, "anybody", "something else", environ)


def test_only_a_real_home_has_holders(home: Home, tmp_path: Path, environ: dict[str, str]) -> None:
    with pytest.raises(KeysError, match="named key holders"):
        Keys.create(home, environ)
    with pytest.raises(KeysError, match="a demo folder must have none"):
        Keys.create(create_demo(tmp_path / "demo"), environ, holders={LEAD: PHRASE})


def test_a_wrap_opens_in_its_own_place_only(wraps: Wraps, home: Home) -> None:
    """Under another holder's name, in another home or for another use it stays shut."""
    assert wraps.unlock(LEAD, PHRASE)
    body = json.loads(wraps.path.read_text())
    body["wraps"][0]["holder"] = "M. Other"
    rewrite(wraps, json.dumps(body))
    carried = Wraps.open(wraps.path, USE, home.home_id)
    with pytest.raises(PassphraseError, match="not the passphrase"):
        carried.unlock("M. Other", PHRASE)
    for use, home_id in ((USE, "0123456789"), ("cards", home.home_id)):
        with pytest.raises(PassphraseError, match="not the passphrase"):
            Wraps.open(wraps.path, use, home_id).unlock(DEPUTY, OTHER)


def test_every_changed_part_of_a_wrap_is_found(wraps: Wraps, home: Home) -> None:
    good = json.loads(wraps.path.read_text())
    for name in ("salt", "nonce", "closed"):
        body = json.loads(json.dumps(good))
        text = body["wraps"][0][name]
        body["wraps"][0][name] = ("B" if text[0] == "A" else "A") + text[1:]
        rewrite(wraps, json.dumps(body))
        with pytest.raises(PassphraseError, match="not the passphrase"):
            Wraps.open(wraps.path, USE, home.home_id).unlock(LEAD, PHRASE)
    cheaper = json.loads(json.dumps(good))
    cheaper["wraps"][0]["cost"]["memory_kib"] = 32
    rewrite(wraps, json.dumps(cheaper))
    with pytest.raises(PassphraseError, match="not the passphrase"):
        Wraps.open(wraps.path, USE, home.home_id).unlock(LEAD, PHRASE)


def rewrite(wraps: Wraps, content: str) -> None:
    """Another content, as if lac had written it."""
    open_heads(wraps.path.parent).write(wraps.path, content.encode("utf-8"))


def one_wrap(salt: str, memory_kib: int) -> str:
    cost = {"memory_kib": memory_kib, "iterations": 1, "lanes": 1}
    wrap = {"holder": "A", "salt": salt, "nonce": "", "closed": "", "cost": cost}
    return json.dumps({"version": 1, "wraps": [wrap]})


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        '{"version": 1}',
        '{"version": 1, "wraps": [{"holder": "A"}]}',
        one_wrap("!", 64),
        one_wrap("", 99_999_999_999),
    ],
)
def test_a_damaged_file_is_named(wraps: Wraps, home: Home, content: str) -> None:
    rewrite(wraps, content)
    with pytest.raises(KeysError, match="is damaged"):
        Wraps.open(wraps.path, USE, home.home_id)


def test_a_newer_or_missing_file_is_named(wraps: Wraps, home: Home) -> None:
    rewrite(wraps, '{"version": 2, "wraps": []}')
    with pytest.raises(KeysError, match="newer lac-monitor"):
        Wraps.open(wraps.path, USE, home.home_id)
    wraps.path.unlink()
    with pytest.raises(KeysError, match="is missing"):
        Wraps.open(wraps.path, USE, home.home_id)


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_a_file_that_others_can_read_is_refused(wraps: Wraps, home: Home) -> None:
    assert wraps.path.stat().st_mode & 0o777 == 0o600
    wraps.path.chmod(0o640)
    with pytest.raises(KeysError, match="Other users"):
        Wraps.open(wraps.path, USE, home.home_id)


def test_a_holder_is_added_changed_and_removed(wraps: Wraps, home: Home) -> None:
    secret = wraps.unlock(LEAD, PHRASE)
    wraps.add("T. Third", "the third one has five words", by=(LEAD, PHRASE))
    wraps.change(LEAD, PHRASE, "a new passphrase of five")
    wraps.remove(DEPUTY)
    again = Wraps.open(wraps.path, USE, home.home_id)
    assert again.holders == (LEAD, "T. Third")
    assert again.unlock("T. Third", "the third one has five words") == secret
    assert again.unlock(LEAD, "a new passphrase of five") == secret
    with pytest.raises(PassphraseError, match="not the passphrase"):
        again.unlock(LEAD, PHRASE)


def test_nothing_changes_without_a_right_passphrase(wraps: Wraps) -> None:
    before = wraps.path.read_bytes()
    attempts: list[Callable[[], None]] = [
        lambda: wraps.add("T. Third", OTHER, by=(LEAD, OTHER)),
        lambda: wraps.add(DEPUTY, OTHER, by=(LEAD, PHRASE)),
        lambda: wraps.change(LEAD, OTHER, PHRASE),
        lambda: wraps.change(LEAD, PHRASE, "short"),
        lambda: wraps.remove("N. Body"),
        lambda: wraps.set_wrap("<b>", PHRASE, b""),
    ]
    for attempt in attempts:
        with pytest.raises(PassphraseError):
            attempt()
    assert wraps.path.read_bytes() == before


def test_the_last_holder_stays(wraps: Wraps) -> None:
    wraps.remove(DEPUTY)
    with pytest.raises(PassphraseError, match="is the last key holder"):
        wraps.remove(LEAD)


@pytest.mark.parametrize(
    ("phrase", "is_taken"),
    [
        ("a b c d e", True),
        ("fourteen signs", True),
        ("four plain ws", False),
        ("", False),
        ("      ", False),
        ("one two three\x07 four five", False),
        ("word " * 400, False),
    ],
)
def test_what_is_long_enough(phrase: str, is_taken: bool) -> None:
    assert (phrases.check_passphrase(phrase) is None) == is_taken


def test_an_accent_is_one_letter_however_it_was_typed() -> None:
    salt = bytes(16)
    composed, two_signs = "caf\u00e9 au lait", "cafe\u0301 au lait"
    assert phrases.derive_key(composed, salt, phrases.DEFAULT_COST) == phrases.derive_key(
        two_signs, salt, phrases.DEFAULT_COST
    )


def test_the_usual_cost_is_that_of_the_design() -> None:
    """RFC 9106: 256 MiB, three passes, four lanes."""
    assert Cost(262_144, 3, 4) == USUAL


# Rotation


def enrolled(home: Home, keys: Keys) -> Vault:
    """Three records, two with contacts; the leaver had a key to the names."""
    vault = Vault.open(home, keys)
    own = X25519PrivateKey.generate().public_key()
    vault.card_key = name_cards.create_card_key(home, keys, {LEAD: own, LEAVER: own})
    for number in range(3):
        record = vault.enrol(f"A00199992600{number}", {**IDENTITY, "number": str(number)})
        if number:
            vault.seal_contacts(record.pupil_id, [{"contact_name": f"Caller {number}"}])
    vault.save()
    return vault


def test_rotation_seals_anew_and_keeps_pseudonyms(
    home: Home, keys: Keys, environ: dict[str, str]
) -> None:
    before = enrolled(home, keys)
    old_key = unlock_private_key(home, keys.public_key, LEAD, PHRASE, environ)
    left_out = rotate(home, keys, LEAD, PHRASE, environ=environ)
    assert left_out == (DEPUTY,)
    again = Keys.load(home, environ)
    after = Vault.open(home, again)
    assert again.public_key == after.public_key != keys.public_key
    assert (again.store, again.lookup, again.log) == (keys.store, keys.lookup, keys.log)
    new_key = unlock_private_key(home, after.public_key, LEAD, PHRASE, environ)
    for old, new in zip(before.pupils, after.pupils, strict=True):
        assert new == msgspec.structs.replace(
            old, sealed=new.sealed, contacts=new.contacts, card=new.card
        )
        assert bool(old.contacts) == bool(new.contacts) == (old.contacts != new.contacts)
        people = after.open_contacts(new.pupil_id, new_key)
        assert people == before.open_contacts(old.pupil_id, old_key)
        opened = after.open_identity(new.pupil_id, new_key)
        assert opened == before.open_identity(old.pupil_id, old_key)
        with pytest.raises(VaultError, match="cannot be opened"):
            after.open_identity(new.pupil_id, old_key)
        assert new.card != old.card
    assert list(name_cards.list_handlers(home, keys, after.card_key)) == [LEAD]
    assert len(list(Path(environ["LAC_KEYS"]).rglob("cards-*.json"))) == 1
    assert after.enrol("A001999926000", {**IDENTITY, "number": "0"}).sealed == (
        next(r for r in after.pupils if r == after.find_by_upn("A001999926000")).sealed
    )
    assert [path.name for path in Path(environ["LAC_KEYS"]).rglob("seal-*.json")] == [
        get_wraps_path(home, after.public_key, environ).name
    ]
    assert open_identity_wraps(home, after.public_key, environ).holders == (LEAD,)


def test_a_new_record_is_sealed_to_the_new_key(
    home: Home, keys: Keys, environ: dict[str, str]
) -> None:
    """Also by a program that holds keys which it read before the rotation."""
    rotate(home, keys, LEAD, PHRASE, environ=environ)
    vault = Vault.open(home, keys)
    record = vault.enrol(UPN, IDENTITY)
    new_key = unlock_private_key(home, vault.public_key, LEAD, PHRASE, environ)
    assert vault.open_identity(record.pupil_id, new_key) == IDENTITY


def test_a_wrong_passphrase_or_a_demo_home_rotates_nothing(
    home: Home, keys: Keys, environ: dict[str, str], tmp_path: Path
) -> None:
    enrolled(home, keys)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(PassphraseError):
        rotate(home, keys, LEAD, OTHER, environ=environ)
    with pytest.raises(KeysError, match="made-up school"):
        rotate(dataclasses.replace(home, kind="demo"), keys, LEAD, PHRASE, environ=environ)
    after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert after == before
