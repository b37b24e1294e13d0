"""From the log of what people typed to the store: an amendment now, and again in each load.

The typed rows have one source, whose digest is the head of the log, so a store knows
whether it has everything and whether the log has lost anything.
"""

from collections.abc import Collection
from datetime import date
from pathlib import Path

import polars as pl

from intake.check.check import CheckResult
from intake.current import TYPED_SENDER, read_log_head
from intake.publish import files
from intake.publish.flagged import NOTE, drop_waived_rows, show_lines
from intake.publish.flagged import TABLE as FLAGGED_ROWS
from intake.publish.lock import lock_store
from intake.publish.merge import Rows, drop_matching_rows, find_differing
from intake.publish.retired import drop_withdrawn
from intake.publish.typed import build_typed_rows
from queries.contract import FILE_TABLES, NO_SCHOOL, TABLE_KEYS, TYPED_TABLES
from queries.statement import format_sql
from queries.store import store, versions
from queries.views import days, views
from safeguards.access import access
from safeguards.errors import SealedLinesError
from safeguards.home.home import Home
from safeguards.journal.typed_entries import EMPTY_HEAD, Entry, TypedEntries
from safeguards.keys.keys import Keys
from safeguards.vault.lines import LineSeal

#: A load may be under way, and the entry is to show when it has ended.
_LOCK_TIMEOUT_S = 60.0

#: The tables in which an amendment may differ, and those that say whose their rows are.
_AMENDED = (*TYPED_TABLES, FLAGGED_ROWS, "raw_source", "raw_load", "raw_pupil")


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
    """Create a version like `base` with all that was typed, and do not publish it yet.

    Return `base` itself if it has all.  The caller holds the home; errors as of `publish_entries`.
    """
    written = TypedEntries.open(home, keys)
    version = access.open_store(base, keys.store)
    if read_log_head(version) == written.head:
        return base
    before = files.read_tables(version, _AMENDED)
    after = add_typed_rows(drop_typed_rows(before, written), written)
    changed = {table: rows for table, rows in after.items() if not rows.equals(before[table])}
    path = versions.compute_amendment_path(base)
    with store.amend_version(base, path, keys.store) as connection:
        for table, rows in changed.items():
            connection.execute(format_sql("delete from {name}", name=table))
            store.insert_rows(connection, table, rows)
        views.refresh_views(connection, changed)
        days.fill_default_day(connection, _find_day(home, written), changed)
    files.require_rows(access.open_store(path, keys.store), changed)
    return path


def _find_day(home: Home, written: TypedEntries) -> date | None:
    """Return the default day at the last entry; None without entries, and in a demo."""
    last = max((entry.at for entry in written.list_entries()), default=None)
    return None if last is None else home.find_default_day(last)


def drop_typed_rows(rows: Rows, written: TypedEntries) -> Rows:
    """Return a version's raw_ rows without typed ones; SealedLinesError if any would be lost."""
    _require_head(written, get_log_head(rows))
    return show_lines(force_drop_typed_rows(rows), _list_shown_lines(written))


def read_earlier_rows(
    home: Home, keys: Keys, days: tuple[date, date], today: date, senders: Collection[int]
) -> tuple[Rows, files.StandingMarks | None]:
    """Read the touched rows of the version in use without typed ones; none without a version."""
    path = versions.find_current_version(home.store)
    if path is None:
        return {}, None
    rows, standing = files.read_touched_rows(path, keys.store, days, today, senders)
    return drop_typed_rows(rows, TypedEntries.open(home, keys)), standing


def get_log_head(rows: Rows) -> str:
    """Return the head of the log at the last entry that these rows have."""
    sources = rows["raw_source"].filter(pl.col("sender") == TYPED_SENDER)
    return str(sources["sha256"].item()) if sources.height else EMPTY_HEAD


def force_drop_typed_rows(rows: Rows) -> Rows:
    """Return a version's raw_ rows without typed ones, whether or not the log has them."""
    sources = rows["raw_source"].filter(pl.col("sender") == TYPED_SENDER)
    return drop_matching_rows(rows, "source_id", sources["source_id"])


def add_typed_rows(rows: Rows, written: TypedEntries) -> Rows:
    """Add the rows of what was typed to the raw_ rows of a version without typed ones.

    Rows that were taken back, in a file or by an entry, are left out.
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
    return show_lines(drop_waived_rows(kept, _list_waivers(written)), _list_shown_lines(written))


def hide_lines(home: Home, keys: Keys, checked: CheckResult) -> CheckResult:
    """Return what was checked with its doubtful lines sealed, but for those that may be shown."""
    shown = _list_shown_lines(TypedEntries.open(home, keys))
    return checked.hide_lines(LineSeal(keys).seal, shown)


def list_conflicts(rows: Rows) -> list[str]:
    """Say for each file of the newest load how many rows differ from what was typed."""
    sentences = []
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
            sentences.append(
                f"{name}: {number:,} {say} something different from what was typed here, which "
                "is used. Find out which is right, and correct the file or the child's page."
            )
    return sentences


def _list_waivers(written: TypedEntries) -> list[Entry]:
    return [entry for entry in written.list_current() if entry.kind == "waiver"]


def _list_shown_lines(written: TypedEntries) -> dict[str, str]:
    """Return what a person lets be shown of sealed lines, by the note in the place of each."""
    waivers = (entry.values for entry in _list_waivers(written))
    return {values[NOTE]: values["line"] for values in waivers if NOTE in values}


def _build_rows(written: TypedEntries, pupils: pl.DataFrame, source_id: int, load_id: int) -> Rows:
    """Build the typed rows and their source with the head of the log; none without entries."""
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
        "rows_taken": len(current),
        "rows_not_shown": 0,
        "rows_left_out": 0,
        "rows_refused": 0,
    }
    rows["raw_source"] = pl.DataFrame([source])
    return {
        table: frame.with_columns(source_id=pl.lit(source_id), load_id=pl.lit(load_id))
        for table, frame in rows.items()
    }


def _require_head(written: TypedEntries, head: str) -> None:
    if not written.has_head(head):
        raise SealedLinesError(
            "Entries that people typed are missing from the folder written/. Restore a backup."
        )
