"""Which categories a home does without: `categories.csv`, and the registry where it is silent.

What is switched off is not asked for, not taken in and not shown.  Rows from before stay,
hidden, until the schedule takes them out or the school switches it on again.
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
#: The table of a store that names the tables of what is switched off.
SWITCHED_OFF = "store_switched_off"

_HEADER = ("file", "is_kept")
_WORDS = {"yes": True, "no": False}
#: What a home may switch, and whether it is kept where the home does not say: by file.
AT_FIRST: dict[str, bool] = {
    each.export.name: not each.is_off_at_first
    for each in CATEGORIES
    if each.export and each.may_be_off
}
_FOR_MANY = [each.export.name for each in CATEGORIES if each.export and each.is_for_many]


def find_switched_off(
    folder: Path | None, environ: Mapping[str, str] = os.environ
) -> frozenset[str]:
    """Return the files of what a home does without; of one that is not made yet, the registry's."""
    if folder is None or not (folder / "home.toml").exists():
        return _list_off(AT_FIRST)
    home = Home.open(folder)
    try:
        keys = Keys.load(home, environ)
    except KeysError:  # of a home that a load was cut off in: the load says so where it matters
        return _list_off(AT_FIRST)
    return load_switched_off(home, keys)


def load_switched_off(home: Home, keys: Keys) -> frozenset[str]:
    """The files of what a home does without.

    HomeError for a line that says nothing that lac knows: a slip must not hide anything.
    ProofError for a file that nobody has confirmed since it was edited.
    """
    path = home.folder / FILE
    at_first = AT_FIRST | dict.fromkeys(_FOR_MANY, get_home_of(keys) != "school")
    told: dict[str, bool] = {}
    for number, (name, is_kept) in read_list(keys.heads, path, _HEADER, HomeError) or ():
        if name not in AT_FIRST.keys() - told.keys():
            raise HomeError(
                f"{FILE}, row {number}: give each file that can be off only once, with yes or no."
            )
        if is_kept not in _WORDS:
            raise HomeError(f'{FILE}, row {number}, column "is_kept": write yes or no.')
        told[name] = _WORDS[is_kept]
    return _list_off(at_first | told)


def save_switches(home: Home, keys: Keys, off: Collection[str]) -> None:
    """Let a home do without these files and keep every other; HomeError for an unknown one."""
    if unknown := sorted(set(off) - AT_FIRST.keys()):
        raise HomeError(f"{unknown[0]} cannot be switched off. These can: {', '.join(AT_FIRST)}.")
    rows = [(name, "no" if name in off else "yes") for name in AT_FIRST]
    keys.heads.write(home.folder / FILE, serialise_csv(_HEADER, rows).encode("utf-8"))


def drop_switched_off(read: ExportFolder, off: Collection[str]) -> ExportFolder:
    """What was read, less the files of what is switched off, each of which a note names."""
    present = [name for name in read.files if name in off]
    return replace(
        read,
        files={name: file for name, file in read.files.items() if name not in off},
        problems=tuple(each for each in read.problems if each.file not in off),
        notes=(*read.notes, *map(describe_off, present)),
    )


def describe_off(name: str) -> str:
    """What is said of a file that the school does without."""
    return (
        f"{name} was ignored, because {get_category(name).name} is switched off here. "
        f"To keep it: lac categories --on {name}"
    )


def build_switch_rows(off: Collection[str]) -> pl.DataFrame:
    """The rows of `store_switched_off`, in order."""
    tables = sorted(FILE_TABLES[name] for name in off)
    return pl.DataFrame({"table_name": tables}, schema={"table_name": pl.String})


def _list_off(kept: Mapping[str, bool]) -> frozenset[str]:
    return frozenset(name for name, is_kept in kept.items() if not is_kept)
