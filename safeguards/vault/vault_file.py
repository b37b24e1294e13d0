"""The vault's file: JSON under a keyed hash of its own, which is checked before it is read."""

import hmac
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from safeguards.errors import VaultError

#: Raised by one when the file changes in a way that older code cannot read.
VERSION = 2

_START, _MIDDLE, _END = b'{"mac": "', b'",\n"vault": ', b"}\n"
_MAC_LENGTH = 64

Mac = Callable[[bytes], bytes]


def serialise_vault(body: Mapping[str, Any], mac: Mac) -> bytes:
    """The bytes of a vault; mac: 64 hexadecimal digits of what it is given."""
    text = json.dumps({"version": VERSION, **body}, indent=1).encode("ascii")
    rest = _MIDDLE + text + _END
    return _START + mac(rest) + rest


def parse_vault(content: bytes, mac: Mac, path: Path) -> dict[str, Any]:
    """What `written` was given, and its version.

    VaultError if one bit is not as it was written, if other keys wrote it, or a newer version.
    """
    begins, rest = len(_START), content[len(_START) + _MAC_LENGTH :]
    found = content[begins : begins + _MAC_LENGTH]
    # nothing is parsed before it is known to be ours
    if content[:begins] != _START or not hmac.compare_digest(found, mac(rest)):
        raise VaultError(f"{path} is damaged, or belongs to other keys. Restore a backup.")
    body: dict[str, Any] = json.loads(rest[len(_MIDDLE) : -len(_END)])
    if body["version"] > VERSION:
        raise VaultError(
            f"{path} was written by a newer lac-monitor (version {body['version']}; "
            f"this one reads up to {VERSION}). Update lac-monitor."
        )
    return body
