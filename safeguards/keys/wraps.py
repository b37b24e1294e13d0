"""Secrets that a passphrase opens: one wrap a holder, in a file beside the keys.

What is wrapped is the key that opens identities, one for all holders, or the key of each
person who signs in.  Each wrap is authenticated together with its use, its home and its
holder, so one that is carried elsewhere does not open.
"""

import base64
import binascii
import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from safeguards.errors import KeysError, PassphraseError
from safeguards.files import is_reached_by_others
from safeguards.keys import passphrase as phrases
from safeguards.keys.heads import open_heads
from safeguards.keys.passphrase import Cost

#: Of the file's shape; raised by one when older code cannot read it.
VERSION = 1

_NONCE = 12
_HOLDER = re.compile(r"[^\W\d_][^\x00-\x1f<>|\\{}]{0,79}")


@dataclass(frozen=True)
class Wrap:
    """A secret as one holder's passphrase closes it; the three texts are base 64."""

    holder: str
    salt: str = field(repr=False)
    nonce: str = field(repr=False)
    closed: str = field(repr=False)
    cost: Cost


class Wraps:
    """The wraps of one secret.  Each change is on the disk, whole, when it returns."""

    def __init__(self, path: Path, use: str, home_id: str, wraps: tuple[Wrap, ...] = ()) -> None:
        """use: a word that keeps one kind of secret from being taken for another."""
        self.path = path
        self._use = use
        self._home_id = home_id
        self._wraps = {wrap.holder: wrap for wrap in wraps}

    @classmethod
    def open(cls, path: Path, use: str, home_id: str) -> "Wraps":
        """The wraps at `path`; KeysError if there are none, or others can reach them."""
        return cls(path, use, home_id, read(path, VERSION, _parse_wraps))

    @property
    def holders(self) -> tuple[str, ...]:
        """Who can open the secret, in the order in which they were added."""
        return tuple(self._wraps)

    @property
    def weak_holders(self) -> tuple[str, ...]:
        """Whose passphrase costs less to guess than one does that is chosen now."""
        usual = phrases.DEFAULT_COST
        return tuple(
            wrap.holder
            for wrap in self._wraps.values()
            if wrap.cost.memory_kib < usual.memory_kib or wrap.cost.iterations < usual.iterations
        )

    def find_salt(self, holder: str) -> str:
        """What is another one with each passphrase of a holder; "" for nobody's."""
        wrap = self._wraps.get(holder)
        return "" if wrap is None else wrap.salt

    def unlock(self, holder: str, passphrase: str) -> bytes:
        """The secret; PassphraseError if this is not the holder's passphrase."""
        wrap = self._wraps.get(holder)
        if wrap is None:
            raise PassphraseError(f"{holder} has no key to this folder. See: lac keys list")
        salt, nonce, closed = _decode(wrap)
        cipher = AESGCM(phrases.derive_key(passphrase, salt, wrap.cost))
        try:
            return cipher.decrypt(nonce, closed, self._build_associated_data(holder))
        except InvalidTag:
            raise PassphraseError(
                f"This is not the passphrase of {holder}. Nothing was opened."
            ) from None

    def set_wrap(self, holder: str, passphrase: str, secret: bytes) -> None:
        """Wrap the secret for a holder, in place of an earlier wrap of theirs, in memory only.

        PassphraseError for a passphrase that is too short, or a name that cannot be one.
        """
        if not _HOLDER.fullmatch(holder):
            raise PassphraseError(
                "A name must begin with a letter, and have at most 80 characters."
            )
        if (why := phrases.check_passphrase(passphrase)) is not None:
            raise PassphraseError(why)
        salt, nonce = secrets.token_bytes(phrases.SALT_BYTES), secrets.token_bytes(_NONCE)
        cost = phrases.DEFAULT_COST
        cipher = AESGCM(phrases.derive_key(passphrase, salt, cost))
        closed = cipher.encrypt(nonce, secret, self._build_associated_data(holder))
        self._wraps[holder] = Wrap(holder, _encode(salt), _encode(nonce), _encode(closed), cost)

    def add(self, holder: str, passphrase: str, *, by: tuple[str, str]) -> None:
        """A wrap for one more holder; `by` is the name and passphrase of one who has one."""
        if holder in self._wraps:
            raise PassphraseError(f"{holder} already has a passphrase. Change it instead.")
        self.set_wrap(holder, passphrase, self.unlock(*by))
        self.save()

    def change(self, holder: str, old: str, new: str) -> None:
        """Another passphrase for a holder, who must know the old one."""
        self.set_wrap(holder, new, self.unlock(holder, old))
        self.save()

    def remove(self, holder: str) -> None:
        """Take a holder's wrap away; never the last, after which nobody could open anything."""
        if holder not in self._wraps:
            raise PassphraseError(f"{holder} has no key to this folder. See: lac keys list")
        if len(self._wraps) == 1:
            raise PassphraseError(f"{holder} is the last key holder. Add another one first.")
        self.drop(holder)
        self.save()

    def drop(self, holder: str) -> None:
        """Forget a holder's wrap, in memory only."""
        del self._wraps[holder]

    def save(self) -> None:
        """Put the file on the disk, all or nothing; KeysError if that fails."""
        body = {"wraps": [asdict(wrap) for wrap in self._wraps.values()]}
        write(self.path, VERSION, body)

    def _build_associated_data(self, holder: str) -> bytes:
        return json.dumps([self._use, "v1", self._home_id, holder]).encode("ascii")


