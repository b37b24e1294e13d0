"""Erasure: children are taken out of a home's store, vault, entries and registers.

Deleted rows leave their bytes in a file, so the store is rewritten and the old files are
overwritten.  A marker file exists from before the ledger's line until the last step, and the
vault's record goes last.  So an interrupted erasure always leaves one of the two, and
`finish_erasures` does all steps again.
"""

import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType

import polars as pl

from intake.publish import amend, files, retired
from intake.publish.lock import lock_store
from intake.publish.merge import Rows, drop_matching_rows, get_data_until
from queries.contract import DAY_COLUMNS
from queries.store import versions
from safeguards.access.access import Session
from safeguards.disclosure.drafts import Drafts
from safeguards.errors import RightsError
from safeguards.files import wipe_replaced, write_new, write_private
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog, Event
from safeguards.journal.ledger import (
    UNFINISHED,
    Erasure,
    Ledger,
    Line,
    format_receipt,
    has_unfinished_erasure,
    is_erased,
)
from safeguards.journal.typed_entries import TypedEntries
from safeguards.keys.keys import Keys
from safeguards.vault.records import PupilRecord
from safeguards.vault.vault import FILE as VAULT_FILE
from safeguards.vault.vault import Vault
from stewardship.registers import OF_CHILDREN
from stewardship.registers.requests import Register
from stewardship.registers.shares import Shares
from stewardship.rights import restrict

#: lac keeps no list of the files that people let it write elsewhere.
UNTRACKED_FILES_NOTICE = (
    "lac does not know where people keep other files: drafts for access requests, files of "
    "lac share, lists of lac check, answers of lac sql, calendars and loaded exports. Delete "
    "those that contain this child, and restart a running dashboard. Earlier backups contain "
    "the child until they expire; a restore erases the child again. The words for the report "
    "to governors are kept, since they should name no child. Read them, and remove any that "
    "do."
)


@dataclass(frozen=True)
class ErasurePlan:
    """What an erasure removes: rows by table, entries that people typed, whole versions.

    is_whole: whether the whole child is erased, or only these rows and entries.
    """

    rows: Mapping[str, int]
    entries: int
    requests: int
    shares: int
    versions: int
    is_whole: bool = True

    def describe(self) -> list[str]:
        """Describe the plan in lines that name no child."""
        versions = f"versions of the store, so that nothing can be undone: {self.versions:,}"
        rows = [f"{table}: {number:,}" for table, number in self.rows.items()]
        rows.append(f"typed entries: {self.entries:,}")
        if not self.is_whole:
            return [*rows, versions]
        return [
            *rows,
            f"requests that will no longer name the child: {self.requests:,}",
            f"files for others, whose register will no longer name the child: {self.shares:,}",
            versions,
            "the record in the vault",
        ]


def plan_erasure(
    home: Home, keys: Keys, child: PupilRecord, part: Erasure | None = None
) -> ErasurePlan:
    """Return what the erasure of a child would remove.  Change nothing.

    part: a partial erasure, after which the child stays.
    """
    path = versions.find_current_version(home.store)
    rows = {} if path is None else files.read_rows(path, keys.store)
    entries = TypedEntries.open(home, keys).list_entries()
    earlier = len(versions.list_versions(home.store))
    if part is not None:
        cutoffs, days = retired.compute_cutoffs([part], ()), _compute_last_days(rows)
        dropped = _count_dropped(rows, _drop_expired(rows, cutoffs))
        expired = sum(retired.is_expired(entry, days, cutoffs) for entry in entries)
        return ErasurePlan(dropped, expired, 0, 0, earlier, is_whole=False)
    return ErasurePlan(
        rows=_count_dropped(rows, drop_pupils(rows, {child.pupil_id})),
        entries=sum(entry.pupil_id == child.pupil_id for entry in entries),
        requests=sum(r.pupil_id == child.pupil_id for r in Register.open(home, keys).list_all()),
        shares=sum(child.pupil_id in s.pupil_ids for s in Shares.open(home, keys).list_all()),
        versions=earlier,
    )


