"""The vault: the identity of each pseudonym, sealed so that only the safeguarding lead can read it.

Intake writes here and can find a child again, by a keyed hash of the UPN; it cannot read back the
identities that it sealed.  No number, name or date is in the file in the clear.
"""

import json
import random
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from msgspec.structs import replace

from safeguards.errors import VaultError
from safeguards.handles import SYSTEM_RANDOM, generate_handle, generate_pupil_id
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from safeguards.vault.records import (
    ROLL_DIGITS,
    KeyedHashes,
    LookUp,
    NumberKind,
    PersonalFields,
    PossibleMatch,
    PupilRecord,
    seal,
    serialise_card,
    unseal,
)

FILE = "vault.json"


class Vault:
    """The records of one home.  Nothing reaches the disk before `save`."""

    def __init__(
        self,
        home: Home,
        keys: Keys,
        sealed_to: tuple[X25519PublicKey, X25519PublicKey] | None = None,
    ) -> None:
        """Make an empty vault; `Vault.open` returns the one of the home.

        `sealed_to` holds the keys for identities and for names, in a new real home.  Made-up
        children have one key for all that is sealed.
        """
        self._home = home
        self.hashes = KeyedHashes(keys)
        self._path = home.vault / FILE
        self._heads = keys.heads
        self._pupils: dict[str, PupilRecord] = {}
        self._by_look_up: dict[LookUp, str] = {}
        self._used_handles: set[str] = set()
        self._erased_handles: set[str] = set()
        self._doubts: list[PossibleMatch] = []
        self._rolls: dict[str, list[str]] = {}
        if home.is_demo:
            sealed_to = (keys.load_demo_key().public_key(),) * 2
        self._sealed_to = sealed_to
        self._is_saved = False

    @classmethod
    def open(cls, home: Home, keys: Keys) -> "Vault":
        """Return the home's vault, empty in a demo before the first load.

        ProofError means that it is not the one that was written last, or is gone: new pseudonyms
        would cut every child off from its own past.  VaultError means that it cannot be read.
        """
        vault = cls(home, keys)
        try:
            content = keys.heads.read(vault._path)
        except FileNotFoundError:
            return vault
        except OSError as error:
            raise VaultError(f"{vault._path} cannot be read: {error.strerror}.") from error
        vault._load(content)
        return vault

    @property
    def public_key(self) -> X25519PublicKey:
        """Return the key that identities are sealed to.

        It is in the vault's own file, so that a rotation is one step on the disk.
        """
        return self._get_keys()[0]

    @property
    def card_key(self) -> X25519PublicKey:
        """Return the key that name cards are sealed to."""
        return self._get_keys()[1]

    @property
    def pupils(self) -> tuple[PupilRecord, ...]:
        """Return every record, in the order of `pupil_id`, which is no order of children."""
        return tuple(self._pupils[pupil_id] for pupil_id in sorted(self._pupils))

    def set_roll(self, school: int, values: Iterable[str | date]) -> None:
        """Keep the names, UPNs and dates of birth on a school's newest roll, as one set of hashes.

        The words of names are folded.  The set does not say which value is of which child.
        """
        hashes = sorted(map(self.hashes.hash_on_roll, set(values)))
        if hashes != self._rolls.get(str(school)):
            self._rolls[str(school)] = hashes
            self._is_saved = False

    def build_name_check(self) -> Callable[[str], bool]:
        """Return a function that says whether a folded word is part of a name on a roll."""
        hashes = frozenset(chain.from_iterable(self._rolls.values()))
        return lambda word: self.hashes.hash_on_roll(word) in hashes

    def build_roll_check(self, school: int) -> Callable[[str | date], bool] | None:
        """Return a function that says whether a UPN or date of birth is on a school's newest roll.

        It is None if the school sent no roll.
        """
        hashes = frozenset(self._rolls.get(str(school), ()))
        return (lambda value: self.hashes.hash_on_roll(value) in hashes) if hashes else None

    def find_by_handle(self, handle: str) -> PupilRecord | None:
        """Return the child with this handle, or None."""
        return next((record for record in self._pupils.values() if record.handle == handle), None)

    def find_by_upn(self, upn: str) -> PupilRecord | None:
        """Return the child with this UPN, or None; ValueError unless intake has checked it."""
        pupil_id = self._by_look_up.get(self.hashes.hash_upn(upn))
        return None if pupil_id is None else self._pupils[pupil_id]

    def add_number(self, pupil_id: str, kind: NumberKind, number: str) -> None:
        """Let one more number lead to a record; ValueError for an unchecked UPN.

        A number that leads to another child already continues to do so.
        """
        look_up = self.hashes.hash_number(kind, number)
        if look_up in self._by_look_up:
            return
        record = self._pupils[pupil_id]
        self._pupils[pupil_id] = replace(record, look_ups=(*record.look_ups, look_up))
        self._by_look_up[look_up] = pupil_id
        self._is_saved = False

    @property
    def possible_matches(self) -> tuple[PossibleMatch, ...]:
        """Return the matches that the lead has still to confirm or to refuse."""
        return tuple(doubt for doubt in self._doubts if not doubt.is_refused)

    def add_possible_match(self, pupil_id: str, former_id: str) -> None:
        """Ask the lead whether two records are one child, once."""
        pairs = {(doubt.pupil_id, doubt.former_id) for doubt in self._doubts}
        if pupil_id != former_id and (pupil_id, former_id) not in pairs:
            self._doubts.append(PossibleMatch(pupil_id, former_id))
            self._is_saved = False

    def get_possible_match(self, handle: str) -> tuple[str, str]:
        """Return the two records of the doubt about this handle; VaultError if there is none."""
        for doubt in self.possible_matches:
            if self._pupils[doubt.pupil_id].handle == handle:
                return doubt.pupil_id, doubt.former_id
        raise VaultError("There is nothing to confirm about this code name. See: lac vault links")

    def reject_match(self, pupil_id: str, former_id: str) -> None:
        """Keep two records apart for good."""
        self._doubts = [
            replace(doubt, is_refused=True)
            if (doubt.pupil_id, doubt.former_id) == (pupil_id, former_id)
            else doubt
            for doubt in self._doubts
        ]
        self._is_saved = False

    def merge_records(self, kept: str, gone: str) -> PupilRecord:
        """Let every number of `gone` lead to `kept`, and drop `gone`; return the record that stays.

        The next load makes the identity the newest.  The handle of `gone` is not used again.
        """
        former = self._pupils.pop(gone)
        record = self._pupils[kept]
        self._pupils[kept] = replace(record, look_ups=(*record.look_ups, *former.look_ups))
        self._by_look_up.update(dict.fromkeys(former.look_ups, kept))
        self._doubts = [
            doubt for doubt in self._doubts if gone not in (doubt.pupil_id, doubt.former_id)
        ]
        self._is_saved = False
        return self._pupils[kept]

    def enrol(
        self,
        upn: str,
        identity: PersonalFields,
        rng: random.Random = SYSTEM_RANDOM,
        *,
        code: str = "",
        used: Collection[str] = (),
    ) -> PupilRecord:
        """Return the record of this child, made if there is none, with `identity` sealed in it.

        A known record keeps its pseudonyms, and its very bytes while `identity` is the same.  A new
        record gets `code` as its `pupil_id`, or a random one if it is "", which is not one of
        `used`: those belonged to children who were erased.  ValueError means an unchecked UPN, or a
        predictable `rng` in a real home.
        """
        if not (self._home.is_demo or isinstance(rng, random.SystemRandom)):
            raise ValueError("pseudonyms of real children need the system's randomness")
        look_up = self.hashes.hash_upn(upn)
        record = self.find_by_upn(upn)
        if record is None:
            pupil_id = code or generate_pupil_id(rng, self._pupils, used)
            handle = self._new_handle(rng)
            record = PupilRecord(pupil_id, handle, (look_up,), sealed="", identity_hash="")
            self._by_look_up[look_up] = pupil_id
            self._used_handles.add(handle)
        content = json.dumps(dict(identity), sort_keys=True).encode("ascii")
        identity_hash = self.hashes.compute_hash(
            "identity", f"{record.pupil_id}|".encode() + content
        )
        if record.identity_hash != identity_hash:
            sealed = seal(content, self.public_key, "identity", record.pupil_id)
            record = replace(record, sealed=sealed, identity_hash=identity_hash, card="")
        if not record.card:
            card = seal(serialise_card(identity), self.card_key, "card", record.pupil_id)
            record = replace(record, card=card)
        if record != self._pupils.get(record.pupil_id):
            self._pupils[record.pupil_id] = record
            self._is_saved = False
        return record

    def open_identity(self, pupil_id: str, private_key: X25519PrivateKey) -> dict[str, str | None]:
        """Return the identity of `pupil_id`; VaultError if unknown or sealed for another."""
        record = self._pupils.get(pupil_id)
        if record is None:
            raise VaultError("There is no child with this code name in the vault.")
        content = unseal(record.sealed, private_key, "identity", pupil_id)
        return msgspec.json.decode(content, type=dict[str, str | None])

    def open_card(self, pupil_id: str, private_key: X25519PrivateKey) -> dict[str, str]:
        """Return the child's name and class from the name card; {} if there is none."""
        if not (sealed := self._pupils[pupil_id].card):
            return {}
        content = unseal(sealed, private_key, "card", pupil_id)
        return msgspec.json.decode(content, type=dict[str, str])

    def forget(self, pupil_ids: Collection[str]) -> None:
        """Drop the records of these children; unknown ones are ignored.

        Their handles stay used, so that no other child is ever taken for one of them; from then on
        they are kept as keyed hashes.
        """
        for pupil_id in self._pupils.keys() & set(pupil_ids):
            record = self._pupils.pop(pupil_id)
            for look_up in record.look_ups:
                self._by_look_up.pop(look_up, None)
            numbers = {look_up.value[:ROLL_DIGITS] for look_up in record.look_ups}
            self._rolls = {
                school: [number for number in hashes if number not in numbers]
                for school, hashes in self._rolls.items()
            }
            self._used_handles.discard(record.handle)
            self._erased_handles.add(self.hashes.hash_handle(record.handle))
            self._doubts = [
                doubt for doubt in self._doubts if pupil_id not in (doubt.pupil_id, doubt.former_id)
            ]
            self._is_saved = False

    def seal_contacts(self, pupil_id: str, people: Sequence[Mapping[str, str]]) -> None:
        """Seal the contacts of a child, in place of those before."""
        content = json.dumps([dict(person) for person in people], sort_keys=True).encode("ascii")
        contacts_hash = self.hashes.compute_hash("contacts", f"{pupil_id}|".encode() + content)
        record = self._pupils[pupil_id]
        if record.contacts_hash != contacts_hash:
            contacts = seal(content, self.public_key, "contacts", pupil_id)
            self._pupils[pupil_id] = replace(record, contacts=contacts, contacts_hash=contacts_hash)
            self._is_saved = False

    def open_contacts(self, pupil_id: str, private_key: X25519PrivateKey) -> list[dict[str, str]]:
        """Return the contacts of a child, in their order; VaultError is as in `open_identity`."""
        record = self._pupils.get(pupil_id)
        if record is None or not record.contacts:
            return []
        content = unseal(record.contacts, private_key, "contacts", pupil_id)
        return msgspec.json.decode(content, type=list[dict[str, str]])

    def reseal(
        self, private_key: X25519PrivateKey, public_key: X25519PublicKey, card_key: X25519PublicKey
    ) -> None:
        """Seal every record to other keys, opened with the present one.

        `card_key` is for the name cards.  Pseudonyms and look-ups stay.  VaultError means that one
        record does not open; nothing is changed then.
        """
        resealed = {}
        for pupil_id, record in self._pupils.items():
            content = unseal(record.sealed, private_key, "identity", pupil_id)
            changed = replace(
                record,
                sealed=seal(content, public_key, "identity", pupil_id),
                card=seal(serialise_card(json.loads(content)), card_key, "card", pupil_id),
            )
            if record.contacts:
                content = unseal(record.contacts, private_key, "contacts", pupil_id)
                people = seal(content, public_key, "contacts", pupil_id)
                changed = replace(changed, contacts=people)
            resealed[pupil_id] = changed
        self._sealed_to = public_key, card_key
        self._pupils = resealed
        self._is_saved = False

    def save(self) -> None:
        """Put the vault on the disk, all or nothing; a vault without changes is left alone.

        VaultError means that it failed; the file is still whole then, the earlier one or this one.
        """
        if self._is_saved:
            return
        try:
            self._heads.write(self._path, self._serialise())
        except OSError as error:
            raise VaultError(
                f"{self._path} cannot be written: {error.strerror}. Fix this and load again."
            ) from error
        self._is_saved = True

    def _serialise(self) -> bytes:
        body = {
            "public_key": self.public_key.public_bytes_raw().hex(),
            "card_key": self.card_key.public_bytes_raw().hex(),
            "used_handles": sorted(self._used_handles),
            "erased_handles": sorted(self._erased_handles),
            "doubts": msgspec.to_builtins(self._doubts),
            "rolls": self._rolls,
            "pupils": msgspec.to_builtins(self.pupils),
        }
        return json.dumps(body, indent=1).encode("ascii")

    def _load(self, content: bytes) -> None:
        body: dict[str, Any] = json.loads(content)
        public_key, card_key = (bytes.fromhex(body[name]) for name in ("public_key", "card_key"))
        self._sealed_to = (
            X25519PublicKey.from_public_bytes(public_key),
            X25519PublicKey.from_public_bytes(card_key),
        )
        self._used_handles = set(body["used_handles"])
        self._erased_handles = set(body["erased_handles"])
        self._rolls = body["rolls"]
        try:
            self._doubts = msgspec.convert(body["doubts"], list[PossibleMatch])
            pupils = msgspec.convert(body["pupils"], list[PupilRecord])
        except msgspec.ValidationError as error:
            message = f"{self._path} cannot be read: {error}. Update lac-monitor."
            raise VaultError(message) from error
        for record in pupils:
            self._pupils[record.pupil_id] = record
            self._by_look_up.update(dict.fromkeys(record.look_ups, record.pupil_id))
        self._is_saved = True

    def _get_keys(self) -> tuple[X25519PublicKey, X25519PublicKey]:
        if self._sealed_to is None:
            raise VaultError(f"{self._path} is missing. Restore a backup.")
        return self._sealed_to

    def _new_handle(self, rng: random.Random) -> str:
        """Draw a handle that no child has or had; draws that erased children had are set aside."""
        erased: set[str] = set()
        while True:
            used = self._used_handles | erased if erased else self._used_handles
            handle = generate_handle(rng, used)
            if self.hashes.hash_handle(handle) not in self._erased_handles:
                return handle
            erased.add(handle)
