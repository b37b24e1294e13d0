"""The keys of a home, which are never stored inside it: a stolen folder opens nothing.

They are in `$LAC_KEYS`, else in the user's configuration folder, in a folder named for
the home.  The key that opens identities is read by `unlock_private_key` alone; whoever loads
or shows data has only the public one, which seals.  A real home's is stored wrapped, one
wrap a holder: without a passphrase nothing opens it.
"""

import hashlib
import hmac
import os
import re
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from safeguards.errors import KeysError, PassphraseError
from safeguards.files import FOLDER_MODE, is_reached_by_others, sync_folder, write_private
from safeguards.home.home import Home
from safeguards.keys import passphrase as phrases
from safeguards.keys import wraps

KEYS_VARIABLE = "LAC_KEYS"
PUBLIC_KEY = "public_key"

_STORE, _LOOKUP, _LOG, _SEAL = "store.key", "lookup.key", "log.key", "seal.key"
_HEX = re.compile(r"[0-9a-f]{64}")

#: What keeps a wrap of this key from being one of another secret.
USE = "identities"


@dataclass(frozen=True)
class Keys:
    """What a home's own programs need: they can look up and seal, but open no identity."""

    #: Where they are stored, outside the home.
    folder: Path = field(repr=False)
    #: 64 hexadecimal digits, as `queries.store.store` takes them.
    store: str = field(repr=False)
    lookup: bytes = field(repr=False)
    log: bytes = field(repr=False)
    public_key: X25519PublicKey = field(repr=False)

    @classmethod
    def create(
        cls,
        home: Home,
        environ: Mapping[str, str] = os.environ,
        *,
        holders: Mapping[str, str] | None = None,
        cost: phrases.Cost | None = None,
    ) -> "Keys":
        """Make the keys of a new home, all or none; KeysError if it has some already.

        holders: who can open identities, by name and passphrase: one at least for a real
        home.  A demo home has none: its private key is stored as it is, for children who
        do not exist.  PassphraseError for one that is too short.
        """
        if home.is_demo != (not holders):
            raise KeysError("A real home needs holders of its key, and a demo home has none.")
        folder = get_keys_folder(home, environ)
        if folder.exists():
            raise KeysError(f"{folder} holds keys already. Nothing was changed.")
        seal = X25519PrivateKey.generate()
        lookup = secrets.token_bytes(32)
        new = folder.with_name(folder.name + ".new")
        try:
            shutil.rmtree(new, ignore_errors=True)
            new.mkdir(mode=FOLDER_MODE, parents=True)
            for name, key in (
                (_STORE, secrets.token_bytes(32)),
                (_LOOKUP, lookup),
                (_LOG, secrets.token_bytes(32)),
            ):
                write_key(new, name, key)
            if holders:
                path = new / _format_wraps_name(seal.public_key())
                wraps.create_wraps(
                    path,
                    USE,
                    home.home_id,
                    seal.private_bytes_raw(),
                    holders,
                    cost or phrases.DEFAULT_COST,
                ).save()
            else:
                write_key(new, _SEAL, seal.private_bytes_raw())
            write_public_key(home, lookup, seal.public_key())
            new.rename(folder)
            sync_folder(folder.parent)
        except OSError as error:
            raise KeysError(f"No keys can be made in {folder}: {error.strerror}.") from error
        return cls.load(home, environ)

    @classmethod
    def load(cls, home: Home, environ: Mapping[str, str] = os.environ) -> "Keys":
        """The keys of `home`; KeysError if they are missing, damaged or open to others."""
        folder = get_keys_folder(home, environ)
        lookup = read_key(folder, _LOOKUP)
        return cls(
            folder=folder,
            store=read_key(folder, _STORE).hex(),
            lookup=lookup,
            log=read_key(folder, _LOG),
            public_key=_read_public_key(home, lookup),
        )


def load_demo_private_key(home: Home, environ: Mapping[str, str] = os.environ) -> X25519PrivateKey:
    """The key that opens identities, of a demo home; KeysError as in `Keys.load`.

    PassphraseError for a real home, whose key `unlock_private_key` gives.
    """
    if not home.is_demo:
        raise PassphraseError("The key of a real home opens with a passphrase only.")
    return X25519PrivateKey.from_private_bytes(read_key(get_keys_folder(home, environ), _SEAL))


def read_key(folder: Path, name: str) -> bytes:
    """The 32 bytes of one key in a folder of keys; KeysError as in `Keys.load`."""
    text = read_key_text(folder, name)
    if not _HEX.fullmatch(text):
        raise KeysError(f"{folder / name} is damaged. Restore it.")
    return bytes.fromhex(text)


