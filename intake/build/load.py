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

from intake.build import amend, files, handles, merge
from intake.build.lock import one_at_a_time
from intake.build.retired import retired
from intake.build.version import next_rows
from intake.check.check import Checked, check
from intake.check.upn import fault as upn_fault
from intake.check.upn import is_made_up
from intake.contract import ATTENDANCE, EXPORTS
from intake.identify.enrol import is_awaited, sealed
from intake.problems import IntakeError, Problem
from intake.read.read import read_exports
from intake.read.tables import Read
from queries.errors import StoreError
from queries.store import versions
from safeguards.errors import KeysError
from safeguards.home.home import Home, create_demo
from safeguards.journal.access_log import AccessLog, Event
from safeguards.journal.ledger import BY_SCHEDULE, Ledger, has_unfinished_erasure
from safeguards.journal.typed_entries import Written
from safeguards.keys.keys import Keys
from safeguards.vault.vault import FILE as VAULT_FILE
from safeguards.vault.vault import Vault

_log = logging.getLogger("lac.load")

#: Ends the erasures of a home that were cut off; the caller holds the home.
FinishErasures = Callable[[Home, Keys, Mapping[str, str]], None]

#: The steps of a load, in their order; each is told to `progress` as it begins.
PHASES = ("read", "check", "vault", "store", "verify", "publish", "prune")


@dataclass(frozen=True)
class Outcome:
    """What a load did.

    version: the new store's file name; None when none was made.
    dropped_rows: register rows of children out of scope, of whom nothing was written.
    replaced_rows: earlier rows that `replace` removed, by file.
    erased_on: the days on which children were erased whom the files still name, and who
    were left out; by_schedule: how many of them by the schedule.  retired_rows: rows of the
    files that the schedule has deleted before, and that were left out.
    """

    problems: tuple[Problem, ...]
    unknown_files: tuple[str, ...]
    version: str | None = None
    children: int = 0
    marks: int = 0
    dropped_rows: int = 0
    blank_marks: int = 0
    data_until: date | None = None
    has_whole_school: bool = False
    refused: tuple[str, ...] = ()
    replaced_rows: dict[str, int] = field(default_factory=dict)
    erased_on: tuple[date, ...] = ()
    by_schedule: int = 0
    retired_rows: int = 0


