"""Puts the files of a report into a folder: all of them, or nothing."""

import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from safeguards.errors import ReportError
from safeguards.files import sync_folder, write_private


def write_report_folder(
    out: Path,
    name: str,
    files: Mapping[str, bytes],
    *,
    replaces: bool,
    before_publish: Callable[[], None] = lambda: None,
) -> Path:
    """A folder `name` in `out` with these files, readable by its owner only.

    replaces: whether an earlier folder of that name makes room.  before_it_counts: called
    when all is on the disk and before the folder has its name; what it raises leaves none.
    ReportError if the folder is there already, or if it cannot be written.
    """
    place = out / name
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".lac-report-", dir=out) as temporary:
            half_made = Path(temporary)
            for file, content in files.items():
                write_private(half_made / file, content)
            if place.exists() and replaces:
                shutil.rmtree(place)
            try:
                place.mkdir(mode=0o700)  # nobody else's from here on
            except FileExistsError:
                raise _already_exists(place) from None
            try:
                before_publish()
            except BaseException:
                place.rmdir()
                raise
            for file in files:
                (half_made / file).replace(place / file)
        sync_folder(out)
    except OSError as error:
        raise ReportError(
            f"The report cannot be written to {out} ({error.strerror}). Nothing was published, "
            "unless lac report history lists it: then lac report again writes its files."
        ) from error
    return place


def _already_exists(place: Path) -> ReportError:
    return ReportError(f"{place} is there already. Nothing was made: choose another folder.")
