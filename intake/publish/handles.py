"""The children of a home by their handles, for sheets that hold no UPN."""

import os
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from intake.problems import IntakeError
from intake.publish import files
from intake.tables import ExportFolder
from queries.store import versions
from safeguards.home.home import Home
from safeguards.keys.keys import Keys

_QUERY = """
select
    pupils.handle,
    arg_max(stays.year_group, stays.entry_date) as year_group,
    arg_max(stays.year_group_date, stays.entry_date) as year_group_date
from raw_pupil as pupils
inner join raw_enrolment as stays on pupils.pupil_key = stays.pupil_key
group by pupils.handle
"""


def find_pupils_by_handle(
    read: ExportFolder, home_folder: Path | None, environ: Mapping[str, str] = os.environ
) -> pl.DataFrame | None:
    """Who may be named by handle in these files; None where none of them does so.

    handle, year_group (R is 0) and the day on which that was true, of every child whom
    the home has: a row each.  IntakeError if the files need a home and there is none, or
    nothing has been loaded into it; HomeError, KeysError, StoreError as their names say.
    """
    files_with_handles = [
        name for name, file in read.files.items() if "handle" in file.rows.columns
    ]
    if not files_with_handles:
        return None
    if home_folder is None:
        raise IntakeError(
            f"{files_with_handles[0]} names children by handle. Say whose handles: --home HOME."
        )
    path = (
        versions.find_current_version(Home.open(home_folder).store)
        if home_folder.exists()
        else None
    )
    if path is None:
        raise IntakeError(
            f"{files_with_handles[0]} names children by handle, and {home_folder} holds no "
            "children yet. "
            "Load the roll without it first."
        )
    key = Keys.load(Home.open(home_folder), environ).store
    with files.open_version(path, key) as version:
        return version.read(_QUERY)
