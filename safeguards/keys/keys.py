"""The keys of a home, which are never stored inside it: a stolen folder opens nothing.

They are in `$LAC_KEYS`, else in the user's configuration folder, in a folder named for
the home.  The key that opens identities is read by `unlock_private_key` alone; whoever loads
or shows data has only the public one, which seals.  A real home's is stored wrapped, one
wrap a holder: without a passphrase nothing opens it.
"""

import os
import secrets
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from safeguards.errors import KeysError, PassphraseError
from safeguards.files import FOLDER_MODE, sync_folder
from safeguards.home.home import Home
from safeguards.keys import passphrase as phrases
from safeguards.keys import wraps
from safeguards.keys.heads import MAPPINGS, Heads, open_heads
from safeguards.keys.key_files import KEYS_VARIABLE, LOG_KEY, derive_key, read_key, write_key

PUBLIC_KEY = "public_key"
#: What names the version of the store in use; see `queries.store.versions`.
POINTER = "CURRENT"

#: What finds a child by its number; and who opens it, where a load needs a person.
LOOKUP_KEY, LOOKUP_GRANTS = "lookup.key", "lookup.json"

_STORE, _SEAL = "store.key", "seal.key"

#: What keeps a wrap of this key from being one of another secret.
USE = "identities"


@dataclass(frozen=True)
class Keys:
    """What a home's own programs need: they can look up and seal, but open no identity."""

    #: Where they are stored, outside the home.
    folder: Path = field(repr=False)
    #: 64 hexadecimal digits, as `queries.store.store` takes them.
    store: str = field(repr=False)
    #: What finds a child by its number; None where a person must open it first.
    lookup: bytes | None = field(repr=False)
    log: bytes = field(repr=False)
    public_key: X25519PublicKey = field(repr=False)
    #: What the files of the home were when lac last wrote them.
    heads: Heads = field(repr=False)

    @classmethod
    def create(
        cls,
        home: Home,
        environ: Mapping[str, str] = os.environ,
        *,
        holders: Mapping[str, str] | None = None,
    ) -> "Keys":
        """Make the keys of a new home, all or none; KeysError if it has some already.

        holders: who can open identities, by name and passphrase: one at least for a real
        home.  A demo home has none: its private key is stored as it is, for children who
        do not exist.  PassphraseError for one that is too short.
        """
        if home.is_demo != (not holders):
            raise KeysError(
                "A real school's folder must have named key holders, and a demo folder must have "
                "none."
            )
        folder = get_keys_folder(home, environ)
        if folder.exists():
            raise KeysError(f"{folder} already contains keys. Nothing was changed.")
        seal = X25519PrivateKey.generate()
        new = folder.with_name(folder.name + ".new")
        try:
            shutil.rmtree(new, ignore_errors=True)
            new.mkdir(mode=FOLDER_MODE, parents=True)
            for name in (_STORE, LOOKUP_KEY, LOG_KEY):
                write_key(new, name, secrets.token_bytes(32))
            heads = open_heads(new)
            heads.create(home.kind)
            if holders:
                path = new / _format_wraps_name(seal.public_key())
                wraps.create_wraps(
                    path, USE, home.home_id, seal.private_bytes_raw(), holders
                ).save()
            else:
                write_key(new, _SEAL, seal.private_bytes_raw())
            write_public_key(home, heads, seal.public_key())
            new.rename(folder)
            sync_folder(folder.parent)
        except OSError as error:
            raise KeysError(f"No keys can be made in {folder}: {error.strerror}.") from error
        return cls.load(home, environ)

    @classmethod
    def load(
        cls, home: Home, environ: Mapping[str, str] = os.environ, *, is_pointer_true: bool = True
    ) -> "Keys":
        """The keys of `home`; KeysError if they are missing, damaged or open to others.

        KeysError too if the home was made as one of the other kind; ProofError if the version
        of the store in use is not the one that lac published last.
        is_pointer_true: False where that is about to be looked at, or put right.
        """
        folder = get_keys_folder(home, environ)
        heads = open_heads(folder)
        kind = heads.kind
        if kind != home.kind:
            raise KeysError(
                f"{home.folder} was made as a {kind} folder, but its home.toml calls it a "
                f"{home.kind} one. Find out who changed this, and correct it."
            )
        if is_pointer_true:
            with suppress(FileNotFoundError):
                heads.read(home.store / POINTER)
        is_locked = (folder / LOOKUP_GRANTS).exists() and not (folder / LOOKUP_KEY).exists()
        return cls(
            folder=folder,
            # another one for each kind, so that a home that is taken for another opens nothing
            store=derive_key(read_key(folder, _STORE), f"store|v1|{kind}").hex(),
            lookup=None if is_locked else read_key(folder, LOOKUP_KEY),
            log=read_key(folder, LOG_KEY),
            public_key=_read_public_key(home, heads),
            heads=heads,
        )


