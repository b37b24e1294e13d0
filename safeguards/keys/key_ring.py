"""The key ring: each person's own key, which a passphrase opens, and the secrets that key opens.

It is one file beside the keys.  A secret, such as the key that opens identities, is sealed once for
each person who may have it.  So one write takes a person out of everything.
"""

import hmac
import json
import os
import re
from pathlib import Path
from typing import Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from safeguards.errors import KeysError, PassphraseError
from safeguards.home.home import Home
from safeguards.keys import passphrase as phrases
from safeguards.keys.keys import Keys

FILE = "key_ring.json"

#: The suite with which everything is sealed to a public key (RFC 9180).
SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)

#: The use of a secret: to open identities or name cards, or to find children by their numbers.
Kind = Literal["identities", "names", "loads"]

_NONCE = 12
_NAME = re.compile(r"[^\W\d_][^\x00-\x1f<>|\\{}]{0,79}")


class _Person(msgspec.Struct):
    """A person's private key, closed with their present passphrase."""

    salt: bytes
    closed: bytes


class _Part(msgspec.Struct):
    """A secret, sealed to one person's key.

    `proof` shows that somebody who knew the secret chose the key, so that a key that was slipped
    into the file is not given the next secret.
    """

    key: bytes
    sealed: bytes
    proof: str


class _Content(msgspec.Struct):
    """The file: `people` by name, and the parts of each secret, by name."""

    people: dict[str, _Person] = {}
    secrets: dict[str, dict[str, _Part]] = {}


