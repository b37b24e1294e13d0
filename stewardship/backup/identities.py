"""Who opens a backup: this computer, by an identity beside the keys, and the recovery code.

Both are of the age format.  Of the code only the recipient is kept here, to which backups
are sealed and which opens nothing.  Both files end in a checksum, so damage is told at once.
"""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from pyrage import IdentityError, RecipientError, x25519

from safeguards.errors import KeysError
from safeguards.keys.heads import open_heads
from safeguards.keys.key_files import read_key_text
from safeguards.keys.keys import get_keys_root
from safeguards.keys.recovery import generate_code, parse_code

#: Beside the keys: the identity, and the recipient of the recovery code.
BACKUP_KEY, RECOVERY_RECIPIENT = "backup.key", "recovery.recipient"


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
            f"{folder / RECOVERY_RECIPIENT} is damaged. Draw a new recovery code, which opens "
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


def _write(path: Path, content: x25519.Identity | x25519.Recipient) -> None:
    open_heads(path.parent).write(path, f"{content}\n".encode("ascii"))
