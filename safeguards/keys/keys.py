"""The keys of a home, which are never stored inside it: a stolen folder opens nothing.

They are in `$LAC_KEYS`, or by default in the user's configuration folder, in a folder named for the
home.  None of them opens an identity: in a real home only a passphrase does, by the key ring; see
`key_ring`.
"""

import os
import secrets
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from safeguards.errors import KeysError
from safeguards.files import FOLDER_MODE, sync_folder, wipe_replaced, write_private
from safeguards.home.home import Home
from safeguards.keys.heads import MAPPINGS, Heads, open_heads
from safeguards.keys.key_files import (
    KEYS_VARIABLE,
    LOG_KEY,
    derive_key,
    find_credential,
    read_key,
    read_key_text,
    write_key,
)

#: The file that names the version of the store in use; see `queries.store.versions`.
POINTER = "CURRENT"

#: The key that finds a child by its number, and the text in its place if a load needs a person.
_LOOKUP, _LOCKED = "lookup.key", "locked"
#: The demo key opens the identities of children who do not exist.
_STORE, _DEMO = "store.key", "demo.key"


@dataclass(frozen=True)
class Keys:
    """The keys of a home's own programs, which can look up children but open no identity."""

    #: The folder in which they are stored, outside the home.
    folder: Path = field(repr=False)
    #: 64 hexadecimal digits, as `queries.store.store` takes them.
    store: str = field(repr=False)
    #: The key that finds a child by its number; None if a person must open it first.
    lookup: bytes | None = field(repr=False)
    log: bytes = field(repr=False)
    #: The state of the home's files when lac last wrote them.
    heads: Heads = field(repr=False)

    @classmethod
    def create(cls, home: Home, environ: Mapping[str, str] = os.environ) -> "Keys":
        """Make the keys of a new home, all or none; KeysError if it has some already."""
        folder = get_keys_folder(home, environ)
        if folder.exists():
            raise KeysError(f"{folder} already contains keys. Nothing was changed.")
        new = folder.with_name(folder.name + ".new")
        try:
            shutil.rmtree(new, ignore_errors=True)
            new.mkdir(mode=FOLDER_MODE, parents=True)
            for name in (_STORE, _LOOKUP, LOG_KEY, *([_DEMO] if home.is_demo else [])):
                write_key(new, name, secrets.token_bytes(32))
            open_heads(new).create(home.kind)
            new.rename(folder)
            sync_folder(folder.parent)
        except OSError as error:
            raise KeysError(f"No keys can be made in {folder}: {error.strerror}.") from error
        return cls.load(home, environ)

    @classmethod
    def load(
        cls, home: Home, environ: Mapping[str, str] = os.environ, *, is_pointer_true: bool = True
    ) -> "Keys":
        """Return the keys of `home`; KeysError if they are missing, damaged or open to others.

        KeysError also means that the home was made as the other kind, and ProofError that the
        version of the store in use is not the one that lac published last.  If `is_pointer_true` is
        False, the version is not checked, because that is about to be examined or corrected.
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
        is_locked = not find_credential(_LOOKUP) and read_key_text(folder, _LOOKUP) == _LOCKED
        return cls(
            folder=folder,
            # each kind has another key, so that a home that is taken for the other opens nothing
            store=derive_key(read_key(folder, _STORE), f"store|v1|{kind}").hex(),
            lookup=None if is_locked else read_key(folder, _LOOKUP),
            log=read_key(folder, LOG_KEY),
            heads=heads,
        )

    def load_demo_key(self) -> X25519PrivateKey:
        """Return the key that opens identities of a demo home; KeysError for a real one."""
        return X25519PrivateKey.from_private_bytes(read_key(self.folder, _DEMO))

    def store_lookup(self, key: bytes | None) -> None:
        """Store the key that finds children beside the others, or a mark in its place for None.

        An OSError means that it failed.
        """
        if key is not None:
            write_key(self.folder, _LOOKUP, key)
            return
        path = self.folder / _LOOKUP
        with wipe_replaced(path):
            write_private(path, _LOCKED.encode("ascii"))


def list_headed_files(home: Home, folder: Path) -> list[Path]:
    """Return the files of a home and its folder of keys that are written whole, gone or not."""
    places = (home.folder, home.store, home.vault, home.folder / MAPPINGS, folder)
    paths = {path.name: path for place in places if place.exists() for path in place.iterdir()}
    return [paths.get(name, home.folder / name) for name in open_heads(folder).list_files()]


def get_keys_root(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of all folders of keys, one a home; KeysError for a relative path."""
    text = environ.get(KEYS_VARIABLE)
    root = Path(text) if text else platformdirs.user_config_path("lac-monitor", appauthor=False)
    if not root.is_absolute():
        raise KeysError(f"{KEYS_VARIABLE} must be a full path that begins at the root or drive.")
    # so that a link does not lead back into the home
    return root.resolve()


def get_keys_folder(home: Home, environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder for the keys of `home`; KeysError if keys and home would share a folder."""
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
