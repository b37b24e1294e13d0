"""What a load would change, told before anything is: nothing is written here."""

import os
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import polars as pl

from intake.check.ahead import RowsAhead, find_rows_ahead
from intake.check.check import CheckResult, check_exports
from intake.identify.enrol import enrol_pupils
from intake.map.keep import load_mappings
from intake.problems import Problem
from intake.publish import amend, files, handles, merge
from intake.publish.load import refuse_wrong_kind
from intake.publish.retired import compute_cutoffs
from intake.publish.version import build_next_rows
from intake.read.files import Folder
from intake.read.read import read_exports
from intake.switches import drop_switched_off, find_switched_off
from queries.contract import FILE_TABLES, TABLE_KEYS
from queries.store import versions
from safeguards.access.admission import Principal
from safeguards.access.loads import open_lookup
from safeguards.home.home import Home
from safeguards.journal.ledger import Ledger
from safeguards.journal.typed_entries import TypedEntries
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault

#: What a row has beside its facts: where it came from.
_ORIGIN = ("source_id", "load_id", "pupil_key", "school_key")


@dataclass(frozen=True)
class FileChange:
    """What a file brings, in rows: new, changed, and of earlier loads but no longer in it.

    The last are kept as they are; see `LoadResult.rows_left`.
    """

    file: str
    new: int
    changed: int
    no_longer_there: int


@dataclass(frozen=True)
class Preview:
    """What is wrong with files, and what a load of them would change.

    problems: all but that a file is not there of which the home has rows.  children_new,
    children_left: how many come into view, and are on roll no more.  earlier_until: the day
    up to which the data reach now.  why_not: what keeps them from being loaded, in words.
    """

    checked: CheckResult
    problems: tuple[Problem, ...]
    why_not: str = ""
    children_new: int = 0
    children_left: int = 0
    changes: tuple[FileChange, ...] = ()
    ahead: tuple[RowsAhead, ...] = ()
    doubts: tuple[Problem, ...] = ()
    data_until: date | None = None
    earlier_until: date | None = None


def preview_load(
    folder: Folder,
    home_folder: Path,
    *,
    now: datetime,
    authority: str = "",
    admitted: Principal | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Preview:
    """What `load_exports` would do with these files; errors as there."""
    read = drop_switched_off(
        read_exports(folder, load_mappings(home_folder, environ), authority),
        find_switched_off(home_folder, environ),
    )
    refuse_wrong_kind(read, home_folder)
    checked = check_exports(read, handles.find_pupils_by_handle(read, home_folder, environ))
    home = Home.open(home_folder)
    keys = open_lookup(home, Keys.load(home, environ), admitted)
    path = versions.find_current_version(home.store)
    old = (
        {}
        if path is None
        else amend.drop_typed_rows(files.read_rows(path, keys.store), TypedEntries.open(home, keys))
    )
    problems = tuple(
        each
        for each in checked.problems
        if each.fault != "missing file" or path is None or each.file in checked.blocking_files
    )
    stopping = checked.blocking_files | (frozenset() if old else checked.unavailable_files)
    if stopping:
        return Preview(checked, problems, f"Nothing can be loaded without {_join(stopping)}.")
    ledger, vault = Ledger.open(home, keys), Vault.open(home, keys)
    # the codes that are drawn here go with this vault, which nobody saves
    records, _ = enrol_pupils(vault, ledger, checked, old, random.SystemRandom())
    cutoffs = compute_cutoffs(ledger.list_entries(), vault.pupils)
    rows, _, rows_left = build_next_rows(checked, records, old, now, cutoffs)
    before, after = (_list_on_roll(each) for each in (old, rows))
    return Preview(
        checked,
        problems,
        ahead=find_rows_ahead(checked.frames, now.date()),
        doubts=checked.list_doubts(now.date()),
        children_new=len(set(rows["raw_pupil"]["pupil_id"]) - set(_list_ids(old))),
        children_left=len(before - after),
        changes=tuple(
            _compare(name, table, old.get(table), rows[table], rows_left.get(name, 0))
            for name, table in FILE_TABLES.items()
            if name in checked.accepted_frames and table in rows
        ),
        data_until=merge.get_data_until(rows),
        earlier_until=merge.get_data_until(old) if old else None,
    )


def _compare(
    name: str, table: str, old: pl.DataFrame | None, rows: pl.DataFrame, rows_left: int
) -> FileChange:
    """The rows of one table before and after, by its key."""
    keys = list(TABLE_KEYS[table]) or ["school_key"]
    newest = rows["load_id"].max()
    coming = rows.filter(pl.col("load_id") == newest)
    if old is None:
        return FileChange(name, coming.height, 0, 0)
    facts = [column for column in coming.columns if column not in (*keys, *_ORIGIN)]
    both = coming.join(old, on=keys, how="inner", nulls_equal=True, suffix="_old")
    is_same = pl.all_horizontal(
        pl.lit(True), *(pl.col(each).eq_missing(pl.col(f"{each}_old")) for each in facts)
    )
    changed = both.filter(~is_same).height
    return FileChange(name, coming.height - both.height, changed, rows_left)


def _list_ids(rows: Mapping[str, pl.DataFrame]) -> list[str]:
    return rows["raw_pupil"]["pupil_id"].to_list() if rows else []


def _list_on_roll(rows: Mapping[str, pl.DataFrame]) -> set[str]:
    return set(rows["raw_pupil"].filter("is_on_newest_roll")["pupil_id"]) if rows else set()


def _join(names: frozenset[str]) -> str:
    return " and ".join(sorted(names))
