"""Small JSON files beside the keys: for their owner only, whole or not at all."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from safeguards.errors import KeysError
from safeguards.files import is_reached_by_others, write_private

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
                f"{path} can be reached by other users of this computer. "
                "Take their rights away (chmod go-rwx) and look into who had them."
            )
        body = json.loads(path.read_bytes())
        if body["version"] > version:
            raise KeysError(f"{path} was written by a newer lac-monitor. Update lac-monitor.")
        return parse(body)
    except FileNotFoundError:
        raise KeysError(f"{path} is not there. Restore it.") from None
    except OSError as error:
        raise KeysError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise KeysError(f"{path} is damaged. Restore it.") from error


def write(path: Path, version: int, body: Mapping[str, Any]) -> None:
    """Put the file on the disk, all or nothing; KeysError if that fails."""
    content = json.dumps({"version": version, **body}, indent=1).encode("ascii") + b"\n"
    try:
        write_private(path, content)
    except OSError as error:
        raise KeysError(f"{path} cannot be written: {error.strerror}.") from error
