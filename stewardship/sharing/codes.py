"""Codes that stand for children in a file of rows for one recipient and purpose.

They are made anew from a secret of the home for each recipient, purpose and academic year:
the same file next week has the same codes, and no two recipients have one in common.  Only
the home leads from a code back to a child.
"""

import hmac
import json

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from safeguards.handles import ALPHABET, ID_LENGTH
from safeguards.keys.keys import Keys

#: Of one sign of the alphabet.
_BITS = 5


def derive_code_key(keys: Keys, recipient: str, purpose: str, academic_year: str) -> bytes:
    """The secret of one recipient's codes for one purpose in one academic year (2026/27)."""
    export = _derive(keys.lookup, b"export|v1")
    # as JSON, so that no name can be read as another name and purpose
    context = json.dumps([recipient, purpose, academic_year])
    return _derive(export, b"codes|v1|" + context.encode("ascii"))


def derive_code(key: bytes, pupil_id: str) -> str:
    """Ten signs of Crockford's base 32, as a pupil_id has, that tell nothing without the key."""
    number = int.from_bytes(hmac.digest(key, pupil_id.encode("ascii"), "sha256"), "big")
    signs = []
    for _ in range(ID_LENGTH):
        number, last = divmod(number, 1 << _BITS)
        signs.append(ALPHABET[last])
    return "".join(signs)


def _derive(secret: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=info).derive(secret)