class KeyRing:
    """The key ring of one home.  Nothing reaches the disk before `save`."""

    def __init__(self, home: Home, keys: Keys) -> None:
        """Read the ring; it is empty if nobody has had a passphrase yet.

        ProofError means that the file is not as it was written or is gone; KeysError that it cannot
        be read.
        """
        self._home_id = home.home_id
        self._heads = keys.heads
        self._path: Path = keys.folder / FILE
        try:
            self._content = msgspec.json.decode(keys.heads.read(self._path), type=_Content)
        except FileNotFoundError:
            self._content = _Content()
        except (OSError, msgspec.MsgspecError) as error:
            raise KeysError(f"{self._path} cannot be read. Restore it.") from error

    @property
    def people(self) -> tuple[str, ...]:
        """Return the people who have a passphrase, in the order in which they were given one."""
        return tuple(self._content.people)

    def list_people(self, kind: Kind) -> tuple[str, ...]:
        """Return the people who have a part in a secret of this kind."""
        names = [name for secret in self._list_secrets(kind) for name in self._get_parts(secret)]
        return tuple(dict.fromkeys(names))

    def get_mark(self, name: str) -> str:
        """Return a text that changes with each new passphrase of a person; "" if they have none."""
        person = self._content.people.get(name)
        return "" if person is None else person.salt.hex()

    def unlock(self, name: str, passphrase: str) -> X25519PrivateKey:
        """Return a person's own key; PassphraseError if this is not their passphrase."""
        person = self._content.people.get(name)
        if person is None:
            raise PassphraseError(f"{name} has no passphrase here. See: lac people list")
        cipher = AESGCM(phrases.derive_key(passphrase, person.salt))
        nonce, closed = person.closed[:_NONCE], person.closed[_NONCE:]
        try:
            secret = cipher.decrypt(nonce, closed, self._bind("passphrase", name))
        except InvalidTag:
            raise PassphraseError(
                f"This is not the passphrase of {name}. Nothing was opened."
            ) from None
        return X25519PrivateKey.from_private_bytes(secret)

    def set_passphrase(self, name: str, passphrase: str) -> X25519PrivateKey:
        """Give a person a passphrase and a new key, which has no part in any secret yet.

        PassphraseError means that the passphrase is too short, or that the name is not allowed.
        """
        if not _NAME.fullmatch(name):
            raise PassphraseError(
                "A name must begin with a letter, and have at most 80 characters."
            )
        if (problem := phrases.check_passphrase(passphrase)) is not None:
            raise PassphraseError(problem)
        key, salt, nonce = (
            X25519PrivateKey.generate(),
            os.urandom(phrases.SALT_BYTES),
            os.urandom(_NONCE),
        )
        cipher = AESGCM(phrases.derive_key(passphrase, salt))
        closed = cipher.encrypt(nonce, key.private_bytes_raw(), self._bind("passphrase", name))
        self._content.people[name] = _Person(salt, nonce + closed)
        return key

    def change_passphrase(self, name: str, old: str, new: str) -> None:
        """Give a person another passphrase and key, with the same parts; errors are as in `unlock`.

        The key is a new one, so that an older copy of the keys opens nothing that is sealed later.
        """
        before = self.unlock(name, old)
        key = self.set_passphrase(name, new).public_key()
        for secret, parts in self._content.secrets.items():
            if name in parts:
                self._share(secret, self._open(secret, name, before), name, key)

    def share(self, kind: Kind, content: bytes, name: str, key: X25519PublicKey) -> None:
        """Let a person's key open a secret, which is a private key for identities and names."""
        self._share(_name_secret(kind, content), content, name, key)

    def share_own(
        self,
        name: str,
        private_key: X25519PrivateKey,
        to: str,
        key: X25519PublicKey,
        *,
        kinds: frozenset[Kind],
    ) -> None:
        """Share with a person's new key those secrets of these kinds in which `name` has a part.

        A part in loads is shared only with a person who had one before.  PassphraseError means that
        nobody could open a secret any more, because the new key opens none of the old parts.
        """
        for secret, parts in self._content.secrets.items():
            kind = secret.partition(" ")[0]
            if name in parts and kind in kinds and (kind != "loads" or to in parts):
                self._share(secret, self._open(secret, name, private_key), to, key)
            else:
                self._take_part(secret, to)

    def open_secret(self, kind: Kind, name: str, key: X25519PrivateKey) -> bytes:
        """Return the newest secret of a kind; PassphraseError if the person has no part in it."""
        secrets = self._list_secrets(kind)
        if not secrets:
            raise PassphraseError(f"{name} has no key to {kind}. See: lac people list")
        return self._open(secrets[-1], name, key)

    def open_key(
        self, kind: Kind, public: X25519PublicKey, name: str, key: X25519PrivateKey
    ) -> X25519PrivateKey:
        """Return the private key for a public key of the vault; errors are as in `open_secret`."""
        return X25519PrivateKey.from_private_bytes(self._open(_name_key(kind, public), name, key))

    def has_key(self, kind: Kind, public: X25519PublicKey) -> bool:
        """Say whether anybody here could open data that is sealed to this public key."""
        return bool(self._get_parts(_name_key(kind, public)))

    def renew(self, kind: Kind, old: X25519PrivateKey) -> X25519PublicKey:
        """Draw a key in place of an old one, for the same people; return its public key.

        Both open until `drop_others`.
        """
        former, content = old.private_bytes_raw(), X25519PrivateKey.generate().private_bytes_raw()
        for name, part in self._get_parts(_name_secret(kind, former)).items():
            if hmac.compare_digest(part.proof, _prove(former, name, part.key)):
                self.share(kind, content, name, X25519PublicKey.from_public_bytes(part.key))
        return X25519PrivateKey.from_private_bytes(content).public_key()

    def drop_others(self, kind: Kind, kept: X25519PublicKey | None = None) -> None:
        """Take away all secrets of a kind but that of a public key."""
        for secret in self._list_secrets(kind):
            if kept is None or secret != _name_key(kind, kept):
                del self._content.secrets[secret]

    def limit(self, name: str, kinds: frozenset[Kind]) -> bool:
        """Take away a person's parts of other kinds; say whether identities were among them.

        PassphraseError is for the last person with a part: nobody could open the secret after that.
        """
        had_identities = name in self.list_people("identities")
        for secret in self._content.secrets:
            if secret.partition(" ")[0] not in kinds:
                self._take_part(secret, name)
        return had_identities and "identities" not in kinds

    def remove(self, name: str) -> bool:
        """Take away a person's passphrase and all parts; errors and result are those of `limit`."""
        had_identities = self.limit(name, frozenset())
        self._content.people.pop(name, None)
        return had_identities

    def save(self) -> None:
        """Put the ring on the disk, all or nothing; KeysError if that fails."""
        try:
            self._heads.write(self._path, msgspec.json.format(msgspec.json.encode(self._content)))
        except OSError as error:
            raise KeysError(f"{self._path} cannot be written: {error.strerror}.") from error

    def _share(self, secret: str, content: bytes, name: str, key: X25519PublicKey) -> None:
        raw = key.public_bytes_raw()
        sealed = SUITE.encrypt(content, key, info=self._bind(secret, name))
        parts = self._content.secrets.setdefault(secret, {})
        parts[name] = _Part(raw, sealed, _prove(content, name, raw))

    def _take_part(self, secret: str, name: str) -> None:
        parts = self._content.secrets[secret]
        if tuple(parts) == (name,):
            raise PassphraseError(
                f"{name} is the last person with a key to {secret.partition(' ')[0]}. First give "
                "another person one: lac people passphrase, or for loads lac keys lock-loads"
            )
        parts.pop(name, None)

    def _open(self, secret: str, name: str, key: X25519PrivateKey) -> bytes:
        kind = secret.partition(" ")[0]
        part = self._get_parts(secret).get(name)
        if part is None:
            raise PassphraseError(f"{name} has no key to {kind}. See: lac people list")
        try:
            return SUITE.decrypt(part.sealed, key, info=self._bind(secret, name))
        except InvalidTag as error:
            raise PassphraseError(
                f"{name} has a different key from the one for {kind}. See: lac people passphrase"
            ) from error

    def _list_secrets(self, kind: Kind) -> list[str]:
        return [secret for secret in self._content.secrets if secret.partition(" ")[0] == kind]

    def _get_parts(self, secret: str) -> dict[str, _Part]:
        return self._content.secrets.get(secret, {})

    def _bind(self, use: str, name: str) -> bytes:
        """Return the text that a seal is bound to, so that it opens in no other place."""
        return json.dumps([use, self._home_id, name]).encode("ascii")


