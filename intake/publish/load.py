"""A load: check the exports, seal identities, build the next store, flip to it.

The order is what makes it safe to cut off at any point: first the vault, whose new
records nobody reads yet; then the store, as a new file; then CURRENT, one rename.
"""

import logging
import os
import random
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from dataclasses import replace as replace_in
from datetime import date, datetime
from pathlib import Path

import polars as pl

from intake.check.ahead import RowsAhead
from intake.check.check import CheckResult, check_exports
from intake.check.upn import find_upn_fault as upn_fault
from intake.check.upn import is_made_up
from intake.identify.enrol import enrol_pupils, has_pending_readmission
from intake.map.keep import load_mappings
from intake.problems import IntakeError, Problem
from intake.publish import amend, files, merge
from intake.publish.held import find_held
from intake.publish.lock import lock_store
from intake.publish.merge import FileChange, Marked
from intake.publish.retired import compute_cutoffs
from intake.publish.version import build_next_rows
from intake.read.files import Folder
from intake.read.read import read_exports
from intake.spelling import spell_value
from intake.switches import SWITCHED_OFF, build_switch_rows, drop_switched_off, find_switched_off
from intake.tables import ExportFolder
from queries.contract import ATTENDANCE, EXPORTS, FILE_TABLES
from queries.errors import StoreError
from queries.store import versions
from safeguards.access.admission import Principal
from safeguards.access.loads import open_lookup
from safeguards.errors import KeysError
from safeguards.home.home import Home, create_demo
from safeguards.journal.access_log import AccessLog, Event
from safeguards.journal.ledger import RETENTION_REASON, Ledger, has_unfinished_erasure
from safeguards.journal.typed_entries import TypedEntries
from safeguards.keys.keys import Keys
from safeguards.vault.vault import FILE as VAULT_FILE
from safeguards.vault.vault import Vault

_log = logging.getLogger("lac.load")

#: Ends the erasures of a home that were cut off; the caller holds the home.
FinishErasures = Callable[[Home, Keys], None]

#: The steps of a load, in their order; each is told to `progress` as it begins.
PHASES = ("read", "check", "vault", "store", "verify", "publish", "prune")


@dataclass(frozen=True)
class LoadResult:
    """What a load did.

    version: the new store's file name; None when none was made.
    dropped_rows: register rows of children out of scope, of whom nothing was written.
    left_out_rows: by file that is taken row by row, how many rows were left out for a fault.
    erased_on: the days on which children were erased whom the files still name, and who
    were left out; by_schedule: how many of them by the schedule.  retired_rows: rows of the
    files that the schedule has deleted before, and that were left out.
    rows_left: earlier rows that a file does not have and that stay, by file.  possible_matches:
    children who count twice until the safeguarding lead has said whether they are one.
    sums: what was in the files and what became of it, a sentence each.  changes: what each file
    changed.  changed_children: the handles of those of whom earlier rows changed or went.  marked:
    who has a mark in the register.  older: what a person should know of files that are older
    than what is loaded.  conflicts: what says otherwise than what was typed.  unread: why a file
    without a name of ours cannot be read.  is_any_known: whether any of the files is one of ours.
    """

    problems: tuple[Problem, ...]
    unknown_files: tuple[str, ...]
    notes: tuple[str, ...] = ()
    version: str | None = None
    children: int = 0
    marks: int = 0
    dropped_rows: int = 0
    data_until: date | None = None
    has_whole_school: bool = False
    refused_files: tuple[str, ...] = ()
    left_out_rows: dict[str, int] = field(default_factory=dict)
    erased_on: tuple[date, ...] = ()
    erased_by_schedule: int = 0
    expired_rows: int = 0
    ahead: tuple[RowsAhead, ...] = ()
    doubts: tuple[Problem, ...] = ()
    rows_left: dict[str, int] = field(default_factory=dict)
    possible_matches: int = 0
    sums: tuple[str, ...] = ()
    changes: tuple[FileChange, ...] = ()
    changed_children: tuple[str, ...] = ()
    marked: Marked = field(default_factory=Marked)
    older: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    is_any_known: bool = True


