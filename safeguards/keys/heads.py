"""Heads: the state of every important file of a home when lac last wrote it, kept with the keys.

A file that somebody changed, replaced by an older copy or took away differs from its head, and is
not used until the lead confirms it.  The head of a file that is written whole is its digest, and
that of a journal its newest line.  The kind of the home is kept here too: `home.toml` may claim it
but not decide it.  The file is authenticated by a key that is stored with it.

While a file is being changed two heads are valid, the one before and the one after.  So a crash
between the file and its head, at whichever moment, leaves a file that the next opening accepts.
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
#: The files that people decide on and may edit: the list of roles, and the others.
PEOPLE = "roles.csv"
DECIDED = ("settings.toml", "recipients.csv", "retention.csv", "categories.csv", "caseload.csv")
#: The folder of a home with the mappings for its own tables.
MAPPINGS = "mappings"
#: The version of the file's shape, raised by one when older code cannot read it.
VERSION = 1

#: How often a file that does not match its head is read again, in case somebody is writing it.
_READ_ATTEMPTS = 20
_MAC = 64
#: The head of a missing file, while it is made for the first time.
_ABSENT = ""


@dataclass(frozen=True)
class Contents:
    """The content of the file: the home's kind, and the valid heads of each name.

    A name without heads is one of a file that nobody has confirmed.
    """

    kind: str
    heads: Mapping[str, tuple[str, ...]]


class Heads:
    """The heads of one home; each change is on the disk when it returns.

    A file is known by its name alone: no two important files have the same name.
    """

    def __init__(self, folder: Path, key: bytes) -> None:
        """Take the folder of the home's keys, and a key of 32 bytes for this use only."""
        self._path = folder / FILE
        self._key = key

    def create(self, kind: str) -> None:
        """Write the file for a new home of this kind, with no heads yet."""
        self._save(Contents(kind, {}))

    @property
    def kind(self) -> str:
        """Return the kind with which the home was made; errors are those of `load`."""
        return self.load().kind

    def get(self, name: str) -> tuple[str, ...] | None:
        """Return the valid heads of a name, the newest last, or None if it has none on record.

        KeysError means that the file is missing or is not as it was written.
        """
        return self.load().heads.get(name)

    def set(self, name: str, *heads: str) -> None:
        """Make these the valid heads of a name; without any, its file must be confirmed first."""
        with self._change() as known:
            known[name] = heads

    def read(self, path: Path) -> bytes:
        """Return the content of a file that is as lac wrote it.

        FileNotFoundError means that there is none and never was, as after a crash at its first
        write.  ProofError means that it is another one, or gone; OSError that it cannot be read.
        """
        mismatch = None
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
            # somebody may write between the two reads: only the same mismatch twice is wrong
            if mismatch == (heads, content):
                break
            mismatch = (heads, content)
        is_gone, is_restored = content is None, heads == () and content is not None
        confirm = find_confirmation(path)
        raise ProofError(path, is_gone=is_gone, is_restored=is_restored, confirm=confirm)

    def write(self, path: Path, content: bytes) -> None:
        """Write a file for its owner only, all of it or nothing; OSError as in `write_private`."""
        with self.expect(path, compute_digest(content)):
            write_private(path, content)

    @contextmanager
    def expect(self, path: Path, digest: str) -> Iterator[None]:
        """Keep the file before valid too, while the block puts a file of this digest in place.

        If the block raises and leaves the file before, that alone stays valid.
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
        """Accept a file as it is now; if it is not there, its heads are removed."""
        if path.exists():
            self.set(path.name, compute_digest(path.read_bytes()))
        else:
            self.forget(path.name)

    def forget(self, name: str) -> None:
        """Remove the heads of a file that is gone for good."""
        with self._change() as known:
            known.pop(name, None)

    def list_names(self) -> tuple[str, ...]:
        """Return every name that has heads, of journals too."""
        return tuple(self.load().heads)

    def list_files(self) -> tuple[str, ...]:
        """Return every name of a file that is written whole: its heads are digests, of one word."""
        known = self.load().heads
        return tuple(name for name in known if not any(" " in head for head in known[name]))

    def add(self, other: "Heads") -> None:
        """Make the heads of another file of heads valid too, so that either's home is accepted."""
        with self._change() as known:
            for name, heads in other.load().heads.items():
                known[name] = tuple(dict.fromkeys((*known.get(name, ()), *heads)))

    def replace(self, other: "Heads") -> None:
        """Put the heads of another file of heads in place of these."""
        with self._change() as known:
            known.clear()
            known.update(other.load().heads)

    def load(self) -> Contents:
        """Return the content of the file; KeysError if it is missing or not as it was written."""
        try:
            content = self._path.read_bytes()
        except OSError as error:
            raise KeysError(
                f"{self._path} cannot be read: {error.strerror}. Restore it."
            ) from error
        mac, text = content[:_MAC], content[_MAC + 1 :]
        # nothing is parsed before it is authenticated
        if not hmac.compare_digest(mac, self._compute_mac(text)):
            raise KeysError(f"{self._path} is damaged, or these are not its keys. Restore it.")
        body = json.loads(text)
        if body["version"] > VERSION:
            raise KeysError(f"{self._path} was written by a newer lac-monitor. Update lac-monitor.")
        return msgspec.convert(body, Contents)

    @contextmanager
    def _change(self) -> Iterator[dict[str, tuple[str, ...]]]:
        """Yield the heads to change, for one writer at a time, and save them after the block."""
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
    """Return the command by which a lead confirms a file; "" if only a backup can restore it."""
    if path.name == PEOPLE:
        return "lac people confirm"
    # settings and mappings are TOML, and a mapping that is gone has no folder to recognise it by
    is_confirmed = path.suffix == ".toml" or path.name in DECIDED
    return f"lac keys confirm {path.name}" if is_confirmed else ""


def open_heads(folder: Path) -> Heads:
    """Return the heads in a folder of keys; KeysError is as in `read_key`."""
    return Heads(folder, derive_key(read_key(folder, LOG_KEY), "heads|v1"))


def compute_digest(content: bytes) -> str:
    """Return the head of a file that is written whole."""
    return hashlib.sha256(content).hexdigest()


def _find_digest(path: Path) -> str:
    try:
        return compute_digest(path.read_bytes())
    except FileNotFoundError:
        return _ABSENT
