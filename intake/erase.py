"""Take erased children out of a home: a new store without them, no record, no entry.

Deleting rows leaves their bytes in a file, so the store is written anew and the old files
are overwritten.  The ledger comes first and the vault's record goes last: whoever is cut
off between finds the record of an erased child, and `finish` does each step again.
"""

import os
import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from intake import amend, build, flags
from intake.lock import one_at_a_time
from intake.merge import Rows, less
from queries import versions
from safeguards.errors import RightsError
from safeguards.home import Home, overwritten, write_new
from safeguards.keys import Keys
from safeguards.ledger import Erasure, Ledger
from safeguards.log import AccessLog, Event
from safeguards.records import PupilRecord
from safeguards.rights import Register
from safeguards.shares import Shares
from safeguards.vault import FILE as VAULT_FILE
from safeguards.vault import Vault
from safeguards.written import Written

#: lac keeps no list of the files that people let it write elsewhere.
ELSEWHERE = (
    "Files that lac wrote for people are not known to it: drafts of lac rights access, files of "
    "lac share, lists of lac check, answers of lac sql, calendars and the exports that were "
    "loaded. Delete those that hold this child, and start a running dashboard anew. Backups "
    "made before keep the child until they expire; a restore erases it again."
)


@dataclass(frozen=True)
class Plan:
    """What an erasure takes away: rows by table, entries that people typed, whole versions."""

    rows: Mapping[str, int]
    entries: int
    requests: int
    shares: int
    versions: int

    def lines(self) -> list[str]:
        """In words, a line each; no child is named."""
        return [
            *(f"{table}: {number:,}" for table, number in self.rows.items()),
            f"typed entries: {self.entries:,}",
            f"requests that will no longer name the child: {self.requests:,}",
            f"files for others, whose register will no longer name the child: {self.shares:,}",
            f"versions of the store, so that nothing is left to undo: {self.versions:,}",
            "the record in the vault",
        ]


def planned(home: Home, keys: Keys, child: PupilRecord) -> Plan:
    """What erasing a child would take away; nothing is changed."""
    path = versions.current(home.store)
    rows = {} if path is None else build.rows_of(path, keys.store)
    kept = without(rows, {child.pupil_id})
    gone = {table: frame.height - kept[table].height for table, frame in rows.items()}
    return Plan(
        rows={table: number for table, number in gone.items() if number},
        entries=sum(e.pupil_id == child.pupil_id for e in Written.open(home, keys).entries()),
        requests=sum(r.pupil_id == child.pupil_id for r in Register.open(home, keys).requests()),
        shares=sum(child.pupil_id in s.pupil_ids for s in Shares.open(home, keys).all()),
        versions=len(versions.listed(home.store)),
    )


def erase(
    home: Home,
    keys: Keys,
    children: Collection[PupilRecord],
    *,
    why: str,
    now: datetime,
    actor: str,
    role: str,
    notes: Sequence[str] = (),
    environ: Mapping[str, str] = os.environ,
) -> str:
    """Erase children for good; the name of the receipt in `ledger/`, which names nobody.

    why: a word for the ledger, "request" or "retention".  notes: more for the receipt.
    RightsError if there is a hold, and nothing is erased; or if a file cannot be removed: the
    erasure is then finished by the next command.  Others as their names say.
    """
    if not flags.held(home, keys).isdisjoint(child.pupil_id for child in children):
        raise RightsError("There is a hold, so nothing was erased. See: lac retention hold")
    plans = [planned(home, keys, child) for child in children]
    with one_at_a_time(home):
        log = AccessLog(home, keys)
        ledger = Ledger.open(home, keys, environ)
        for child in children:
            log.append(Event("erase", actor, role, None, (child.pupil_id,), why))
            ledger.append(Erasure(now, child.pupil_id, child.look_ups, why))
        apply_erasures(home, keys, ledger.entries())
    name = f"{why}-{now:%Y%m%d-%H%M%S-%f}.txt"
    lines = [f"{len(children):,} erased on {now:%Y-%m-%d} because of {why}.", *notes]
    for number, plan in enumerate(plans, start=1):
        lines += [f"Child {number}:", *(f"- {line}" for line in plan.lines())]
    write_new(home.ledger / name, "\n".join([*lines, ELSEWHERE, ""]).encode("utf-8"))
    return name


def is_cut_off(home: Home, keys: Keys, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the vault still has a child whom the ledger calls erased."""
    ledger = Ledger.open(home, keys, environ)
    return any(_is_erased(each, ledger) for each in Vault.open(home, keys).pupils)


def finish(home: Home, keys: Keys, environ: Mapping[str, str] = os.environ) -> None:
    """End the erasures that were cut off; the caller holds the home."""
    if is_cut_off(home, keys, environ):
        apply_erasures(home, keys, Ledger.open(home, keys, environ).entries())


def apply_erasures(home: Home, keys: Keys, erasures: Iterable[Erasure]) -> tuple[str, ...]:
    """Erase these children wherever the home still has them; the codes of those it had.

    A child is found by its `pupil_id`, and by every number under which it was known.  The
    caller holds the home.  All earlier versions go as well.  SafeguardsError and StoreError
    as their names say.
    """
    erased = tuple(erasures)
    vault = Vault.open(home, keys)
    look_ups = {look_up for each in erased for look_up in each.look_ups}
    pupil_ids = {each.pupil_id for each in erased}
    pupil_ids |= {each.pupil_id for each in vault.pupils if look_ups.intersection(each.look_ups)}
    path = versions.current(home.store)
    rows = {} if path is None else build.rows_of(path, keys.store)
    in_store = pupil_ids & (set(rows["raw_pupil"]["pupil_id"]) if rows else set())
    in_vault = pupil_ids & {each.pupil_id for each in vault.pupils}
    written = Written.open(home, keys)
    in_written = pupil_ids & {each.pupil_id for each in written.entries()}
    written.forget(in_written)
    Register.open(home, keys).forget(pupil_ids)
    Shares.open(home, keys).forget(pupil_ids)
    if path is not None and (in_store or not written.holds(amend.head_in(rows))):
        left = amend.with_typed(amend.untyped(without(rows, in_store)), written)
        path = build.publish_amendment(path, keys.store, left)
    if pupil_ids:
        _wipe_all_but(home, path)
    with overwritten(home.vault / VAULT_FILE):
        vault.forget(in_vault)
        vault.save()
    return tuple(sorted(in_store | in_vault | in_written))


def without(rows: Rows, pupil_ids: Collection[str]) -> Rows:
    """The raw_ rows less every row of these children."""
    if not rows:
        return rows
    pupils = rows["raw_pupil"].filter(pl.col("pupil_id").is_in(list(pupil_ids)))
    return less(rows, "pupil_key", pupils["pupil_key"])


def _is_erased(child: PupilRecord, ledger: Ledger) -> bool:
    return ledger.has(child.pupil_id) or any(map(ledger.has, child.look_ups))


def _wipe_all_but(home: Home, path: Path | None) -> None:
    """Every other version goes, and what was left half made or beside one."""
    for other in home.store.glob("store-*"):
        if other.is_dir():
            shutil.rmtree(other)
        elif path is None or other not in versions.files_of(path):
            _wipe(other)


def _wipe(path: Path) -> None:
    try:
        versions.wipe(path)
    except OSError as error:
        raise RightsError(
            f"{path.name} is in use and cannot be removed. Close the dashboard and run this again."
        ) from error