def load_exports(
    folder: Folder,
    home_folder: Path,
    *,
    now: datetime,
    actor: str = "office",
    authority: str = "",
    rng: random.Random | None = None,
    replace: Collection[str] = (),
    confirm: Callable[[dict[str, int]], bool] = lambda _: True,
    progress: Callable[[str], None] = lambda _: None,
    finish_erasures: FinishErasures | None = None,
    admitted: Principal | None = None,
    environ: Mapping[str, str] = os.environ,
) -> LoadResult:
    """Take the exports of `folder` into the home, which is made (as a demo) if absent.

    authority: see `read_exports`.

    rng: where pseudonyms come from; the system's randomness by default.
    finish_erasures: `stewardship.rights.erase.finish_erasures`, passed in since it stands above.
    admitted: who loads, in a home where that takes a passphrase; PassphraseError without them.
    replace: files whose earlier rows go; `confirm` is asked with their numbers first.  They
    must be in the folder; if one of them has a fault, nothing is loaded.
    IntakeError when nothing can be read, when a load is under way, where a sheet names
    children by handle and the home has none, or for real children, which this version
    refuses.  A file with a fault is refused and keeps its earlier rows, but that a file of
    marks or events is taken without its faulty rows: see `check.CheckResult`.
    """
    if unknown := set(replace) - {export.name for export in EXPORTS}:
        raise IntakeError(
            f"--replace takes the name of an export that the store keeps, not {min(unknown)}."
        )
    _report_phase("read", progress)
    off = find_switched_off(home_folder, environ)
    read = drop_switched_off(
        read_exports(folder, load_mappings(home_folder, environ), authority), off
    )
    if absent := set(replace) - read.files.keys():
        raise IntakeError(f"{min(absent)} is not among the files, so its earlier rows stay.")
    refuse_wrong_kind(read, home_folder)
    _report_phase("check", progress)
    checked = check_exports(read, find_held(read, home_folder, environ, admitted))
    faulty_files = checked.refused_files | checked.faulty_rows.keys()
    if checked.blocking_files or not read.files or faulty_files.intersection(replace):
        return _build_unchanged_result(checked)
    home = _get_or_create_home(home_folder)
    with lock_store(home):
        keys = open_lookup(home, _get_or_create_keys(home, environ), admitted)
        _finish_erasures(home, keys, finish_erasures)
        old_path = versions.find_current_version(home.store)
        if old_path is None and checked.unavailable_files:
            return _build_unchanged_result(checked)
        written = TypedEntries.open(home, keys)
        old = (
            {}
            if old_path is None
            else amend.drop_typed_rows(files.read_rows(old_path, keys.store), written)
        )
        ledger = Ledger.open(home, keys)
        if (
            old_path is not None
            and not replace
            and _is_already_loaded(old_path, keys.store, old, checked)
        ):
            here = set(old["raw_pupil"]["pupil_id"])
            if not has_pending_readmission(
                checked.accepted_frames, Vault.open(home, keys), ledger, here
            ):
                return _build_unchanged_result(checked)
        replaced_counts = {
            name: old[table].height for name in replace if (table := FILE_TABLES[name]) in old
        }
        if any(replaced_counts.values()) and not confirm(replaced_counts):
            raise IntakeError("Nothing was changed.")
        _report_phase("vault", progress)
        vault = Vault.open(home, keys)
        records, erased = enrol_pupils(vault, ledger, checked, old, rng or random.SystemRandom())
        vault.save()
        cutoffs = compute_cutoffs(ledger.list_entries(), vault.pupils)
        possible_matches = len(vault.possible_matches)
        _report_phase("store", progress)
        written = TypedEntries.open(home, keys)  # with what was typed meanwhile
        rows, left_out, rows_left = build_next_rows(
            checked, records, merge.drop_file_rows(old, replace), now, cutoffs
        )
        plain = rows
        rows = amend.add_typed_rows(rows, written) | {SWITCHED_OFF: build_switch_rows(off)}
        path = versions.prepare_load_path(home.store)
        files.write_version(path, keys.store, rows, home.find_default_day(now))
        _report_phase("verify", progress)
        files.verify_version(path, keys.store, rows)
        AccessLog(home, keys).append(Event("load", actor, "office"))
        _report_phase("publish", progress)
        files.publish(keys, path)
        _report_phase("prune", progress)
        versions.prune(home.store)
    newest = rows["raw_source"].filter(load_id=rows["raw_load"]["load_id"].max())
    register = newest.filter(pl.col("file_name") == ATTENDANCE.name, ~pl.col("is_refused"))
    return replace_in(
        _build_unchanged_result(checked),
        version=path.name,
        children=rows["raw_pupil"].height,
        marks=rows["raw_mark"].height if "raw_mark" in rows else 0,
        dropped_rows=int(register["rows_out_of_scope"].sum()),
        data_until=merge.get_data_until(rows),
        has_whole_school=rows["raw_school_week"].height > 0,
        left_out_rows={
            name: count
            for name, count in checked.faulty_rows.items()
            if name not in checked.refused_files
        },
        erased_on=tuple(each.at.date() for each in erased),
        erased_by_schedule=sum(each.why == RETENTION_REASON for each in erased),
        expired_rows=left_out,
        ahead=checked.list_ahead(now.date()),
        doubts=checked.list_doubts(now.date()),
        rows_left=rows_left,
        possible_matches=possible_matches,
        sums=tuple(checked.list_sums(now.date(), list(records))),
        changes=merge.list_changes(checked.accepted_frames.keys(), old, plain, rows_left),
        changed_children=merge.list_changed_children(old, plain),
        marked=merge.find_marked(checked, plain, records),
        older=tuple(merge.list_older(old, checked, plain)) if old else (),
        conflicts=tuple(amend.list_conflicts(rows)),
        is_any_known=True,
    )


