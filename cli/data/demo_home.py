"""The home of the made-up school, kept from one demo to the next as it was made.

It lies in a cache folder, under a digest of all that it is made from.  A demo works on a copy of
it and of its keys, so that nothing that somebody logs or types in one is in the next.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import duckdb

from safeguards.files import FOLDER_MODE
from safeguards.journal.access_log import get_utc_now

#: The last day marked in the made-up school.
UNTIL = date(2026, 11, 20)

_ROOT = Path(__file__).parents[2]
#: What a home is made from, and by.
_SOURCES = ("cli/data", "intake", "queries", "safeguards", "synthetic")
_SUFFIXES = (".py", ".sql", ".csv", ".toml")
#: Beside a kept home, what is in it.
_LIST = "files.txt"
#: Begins the name of what is half made or half removed; who began it is gone after so long.
_UNFINISHED, _GONE_AFTER_S = "unfinished-", 3600.0


def copy_demo_home(
    to: Path,
    cache: Path,
    *,
    seed: int,
    all_categories: bool,
    is_fresh: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> None:
    """Put the home of the made-up school at `to`/home, and its keys at `to`/keys.

    As it was kept in the folder `cache`, or else made now, and kept there if that can be written.
    is_fresh: make it in any case.  say: told before it is made, which takes seconds.
    """
    kept = cache / compute_digest() / f"{seed}{'-all' if all_categories else ''}"
    if not is_fresh and _copy(kept, to):
        return
    say("Making the school: a few seconds, this first time only.")
    # with all that makes up, reads and loads files
    from cli.data.made_up import make_home  # noqa: PLC0415

    make_home(to, seed=seed, until=UNTIL, all_categories=all_categories)
    with suppress(OSError):  # the demo is there, kept or not
        _keep(to, kept)


def compute_digest() -> str:
    """A fingerprint of all that a demo's home is made from."""
    hasher = hashlib.sha256(duckdb.__version__.encode())
    for source in _SOURCES:
        for folder, folders, names in os.walk(_ROOT / source):
            folders.sort()
            for name in sorted(names):
                if name.endswith(_SUFFIXES):
                    hasher.update(name.encode() + b"\0" + Path(folder, name).read_bytes())
    return hasher.hexdigest()[:16]


def _copy(kept: Path, to: Path) -> bool:
    """Whether there is a kept home, and all of it is at `to` now."""
    try:
        before = kept.stat()
        shutil.copytree(kept, to)
        # another demo may have put one of its own in its place meanwhile: no half of each
        is_same = os.path.samestat(before, kept.stat())
        is_whole = is_same and (to / _LIST).read_text(encoding="utf-8") == _list_files(to)
    except OSError:
        is_whole = False
    if not is_whole:
        shutil.rmtree(to, ignore_errors=True)
    return is_whole


def _list_files(folder: Path) -> str:
    """A line for each file, with its size: programs that tidy up may take some away."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != _LIST)
    return "".join(f"{each.relative_to(folder)} {each.stat().st_size}\n" for each in files)


def _keep(made: Path, kept: Path) -> None:
    """Keep a home: it has its name once it is whole.  Those of other sources are removed.

    Where another demo kept the same one a moment ago, that one stays.
    """
    cache = kept.parents[1]
    kept.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=cache))
    try:
        shutil.copytree(made, beside / "new")
        (beside / "new" / _LIST).write_text(_list_files(made), encoding="utf-8")
        with suppress(FileNotFoundError):
            kept.rename(beside / "old")  # away at once, so that nobody copies half of it
        (beside / "new").rename(kept)
        long_ago = get_utc_now().timestamp() - _GONE_AFTER_S
        for other in cache.iterdir():
            if other.name.startswith(_UNFINISHED):
                if other.stat().st_mtime < long_ago:
                    shutil.rmtree(other, ignore_errors=True)
            elif other != kept.parent:
                other.rename(beside / other.name)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
