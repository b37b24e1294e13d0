"""The vault's record of one child, and the seal on it.

A seal is made with the public key, so the program that seals cannot open it.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from safeguards.errors import PassphraseError, VaultError
from safeguards.keys.key_files import derive_key
from safeguards.keys.key_ring import SUITE
from safeguards.keys.keys import Keys

# a longer name must not make a longer record
_PADDED_TO = 512

#: The use of a seal, which opens for no other.
Use = Literal["identity", "contacts", "card"]

#: The personal columns of a child, by their names.
PersonalFields = Mapping[str, str | None]

#: A UPN; a temporary one; one that the child had before; an authority's own number, after the
#: authority's name.  Each is hashed for its own use.
NumberKind = Literal["upn", "temporary", "former", "authority"]


class LookUp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One number by which a child is known elsewhere, as a keyed hash."""

    kind: str
    value: str


class PossibleMatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A record that may be of the same child as an earlier one, which the lead decides."""

    pupil_id: str
    former_id: str
    is_refused: bool = False


class PupilRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One child: pseudonyms in the clear, identity and contacts sealed.

    The two hashes are keyed; they show that something has changed, not what it is.  `contacts` and
    `card`, the name card, are "" if no file had any.
    """

    pupil_id: str
    handle: str
    look_ups: tuple[LookUp, ...]
    sealed: str
    identity_hash: str
    contacts: str = ""
    contacts_hash: str = ""
    card: str = ""


def seal(content: bytes, public_key: X25519PublicKey, use: Use, pupil_id: str) -> str:
    """Return the content so that only the holder of the private key can open it, in base 64."""
    # blanks after the end do not count in JSON
    padded = content.ljust(-(-len(content) // _PADDED_TO) * _PADDED_TO)
    sealed = SUITE.encrypt(padded, public_key, info=_info(use, pupil_id))
    return base64.b64encode(sealed).decode("ascii")


def serialise_card(identity: PersonalFields) -> bytes:
    """Return the name card of an identity: first name in use, surname initial, class."""
    forename = identity.get("preferred_forename") or identity.get("forename") or ""
    initial = (identity.get("surname") or "")[:1]
    name = f"{forename} {initial}.".strip() if initial else forename
    return json.dumps({"name": name, "class": identity.get("class") or ""}).encode("ascii")


def unseal(sealed: str, private_key: X25519PrivateKey, use: Use, pupil_id: str) -> bytes:
    """Return what was sealed for this child and use; VaultError for another key, child or use."""
    try:
        return SUITE.decrypt(base64.b64decode(sealed), private_key, info=_info(use, pupil_id))
    except InvalidTag as error:
        raise VaultError("This record cannot be opened with this key.") from error


def _info(use: Use, pupil_id: str) -> bytes:
    """Return the text that a seal is bound to, so that it opens under no other child."""
    return f"{use}|v1|{pupil_id}".encode("ascii")


#: The digits of a hash that are enough to tell the values of a roll apart.
ROLL_DIGITS = 16
_UPN = re.compile(r"[A-Z][0-9]{11}[0-9A-Z]")


class KeyedHashes:
    """HMAC-SHA256 in hexadecimal under the home's keys, each kind of hash apart from the others.

    Hashes of numbers and identities need a key that a person may have to open; PassphraseError
    means that nobody has.
    """

    def __init__(self, keys: Keys) -> None:
        self._lookup = keys.lookup
        self._vault_key = derive_key(keys.log, "vault|v1")

    def compute_hash(self, use: str, content: bytes) -> str:
        """Return the hash of a value known outside; `use` keeps one kind from matching another."""
        if self._lookup is None:
            raise PassphraseError("You need a passphrase to look up a child by number here.")
        return _compute_hash(self._lookup, use, content)

    def hash_upn(self, upn: str) -> LookUp:
        """Return the hash of a UPN, permanent or temporary by its form; ValueError if unchecked."""
        if not _UPN.fullmatch(upn):
            raise ValueError("a UPN reached the vault that intake has not checked")
        return self.hash_as_kind("upn" if upn[-1].isdigit() else "temporary", upn)

    def hash_number(self, kind: NumberKind, number: str) -> LookUp:
        """Return the hash of a number of any kind; ValueError for an unchecked UPN."""
        if kind == "authority":
            return self.hash_as_kind(kind, number)
        by_form = self.hash_upn(number)
        return self.hash_as_kind(kind, number) if kind == "former" else by_form

    def hash_as_kind(self, kind: NumberKind, number: str) -> LookUp:
        """Return the hash of a number as this kind, whatever its form."""
        return LookUp(kind, self.compute_hash(kind, number.encode("utf-8")))

    def hash_handle(self, handle: str) -> str:
        """Return the hash of the handle of a child who is erased."""
        return _compute_hash(self._vault_key, "handle", handle.encode("ascii"))

    def hash_on_roll(self, value: str | date) -> str:
        """Return the hash of a UPN, a date of birth or a folded word of a name on a roll.

        That of a word needs no person to open a key.  That of a UPN is the beginning of its
        look-up.
        """
        if isinstance(value, date):
            return self.compute_hash("birth", f"{value}".encode("ascii"))[:ROLL_DIGITS]
        if _UPN.fullmatch(value):
            return self.hash_upn(value).value[:ROLL_DIGITS]
        return _compute_hash(self._vault_key, "name word", value.encode("utf-8"))[:ROLL_DIGITS]


def _compute_hash(key: bytes, use: str, content: bytes) -> str:
    return hmac.new(key, f"{use}|v1|".encode("ascii") + content, hashlib.sha256).hexdigest()
