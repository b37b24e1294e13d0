"""Writes a made-up school as the export files of the contract."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from queries.contract import ALL_EXPORTS, get_category
from synthetic.faults.faults import inject_faults
from synthetic.faults.page import Fault
from synthetic.returns.census import write_school_census
from synthetic.returns.cin import write_census
from synthetic.returns.ctf import write_transfer_file
from synthetic.returns.giap import write_downloads
from synthetic.returns.sen2 import write_sen_return
from synthetic.returns.ssda903 import write_return
from synthetic.returns.tables import write_rows
from synthetic.school.school import School, add_former_pupil, make_school

FAULTS_FILE = "faults.csv"
#: A format of all files, for programs that read very many rows.
PARQUET = "parquet"
#: What puts a national file in place of rows of ours, by the name of its format.
NATIONAL_FORMATS = {
    "ssda903": write_return,
    "ctf": write_transfer_file,
    "cin": write_census,
    "giap": write_downloads,
    "census": write_school_census,
    "sen2": write_sen_return,
}


def write_school(
    out: Path,
    *,
    seed: int = 7,
    children: int = 24,
    years: int = 3,
    until: date = date(2026, 11, 20),
    dirty: bool = False,
    national: str = "",
    all_categories: bool = False,
) -> str:
    """Make a school and write its export files into the folder `out`; see `write_exports`."""
    school = make_school(seed, children=children, years=years, until=until)
    return write_exports(
        school, out, dirty=dirty, seed=seed, national=national, all_categories=all_categories
    )


def write_exports(
    school: School,
    folder: Path,
    dirty: bool = False,
    *,
    seed: int = 7,
    national: str = "",
    all_categories: bool = False,
) -> str:
    """Write the export files of `school`, UTF-8 with line feeds, into `folder`.

    The folder is made if it is not there, and files of the same names from an earlier
    run are taken away.  A file without rows has its header where the contract allows
    that, and is not written where it does not.  With `dirty`, faults are planted at places
    drawn from `seed`, and faults.csv lists each of them.  national: a format of
    `NATIONAL_FORMATS`, which then stands in place of what it tells, and has no faults; or
    PARQUET, in which all files are then.  all_categories: also what a home does without at first.

    Returns the name of the authority whose return is there, "" where none is.
    """
    school = add_former_pupil(school) if all_categories else school
    folder.mkdir(parents=True, exist_ok=True)
    for name in (*(export.name for export in ALL_EXPORTS), FAULTS_FILE):
        (folder / name).unlink(missing_ok=True)
        (folder / name).with_suffix(".parquet").unlink(missing_ok=True)
    frames = {
        export.name: school.frames[export.name]
        for export in ALL_EXPORTS
        if export.name in school.frames
        and (all_categories or not get_category(export).is_off_at_first)
        and (len(school.frames[export.name]) or export.required or export.may_be_empty)
    }
    if national == PARQUET:
        for name, frame in frames.items():
            frame.write_parquet((folder / name).with_suffix(".parquet"))
        return ""
    files = {name: each.write_csv(quote_style="necessary") for name, each in frames.items()}
    authority = ""
    if national:
        files, authority = NATIONAL_FORMATS[national](files)
    written = {name: text.encode("utf-8") for name, text in files.items()}
    if dirty:
        spoilt, faults = inject_faults(school, files, seed)
        kept = {name for name in spoilt if all_categories or not get_category(name).is_off_at_first}
        written |= {name: spoilt[name] for name in kept}
        faults = [fault for fault in faults if fault.file in kept]
        written[FAULTS_FILE] = _serialise_faults(faults).encode("utf-8")
    for name, data in written.items():
        (folder / name).write_bytes(data)
    return authority


def _serialise_faults(faults: Iterable[Fault]) -> str:
    rows = ({**vars(fault), "row": f"{fault.row}", "class": fault.kind} for fault in faults)
    return write_rows(("file", "row", "column", "class"), rows)