def load_demo_private_key(home: Home, environ: Mapping[str, str] = os.environ) -> X25519PrivateKey:
    """The key that opens identities, of a demo home; KeysError as in `Keys.load`.

    PassphraseError for a real home, whose key `unlock_private_key` gives.
    """
    if not home.is_demo:
        raise PassphraseError("You need a passphrase to open a real school's key.")
    return X25519PrivateKey.from_private_bytes(read_key(get_keys_folder(home, environ), _SEAL))


def list_headed_files(home: Home, folder: Path) -> list[Path]:
    """The files of a home and of its folder of keys that are written whole, gone or not."""
    places = (home.folder, home.store, home.vault, home.folder / MAPPINGS, folder)
    found = {path.name: path for each in places if each.exists() for path in each.iterdir()}
    return [found.get(name, home.folder / name) for name in open_heads(folder).list_files()]


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
            raise PassphraseError("This is not the passphrase of the made-up school.")
        return load_demo_private_key(home, environ)
    secret = open_identity_wraps(home, public_key, environ).unlock(holder, passphrase)
    key = X25519PrivateKey.from_private_bytes(secret)
    if key.public_key() != public_key:
        raise KeysError("This key does not belong to this folder. Restore the right key.")
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


def write_public_key(home: Home, heads: Heads, public_key: X25519PublicKey) -> None:
    """Put the key that seals into the home; OSError if that fails."""
    line = f"{public_key.public_bytes_raw().hex()}\n"
    heads.write(home.vault / PUBLIC_KEY, line.encode("ascii"))


def get_keys_root(environ: Mapping[str, str] = os.environ) -> Path:
    """Where the folders of keys are, one a home; KeysError for a path that is not whole."""
    named = environ.get(KEYS_VARIABLE)
    root = Path(named) if named else platformdirs.user_config_path("lac-monitor", appauthor=False)
    if not root.is_absolute():
        raise KeysError(f"{KEYS_VARIABLE} must be a full path that begins at the root or drive.")
    # so that a link does not lead back into the home
    return root.resolve()


def get_keys_folder(home: Home, environ: Mapping[str, str] = os.environ) -> Path:
    """Where the keys of `home` belong; KeysError if keys and home would share a folder."""
    root, inside = get_keys_root(environ), home.folder.resolve()
    if root.is_relative_to(inside) or inside.is_relative_to(root):
        raise KeysError(
            f"The keys in {root} and the folder {inside} are one inside the other, so a copy "
            f"of one may contain both. Set {KEYS_VARIABLE} to a folder elsewhere."
        )
    folder = root / home.home_id
    if folder.is_symlink():
        raise KeysError(f"{folder} is a link. Keys must be in a folder of their own.")
    return folder


def _read_public_key(home: Home, heads: Heads) -> X25519PublicKey:
    """The key that seals, which is stored in the home.

    Another one slipped in would make names readable to its owner.
    """
    path = home.vault / PUBLIC_KEY
    try:
        return X25519PublicKey.from_public_bytes(bytes.fromhex(heads.read(path).decode("ascii")))
    except OSError as error:
        raise KeysError(f"{path} cannot be read: {error.strerror}.") from error


def _format_wraps_name(public_key: X25519PublicKey) -> str:
    return f"seal-{public_key.public_bytes_raw().hex()[:16]}.json"
