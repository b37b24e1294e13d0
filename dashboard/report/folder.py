"""Puts the files of a report into a folder: all of them, or nothing."""

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from safeguards.errors import ReportError
from safeguards.home import sync_folder, write_private


def written(
    out: Path,
    name: str,
    files: Mapping[str, bytes],
    *,
    replaces: bool,
    before_it_counts: Callable[[], None] = lambda: None,
) -> Path:
    """A folder `name` in `out` with these files, readable by its owner only.

    replaces: whether an earlier folder of that name makes room.  before_it_counts: called
    when all is on the disk and before the folder has its name; what it raises leaves none.
    ReportError if the folder is there already, or if it cannot be written.
    """
    place, half_made = out / name, out / f".{name}.new"
    if place.exists() and not replaces:
        raise ReportError(f"{place} is there already. Nothing was made: choose another folder.")
    try:
        out.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(half_made, ignore_errors=True)
        half_made.mkdir(mode=0o700)
        try:
            for file, content in files.items():
                write_private(half_made / file, content)
            before_it_counts()
            if place.exists():
                shutil.rmtree(place)
            os.replace(half_made, place)  # noqa: PTH105 - as one step
        except BaseException:
            shutil.rmtree(half_made, ignore_errors=True)
            raise
        sync_folder(out)
    except OSError as error:
        raise ReportError(
            f"The report cannot be written to {out} ({error.strerror}). Nothing was published."
        ) from error
    return place
