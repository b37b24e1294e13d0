"""Heads: beside the keys, what every file of a home that matters was when lac last wrote it.

A file that somebody changed, put back from an older copy or took away is told from the one
that lac wrote, and is not believed until the lead says so.  Of a file that is written whole
the head is its digest, of a journal its newest line; and the kind of the home stands there,
which `home.toml` may then claim but not decide.  The file is authenticated by a key that is
stored with it.

While a file is being changed two heads hold, that before and that after: so a crash between
the file and its head, at whichever moment, leaves one that the next opening takes.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from safeguards.errors import KeysError, ProofError
from safeguards.files import lock_file, write_private
from safeguards.keys.key_files import LOG_KEY, derive_key, read_key

FILE = "heads.json"
#: What people decide and may edit: who holds which role, and all else.
PEOPLE = "roles.csv"
DECIDED = ("settings.toml", "recipients.csv", "retention.csv", "categories.csv", "caseload.csv")
#: Where a home keeps how its own tables are read.
MAPPINGS = "mappings"
#: Of the file's shape; raised by one when older code cannot read it.
VERSION = 1

#: How often a file without its head is looked at again, while somebody writes one.
_READ_ATTEMPTS = 20
_MAC = 64
#: The head of a file that is not there, while it is made for the first time.
_ABSENT = ""


@dataclass(frozen=True)
class Contents:
    """What the file says: the home's kind, and the heads that hold of each name.

    A name without heads is one of a file that nobody has confirmed.
    """

    kind: str
    heads: Mapping[str, tuple[str, ...]]


class Heads:
    """The heads of one home; each change is on the disk when it returns.

    A file is known by its name alone: no two that matter have one in common.
    """

    def __init__(self, folder: Path, key: bytes) -> None:
        """folder: of the home's keys.  key: 32 bytes, for this use only."""
        self._path = folder / FILE
        self._key = key

    def create(self, kind: str) -> None:
        """Begin: a home of this kind, of which no file is known yet."""
        self._save(Contents(kind, {}))

    @property
    def kind(self) -> str:
        """What the home was made as; KeysError as of `get`."""
        return self.load().kind

    def get(self, name: str) -> tuple[str, ...] | None:
        """The heads that hold of a name, the newest last; None for one that is not known.

        KeysError if the file is missing or is not as it was written.
        """
        return self.load().heads.get(name)

    def set(self, name: str, *heads: str) -> None:
        """Let these hold of a name, and no others; none at all until somebody confirms it."""
        with self._change() as known:
            known[name] = heads

    def read(self, path: Path) -> bytes:
        """The content of a file, which is as lac wrote it.

        FileNotFoundError where there is none and never was, as after a crash at its first
        write.  ProofError if it is another one, or gone; OSError if it cannot be read.
        """
        found = None
        for _ in range(_READ_ATTEMPTS):
            heads = self.get(path.name)
            try:
                content = path.read_bytes()
            except FileNotFoundError:
                if heads is None or _ABSENT in heads:
                    raise
                content = None
            if content is not None and compute_digest(content) in (heads or ()):
                return content
            # somebody may write between the two: only what is found twice is wrong
            if found == (heads, content):
                break
            found = (heads, content)
        is_gone, is_restored = content is None, heads == () and content is not None
        confirm = find_confirmation(path)
        raise ProofError(path, is_gone=is_gone, is_restored=is_restored, confirm=confirm)

    def write(self, path: Path, content: bytes) -> None:
        """Put a file in place, for its owner only, all of it or nothing; OSError as of that."""
        with self.expect(path, compute_digest(content)):
            write_private(path, content)

    @contextmanager
    def expect(self, path: Path, digest: str) -> Iterator[None]:
        """While the block puts a file of this digest in place, the one before holds as well.

        The one before still holds, alone, if the block raises and left it there.
        """
        known = self.get(path.name)
        before = (_ABSENT,) if known is None else known
        self.set(path.name, *dict.fromkeys((*before, digest)))
        try:
            yield
        finally:
            now = _find_digest(path)
            self.set(path.name, *((now,) if now in (*before, digest) else before))

    def confirm(self, path: Path) -> None:
        """Take a file as it is now; of one that is not there nothing is known afterwards."""
        if path.exists():
            self.set(path.name, compute_digest(path.read_bytes()))
        else:
            self.forget(path.name)

    def forget(self, name: str) -> None:
        """Know nothing of a file that is gone for good."""
        with self._change() as known:
            known.pop(name, None)

    def list_names(self) -> tuple[str, ...]:
        """Every name of which a head is known, of journals too."""
        return tuple(self.load().heads)

    def list_files(self) -> tuple[str, ...]:
        """Every name of a file that is written whole: its heads are digests, of one word."""
        known = self.load().heads
        return tuple(name for name in known if not any(" " in head for head in known[name]))

    def add(self, other: "Heads") -> None:
        """Let the heads of another file of heads hold as well: either's home is believed."""
        with self._change() as known:
            for name, heads in other.load().heads.items():
                known[name] = tuple(dict.fromkeys((*known.get(name, ()), *heads)))

    def replace(self, other: "Heads") -> None:
        """Let the heads of another file of heads hold in place of these."""
        with self._change() as known:
            known.clear()
            known.update(other.load().heads)

    def load(self) -> Contents:
        """What the file says; KeysError if it is missing or is not as it was written."""
        try:
            content = self._path.read_bytes()
        except OSError as error:
            raise KeysError(
                f"{self._path} cannot be read: {error.strerror}. Restore it."
            ) from error
        mac, text = content[:_MAC], content[_MAC + 1 :]
        # nothing is parsed before it is known to be ours
        if not hmac.compare_digest(mac, self._compute_mac(text)):
            raise KeysError(f"{self._path} is damaged, or these are not its keys. Restore it.")
        body = json.loads(text)
        if body["version"] > VERSION:
            raise KeysError(f"{self._path} was written by a newer lac-monitor. Update lac-monitor.")
        return msgspec.convert(body, Contents)

    @contextmanager
    def _change(self) -> Iterator[dict[str, tuple[str, ...]]]:
        """The heads, to change for whoever reads them after the block, one writer at a time."""
        with lock_file(self._path):
            content = self.load()
            heads = dict(content.heads)
            yield heads
            if heads != content.heads:
                self._save(Contents(content.kind, heads))

    def _save(self, content: Contents) -> None:
        body = {"version": VERSION, "kind": content.kind, "heads": content.heads}
        text = json.dumps(body, indent=1).encode("ascii") + b"\n"
        write_private(self._path, self._compute_mac(text) + b"\n" + text)

    def _compute_mac(self, text: bytes) -> bytes:
        return hmac.digest(self._key, text, "sha256").hex().encode("ascii")


def find_confirmation(path: Path) -> str:
    """How a lead says that a file is right as it is; "" for one that only a backup mends."""
    if path.name == PEOPLE:
        return "lac people confirm"
    # settings and mappings are TOML, and a mapping that is gone has no folder to tell it by
    is_confirmed = path.suffix == ".toml" or path.name in DECIDED
    return f"lac keys confirm {path.name}" if is_confirmed else ""


def open_heads(folder: Path) -> Heads:
    """The heads in a folder of keys; KeysError as of `read_key`."""
    return Heads(folder, derive_key(read_key(folder, LOG_KEY), "heads|v1"))


def compute_digest(content: bytes) -> str:
    """The head of a file that is written whole."""
    return hashlib.sha256(content).hexdigest()


def _find_digest(path: Path) -> str:
    try:
        return compute_digest(path.read_bytes())
    except FileNotFoundError:
        return _ABSENT