def create_wraps(
    path: Path, use: str, home_id: str, secret: bytes, holders: Mapping[str, str]
) -> Wraps:
    """The wraps of a secret for these holders, by name and passphrase; not yet on the disk."""
    wraps = Wraps(path, use, home_id)
    for holder, passphrase in holders.items():
        wraps.set_wrap(holder, passphrase, secret)
    return wraps


def _parse_wraps(body: Any) -> tuple[Wrap, ...]:
    wraps = msgspec.convert(body["wraps"], tuple[Wrap, ...])
    for wrap in wraps:
        _decode(wrap)
    return wraps


def _decode(wrap: Wrap) -> tuple[bytes, bytes, bytes]:
    try:
        salt, nonce, closed = (
            base64.b64decode(text, validate=True) for text in (wrap.salt, wrap.nonce, wrap.closed)
        )
    except binascii.Error as error:
        raise ValueError("no base 64") from error
    if len(salt) != phrases.SALT_BYTES or len(nonce) != _NONCE:
        raise ValueError("a salt or a nonce has another length")
    return salt, nonce, closed


def _encode(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


_T = TypeVar("_T")


def read(path: Path, version: int, parse: Callable[[Any], _T]) -> _T:
    """What `parse` makes of the file's content.

    version: the newest shape of the file that is known here.  parse: raises ValueError,
    TypeError, KeyError or AttributeError for content that is none.  KeysError if the file
    is missing, damaged, newer, or others can reach it.
    """
    try:
        if is_reached_by_others(path):
            raise KeysError(
                f"Other users of this computer can reach {path}. Remove those users' rights (chmod "
                "go-rwx) and find out who they are."
            )
        body = json.loads(open_heads(path.parent).read(path))
        if body["version"] > version:
            raise KeysError(f"{path} was written by a newer lac-monitor. Update lac-monitor.")
        return parse(body)
    except FileNotFoundError:
        raise KeysError(f"{path} is missing. Restore it.") from None
    except OSError as error:
        raise KeysError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise KeysError(f"{path} is damaged. Restore it.") from error


def write(path: Path, version: int, body: Mapping[str, Any]) -> None:
    """Put the file on the disk, all or nothing; KeysError if that fails."""
    content = json.dumps({"version": version, **body}, indent=1).encode("ascii") + b"\n"
    try:
        open_heads(path.parent).write(path, content)
    except OSError as error:
        raise KeysError(f"{path} cannot be written: {error.strerror}.") from error
