"""Single keys, each a line of a file in a folder that nobody else can read."""

import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from safeguards.errors import KeysError
from safeguards.files import is_reached_by_others, write_private

KEYS_VARIABLE = "LAC_KEYS"
#: Where systemd puts what it hands to a service, readable by that service alone.
CREDENTIALS_VARIABLE = "CREDENTIALS_DIRECTORY"
#: Of which all that is authenticated is derived.
LOG_KEY = "log.key"

_LINE = re.compile(r"([0-9a-f]{64}) ([0-9a-f]{16})")


def read_key(folder: Path, name: str) -> bytes:
    """The 32 bytes of one key in a folder of keys; KeysError as in `Keys.load`.

    One that systemd hands to this service counts before that of the folder.
    """
    given = find_credential(name)
    path = given or folder / name
    text = read_key_text(folder, name) if given is None else _read_text(path)
    found = _LINE.fullmatch(text)
    key = bytes.fromhex(found[1]) if found else b""
    if found is None or found[2] != _compute_check_value(name, key):
        raise KeysError(f"{path} is damaged. Restore it.")
    return key


def find_credential(name: str, environ: Mapping[str, str] = os.environ) -> Path | None:
    """The file of this name that systemd handed to this service alone; None if it did not."""
    handed = environ.get(CREDENTIALS_VARIABLE)
    path = Path(handed) / name if handed else None
    return path if path is not None and path.is_file() else None


def read_key_text(folder: Path, name: str) -> str:
    """The line of one file in a folder of keys, having checked that nobody else can read it.

    "" for one that is not of ASCII; KeysError as in `Keys.load`.
    """
    path = folder / name
    try:
        for checked in (folder, path):
            if is_reached_by_others(checked):
                raise KeysError(
                    f"Other users of this computer can reach {checked}. Remove those users' rights "
                    "(chmod -R go-rwx) and find out who they are."
                )
    except FileNotFoundError:
        raise _build_absence_error(folder) from None
    except OSError as error:
        raise KeysError(f"{path} cannot be read: {error.strerror}.") from error
    return _read_text(path)


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise _build_absence_error(path.parent) from None
    except UnicodeDecodeError:
        return ""
    except OSError as error:
        raise KeysError(f"{path} cannot be read: {error.strerror}.") from error


def _build_absence_error(folder: Path) -> KeysError:
    return KeysError(
        f"The keys of this folder are not in {folder}. Set {KEYS_VARIABLE} to the folder where the "
        "keys are, or restore the keys."
    )


def write_key(folder: Path, name: str, key: bytes) -> None:
    """Put one key into a folder of keys, with its check value, for its owner only.

    OSError if that fails.
    """
    line = f"{key.hex()} {_compute_check_value(name, key)}\n"
    write_private(folder / name, line.encode("ascii"))


def derive_key(secret: bytes, info: str) -> bytes:
    """32 bytes for one use, by HKDF with SHA-256; another `info` gives others."""
    return HKDF(SHA256(), 32, salt=None, info=info.encode("ascii")).derive(secret)


def _compute_check_value(name: str, key: bytes) -> str:
    """What tells one key from another, and from itself with a sign changed."""
    return hashlib.sha256(f"key|v1|{name}|".encode() + key).hexdigest()[:16]
