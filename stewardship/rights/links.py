"""Links between two records that may belong to one child, which the lead confirms or refuses.

The store is changed first and the vault second.  If that is interrupted in between, the pair is
still to be confirmed, and confirming it again finishes the work.
"""

from dataclasses import replace

import polars as pl

from intake.publish import amend, files
from intake.publish.lock import lock_store
from intake.publish.merge import Rows
from queries.contract import TABLE_KEYS
from queries.store import versions
from safeguards.errors import VaultError
from safeguards.handles import generate_id
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog, Event
from safeguards.journal.ledger import Ledger, Readmission
from safeguards.journal.typed_entries import TypedEntries
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault
from stewardship.registers import OF_CHILDREN


def reject_match(home: Home, keys: Keys, handle: str, actor: str) -> None:
    """Record that this record and the earlier one are two children.  It is never asked again."""
    with lock_store(home):
        vault = Vault.open(home, keys)
        new, former = vault.get_possible_match(handle)
        AccessLog(home, keys).append(Event("link_refused", actor, "dsl", pupil_ids=(new, former)))
        vault.reject_match(new, former)
        vault.save()


def confirm_match(home: Home, keys: Keys, handle: str, actor: str) -> str:
    """Join the two records, and return the handle that stays, the earlier one if possible.

    VaultError if both must keep their pupil_id: entries that people typed about a child cannot be
    moved, and the ledger knows a readmitted child by pupil_id.  A waiver of a faulty row is typed
    again for the child who stays.
    """
    with lock_store(home):
        vault = Vault.open(home, keys)
        new, former = vault.get_possible_match(handle)
        written = TypedEntries.open(home, keys)
        stay = {entry.pupil_id for entry in written.list_entries() if entry.kind != "waiver"}
        stay |= {
            line.pupil_id
            for line in Ledger.open(home, keys).list_entries()
            if isinstance(line, Readmission)
        }
        if {new, former} <= stay:
            raise VaultError(
                "Entries were typed about both code names, or the child was readmitted under "
                "one, so they cannot be joined. Ask the person who looks after lac-monitor."
            )
        kept, gone = (new, former) if new in stay else (former, new)
        AccessLog(home, keys).append(Event("link_confirmed", actor, "dsl", pupil_ids=(kept, gone)))
        _move_waivers(written, kept, gone)
        base = versions.find_current_version(home.store)
        if base is not None:
            rows = files.read_rows(base, keys.store)
            joined = merge_pupils(rows, kept, gone)
            if amend.get_log_head(rows) != written.head:
                joined = amend.add_typed_rows(amend.drop_typed_rows(joined, written), written)
            if joined is not rows:
                files.publish_amendment(base, keys, joined)
        for register in OF_CHILDREN:
            register.open(home, keys).replace_pupil_id(gone, kept)
        record = vault.merge_records(kept, gone)
        vault.save()
        return record.handle


def _move_waivers(written: TypedEntries, kept: str, gone: str) -> None:
    """Type the waivers of `gone` again for `kept`, as by the same person at the same time.

    Lines are added and none is changed, so every version still knows the log by its head.
    """
    for entry in written.list_current():
        if (entry.kind, entry.pupil_id) == ("waiver", gone):
            entry_id = generate_id()
            written.append(
                replace(entry, entry_id=entry_id, pupil_id=kept, corrects=entry.entry_id)
            )


def merge_pupils(rows: Rows, kept: str, gone: str) -> Rows:
    """Return the raw_ rows with those of `gone` under `kept`, or the same rows if one has none.

    If both have a row of one key, the row of the newest load stays.
    """
    key_of = dict(rows["raw_pupil"].select("pupil_id", "pupil_key").iter_rows())
    if not {kept, gone} <= key_of.keys():
        return rows
    joined: Rows = {}
    for table, frame in rows.items():
        if table == "raw_pupil" or "pupil_key" not in frame.columns:
            joined[table] = frame
            continue
        moved = frame.with_columns(pl.col("pupil_key").replace(key_of[gone], key_of[kept]))
        keys = TABLE_KEYS.get(table)
        if keys is not None:
            moved = moved.sort("load_id", maintain_order=True).unique(
                keys, keep="last", maintain_order=True
            )
        joined[table] = moved
    pupils = rows["raw_pupil"]
    is_there = pupils.filter(pl.col("pupil_id").is_in([kept, gone]))["is_on_newest_roll"].any()
    joined["raw_pupil"] = pupils.filter(pl.col("pupil_id") != gone).with_columns(
        is_on_newest_roll=pl.when(pl.col("pupil_id") == kept)
        .then(pl.lit(is_there))
        .otherwise("is_on_newest_roll")
    )
    return joined
