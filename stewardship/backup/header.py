"""The start of a backup: what it is of, in the clear, and its key, sealed twice.

A line of magic, a line of facts, and that line's digest, so that damage is told from a wrong
key.  Once the key of the stream is sealed under the key for backups, which lies beside the
home's other keys; once, together with all of these, under the recovery code.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from safeguards.errors import BackupError
from safeguards.home.home import Home, Kind
from safeguards.journal.access_log import is_pupil_id

#: Raised by one when the file changes in a way that older code cannot read.  The first
#: three lines stay as they are.
FORMAT = 1

#: Beside the keys: what opens this computer's backups, and what stands for the code.
BACKUP_KEY, RECOVERY_KEY = "backup.key", "recovery.key"

_MAGIC = b"lac-monitor backup\n"
_LONGEST = 1 << 22
_NONCE = 12


@dataclass(frozen=True)
class Header:
    """What a backup says of itself in the clear.

    for_key, for_code: the stream's key, as `unlock` and `unlock_by_code` open it.  line: the
    header as it stands in the file; the stream is bound to it.
    """

    home_id: str
    kind: Kind
    made_at: datetime
    lac_version: str
    for_key: str = field(repr=False)
    for_code: str = field(repr=False)
    line: bytes = field(repr=False)

    @property
    def start(self) -> bytes:
        """The bytes with which the file begins; the stream follows."""
        return _MAGIC + self.line + b"\n" + _digest(self.line) + b"\n"

    @property
    def associated_data(self) -> bytes:
        """What the stream belongs to."""
        return b"backup|v1|" + hashlib.sha256(self.line).digest()


def create_header(
    home: Home,
    stream_key: bytes,
    *,
    key: bytes,
    recovery_key: bytes,
    key_files: Mapping[str, str],
    made_at: datetime,
    lac_version: str,
) -> Header:
    """The header of a new backup.  key_files: what lies beside the keys, as hexadecimal."""
    facts = {
        "format": FORMAT,
        "home_id": home.home_id,
        "kind": home.kind,
        "made_at": made_at.astimezone(UTC).isoformat(timespec="seconds"),
        "lac_version": lac_version,
    }
    associated_data = json.dumps(facts).encode("ascii")
    carried = json.dumps({"stream": stream_key.hex(), "keys": dict(key_files)}).encode("ascii")
    boxes = {
        "for_key": _encrypt_box(_derive_box_key(key, home.home_id), stream_key, associated_data),
        "for_code": _encrypt_box(recovery_key, carried, associated_data),
    }
    return _parse_header(json.dumps({**facts, **boxes}).encode("ascii"))


def read_header(path: Path) -> Header:
    """What a file says of itself; BackupError if it is no backup, damaged or too new."""
    try:
        with path.open("rb") as file:
            if file.readline(len(_MAGIC)) != _MAGIC:
                raise BackupError(f"{path} is no backup of lac-monitor, or its start is damaged.")
            line = file.readline(_LONGEST).removesuffix(b"\n")
            digest = file.readline(65)
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror}.") from error
    if digest != _digest(line) + b"\n":
        raise build_damage_error(path)
    try:
        made_in = int(json.loads(line)["format"])
        if made_in <= FORMAT:
            return _parse_header(line)
    except (ValueError, KeyError, TypeError) as error:
        raise build_damage_error(path) from error
    raise BackupError(
        f"{path} was made by a newer lac-monitor (format {made_in}; "
        f"this one reads up to {FORMAT}). Update lac-monitor."
    )


def unlock(path: Path, header: Header, key: bytes) -> bytes:
    """The stream's key, by the key for backups that lies beside the keys."""
    try:
        return _decrypt_box(
            _derive_box_key(key, header.home_id), header.for_key, _serialise_facts(header)
        )
    except (InvalidTag, ValueError):
        raise BackupError(
            f"{path} does not open with the key on this computer. Use the recovery code that "
            "was valid when it was made: --recovery-code -"
        ) from None


def unlock_by_code(path: Path, header: Header, recovery_key: bytes) -> tuple[bytes, dict[str, str]]:
    """The stream's key, and the files beside the keys (content as hexadecimal), by the code."""
    try:
        content = _decrypt_box(recovery_key, header.for_code, _serialise_facts(header))
    except (InvalidTag, ValueError):
        raise BackupError(
            f"{path} does not open with this recovery code: it is of another home, or another "
            "code was valid when the backup was made."
        ) from None
    carried = json.loads(content)
    return bytes.fromhex(carried["stream"]), carried["keys"]


def build_damage_error(path: Path) -> BackupError:
    """What is said of a backup that is not as it was written."""
    return BackupError(f"{path} is damaged or was cut short. Use another backup.")


def _parse_header(line: bytes) -> Header:
    """The header that a line tells; ValueError, KeyError or TypeError if it tells none.

    Anybody can write such a line, so nothing in it may lead out of the folder of keys.
    """
    facts = json.loads(line)
    if facts["kind"] not in ("demo", "real") or not is_pupil_id(facts["home_id"]):
        raise ValueError("this is no header")
    return Header(
        home_id=facts["home_id"],
        kind=facts["kind"],
        made_at=datetime.fromisoformat(facts["made_at"]),
        lac_version=facts["lac_version"],
        for_key=facts["for_key"],
        for_code=facts["for_code"],
        line=line,
    )


def _derive_box_key(key: bytes, home_id: str) -> bytes:
    info = f"backup|v1|{home_id}".encode("ascii")
    return HKDF(SHA256(), 32, salt=None, info=info).derive(key)


def _encrypt_box(key: bytes, content: bytes, associated_data: bytes) -> str:
    nonce = secrets.token_bytes(_NONCE)
    return base64.b64encode(nonce + AESGCM(key).encrypt(nonce, content, associated_data)).decode(
        "ascii"
    )


def _decrypt_box(key: bytes, box: str, associated_data: bytes) -> bytes:
    content = base64.b64decode(box)
    return AESGCM(key).decrypt(content[:_NONCE], content[_NONCE:], associated_data)


def _serialise_facts(header: Header) -> bytes:
    """What the boxes are bound to: the header as it was before they were in it."""
    facts: dict[str, Any] = json.loads(header.line)
    return json.dumps({k: v for k, v in facts.items() if not k.startswith("for_")}).encode("ascii")


def _digest(line: bytes) -> bytes:
    return hashlib.sha256(line).hexdigest().encode("ascii")
