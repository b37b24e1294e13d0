"""From the log of what people typed to the store: an amendment now, and again in each load.

The typed rows have one source, whose digest is the head of the log, so a store knows
whether it has everything and whether the log has lost anything.
"""

from collections.abc import Collection
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from intake.current import TYPED_SENDER, read_log_head
from intake.publish import files
from intake.publish.flagged import KEY, drop_waived_rows, find_waived_rows
from intake.publish.flagged import TABLE as FLAGGED_ROWS
from intake.publish.lock import lock_store
from intake.publish.merge import Rows, drop_matching_rows, find_differing
from intake.publish.retired import drop_withdrawn, find_taken_back
from intake.publish.typed import build_typed_rows
from queries.contract import (
    FILE_TABLES,
    NO_SCHOOL,
    TABLE_KEYS,
    TYPED_TABLES,
    VOLUNTARY_TABLES,
    WORDS,
)
from queries.errors import StoreError
from queries.statement import format_sql
from queries.store import store, versions
from queries.views import days, views
from safeguards.access import access
from safeguards.errors import SealedLinesError
from safeguards.home.home import Home
from safeguards.journal.typed_entries import EMPTY_HEAD, Entry, TypedEntries
from safeguards.keys.keys import Keys

#: A load may be under way, and the entry is to show when it has ended.
_LOCK_TIMEOUT_S = 60.0

_NEXT = """
select
    (select max(source_id) + 1 from raw_source where sender <> $sender) as source_id,
    (select max(load_id) from raw_load) as load_id
"""
_CHOICES = "select pupil_key, item, choice_date, source_id, taken_back_date from raw_choice"
_TAKEN_OUT = """
select distinct pupil_key::bigint as pupil_key, words_date, line
from raw_words where taken_out_date is not null
"""
_DELETE_TAKEN_OUT = """
delete from raw_words where (pupil_key, words_date, line) in (
    select (pupil_key, words_date, line) from raw_words where taken_out_date is not null
)
"""

_DELETE_WAIVED = """
delete from raw_flagged_row
where
    source_id = $source and row_number = $row and fault = $fault
    and column_name is not distinct from $name
"""


def publish_entries(home: Home, keys: Keys) -> None:
    """Make everything that was typed so far visible, as an amendment of the version in use.

    Nothing happens if it is already, or before the first load.  SealedLinesError if the log
    has lost lines that the store knows; IntakeError if a load does not come to its end.
    """
    with lock_store(home, _LOCK_TIMEOUT_S):
        base = versions.find_current_version(home.store)
        if base is None:
            return
        path = create_amendment(home, keys, base)
        if path != base:
            files.publish(keys, path)
            versions.prune(home.store)


def create_amendment(home: Home, keys: Keys, base: Path) -> Path:
    """A version like `base` that has all that was typed, not yet published.

    `base` itself if it has.  The caller holds the home; errors as of `publish_entries`.
    """
    written = TypedEntries.open(home, keys)
    version = access.open_store(base, keys.store)
    head = read_log_head(version)
    _require_head(written, head)
    if head == written.head:
        return base
    pupils = version.read("select school_key, pupil_id, pupil_key from raw_pupil")
    source_id, load_id = version.read(_NEXT, {"sender": TYPED_SENDER}).row(0)
    rows = _build_rows(written, pupils, source_id, load_id)
    path = versions.compute_amendment_path(base)
    with store.amend_version(base, path, keys.store) as connection:
        before = _fingerprint_tables(connection)
        for table in (*TYPED_TABLES, "raw_source"):
            connection.execute(
                format_sql(
                    "delete from {name} where source_id in"
                    " (select source_id from raw_source where sender = $sender)",
                    name=table,
                ),
                {"sender": TYPED_SENDER},
            )
        for table, frame in rows.items():
            store.insert_rows(connection, table, frame)
        rows = _take_back(connection, rows)
        _delete_waived(connection, _list_waivers(written))
        after = _fingerprint_tables(connection)
        changed = [table for table, found in after.items() if found != before[table]]
        views.refresh_views(connection, changed)
        days.fill_default_day(connection, _find_day(home, written), changed)
    _verify(access.open_store(path, keys.store), rows, source_id)
    return path


def _find_day(home: Home, written: TypedEntries) -> date | None:
    """The day that is asked for where the last entry was typed; None in a demo."""
    last = max((entry.at for entry in written.list_entries()), default=None)
    return None if last is None else home.find_default_day(last)


def _fingerprint_tables(connection: duckdb.DuckDBPyConnection) -> dict[str, object]:
    """The number of rows and a hash of them, of each table in which an amendment may differ."""
    counting = "select count(*), bit_xor(hash(found)) from {table} as found"
    return {
        table: connection.execute(format_sql(counting, table=table)).fetchone()
        for table in (*TYPED_TABLES, FLAGGED_ROWS, "raw_source")
    }


def drop_typed_rows(rows: Rows, written: TypedEntries) -> Rows:
    """The raw_ rows of a version less the typed ones; SealedLinesError if any would be lost."""
    _require_head(written, get_log_head(rows))
    return force_drop_typed_rows(rows)


def read_earlier_rows(
    home: Home, keys: Keys, days: tuple[date, date], today: date, senders: Collection[int]
) -> tuple[Rows, files.StandingMarks | None]:
    """As `files.read_touched_rows` of the version in use, less what was typed; none before it."""
    path = versions.find_current_version(home.store)
    if path is None:
        return {}, None
    rows, standing = files.read_touched_rows(path, keys.store, days, today, senders)
    return drop_typed_rows(rows, TypedEntries.open(home, keys)), standing


