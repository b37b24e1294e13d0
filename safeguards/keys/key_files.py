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
#: The folder in which systemd hands files to a service, readable by that service alone.
CREDENTIALS_VARIABLE = "CREDENTIALS_DIRECTORY"
#: The key from which all keys for authentication are derived.
LOG_KEY = "log.key"

_LINE = re.compile(r"([0-9a-f]{64}) ([0-9a-f]{16})")


def read_key(folder: Path, name: str) -> bytes:
    """Return the 32 bytes of one key in a folder of keys; KeysError is as in `Keys.load`.

    A key that systemd hands to this service replaces that of the folder.
    """
    credential = find_credential(name)
    path = credential or folder / name
    text = read_key_text(folder, name) if credential is None else _read_text(path)
    parts = _LINE.fullmatch(text)
    key = bytes.fromhex(parts[1]) if parts else b""
    if parts is None or parts[2] != _compute_check_value(name, key):
        raise KeysError(f"{path} is damaged. Restore it.")
    return key


def find_credential(name: str, environ: Mapping[str, str] = os.environ) -> Path | None:
    """Return the file of this name that systemd handed to this service alone, or None."""
    folder = environ.get(CREDENTIALS_VARIABLE)
    path = Path(folder) / name if folder else None
    return path if path is not None and path.is_file() else None


def read_key_text(folder: Path, name: str) -> str:
    """Return the line of one file in a folder of keys, after a check that nobody else can read it.

    It is "" for a file that is not ASCII; KeysError is as in `Keys.load`.
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

    An OSError means that it failed.
    """
    line = f"{key.hex()} {_compute_check_value(name, key)}\n"
    write_private(folder / name, line.encode("ascii"))


def derive_key(secret: bytes, info: str) -> bytes:
    """Return 32 bytes for one use, by HKDF with SHA-256; another `info` gives others."""
    return HKDF(SHA256(), 32, salt=None, info=info.encode("ascii")).derive(secret)


def _compute_check_value(name: str, key: bytes) -> str:
    """Return a value by which a mistyped or swapped key is detected."""
    return hashlib.sha256(f"key|v1|{name}|".encode() + key).hexdigest()[:16]