def erase_pupils(
    home: Home,
    keys: Keys,
    children: Collection[PupilRecord],
    *,
    why: str,
    now: datetime,
    actor: str,
    role: str,
    partial_tables: Mapping[str, Collection[str]] = MappingProxyType({}),
    through: date | None = None,
    notes: Sequence[str] = (),
) -> str:
    """Erase children for good, and return the name of the receipt, which names no child.

    why: a word for the ledger, "request" or "retention".  partial_tables: by `pupil_id`, the
    tables whose rows are deleted while the child stays, with the schedule's day in `through`.  A
    child who is not in it is erased in full.  notes: further lines of the receipt in `ledger/`.
    RightsError, and nothing is erased, if there is a hold, or a table cannot be deleted without
    the whole child.  RightsError also if a file cannot be removed: the next command then finishes
    the erasure.  Other errors as their names say.
    """
    if not restrict.list_pupils_on_hold(home, keys).isdisjoint(
        child.pupil_id for child in children
    ):
        raise RightsError("There is a hold, so nothing was erased. See: lac retention hold")
    if not all(tables and DAY_COLUMNS.keys() >= set(tables) for tables in partial_tables.values()):
        raise RightsError("This table can be deleted only with the whole of the child's record.")
    erasures = [
        _build_erasure(child, partial_tables, through, why=why, now=now) for child in children
    ]
    plans = [
        plan_erasure(home, keys, child, None if erasure.is_whole else erasure)
        for child, erasure in zip(children, erasures, strict=True)
    ]
    with lock_store(home):
        log = AccessLog(home, keys)
        ledger = Ledger.open(home, keys)
        write_private(home.ledger / UNFINISHED, b"")
        for erasure in erasures:
            event = "erase" if erasure.is_whole else "erase_in_part"
            log.append(Event(event, actor, role, None, (erasure.pupil_id,), why))
            ledger.append(erasure)
        apply_erasures(home, keys, ledger.list_entries())
    name = f"{why}-{now:%Y%m%d-%H%M%S-%f}.txt"
    text = "\n".join(
        [
            *_describe_counts(plans, why, now, through),
            *notes,
            *_describe_plans(plans),
            *_describe_receipts(keys, erasures),
            UNTRACKED_FILES_NOTICE,
            "",
        ]
    )
    write_new(home.ledger / name, text.encode("utf-8"))
    return name


def erase_as_asked(
    session: Session, register: Register, child: PupilRecord, typed: str, now: datetime
) -> str:
    """Erase a child as an open request asks, and close it.  Return the name of the receipt.

    typed: the child's code name, which the person must type again.
    """
    request = register.get_open_request("erase", child.pupil_id)
    if typed != child.handle:
        raise RightsError("This is not the child's code name. Nothing was changed.")
    receipt = erase_pupils(
        session.home,
        Keys.load(session.home),
        [child],
        why="request",
        now=now,
        actor=session.actor,
        role=session.choose_role("rights", "rights"),
    )
    register.close(request.request_id, "granted", now=now)
    return receipt


def finish_erasures(home: Home, keys: Keys) -> None:
    """Finish the erasures that were interrupted.  The caller holds the lock on the home."""
    if has_unfinished_erasure(home, keys):
        apply_erasures(home, keys, Ledger.open(home, keys).list_entries())


def apply_erasures(home: Home, keys: Keys, lines: Iterable[Line]) -> tuple[str, ...]:
    """Erase these children everywhere in the home, and return the pupil_ids of those erased whole.

    lines: the lines of the ledger, oldest first.  A child is looked up by `pupil_id`, and by every
    number under which they were known.  The caller holds the lock on the home.  All earlier
    versions are deleted too.  SafeguardsError and StoreError as their names say.
    """
    lines = tuple(lines)
    erased = [line for line in lines if isinstance(line, Erasure)]
    vault = Vault.open(home, keys)
    cutoffs = retired.compute_cutoffs(lines, vault.pupils)
    pupil_ids = {erasure.pupil_id for erasure in erased if erasure.is_whole}
    pupil_ids |= {pupil.pupil_id for pupil in vault.pupils if is_erased(pupil, lines)}
    path = versions.find_current_version(home.store)
    rows = {} if path is None else files.read_rows(path, keys.store)
    in_store = pupil_ids & (set(rows["raw_pupil"]["pupil_id"]) if rows else set())
    in_vault = pupil_ids & {pupil.pupil_id for pupil in vault.pupils}
    written = TypedEntries.open(home, keys)
    in_written = pupil_ids & {entry.pupil_id for entry in written.list_entries()}
    days = _compute_last_days(rows)
    written.forget(
        lambda entry: entry.pupil_id in pupil_ids or retired.is_expired(entry, days, cutoffs)
    )
    for register in OF_CHILDREN:
        register.open(home, keys).forget(pupil_ids)
    if pupil_ids:
        Drafts.open(home, keys).forget_replaced()
    remaining = _drop_expired(drop_pupils(rows, in_store), cutoffs)
    if path is not None and (
        _count_dropped(rows, remaining) or not written.has_head(amend.get_log_head(rows))
    ):
        remaining = amend.add_typed_rows(amend.force_drop_typed_rows(remaining), written)
        path = files.publish_amendment(path, keys, remaining)
    if erased:
        _wipe_other_versions(home, path)
    with wipe_replaced(home.vault / VAULT_FILE):
        vault.forget(in_vault)
        vault.save()
    (home.ledger / UNFINISHED).unlink(missing_ok=True)
    return tuple(sorted(in_store | in_vault | in_written))