def get_log_head(rows: Rows) -> str:
    """The head of the log of which these rows have everything."""
    sources = rows["raw_source"].filter(pl.col("sender") == TYPED_SENDER)
    return str(sources["sha256"].item()) if sources.height else EMPTY_HEAD


def force_drop_typed_rows(rows: Rows) -> Rows:
    """The raw_ rows of a version less the typed ones, whether or not the log has them."""
    sources = rows["raw_source"].filter(pl.col("sender") == TYPED_SENDER)
    return drop_matching_rows(rows, "source_id", sources["source_id"])


def add_typed_rows(rows: Rows, written: TypedEntries) -> Rows:
    """The raw_ rows of a version, none of them typed, and those of what was typed.

    Less what was taken back, in a file or by what was typed.
    """
    source_id = 1 + max(rows["raw_source"]["source_id"].to_list())
    load_id = max(rows["raw_load"]["load_id"].to_list())
    typed_rows_by_table = _build_rows(written, rows["raw_pupil"], source_id, load_id)
    both = {
        table: pl.concat([rows[table], frame], how="diagonal_relaxed")
        for table, frame in typed_rows_by_table.items()
        if table in rows
    }
    kept = drop_withdrawn({**rows, **typed_rows_by_table, **both})
    return drop_waived_rows(kept, _list_waivers(written))


def list_conflicts(rows: Rows) -> list[str]:
    """Of each file of the newest load, how many rows say otherwise than what was typed."""
    found = []
    typed = rows["raw_source"].filter(pl.col("sender") == TYPED_SENDER)["source_id"].implode()
    newest = max(rows["raw_load"]["load_id"])
    for name, table in FILE_TABLES.items():
        if table not in TYPED_TABLES or table not in rows:
            continue
        is_typed = pl.col("source_id").is_in(typed)
        frame, keys = rows[table], list(TABLE_KEYS[table])
        told = frame.filter(~is_typed, pl.col("load_id") == newest)
        if number := find_differing(told, frame.filter(is_typed), keys).height:
            say = "row says" if number == 1 else "rows say"
            found.append(
                f"{name}: {number:,} {say} something different from what was typed here, which "
                "is used. Find out which is right, and correct the file or the child's page."
            )
    return found


def _list_waivers(written: TypedEntries) -> list[Entry]:
    return [entry for entry in written.list_current() if entry.kind == "waiver"]


def _build_rows(written: TypedEntries, pupils: pl.DataFrame, source_id: int, load_id: int) -> Rows:
    """The typed rows and their source, which holds the head of the log; none without entries."""
    if written.head == EMPTY_HEAD:
        return {}
    current = written.list_current()
    rows = build_typed_rows(current, pupils)
    source = {
        "school_key": NO_SCHOOL,
        "file_name": "written",
        "sender": TYPED_SENDER,
        "sha256": written.head,
        "is_refused": False,
        "problem_count": 0,
        "rows_read": len(current),
        "rows_kept": sum(frame.height for frame in rows.values()),
        "rows_out_of_scope": 0,
        "blank_marks": 0,
    }
    rows["raw_source"] = pl.DataFrame([source])
    return {
        table: frame.with_columns(source_id=pl.lit(source_id), load_id=pl.lit(load_id))
        for table, frame in rows.items()
    }


def _take_back(connection: duckdb.DuckDBPyConnection, rows: Rows) -> Rows:
    """Delete what was taken back from an amendment; the typed rows that are left."""
    left = dict(rows)
    taken_back = find_taken_back(store.read_rows(connection, _CHOICES))
    for item, table in VOLUNTARY_TABLES.items():
        pupils = taken_back.filter(item=item)["pupil_key"]
        query = format_sql("delete from {name} where list_contains($pupils, pupil_key)", name=table)
        connection.execute(query, {"pupils": pupils.to_list()})
        if table in left:
            left[table] = left[table].filter(~pl.col("pupil_key").is_in(pupils.implode()))
    gone = store.read_rows(connection, _TAKEN_OUT)
    connection.execute(_DELETE_TAKEN_OUT)
    if (words := FILE_TABLES[WORDS.name]) in left:
        left[words] = left[words].join(gone, on=gone.columns, how="anti", maintain_order="left")
    return left


def _delete_waived(connection: duckdb.DuckDBPyConnection, waivers: list[Entry]) -> None:
    """Delete the faulty rows that were waived from an amendment."""
    flagged, sources, pupils = (
        store.read_rows(connection, format_sql("from {name}", name=name))
        for name in (FLAGGED_ROWS, "raw_source", "raw_pupil")
    )
    waived = find_waived_rows(flagged, sources, pupils, waivers)
    for source_id, row, column, fault in waived.select(KEY).iter_rows():
        connection.execute(
            _DELETE_WAIVED, {"source": source_id, "row": row, "name": column, "fault": fault}
        )


def _verify(version: store.Store, rows: Rows, source_id: int) -> None:
    """StoreError if the amendment lacks a typed row."""
    for table, frame in rows.items():
        query = format_sql("select count(*) from {name} where source_id = $id", name=table)
        if version.read(query, {"id": source_id}).item() != frame.height:
            raise StoreError(f"{version.path.name} lost rows of {table}.")


def _require_head(written: TypedEntries, head: str) -> None:
    if not written.has_head(head):
        raise SealedLinesError(
            "Entries that people typed are missing from the folder written/. Restore a backup."
        )
