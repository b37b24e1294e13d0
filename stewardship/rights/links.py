"""Two records that may be one child: the lead confirms or refuses, and the store follows.

The store comes first and the vault second.  Cut off between them, the pair is still to be
confirmed, and confirming it again finishes the work.
"""

import polars as pl

from intake.build import files
from intake.build.lock import one_at_a_time
from intake.build.merge import KEYS, Rows
from queries.store import versions
from safeguards.errors import VaultError
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog, Event
from safeguards.journal.ledger import Ledger, Readmission
from safeguards.journal.typed_entries import Written
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault
from stewardship.registers.requests import Register
from stewardship.registers.shares import Shares


def refuse(home: Home, keys: Keys, handle: str, actor: str) -> None:
    """Say that this record and the earlier one are two children; never asked again."""
    with one_at_a_time(home):
        vault = Vault.open(home, keys)
        new, former = vault.doubt_about(handle)
        AccessLog(home, keys).append(Event("link_refused", actor, "dsl", pupil_ids=(new, former)))
        vault.refuse(new, former)
        vault.save()


def confirm(home: Home, keys: Keys, handle: str, actor: str) -> str:
    """Make one record of the two; the handle that stays, the earlier one where it can.

    VaultError where both must keep their code: people have typed entries about a child, which
    cannot be moved, or it was readmitted, and the ledger knows it by its code.
    """
    with one_at_a_time(home):
        vault = Vault.open(home, keys)
        new, former = vault.doubt_about(handle)
        stay = {entry.pupil_id for entry in Written.open(home, keys).entries()}
        stay |= {
            each.pupil_id
            for each in Ledger.open(home, keys).entries()
            if isinstance(each, Readmission)
        }
        if {new, former} <= stay:
            raise VaultError(
                "Entries were typed about both handles, or the child was readmitted under one, "
                "so they cannot become one. Ask whoever looks after lac-monitor."
            )
        kept, gone = (new, former) if new in stay else (former, new)
        AccessLog(home, keys).append(Event("link_confirmed", actor, "dsl", pupil_ids=(kept, gone)))
        base = versions.current(home.store)
        if base is not None:
            rows = files.rows_of(base, keys.store)
            joined = with_one_child(rows, kept, gone)
            if joined is not rows:
                files.publish_amendment(base, keys.store, joined)
        Shares.open(home, keys).rename(gone, kept)
        Register.open(home, keys).rename(gone, kept)
        record = vault.join(kept, gone)
        vault.save()
        return record.handle


def with_one_child(rows: Rows, kept: str, gone: str) -> Rows:
    """The raw_ rows with those of `gone` under `kept`; the very same rows if one has none.

    Where both have a row of one key, the newest load's stays.
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
        keys = KEYS.get(table)
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
