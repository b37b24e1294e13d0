"""The key ring: what a passphrase opens, for whom, and a new key for all of it."""

from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from safeguards.access.admission import list_parts
from safeguards.access.rotation import rotate
from safeguards.errors import KeysError, PassphraseError, VaultError
from safeguards.home.home import Home, create_demo
from safeguards.keys import passphrase as phrases
from safeguards.keys.key_ring import FILE, KeyRing, unlock_identities
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault
from tests.support.schools.real_home import DEPUTY, LEAD, PEOPLE, phrase_of

USUAL = phrases.MEMORY_KIB, phrases.ITERATIONS, phrases.LANES  # before a run of tests lowers it
TEACHER, HEAD = PEOPLE["teacher"], PEOPLE["head"]
NEW = "another five words of hers"


@pytest.fixture
def keys(real: Home) -> Keys:
    return Keys.load(real)


@pytest.fixture
def ring(real: Home, keys: Keys) -> KeyRing:
    return KeyRing(real, keys)


def identity_of(home: Home, name: str, phrase: str) -> str:
    """The number of the first child, as this person opens it."""
    keys = Keys.load(home)
    vault = Vault.open(home, keys)
    key = unlock_identities(home, keys, name, phrase, vault.public_key)
    return str(vault.open_identity(vault.pupils[0].pupil_id, key)["upn"])


def test_each_lead_opens_identities_and_nobody_else(real: Home, keys: Keys) -> None:
    number = identity_of(real, LEAD, phrase_of(LEAD))
    assert identity_of(real, DEPUTY, f"  {phrase_of(DEPUTY)}\n") == number
    for name in (TEACHER, HEAD):
        with pytest.raises(PassphraseError, match="has no key to identities"):
            identity_of(real, name, phrase_of(name))
    for name, phrase, message in (
        (LEAD, phrase_of(DEPUTY), "not the passphrase of R. Lead"),
        (LEAD, phrase_of(LEAD).upper(), "not the passphrase"),
        (LEAD, "", "not the passphrase"),
        (LEAD, phrases.DEMO_PASSPHRASE, "not the passphrase"),
        ("N. Body", phrase_of(LEAD), "has no passphrase"),
    ):
        with pytest.raises(PassphraseError, match=message) as caught:
            identity_of(real, name, phrase)
        assert not phrase or phrase not in str(caught.value)
    with pytest.raises(KeysError):
        keys.load_demo_key()


def test_no_secret_lies_in_the_clear(real: Home, keys: Keys) -> None:
    """The control: the very same search finds the key of a demo home."""

    def is_on_the_disk(secret: bytes, *folders: Home) -> bool:
        places = [keys.folder.parent, *(home.folder for home in folders)]
        files = [path for place in places for path in place.rglob("*") if path.is_file()]
        content = b"".join(path.read_bytes() for path in files)
        return secret in content or secret.hex().encode() in content

    secret = unlock_identities(real, keys, LEAD, phrase_of(LEAD)).private_bytes_raw()
    assert not is_on_the_disk(secret, real)
    demo = create_demo(real.folder.parent / "demo")
    made = Keys.create(demo, {"LAC_KEYS": str(keys.folder.parent)})
    assert is_on_the_disk(made.load_demo_key().private_bytes_raw(), demo)
    assert unlock_identities(demo, made, "anybody", phrases.DEMO_PASSPHRASE)
    with pytest.raises(PassphraseError, match="made-up school"):
        unlock_identities(demo, made, "anybody", "something else")


def test_what_is_sealed_opens_in_its_own_place_only(real: Home, keys: Keys, ring: KeyRing) -> None:
    """Under another name, kind or home it stays shut, and so it does with a byte changed."""
    own = ring.unlock(LEAD, phrase_of(LEAD))
    assert ring.open_secret("identities", LEAD, own)
    (identities,), (names,) = ring._list_secrets("identities"), ring._list_secrets("names")
    parts = ring._content.secrets
    parts[identities][TEACHER] = parts[identities][LEAD]
    with pytest.raises(PassphraseError, match="a different key"):
        ring.open_secret("identities", TEACHER, own)
    parts[identities][LEAD] = parts[names][LEAD]
    with pytest.raises(PassphraseError, match="a different key"):
        ring.open_secret("identities", LEAD, own)
    people = ring._content.people
    people[TEACHER] = people[LEAD]
    with pytest.raises(PassphraseError, match="not the passphrase"):
        ring.unlock(TEACHER, phrase_of(LEAD))
    people[LEAD].closed = bytes([people[LEAD].closed[0] ^ 1]) + people[LEAD].closed[1:]
    with pytest.raises(PassphraseError, match="not the passphrase"):
        ring.unlock(LEAD, phrase_of(LEAD))
    ring = KeyRing(real, keys)
    ring._home_id = "0123456789"
    with pytest.raises(PassphraseError, match="not the passphrase"):
        ring.unlock(LEAD, phrase_of(LEAD))


def test_a_role_has_its_parts_and_loses_the_others(real: Home, ring: KeyRing) -> None:
    """All of it is one file, so nobody is ever left with half."""
    assert {role: sorted(list_parts(role)) for role in PEOPLE} == {
        "pastoral": ["names"],
        "dsl": ["identities", "loads", "names"],
        "teacher": ["names"],
        "head": [],
        "manager": ["loads"],
    }
    assert ring.limit(DEPUTY, list_parts("teacher"))
    assert (ring.list_people("identities"), DEPUTY in ring.list_people("names")) == ((LEAD,), True)
    with pytest.raises(PassphraseError, match="last person with a key to identities"):
        ring.remove(LEAD)
    assert not ring.remove(DEPUTY)
    assert DEPUTY not in (*ring.people, *ring.list_people("names"))
    assert identity_of(real, DEPUTY, phrase_of(DEPUTY))  # nothing was saved


