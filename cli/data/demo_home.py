"""The home of the made-up school, kept unchanged from one demo to the next.

It is a file in a cache folder, named by a digest of all that it is made from.  A demo works on a
copy of the home and its keys, so the next demo has nothing that somebody logs or types in this one.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import duckdb

from safeguards.files import FOLDER_MODE

#: The last day marked in the made-up school.
UNTIL = date(2026, 11, 20)
#: The number of children in the groups of a made-up school, and of a made-up authority.
SCHOOL_CHILDREN, AUTHORITY_CHILDREN = 24, 700

#: The seed of its random numbers.
_SEED = 7
_ROOT = Path(__file__).parents[2]
#: The folders of the code and tables that make a home.
_SOURCES = ("cli/data", "intake", "queries", "safeguards", "synthetic")
_SUFFIXES = (".py", ".sql", ".csv", ".toml")


def copy_demo_home(
    to: Path,
    cache: Path,
    *,
    all_categories: bool,
    children: int | None = None,
    is_authority: bool = False,
    is_fresh: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> None:
    """Put the home of the made-up school at `to`/home, and its keys at `to`/keys.

    Copy it from the folder `cache`, or else make it now and keep it there if that can be written.

    Args:
        to: The folder for the home and its keys.
        cache: The folder in which homes are kept.
        all_categories: Whether the home has the categories that are off at first.
        children: The number of children in its groups.  None means 24, or 700 for an authority.
        is_authority: Whether it is the home of an authority with many schools.
        is_fresh: Whether to make a new home even if one is kept.
        say: Function that is called before a home is made, which takes seconds.

    """
    if children is None:
        children = AUTHORITY_CHILDREN if is_authority else SCHOOL_CHILDREN
    parts = [compute_digest(), str(children)]
    parts += ["all"] if all_categories else []
    parts += ["authority"] if is_authority else []
    kept = cache / f"{'-'.join(parts)}.zip"
    with suppress(OSError, BadZipFile):
        if not is_fresh:
            with ZipFile(kept) as packed:
                packed.extractall(to)
            return
    shutil.rmtree(to, ignore_errors=True)
    say(f"Making the {'schools' if is_authority else 'school'}. It takes a few seconds, once only.")
    # this imports all that makes up, reads and loads files
    from cli.data.made_up import make_authority_home, make_home  # noqa: PLC0415

    if is_authority:
        make_authority_home(to, seed=_SEED, until=UNTIL, children=children)
    else:
        make_home(to, seed=_SEED, until=UNTIL, children=children, all_categories=all_categories)
    with suppress(OSError):  # the demo works even if its home is not kept
        _keep(to, kept)


def compute_digest() -> str:
    """Return a fingerprint of all that a demo's home is made from."""
    hasher = hashlib.sha256(duckdb.__version__.encode())
    for source in _SOURCES:
        for folder, folders, names in os.walk(_ROOT / source):
            folders.sort()
            for name in sorted(names):
                if name.endswith(_SUFFIXES):
                    hasher.update(name.encode() + b"\0" + Path(folder, name).read_bytes())
    return hasher.hexdigest()[:16]


def _keep(made: Path, kept: Path) -> None:
    """Keep a home in a file that gets its name once it is whole, and delete homes of older code."""
    kept.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent, ignore_cleanup_errors=True) as beside:
        new = Path(beside, kept.name)
        with ZipFile(new, "w") as packed:
            for path in sorted(made.rglob("*")):
                packed.write(path, path.relative_to(made))
        new.replace(kept)
    for other in kept.parent.glob("*.zip"):
        if not other.name.startswith(kept.stem.partition("-")[0]):
            other.unlink(missing_ok=True)