def load(
    folder: Path,
    home_folder: Path,
    *,
    now: datetime,
    actor: str = "office",
    rng: random.Random | None = None,
    replace: Collection[str] = (),
    confirm: Callable[[dict[str, int]], bool] = lambda _: True,
    progress: Callable[[str], None] = lambda _: None,
    finish_erasures: FinishErasures | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Outcome:
    """Take the exports of `folder` into the home, which is made (as a demo) if absent.

    rng: where pseudonyms come from; the system's randomness by default.
    finish_erasures: `stewardship.rights.erase.finish`, passed in since it stands above.
    replace: files whose earlier rows go; `confirm` is asked with their numbers first.  They
    must be in the folder; if one of them has a fault, nothing is loaded.
    IntakeError when nothing can be read, when a load is under way, where a sheet names
    children by handle and the home has none, or for real children, which this version
    refuses.  A file with a fault is refused and keeps its earlier rows.
    """
    if unknown := set(replace) - {export.name for export in EXPORTS}:
        raise IntakeError(
            f"--replace takes the name of an export that the store keeps, not {min(unknown)}."
        )
    _begin("read", progress)
    read = read_exports(folder)
    if absent := set(replace) - read.files.keys():
        raise IntakeError(f"{min(absent)} is not in {folder}, so its earlier rows stay.")
    refuse_wrong_kind(read, home_folder)
    _begin("check", progress)
    checked = check(read, handles.children_for(read, home_folder, environ))
    if checked.refusing or not read.files or checked.refused.intersection(replace):
        return _nothing_new(checked)
    home = _home(home_folder)
    with one_at_a_time(home):
        keys = _keys(home, environ)
        _finish_erasures(home, keys, environ, finish_erasures)
        old_path = versions.current(home.store)
        if old_path is None and checked.needs_earlier:
            return _nothing_new(checked)
        written = Written.open(home, keys)
        old = (
            {}
            if old_path is None
            else amend.without_typed(files.rows_of(old_path, keys.store), written)
        )
        ledger = Ledger.open(home, keys, environ)
        if old_path is not None and not replace and _has_seen(old_path, keys.store, old, checked):
            here = set(old["raw_pupil"]["pupil_id"])
            if not is_awaited(checked.accepted_frames, Vault.open(home, keys), ledger, here):
                return _nothing_new(checked)
        gone = {name: old[table].height for name in replace if (table := merge.TABLES[name]) in old}
        if any(gone.values()) and not confirm(gone):
            raise IntakeError("Nothing was changed.")
        _begin("vault", progress)
        records, erased = sealed(home, keys, ledger, checked, old, rng or random.SystemRandom())
        past = retired(ledger.entries(), Vault.open(home, keys).pupils)
        _begin("store", progress)
        rows, left_out = next_rows(checked, records, merge.without(old, replace), now, past)
        rows = amend.with_typed(rows, written)
        path = versions.next_load(home.store)
        files.write(path, keys.store, rows)
        _begin("verify", progress)
        files.verify(path, keys.store, rows)
        AccessLog(home, keys).append(Event("load", actor, "office"))
        _begin("publish", progress)
        versions.publish(home.store, path)
        _begin("prune", progress)
        versions.prune(home.store)
    return replace_in(
        _outcome(checked, path, rows, gone),
        erased_on=tuple(each.at.date() for each in erased),
        by_schedule=sum(each.why == BY_SCHEDULE for each in erased),
        retired_rows=left_out,
    )


def rebuild(
    home: Home,
    environ: Mapping[str, str] = os.environ,
    finish_erasures: FinishErasures | None = None,
) -> None:
    """A new version with the same facts where other definitions made the one in use.

    It is an amendment of the same load, so that `undo` still undoes that load.  Where it
    only lacks what was typed, cut off before it was shown, that is put in.
    """
    keys = Keys.of(home, environ)
    if has_unfinished_erasure(home, keys, environ):
        with one_at_a_time(home):
            _finish_erasures(home, keys, environ, finish_erasures)
    old = versions.current(home.store)
    if old is None:
        return
    if files.is_current(old, keys.store):
        if not amend.is_shown(home, keys):
            amend.publish_typed(home, keys)
        return
    with one_at_a_time(home):
        written = Written.open(home, keys)
        rows = amend.with_typed(
            amend.without_typed(files.rows_of(old, keys.store), written), written
        )
        files.publish_amendment(old, keys.store, rows)


def undo(home: Home, environ: Mapping[str, str] = os.environ) -> str:
    """Go back to the load before this one; its file name.  IntakeError if none is kept.

    What has been typed stays.  A damaged version can be left, but not gone back to.
    """
    keys = Keys.of(home, environ)
    with one_at_a_time(home):
        for path in versions.earlier_loads(home.store):
            try:
                is_current = files.is_current(path, keys.store)
            except StoreError:
                continue
            earlier = amend.amended(home, keys, path) if is_current else path
            versions.publish(home.store, earlier)
            return earlier.name
    raise IntakeError("There is no earlier version to go back to.")


def refuse_wrong_kind(read: Read, home_folder: Path) -> None:
    """IntakeError if a UPN does not belong in a home of this kind.

    A demo home, or one that is not made yet, takes made-up children only; a real home
    takes real ones only.
    """
    is_real_home = _is_made(home_folder) and not Home.open(home_folder).is_demo
    made_up, real = _first_with(read, made_up=True), _first_with(read, made_up=False)
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


def _first_with(read: Read, *, made_up: bool) -> str | None:
    """The first file that holds a right UPN of this kind; None if none does."""
    for file in read.files.values():
        named = [column.name for column in file.export.columns if column.kind == "UPN"]
        upns = {upn for name in named for upn in file.rows[name].unique()}
        if any(upn_fault(upn) is None and is_made_up(upn) == made_up for upn in upns):
            return file.export.name
    return None


def _finish_erasures(
    home: Home, keys: Keys, environ: Mapping[str, str], finish: FinishErasures | None
) -> None:
    """IntakeError if an erasure was cut off and nobody passed in who ends it."""
    if not has_unfinished_erasure(home, keys, environ):
        return
    if finish is None:
        raise IntakeError("An erasure was cut off. Run lac load or lac run, which finish it.")
    finish(home, keys, environ)


def _begin(phase: str, progress: Callable[[str], None]) -> None:
    _log.info("phase %s", phase)
    progress(phase)


def _home(folder: Path) -> Home:
    return Home.open(folder) if _is_made(folder) else create_demo(folder)


def _is_made(folder: Path) -> bool:
    """Without its description a home is absent, or was cut off while it was being made."""
    return (folder / "home.toml").exists()


def _keys(home: Home, environ: Mapping[str, str]) -> Keys:
    """The home's keys; made where nothing has been written with any yet."""
    try:
        return Keys.of(home, environ)
    except KeysError:
        if versions.current(home.store) is not None or (home.vault / VAULT_FILE).exists():
            raise
    return Keys.make(home, environ)


def _has_seen(path: Path, key: str, old: Mapping[str, pl.DataFrame], checked: Checked) -> bool:
    """Whether these very bytes are loaded already, and their views are this code's."""
    newest = old["raw_source"].sort("load_id").group_by("file_name").last()
    seen = dict(newest.select("file_name", "sha256").iter_rows())
    is_same = all(seen.get(name) == digest for name, digest in checked.digests.items())
    return is_same and files.is_current(path, key)


def _nothing_new(checked: Checked) -> Outcome:
    return Outcome(checked.problems, checked.unknown_files, refused=tuple(sorted(checked.refused)))


def _outcome(
    checked: Checked, path: Path, rows: Mapping[str, pl.DataFrame], gone: dict[str, int]
) -> Outcome:
    newest = rows["raw_source"].filter(pl.col("load_id") == rows["raw_load"]["load_id"].max())
    register = newest.filter(pl.col("file_name") == ATTENDANCE.name, ~pl.col("is_refused"))
    return Outcome(
        checked.problems,
        checked.unknown_files,
        version=path.name,
        children=rows["raw_pupil"].height,
        marks=rows["raw_mark"].height if "raw_mark" in rows else 0,
        dropped_rows=int(register["rows_out_of_scope"].sum()),
        blank_marks=checked.blank_marks,
        data_until=merge.end_of_data(rows),
        has_whole_school=rows["raw_school_week"].height > 0,
        refused=tuple(sorted(checked.refused)),
        replaced_rows=gone,
    )
