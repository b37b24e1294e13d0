"""The code of a paper: ten characters that only this home can make of its figures and words."""

import hmac
from collections.abc import Iterable

from safeguards.handles import ALPHABET
from safeguards.keys.key_files import derive_key
from safeguards.keys.keys import Keys

_BITS, _CHARACTERS = 5, 10


def compute_code(keys: Keys, texts: Iterable[str]) -> str:
    """Return the code of these texts in their order, such as "7K3Q2-M9XTB"."""
    key = derive_key(bytes.fromhex(keys.store), "code of a paper|v1")
    digest = hmac.digest(key, "\n".join(texts).encode("utf-8"), "sha256")
    number = int.from_bytes(digest[:8], "big")
    signs = [ALPHABET[number >> (_BITS * n) & 31] for n in range(_CHARACTERS)]
    return f"{''.join(signs[:5])}-{''.join(signs[5:])}"