def test_a_passphrase_that_would_end_the_last_part_in_a_secret_is_not_given(
    real: Home, keys: Keys, ring: KeyRing
) -> None:
    """By a lead who has no part in it herself, to the only person who has."""
    head = ring.unlock(HEAD, phrase_of(HEAD))
    ring.limit(DEPUTY, frozenset())
    ring.share("loads", b"a key for loads", HEAD, head.public_key())
    ring.save()
    deputy = ring.unlock(DEPUTY, phrase_of(DEPUTY))
    for name, kind in ((LEAD, "identities"), (HEAD, "loads")):
        ring = KeyRing(real, keys)
        key = ring.set_passphrase(name, NEW).public_key()
        with pytest.raises(PassphraseError, match=f"last person with a key to {kind}"):
            ring.share_own(DEPUTY, deputy, name, key, kinds=list_parts("dsl"))
    with pytest.raises(PassphraseError, match="last person with a key to loads"):
        KeyRing(real, keys).remove(HEAD)


def test_a_changed_passphrase_opens_the_same_and_has_a_new_key(real: Home, keys: Keys) -> None:
    """Who has an older copy of the keys, and the passphrase of before, opens no later secret."""
    older = (keys.folder / FILE).read_bytes()
    ring = KeyRing(real, keys)
    for name, old, new in (
        (LEAD, phrase_of(DEPUTY), NEW),
        (LEAD, phrase_of(LEAD), "short"),
        ("N. Body", NEW, NEW),
    ):
        with pytest.raises(PassphraseError):
            ring.change_passphrase(name, old, new)
    ring.change_passphrase(LEAD, phrase_of(LEAD), NEW)
    ring.save()
    assert identity_of(real, LEAD, NEW)
    with pytest.raises(PassphraseError, match="not the passphrase"):
        identity_of(real, LEAD, phrase_of(LEAD))
    rotate(real, keys, LEAD, NEW)
    ring = KeyRing(real, keys)
    keys.heads.write(keys.folder / FILE, older)
    before = KeyRing(real, keys).unlock(LEAD, phrase_of(LEAD))
    with pytest.raises(PassphraseError, match="a different key"):
        ring.open_secret("identities", LEAD, before)


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
def test_what_is_long_enough(ring: KeyRing, phrase: str, is_taken: bool) -> None:
    assert (phrases.check_passphrase(phrase) is None) == is_taken
    for name, words in (("<b>", NEW), *([] if is_taken else [(LEAD, phrase)])):
        with pytest.raises(PassphraseError):
            ring.set_passphrase(name, words)


def test_an_accent_is_one_letter_and_the_cost_is_that_of_the_design() -> None:
    """RFC 9106: 256 MiB, three passes, four lanes."""
    composed, two_signs = "caf\u00e9 au lait", "cafe\u0301 au lait"
    assert phrases.derive_key(composed, bytes(16)) == phrases.derive_key(two_signs, bytes(16))
    assert USUAL == (262_144, 3, 4)


# Rotation


def test_rotation_seals_anew_and_keeps_pseudonyms(real: Home, keys: Keys) -> None:
    """A program that holds keys of before seals to the new key too."""
    before = Vault.open(real, keys)
    old_key = unlock_identities(real, keys, LEAD, phrase_of(LEAD))
    child = before.pupils[0].pupil_id
    before.seal_contacts(child, [{"contact_name": "Caller"}])
    before.save()
    rotate(real, keys, LEAD, phrase_of(LEAD))
    after, ring = Vault.open(real, keys), KeyRing(real, keys)
    new_key = unlock_identities(real, keys, DEPUTY, phrase_of(DEPUTY), after.public_key)
    names = ring.open_key(
        "names", after.card_key, TEACHER, ring.unlock(TEACHER, phrase_of(TEACHER))
    )
    for old, new in zip(before.pupils, after.pupils, strict=True):
        assert new == msgspec.structs.replace(
            old, sealed=new.sealed, contacts=new.contacts, card=new.card
        )
        opened = after.open_identity(new.pupil_id, new_key)
        assert opened == before.open_identity(old.pupil_id, old_key)
        with pytest.raises(VaultError, match="cannot be opened"):
            after.open_identity(new.pupil_id, old_key)
        assert after.open_card(new.pupil_id, names)["name"]
        assert new.card != old.card
    assert after.open_contacts(child, new_key) == [{"contact_name": "Caller"}]
    assert [len(ring._list_secrets(kind)) for kind in ("identities", "names")] == [1, 1]


def test_a_key_that_was_slipped_in_is_not_given_the_next_secret(real: Home, keys: Keys) -> None:
    """Whoever writes the file of the ring, and its head, in place of the deputy's key."""
    ring, own = KeyRing(real, keys), X25519PrivateKey.generate()
    (secret,) = ring._list_secrets("identities")
    ring._content.secrets[secret][DEPUTY].key = own.public_key().public_bytes_raw()
    ring.save()
    rotate(real, keys, LEAD, phrase_of(LEAD))
    assert KeyRing(real, keys).list_people("identities") == (LEAD,)


def test_a_wrong_passphrase_or_a_demo_home_rotates_nothing(
    real: Home, keys: Keys, tmp_path: Path
) -> None:
    before = {path: path.read_bytes() for path in keys.folder.iterdir()}
    for name, phrase in ((LEAD, NEW), (TEACHER, phrase_of(TEACHER))):
        with pytest.raises(PassphraseError):
            rotate(real, keys, name, phrase)
    with pytest.raises(KeysError, match="made-up school"):
        rotate(create_demo(tmp_path / "demo"), keys, LEAD, phrase_of(LEAD))
    assert {path: path.read_bytes() for path in keys.folder.iterdir()} == before
