"""The seal on a line of a file that may name somebody, until a person releases it."""

import base64
import hashlib

from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from safeguards.keys.key_files import derive_key
from safeguards.keys.keys import Keys

#: The beginning of every text that stands for such a line.
NOT_SHOWN = "Not shown yet"
_USE = [b"line|v1"]


class LineSeal:
    """Seals equal texts alike, so that a later file with the same text has the same row."""

    def __init__(self, keys: Keys) -> None:
        self._cipher = AESSIV(derive_key(keys.log, "line|v1"))

    def seal(self, line: str) -> str:
        """Return the line sealed so that only these keys open it, in base 64."""
        return base64.b64encode(self._cipher.encrypt(line.encode("utf-8"), _USE)).decode("ascii")

    def open(self, sealed: str) -> str:
        """Return the line that was sealed; an InvalidTag means that it was not sealed so."""
        return self._cipher.decrypt(base64.b64decode(sealed), _USE).decode("utf-8")


def name_sealed_line(sealed: str) -> str:
    """Return the text that stands for a sealed line; other lines have other texts."""
    return f"{NOT_SHOWN} ({hashlib.sha256(sealed.encode('ascii')).hexdigest()[:8]})"
