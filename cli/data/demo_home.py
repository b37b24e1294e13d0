"""The home of the made-up school, kept from one demo to the next as it was made.

It lies in a cache folder, one file named by a digest of all that it is made from.  A demo works on
a copy of it and of its keys, so that nothing that somebody logs or types in one is in the next.
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
#: Children in the groups of a made-up school, and of a made-up authority.
SCHOOL_CHILDREN, AUTHORITY_CHILDREN = 24, 700

#: Of its chance.
_SEED = 7
_ROOT = Path(__file__).parents[2]
#: What a home is made from, and by.
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

    It is copied from the folder `cache`, or else made now and kept there if that can be written.

    Args:
        to: Where the home goes.
        cache: Where homes are kept.
        all_categories: Whether it has the categories that are off at first.
        children: How many children are in its groups; None for 24, or 700 of an authority.
        is_authority: Whether it is an authority's home, of many schools.
        is_fresh: Whether to make it in any case.
        say: Called before it is made, which takes seconds.

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
    # with all that makes up, reads and loads files
    from cli.data.made_up import make_authority_home, make_home  # noqa: PLC0415

    if is_authority:
        make_authority_home(to, seed=_SEED, until=UNTIL, children=children)
    else:
        make_home(to, seed=_SEED, until=UNTIL, children=children, all_categories=all_categories)
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


def _keep(made: Path, kept: Path) -> None:
    """Keep a home: its file has its name once it is whole.  Those of other sources go."""
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