def unlock_identities(
    home: Home, keys: Keys, name: str, passphrase: str, public: X25519PublicKey | None = None
) -> X25519PrivateKey:
    """Return the key that opens identities; PassphraseError if it cannot be opened.

    Made-up children open to everybody who types the passphrase that the pages show.  `public` is
    the vault's key; None stands for the newest, if it is enough that the person opens identities.
    """
    if home.is_demo:
        if phrases.normalise(passphrase) != phrases.DEMO_PASSPHRASE:
            raise PassphraseError("This is not the passphrase of the made-up school.")
        return keys.load_demo_key()
    ring = KeyRing(home, keys)
    key = ring.unlock(name, passphrase)
    if public is not None:
        return ring.open_key("identities", public, name, key)
    return X25519PrivateKey.from_private_bytes(ring.open_secret("identities", name, key))


def _name_secret(kind: Kind, content: bytes) -> str:
    if kind == "loads":
        return kind
    return _name_key(kind, X25519PrivateKey.from_private_bytes(content).public_key())


def _name_key(kind: Kind, public: X25519PublicKey) -> str:
    """Return the name of a secret: two keys of one kind have two names."""
    return f"{kind} {public.public_bytes_raw().hex()[:16]}"


def _prove(secret: bytes, name: str, key: bytes) -> str:
    """Return the proof for a person's key that only somebody who knows the secret can make."""
    return hmac.digest(secret, f"part|{name}|".encode() + key, "sha256").hex()
