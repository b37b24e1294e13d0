"""A folder in which a scheduled export lands: whether what is in it is whole."""

import time
from pathlib import Path

#: Seconds between two looks at a file that may still be written.
PAUSE_S = 2.0
#: Seconds between two looks at a folder that is watched.
WATCH_S = 60.0
#: In a watched folder: what was not taken, in words.
NOT_TAKEN = "not taken.log"


def find_unfinished(folder: Path) -> list[str]:
    """The names of files whose size or time changes while somebody looks, or that come or go.

    OSError if the folder cannot be read.
    """
    first = list_states(folder)
    time.sleep(PAUSE_S)
    second = list_states(folder)
    return sorted(name for name in first | second if first.get(name) != second.get(name))


def list_states(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of every file but the report, and of those in the folder of a school."""
    found = {}
    for path in (*folder.iterdir(), *folder.glob("[1-9]*/*")):
        if path.is_file() and path.name != NOT_TAKEN:
            state = path.stat()
            found[path.relative_to(folder).as_posix()] = (state.st_size, state.st_mtime_ns)
    return found
