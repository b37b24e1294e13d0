"""The keys of a home, which are never stored inside it: a stolen folder opens nothing.

They are in `$LAC_KEYS`, else in the user's configuration folder, in a folder named for
the home.  None of them opens an identity: in a real home only a passphrase does, by the key
ring; see `key_ring`.
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

#: What names the version of the store in use; see `queries.store.versions`.
POINTER = "CURRENT"

#: What finds a child by its number, and what stands in its place where a load needs a person.
_LOOKUP, _LOCKED = "lookup.key", "locked"
#: The demo key opens the identities of children who do not exist.
_STORE, _DEMO = "store.key", "demo.key"


@dataclass(frozen=True)
class Keys:
    """What a home's own programs need: they can look up children, but open no identity."""

    #: Where they are stored, outside the home.
    folder: Path = field(repr=False)
    #: 64 hexadecimal digits, as `queries.store.store` takes them.
    store: str = field(repr=False)
    #: What finds a child by its number; None where a person must open it first.
    lookup: bytes | None = field(repr=False)
    log: bytes = field(repr=False)
    #: What the files of the home were when lac last wrote them.
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
        is_locked = not find_credential(_LOOKUP) and read_key_text(folder, _LOOKUP) == _LOCKED
        return cls(
            folder=folder,
            # another one for each kind, so that a home that is taken for another opens nothing
            store=derive_key(read_key(folder, _STORE), f"store|v1|{kind}").hex(),
            lookup=None if is_locked else read_key(folder, _LOOKUP),
            log=read_key(folder, LOG_KEY),
            heads=heads,
        )

    def load_demo_key(self) -> X25519PrivateKey:
        """Return the key that opens identities of a demo home; KeysError for a real one."""
        return X25519PrivateKey.from_private_bytes(read_key(self.folder, _DEMO))

    def store_lookup(self, key: bytes | None) -> None:
        """Keep the key that finds children beside the others, or None to keep it no longer.

        OSError if that fails.
        """
        if key is not None:
            write_key(self.folder, _LOOKUP, key)
            return
        path = self.folder / _LOOKUP
        with wipe_replaced(path):
            write_private(path, _LOCKED.encode("ascii"))


def list_headed_files(home: Home, folder: Path) -> list[Path]:
    """The files of a home and of its folder of keys that are written whole, gone or not."""
    places = (home.folder, home.store, home.vault, home.folder / MAPPINGS, folder)
    found = {path.name: path for each in places if each.exists() for path in each.iterdir()}
    return [found.get(name, home.folder / name) for name in open_heads(folder).list_files()]


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
