"""Read and write which categories a home does without, in `categories.csv`.

A category that is switched off is not asked for, not loaded and not shown.  Earlier rows stay
hidden until the schedule deletes them or the school switches the category on again.
"""

import os
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl

from intake.tables import ExportFolder
from queries.contract import CATEGORIES, FILE_TABLES, get_category
from safeguards.cells import serialise_csv
from safeguards.errors import HomeError, KeysError
from safeguards.home.home import Home
from safeguards.keys.home_of import get_home_of
from safeguards.keys.keys import Keys
from safeguards.keys.lists import read_list

FILE = "categories.csv"
#: The table of a store that names the tables that are switched off.
SWITCHED_OFF = "store_switched_off"

_HEADER = ("file", "is_kept")
_WORDS = {"yes": True, "no": False}
#: The files that a home may switch, and whether each is kept if the home does not say.
AT_FIRST: dict[str, bool] = {
    category.export.name: not category.is_off_at_first
    for category in CATEGORIES
    if category.export and category.may_be_off
}
_FOR_MANY = [item.export.name for item in CATEGORIES if item.export and item.is_for_many]


def find_switched_off(
    folder: Path | None, environ: Mapping[str, str] = os.environ
) -> frozenset[str]:
    """Return the files that a home does without, or by the registry if it is not made yet."""
    if folder is None or not (folder / "home.toml").exists():
        return _list_off(AT_FIRST)
    home = Home.open(folder)
    try:
        keys = Keys.load(home, environ)
    except KeysError:  # a load that made the home was cut off, and the load reports it if need be
        return _list_off(AT_FIRST)
    return load_switched_off(home, keys)


def load_switched_off(home: Home, keys: Keys) -> frozenset[str]:
    """Return the files that a home does without.

    Raise HomeError for a line that lac does not understand, since a slip must not hide anything,
    and ProofError if the file was edited and nobody has confirmed it since.
    """
    path = home.folder / FILE
    at_first = AT_FIRST | dict.fromkeys(_FOR_MANY, get_home_of(keys) != "school")
    choices: dict[str, bool] = {}
    for number, (name, is_kept) in read_list(keys.heads, path, _HEADER, HomeError) or ():
        if name not in AT_FIRST.keys() - choices.keys():
            raise HomeError(
                f"{FILE}, row {number}: give each file that can be off only once, with yes or no."
            )
        if is_kept not in _WORDS:
            raise HomeError(f'{FILE}, row {number}, column "is_kept": write yes or no.')
        choices[name] = _WORDS[is_kept]
    return _list_off(at_first | choices)


def save_switches(home: Home, keys: Keys, off: Collection[str]) -> None:
    """Let a home do without these files and keep all others. Raise HomeError if one is unknown."""
    if unknown := sorted(set(off) - AT_FIRST.keys()):
        raise HomeError(f"{unknown[0]} cannot be switched off. These can: {', '.join(AT_FIRST)}.")
    rows = [(name, "no" if name in off else "yes") for name in AT_FIRST]
    keys.heads.write(home.folder / FILE, serialise_csv(_HEADER, rows).encode("utf-8"))


def drop_switched_off(read: ExportFolder, off: Collection[str]) -> ExportFolder:
    """Return what was read without the files that are switched off, and add a note for each."""
    present = [name for name in read.files if name in off]
    return replace(
        read,
        files={name: file for name, file in read.files.items() if name not in off},
        problems=tuple(problem for problem in read.problems if problem.file not in off),
        notes=(*read.notes, *map(describe_off, present)),
    )


def describe_off(name: str) -> str:
    """Return the note about a file that the school does without."""
    return (
        f"{name} was ignored, because {get_category(name).name} is switched off here. "
        f"To keep it: lac categories --on {name}"
    )


def build_switch_rows(off: Collection[str]) -> pl.DataFrame:
    """Return the rows of `store_switched_off`, in order."""
    tables = sorted(FILE_TABLES[name] for name in off)
    return pl.DataFrame({"table_name": tables}, schema={"table_name": pl.String})


def _list_off(kept: Mapping[str, bool]) -> frozenset[str]:
    return frozenset(name for name, is_kept in kept.items() if not is_kept)
