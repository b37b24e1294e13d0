"""Codes that stand for children in a file of rows for one recipient and purpose.

They are derived again from a secret of the home for each recipient, purpose and academic year:
the same file next week has the same codes, and no two recipients have one in common.  Only
the home leads from a code back to a child.
"""

import hmac
import json

from safeguards.handles import ALPHABET, ID_LENGTH
from safeguards.keys.keys import Keys, derive_key

#: Of one sign of the alphabet.
_BITS = 5


def derive_code_key(keys: Keys, recipient: str, purpose: str, academic_year: str) -> bytes:
    """The secret of one recipient's codes for one purpose in one academic year (2026/27)."""
    export = derive_key(keys.lookup, "export|v1")
    # as JSON, so that no name can be read as another name and purpose
    context = json.dumps([recipient, purpose, academic_year])
    return derive_key(export, f"codes|v1|{context}")


def derive_code(key: bytes, pupil_id: str) -> str:
    """Ten signs of Crockford's base 32, as a pupil_id has, that tell nothing without the key."""
    number = int.from_bytes(hmac.digest(key, pupil_id.encode("ascii"), "sha256"), "big")
    signs = []
    for _ in range(ID_LENGTH):
        number, last = divmod(number, 1 << _BITS)
        signs.append(ALPHABET[last])
    return "".join(signs)