def rebuild_store(
    home: Home,
    environ: Mapping[str, str] = os.environ,
    finish_erasures: FinishErasures | None = None,
) -> None:
    """A new version with the same facts where other definitions made the one in use.

    It is an amendment of the same load, so that `undo` still undoes that load.  So it is where
    the school has switched a category on or off.  Where it only lacks what was typed, cut off
    before it was shown, that is put in.
    """
    keys = Keys.load(home, environ)
    if has_unfinished_erasure(home, keys):
        with lock_store(home):
            _finish_erasures(home, keys, finish_erasures)
    old = versions.find_current_version(home.store)
    if old is None:
        return
    off = build_switch_rows(find_switched_off(home.folder, environ))
    if files.is_current(old, keys.store) and files.read_switches(old, keys.store).equals(off):
        amend.publish_entries(home, keys)
        return
    with lock_store(home):
        written = TypedEntries.open(home, keys)
        rows = amend.add_typed_rows(
            amend.drop_typed_rows(files.read_rows(old, keys.store), written), written
        )
        files.publish_amendment(old, keys, rows | {SWITCHED_OFF: off})


def undo_load(home: Home, environ: Mapping[str, str] = os.environ) -> str:
    """Go back to the load before this one; its file name.  IntakeError if none is kept.

    What has been typed stays.  A damaged version can be left, but not gone back to.
    """
    keys = Keys.load(home, environ)
    with lock_store(home):
        for path in versions.list_earlier_loads(home.store):
            try:
                is_current = files.is_current(path, keys.store)
            except StoreError:
                continue
            earlier = amend.create_amendment(home, keys, path) if is_current else path
            files.publish(keys, earlier)
            return earlier.name
    raise IntakeError("There is no earlier version to go back to.")


def refuse_wrong_kind(read: ExportFolder, home_folder: Path) -> None:
    """IntakeError if a UPN does not belong in a home of this kind.

    A demo home, or one that is not made yet, takes made-up children only; a real home
    takes real ones only.
    """
    is_real_home = is_initialised(home_folder) and not Home.open(home_folder).is_demo
    made_up, real = (
        _find_file_with_upn(read, made_up=True),
        _find_file_with_upn(read, made_up=False),
    )
    if made_up is not None and is_real_home:
        why = f"{made_up} is made up, and this home is a school's real one. Use another home."
    elif real is not None and not is_real_home:
        why = (
            f"{real} has a real authority's number, and this home is for made-up children. "
            "Make the school's own home first (lac init)."
        )
    else:
        return
    raise IntakeError(f"A UPN in {why} Nothing was changed.")


def _find_file_with_upn(read: ExportFolder, *, made_up: bool) -> str | None:
    """The first place that holds a right UPN of this kind; None if none does."""
    for file in read.files.values():
        for column in (each for each in file.export.columns if each.kind == "UPN"):
            texts = file.rows[column.name].unique().to_list()
            if file.staged is not None:
                texts = file.staged.list_texts(column.name)["text"].to_list()
            upns = {text: spell_value(column, text) for text in texts}
            found = [
                text
                for text, upn in upns.items()
                if upn_fault(upn) is None and is_made_up(upn) == made_up
            ]
            if found:
                told = file.rows.select("row", text=column.name)
                if file.staged is not None:
                    told = file.staged.list_texts(column.name)
                first = min(told.filter(pl.col("text").is_in(found))["row"].to_list())
                return f"{file.export.name} (row {first})"
    return None


def _finish_erasures(home: Home, keys: Keys, finish: FinishErasures | None) -> None:
    """IntakeError if an erasure was cut off and nobody passed in who ends it."""
    if not has_unfinished_erasure(home, keys):
        return
    if finish is None:
        raise IntakeError("An erasure was cut off. Run lac load or lac run, which finish it.")
    finish(home, keys)


def _report_phase(phase: str, progress: Callable[[str], None]) -> None:
    _log.info("phase %s", phase)
    progress(phase)


def _get_or_create_home(folder: Path) -> Home:
    return Home.open(folder) if is_initialised(folder) else create_demo(folder)


def is_initialised(folder: Path) -> bool:
    """Without its description a home is absent, or was cut off while it was being made."""
    return (folder / "home.toml").exists()


def _get_or_create_keys(home: Home, environ: Mapping[str, str]) -> Keys:
    """The home's keys; made where nothing has been written with any yet."""
    try:
        return Keys.load(home, environ)
    except KeysError:
        if (
            versions.find_current_version(home.store) is not None
            or (home.vault / VAULT_FILE).exists()
        ):
            raise
    return Keys.create(home, environ)


def _is_already_loaded(
    path: Path, key: str, old: Mapping[str, pl.DataFrame], checked: CheckResult
) -> bool:
    """Whether these very bytes are loaded already, and their views are this code's."""
    newest = old["raw_source"].sort("load_id").group_by("file_name").last()
    seen = dict(newest.select("file_name", "sha256").iter_rows())
    is_same = all(seen.get(name) == digest for name, digest in checked.digests.items())
    return is_same and files.is_current(path, key)


def _build_unchanged_result(checked: CheckResult) -> LoadResult:
    return LoadResult(
        checked.problems,
        checked.unknown_files,
        checked.notes,
        refused_files=tuple(sorted(checked.refused_files)),
        sums=tuple(checked.list_refused_sums()) if checked.problems else (),
        unread=checked.unread,
        is_any_known=bool(checked.rows_read),
    )
