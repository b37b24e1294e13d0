"""Watch a folder in which scheduled exports arrive, and say whether its files are complete."""

import time
from pathlib import Path

#: Seconds between two looks at a file that may still be written.
PAUSE_S = 2.0
#: Seconds between two looks at a folder that is watched.
WATCH_S = 60.0
#: The file in a watched folder that says in words what was not loaded.
NOT_TAKEN = "not taken.log"


def find_unfinished(folder: Path) -> list[str]:
    """Return the files whose size or time changes during a short wait, or that come or go.

    Raise OSError if the folder cannot be read.
    """
    first = list_states(folder)
    time.sleep(PAUSE_S)
    second = list_states(folder)
    return sorted(name for name in first | second if first.get(name) != second.get(name))


def list_states(folder: Path) -> dict[str, tuple[int, int]]:
    """Return size and time of every file but the report, and of those in folders of schools."""
    states = {}
    for path in (*folder.iterdir(), *folder.glob("[1-9]*/*")):
        if path.is_file() and path.name != NOT_TAKEN:
            state = path.stat()
            states[path.relative_to(folder).as_posix()] = (state.st_size, state.st_mtime_ns)
    return states
