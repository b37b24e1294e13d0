"""The export files of a made-up school, as the contract describes them."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import polars as pl

from queries.contract import ALL_EXPORTS, Export, get_category
from synthetic.faults.faults import inject_faults
from synthetic.school.school import draw_school

FAULTS_FILE = "faults.csv"


def write_school(
    out: Path,
    *,
    seed: int = 7,
    children: int = 24,
    years: int = 3,
    until: date = date(2026, 11, 20),
    dirty: bool = False,
    all_categories: bool = False,
    has_cast: bool = True,
) -> None:
    """Make a school and write its export files, UTF-8 with line feeds, into the folder `out`.

    Make the folder if it is missing, and delete files of the same names from an earlier run.  A
    file without rows is written with its header if the contract allows that, and otherwise not.

    Args:
        out: The folder.
        seed: The number that everything is drawn from.
        children: The number of children in scope.
        years: The number of academic years with marks.
        until: The last day with marks.
        dirty: Whether to plant faults, which faults.csv then lists.
        all_categories: Whether to write also the categories that are off at first.
        has_cast: Whether the twelve stories are among the children.
    """
    out.mkdir(parents=True, exist_ok=True)
    for name in (*(export.name for export in ALL_EXPORTS), FAULTS_FILE):
        (out / name).unlink(missing_ok=True)
    exports = {
        export.name: export
        for export in ALL_EXPORTS
        if all_categories or not get_category(export).is_off_at_first
    }
    for frames in draw_school(seed, children, years, until, has_cast=has_cast):
        for name, frame in frames.items():
            if name in exports:
                _append(out / name, frame, exports[name])
    if dirty:
        _plant_faults(out, exports, until, seed)


def _append(path: Path, frame: pl.DataFrame, export: Export) -> None:
    """Append rows to a file.  Write its header first if it has rows or may be without."""
    is_new = not path.exists()
    if len(frame) or (is_new and (export.required or export.may_be_empty)):
        with path.open("ab") as file:
            frame.write_csv(file, include_header=is_new, quote_style="necessary")


def _plant_faults(out: Path, exports: Mapping[str, Export], until: date, seed: int) -> None:
    """Plant faults in the files of the folder, and list them in another file there."""
    files = {name: (out / name).read_text("utf-8") for name in exports if (out / name).exists()}
    spoilt, faults = inject_faults(files, until, seed)
    for name in spoilt.keys() & exports:
        (out / name).write_bytes(spoilt[name])
    listed = [fault for fault in faults if fault.file in exports]
    rows = [(fault.file, fault.row, fault.column, fault.kind) for fault in listed]
    table = pl.DataFrame(rows, ["file", "row", "column", "class"], orient="row")
    table.write_csv(out / FAULTS_FILE, quote_style="necessary")
