"""Facts that a home holds already, by which a load of some files only is checked."""

import os
from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path

from intake.check.held import Held
from intake.problems import IntakeError
from intake.publish import files
from intake.tables import ExportFolder
from queries.contract import ALL_EXPORTS, CARE_EPISODES, NO_SCHOOL, ONLY_SCHOOL
from queries.store import store, versions
from safeguards.access.admission import Principal
from safeguards.access.loads import open_lookup
from safeguards.errors import PassphraseError
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault
from safeguards.wording import IsName

_STAYS = """
select
    pupils.pupil_id,
    pupils.handle,
    stays.entry_date,
    stays.leaving_date,
    stays.year_group,
    stays.year_group_date
from raw_pupil as pupils
inner join raw_enrolment as stays on pupils.pupil_key = stays.pupil_key
where $school in (stays.school_key, $nobody)
"""
_FILES = """
select distinct file_name from raw_source
where not is_refused and sender <> 'typed' and school_key = $school
"""
_DAYS = "select calendar_date as date, kind from raw_calendar_day where school_key = $school"
_ROLL = """
select loads.loaded_at::date as day, sources.children
from raw_source as sources
inner join raw_load as loads on sources.load_id = loads.load_id
where
    sources.file_name = 'roll.csv' and not sources.is_refused
    and sources.school_key = $school
order by sources.load_id desc
limit 1
"""


def find_held(
    read: ExportFolder,
    home_folder: Path | None,
    environ: Mapping[str, str] = os.environ,
    admitted: Principal | None = None,
    school: int = ONLY_SCHOOL,
) -> Held:
    """Return what the home has of earlier loads; nothing if there is no home or no load.

    school: of the files of which sender.  Who is in care an authority says, so no school of its
    need; and of an authority's own files the schools bring what else a first load asks for.

    IntakeError if the files name children by handle and the home has none; HomeError,
    KeysError, StoreError as their names say.
    """
    by_handle = [name for name, file in read.files.items() if "handle" in file.rows.columns]
    if by_handle and home_folder is None:
        raise IntakeError(f"{by_handle[0]} has code names. Name their school's folder: --home.")
    is_made = home_folder is not None and (home_folder / "home.toml").exists()
    home = Home.open(home_folder) if is_made and home_folder is not None else None
    path = versions.find_current_version(home.store) if home is not None else None
    if home is None or path is None:
        if by_handle:
            raise IntakeError(
                f"{by_handle[0]} identifies children by code name, but there are no children "
                f"in {home_folder} yet. Load the roll without it first."
            )
        return Held(not_asked=_list_not_asked(school))
    keys = Keys.load(home, environ)
    with files.open_version(path, keys.store) as version:
        names = Vault.open(home, keys).build_name_check()
        return _read(version, _open_vault(home, keys, admitted), school, names)


def _list_not_asked(school: int) -> frozenset[str]:
    """List the required files that a load of this sender may lack."""
    required = {export.name for export in ALL_EXPORTS if export.required}
    of_authority = {CARE_EPISODES.name}
    if school == ONLY_SCHOOL:
        return frozenset()
    return frozenset(required - of_authority if school == NO_SCHOOL else of_authority)


def _open_vault(home: Home, keys: Keys, admitted: Principal | None) -> Vault | None:
    """Open the vault to look up numbers, or return None if that takes a passphrase."""
    try:
        return Vault.open(home, open_lookup(home, keys, admitted))
    except PassphraseError:
        return None


def _read(version: store.Store, vault: Vault | None, school: int, is_name: IsName) -> Held:
    of_school = {"school": school}
    stays = version.read(_STAYS, {**of_school, "nobody": NO_SCHOOL})
    newest = stays.sort("entry_date").unique("pupil_id", keep="last", maintain_order=True)
    rolls = version.read(_ROLL, of_school)
    roll = rolls.row(0) if rolls.height else (None, None)
    known = frozenset(version.read("select pupil_id from raw_pupil")["pupil_id"])
    day, number = roll
    return Held(
        files=frozenset(version.read(_FILES, of_school)["file_name"]),
        not_asked=_list_not_asked(school),
        children=newest.select("pupil_id", "handle", "year_group", "year_group_date"),
        stays=stays.select("pupil_id", "entry_date", "leaving_date"),
        days=version.read(_DAYS, of_school),
        roll_day=day if isinstance(day, date) else None,
        roll_children=number,
        is_on_roll=vault.build_roll_check(school) if vault is not None else None,
        find=partial(_find, vault, known) if vault is not None else None,
        is_name=is_name,
    )


def _find(vault: Vault, known: frozenset[str], upn: str) -> str | None:
    """Return the code of the home's child with a checked UPN, or None."""
    record = vault.find_by_upn(upn)
    return record.pupil_id if record is not None and record.pupil_id in known else None