def read_key_text(folder: Path, name: str) -> str:
    """The line of one file in a folder of keys, having checked that nobody else can read it.

    "" for one that is not of ASCII; KeysError as in `Keys.load`.
    """
    path = folder / name
    try:
        for checked in (folder, path):
            if is_reached_by_others(checked):
                raise KeysError(
                    f"{checked} can be reached by other users of this computer. "
                    "Take their rights away (chmod -R go-rwx) and look into who had them."
                )
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise KeysError(
            f"The keys of this home are not in {folder}. Set {KEYS_VARIABLE} to the folder that "
            "holds them, or restore them."
        ) from None
    except UnicodeDecodeError:
        return ""
    except OSError as error:
        raise KeysError(f"{path} cannot be read: {error.strerror}.") from error


def write_key(folder: Path, name: str, key: bytes) -> None:
    """Put one key into a folder of keys, for its owner only; OSError if that fails."""
    write_private(folder / name, key.hex().encode("ascii") + b"\n")


def derive_key(secret: bytes, info: str) -> bytes:
    """32 bytes for one use, by HKDF with SHA-256; another `info` gives others."""
    return HKDF(SHA256(), 32, salt=None, info=info.encode("ascii")).derive(secret)


def unlock_private_key(
    home: Home,
    public_key: X25519PublicKey,
    holder: str,
    passphrase: str,
    environ: Mapping[str, str] = os.environ,
) -> X25519PrivateKey:
    """The key that opens what `public_key` has sealed; PassphraseError if it stays shut.

    Made-up children open to everybody who types what the pages show.
    """
    if home.is_demo:
        if phrases.normalise(passphrase) != phrases.DEMO_PASSPHRASE:
            raise PassphraseError("That is not the passphrase of the made-up school.")
        return load_demo_private_key(home, environ)
    secret = open_identity_wraps(home, public_key, environ).unlock(holder, passphrase)
    key = X25519PrivateKey.from_private_bytes(secret)
    if key.public_key() != public_key:
        raise KeysError("The wrapped key is not the one that seals this home. Restore it.")
    return key


def open_identity_wraps(
    home: Home, public_key: X25519PublicKey, environ: Mapping[str, str] = os.environ
) -> wraps.Wraps:
    """Who can open what `public_key` has sealed; KeysError if nobody can."""
    path = get_wraps_path(home, public_key, environ)
    return wraps.Wraps.open(path, USE, home.home_id)


def get_wraps_path(
    home: Home, public_key: X25519PublicKey, environ: Mapping[str, str] = os.environ
) -> Path:
    """Where the wraps of one private key are stored: two keys have two files."""
    return get_keys_folder(home, environ) / _format_wraps_name(public_key)


def write_public_key(home: Home, lookup: bytes, public_key: X25519PublicKey) -> None:
    """Put the key that seals into the home, with its proof; OSError if that fails."""
    public = public_key.public_bytes_raw().hex()
    proof = _compute_proof(lookup, home, public)
    write_private(home.vault / PUBLIC_KEY, f"{public}\n{proof}\n".encode("ascii"))


def get_keys_root(environ: Mapping[str, str] = os.environ) -> Path:
    """Where the folders of keys are, one a home; KeysError for a path that is not whole."""
    named = environ.get(KEYS_VARIABLE)
    root = Path(named) if named else platformdirs.user_config_path("lac-monitor", appauthor=False)
    if not root.is_absolute():
        raise KeysError(f"{KEYS_VARIABLE} must be a whole path, beginning at the root or drive.")
    # so that a link does not lead back into the home
    return root.resolve()


def get_keys_folder(home: Home, environ: Mapping[str, str] = os.environ) -> Path:
    """Where the keys of `home` belong; KeysError if keys and home would share a folder."""
    root, inside = get_keys_root(environ), home.folder.resolve()
    if root.is_relative_to(inside) or inside.is_relative_to(root):
        raise KeysError(
            f"The keys in {root} and the home {inside} lie within one another, so a copy of "
            f"one takes the other along. Set {KEYS_VARIABLE} to a folder elsewhere."
        )
    folder = root / home.home_id
    if folder.is_symlink():
        raise KeysError(f"{folder} is a link. Keys must lie in a folder of their own.")
    return folder


def _read_public_key(home: Home, lookup: bytes) -> X25519PublicKey:
    """The key that seals, which is stored in the home with an HMAC by the home's own keys.

    Another one slipped in would make names readable to its owner.
    """
    path = home.vault / PUBLIC_KEY
    try:
        content = path.read_bytes()
    except OSError as error:
        raise KeysError(f"{path} cannot be read: {error.strerror}.") from error
    public = content[:64].decode("ascii", errors="replace")
    expected = f"{public}\n{_compute_proof(lookup, home, public)}\n".encode()
    if not _HEX.fullmatch(public) or not hmac.compare_digest(content, expected):
        raise KeysError(f"{path} is not the one made for this home. Restore a backup.")
    return X25519PublicKey.from_public_bytes(bytes.fromhex(public))


def _format_wraps_name(public_key: X25519PublicKey) -> str:
    return f"seal-{public_key.public_bytes_raw().hex()[:16]}.json"


def _compute_proof(lookup: bytes, home: Home, public: str) -> str:
    message = f"public key|v1|{home.home_id}|{public}"
    return hmac.new(lookup, message.encode(), hashlib.sha256).hexdigest()
