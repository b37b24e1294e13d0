"""A keyed digest of each version, so that one changed bit of its file is found as it opens.

DuckDB's own checks have no key, and look only at the blocks that a question needs.  The
digest counts the version's name too: an older version under a newer one's name is found.
It lies beside the file, `store-3.duckdb.digest`, and is copied into CURRENT.
"""

import hashlib
import hmac
import os
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from queries.errors import StoreError

_USE = b"store digest|v1"
_PART = 1 << 18


def get_digest_path(version: Path) -> Path:
    """Where the digest of a version lies."""
    return version.with_name(version.name + ".digest")


def read_digest(version: Path) -> bytes | None:
    """The digest that lies beside a version, right or not; None where there is none."""
    try:
        return get_digest_path(version).read_bytes()
    except FileNotFoundError:
        return None


def write_digest(version: Path, file: Path, key: str) -> None:
    """Put down the digest of what will be `version` and is at `file` now; on the disk then."""
    path = get_digest_path(version)
    path.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o600), "wb") as new:
        new.write(_digest(version, file, key))
        new.flush()
        os.fsync(new.fileno())


def verify_digest(version: Path, file: Path, key: str) -> bool:
    """Whether there is a digest; StoreError unless `file` holds the bytes that it is of."""
    found = read_digest(version)
    if found is None:
        return False
    if not hmac.compare_digest(found, _digest(version, file, key)):
        raise StoreError(
            f"{version.name} is damaged, or does not open with this home's key. "
            "Use the key that it was written with, or restore a backup."
        )
    return True


def _digest(version: Path, file: Path, key: str) -> bytes:
    derived = HKDF(SHA256(), 32, salt=None, info=_USE).derive(bytes.fromhex(key))
    # a name has no zero byte, so nothing of the file can pass for a part of it
    mac = hmac.new(derived, version.name.encode() + b"\0", hashlib.sha256)
    with file.open("rb") as content:
        while part := content.read(_PART):
            mac.update(part)
    return mac.hexdigest().encode("ascii")
