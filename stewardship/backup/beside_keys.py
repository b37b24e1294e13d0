"""What a computer keeps for its backups, beside the keys: who opens them, and when they were made.

They are opened by this computer, by an identity, and by the recovery code, both of the age format.
Of the code only the recipient is kept here, to which backups are sealed and which opens nothing.
Both files end in a checksum, so damage is told at once.  The notes are of the newest backup and of
the last drill.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
from pyrage import IdentityError, RecipientError, x25519

from safeguards.errors import KeysError, ProofError
from safeguards.keys.heads import open_heads
from safeguards.keys.key_files import read_key_text
from safeguards.keys.keys import get_keys_root
from safeguards.keys.recovery import generate_code, parse_code

#: The identity, the recipient of the recovery code, and the notes.
BACKUP_KEY, RECOVERY_RECIPIENT, NOTES = "backup.key", "recovery.recipient", "backups.json"


@dataclass(frozen=True)
class Notes:
    """Times of this computer's backups; None where there was none yet.

    newest: when the newest backup was made.  drilled: when one was last restored to try it.
    """

    newest: datetime | None = None
    drilled: datetime | None = None


def get_or_create_recipients(
    folder: Path, show_code: Callable[[str], None], *, wants_new_code: bool
) -> list[x25519.Recipient]:
    """Whom to seal backups to; made where there are none.

    folder: of the keys.  show_code: told a new recovery code before it counts.  KeysError
    for a file that is damaged or that others can reach; OSError if one cannot be written.
    """
    if not (folder / BACKUP_KEY).exists():
        _write(folder / BACKUP_KEY, x25519.Identity.generate())
    if wants_new_code or not (folder / RECOVERY_RECIPIENT).exists():
        code = generate_code()
        show_code(code)
        _write(folder / RECOVERY_RECIPIENT, parse_code(code).to_public())
    try:
        recovery = x25519.Recipient.from_str(read_key_text(folder, RECOVERY_RECIPIENT))
    except RecipientError:
        raise KeysError(
            f"{folder / RECOVERY_RECIPIENT} is damaged. Make a new recovery code, which opens "
            "backups from then on: lac backup --new-recovery-code"
        ) from None
    return [load_identity(folder).to_public(), recovery]


def load_identity(folder: Path) -> x25519.Identity:
    """What opens the backups of one home on this computer; KeysError as of `read_key_text`."""
    try:
        return x25519.Identity.from_str(read_key_text(folder, BACKUP_KEY))
    except IdentityError:
        raise KeysError(f"{folder / BACKUP_KEY} is damaged. Restore it.") from None


def find_identities(environ: Mapping[str, str] = os.environ) -> list[x25519.Identity]:
    """What opens backups on this computer, of every home with keys here."""
    found = sorted(get_keys_root(environ).glob(f"*/{BACKUP_KEY}"))
    return [load_identity(path.parent) for path in found]


def read_notes(folder: Path) -> Notes:
    """The notes in a folder of keys; KeysError if they cannot be read."""
    path = folder / NOTES
    try:
        return msgspec.json.decode(open_heads(folder).read(path), type=Notes)
    except (FileNotFoundError, ProofError):  # of what nobody can rely on nothing is remembered
        return Notes()
    except (OSError, ValueError) as error:
        raise KeysError(f"{path} is damaged. Remove it: the next backup replaces it.") from error


def write_notes(folder: Path, notes: Notes) -> None:
    """Keep the notes in a folder of keys; OSError if that fails."""
    open_heads(folder).write(folder / NOTES, msgspec.json.encode(notes) + b"\n")


def _write(path: Path, content: x25519.Identity | x25519.Recipient) -> None:
    open_heads(path.parent).write(path, f"{content}\n".encode("ascii"))
