"""A secret that several people open, each by a key of their own that their passphrase opens.

It is sealed once for each of them, so whoever leaves is taken out by one line.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from safeguards.errors import PassphraseError
from safeguards.keys import wraps

#: How everything is sealed to a public key (RFC 9180).
SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)

#: Of the file's shape; raised by one when older code cannot read it.
VERSION = 1


@dataclass(frozen=True)
class Grants:
    """Who opens one secret: a file beside the keys.

    use: a word that keeps one secret from being taken for another.  subject, mend: what the
    secret opens, and the command that gives somebody a part in it, for people.
    """

    path: Path
    use: str
    home_id: str
    subject: str
    mend: str

    def list_people(self) -> dict[str, X25519PublicKey]:
        """Who has a part, with the key of each; KeysError if the file is missing or damaged."""
        return {
            name: X25519PublicKey.from_public_bytes(bytes.fromhex(grant["key"]))
            for name, grant in self._read().items()
        }

    def unlock(self, name: str, key: X25519PrivateKey) -> bytes:
        """The secret; PassphraseError if this person has no part in it."""
        grant = self._read().get(name)
        if grant is None:
            raise PassphraseError(f"{name} has no key to {self.subject}. See: {self.mend}")
        try:
            sealed = base64.b64decode(grant["sealed"])
            return SUITE.decrypt(sealed, key, info=self._build_info(name))
        except (InvalidTag, ValueError) as error:
            raise PassphraseError(
                f"{name} has a different key from the one for {self.subject}. See: {self.mend}"
            ) from error

    def create(self, secret: bytes, people: Mapping[str, X25519PublicKey]) -> None:
        """A new file, for these people by name and key."""
        self._write({name: self._seal(secret, name, key) for name, key in people.items()})

    def grant(self, secret: bytes, name: str, key: X25519PublicKey) -> None:
        """Let one more person open it, in place of an earlier key of theirs."""
        self._write({**self._read(), name: self._seal(secret, name, key)})

    def revoke(self, name: str) -> None:
        """Take a person's part away; a copy of the keys keeps it."""
        self._write({each: given for each, given in self._read().items() if each != name})

    def _seal(self, secret: bytes, name: str, key: X25519PublicKey) -> dict[str, str]:
        sealed = SUITE.encrypt(secret, key, info=self._build_info(name))
        return {
            "key": key.public_bytes_raw().hex(),
            "sealed": base64.b64encode(sealed).decode("ascii"),
        }

    def _build_info(self, name: str) -> bytes:
        """The HPKE info of a person's part: this home, this person."""
        return json.dumps([self.use, "v1", self.home_id, name]).encode("ascii")

    def _read(self) -> dict[str, dict[str, str]]:
        return wraps.read(
            self.path,
            VERSION,
            lambda body: {str(name): dict(given) for name, given in body["handlers"].items()},
        )

    def _write(self, handlers: Mapping[str, Mapping[str, str]]) -> None:
        wraps.write(self.path, VERSION, {"handlers": handlers})