def drop_pupils(rows: Rows, pupil_ids: Collection[str]) -> Rows:
    """Return the raw_ rows without the rows of these children."""
    if not rows:
        return rows
    pupils = rows["raw_pupil"].filter(pl.col("pupil_id").is_in(list(pupil_ids)))
    return drop_matching_rows(rows, "pupil_key", pupils["pupil_key"])


def _build_erasure(
    child: PupilRecord,
    partial_tables: Mapping[str, Collection[str]],
    through: date | None,
    *,
    why: str,
    now: datetime,
) -> Erasure:
    tables = tuple(sorted(partial_tables.get(child.pupil_id, ())))
    day = through if tables else None
    return Erasure(now, child.pupil_id, child.look_ups, why, tables, day)


def _describe_counts(
    plans: Sequence[ErasurePlan], why: str, now: datetime, through: date | None
) -> Iterator[str]:
    """Yield the number of children erased in full, and the number erased in part."""
    whole = sum(plan.is_whole for plan in plans)
    if whole:
        yield f"Children whose data was erased on {now:%Y-%m-%d} because of {why}: {whole:,}."
    if len(plans) > whole:
        yield (
            f"Children whose data was erased in part on {now:%Y-%m-%d} because of {why}, according "
            f"to the schedule on {through}: {len(plans) - whole:,}. The rest about these children "
            "is kept, also in the vault."
        )


def _describe_receipts(keys: Keys, erasures: Sequence[Erasure]) -> Iterator[str]:
    """Yield a receipt for each child erased in full, for a computer that does not know of it."""
    whole = [erasure for erasure in erasures if erasure.is_whole]
    if whole:
        yield "Keep this on paper until all earlier backups have been deleted. A restore on another"
        yield "computer asks for these lines: lac restore FILE --receipt LINE"
        yield from (f"  {format_receipt(keys, erasure.pupil_id)}" for erasure in whole)


def _describe_plans(plans: Sequence[ErasurePlan]) -> Iterator[str]:
    for number, plan in enumerate(plans, start=1):
        yield f"Child {number}{'' if plan.is_whole else ', in part'}:"
        yield from (f"- {line}" for line in plan.describe())


def _drop_expired(rows: Rows, cutoffs: retired.RetentionCutoffs) -> Rows:
    if not rows:
        return rows
    return retired.drop_expired(rows, rows["raw_pupil"], _compute_last_days(rows), cutoffs)


def _compute_last_days(rows: Rows) -> retired.LastDays:
    if not rows:
        return {}
    return retired.compute_last_days(rows["raw_enrolment"], rows["raw_pupil"], get_data_until(rows))


def _count_dropped(before: Rows, after: Rows) -> dict[str, int]:
    """Return the number of rows that are gone by table, without tables that lost none."""
    gone = {table: frame.height - after[table].height for table, frame in before.items()}
    return {table: number for table, number in gone.items() if number}


def _wipe_other_versions(home: Home, path: Path | None) -> None:
    """Wipe all versions except this one, and what was left half made or beside one."""
    for other in home.store.glob("store-*"):
        if other.is_dir():
            shutil.rmtree(other)
        elif path is None or other not in versions.list_version_files(path):
            try:
                versions.wipe(other)
            except OSError as error:
                raise RightsError(
                    f"{other.name} is in use and cannot be removed. Close the dashboard and run "
                    "this again."
                ) from error
