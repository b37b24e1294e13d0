"""What a computer remembers of its backups, beside the keys: the newest one, and the last drill."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from safeguards.errors import KeysError, ProofError
from safeguards.keys.heads import open_heads

FILE = "backups.json"


@dataclass(frozen=True)
class Notes:
    """Times of this computer's backups; None where there was none yet.

    newest: when the newest backup was made.  drilled: when one was last restored to try it.
    """

    newest: datetime | None = None
    drilled: datetime | None = None


def read_notes(folder: Path) -> Notes:
    """The notes in a folder of keys; KeysError if they cannot be read."""
    path = folder / FILE
    try:
        body = json.loads(open_heads(folder).read(path))
        times = {
            name: None if body[name] is None else datetime.fromisoformat(body[name])
            for name in ("newest", "drilled")
        }
    except (FileNotFoundError, ProofError):  # of what nobody can rely on nothing is remembered
        return Notes()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KeysError(f"{path} is damaged. Remove it: the next backup makes it anew.") from error
    return Notes(**times)


def write_notes(folder: Path, notes: Notes) -> None:
    """Keep the notes in a folder of keys; OSError if that fails."""
    body = {
        name: None if at is None else at.astimezone(UTC).isoformat(timespec="seconds")
        for name, at in asdict(notes).items()
    }
    open_heads(folder).write(folder / FILE, json.dumps(body).encode("ascii") + b"\n")
