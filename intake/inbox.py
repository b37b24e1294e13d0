"""A folder in which a scheduled export lands: whether what is in it is whole."""

import time
from pathlib import Path

#: Seconds between two looks at a file that may still be written.
PAUSE_S = 2.0


def find_unfinished(folder: Path) -> list[str]:
    """The names of files whose size or time changes while somebody looks, or that come or go.

    OSError if the folder cannot be read.
    """
    first = _look(folder)
    time.sleep(PAUSE_S)
    second = _look(folder)
    return sorted(name for name in first | second if first.get(name) != second.get(name))


def _look(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of every file."""
    found = {}
    for path in folder.iterdir():
        if path.is_file():
            state = path.stat()
            found[path.name] = (state.st_size, state.st_mtime_ns)
    return found
