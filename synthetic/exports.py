"""Writes a made-up school as the export files of the contract."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import polars as pl

from queries.contract import ALL_EXPORTS, get_category
from synthetic.faults.faults import inject_faults
from synthetic.faults.page import Fault
from synthetic.school.school import make_school

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
) -> None:
    """Make a school and write its export files, UTF-8 with line feeds, into the folder `out`.

    The folder is made if it is not there, and files of the same names from an earlier
    run are taken away.  A file without rows has its header where the contract allows
    that, and is not written where it does not.  With `dirty`, faults are planted at places
    drawn from `seed`, and faults.csv lists each of them.  all_categories: also what a home does
    without at first.
    """
    school = make_school(seed, children=children, years=years, until=until)
    out.mkdir(parents=True, exist_ok=True)
    for name in (*(export.name for export in ALL_EXPORTS), FAULTS_FILE):
        (out / name).unlink(missing_ok=True)
    frames = {
        export.name: school.frames[export.name]
        for export in ALL_EXPORTS
        if export.name in school.frames
        and (all_categories or not get_category(export).is_off_at_first)
        and (len(school.frames[export.name]) or export.required or export.may_be_empty)
    }
    for name, frame in frames.items():
        frame.write_csv(out / name, quote_style="necessary")
    if not dirty:
        return
    files = {name: each.write_csv(quote_style="necessary") for name, each in frames.items()}
    spoilt, faults = inject_faults(school, files, seed)
    kept = {name for name in spoilt if all_categories or not get_category(name).is_off_at_first}
    for name in kept:
        (out / name).write_bytes(spoilt[name])
    faults = [fault for fault in faults if fault.file in kept]
    (out / FAULTS_FILE).write_bytes(_serialise_faults(faults).encode("utf-8"))


def _serialise_faults(faults: Iterable[Fault]) -> str:
    rows = [(fault.file, fault.row, fault.column, fault.kind) for fault in faults]
    columns = ["file", "row", "column", "class"]
    return pl.DataFrame(rows, columns, orient="row").write_csv(quote_style="necessary")
