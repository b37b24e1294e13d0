"""From the log of what people typed to the store: an amendment now, and again in each load.

The typed rows have one source, whose digest is the head of the log, so a store knows
whether it has everything and whether the log has lost anything.
"""

from pathlib import Path

import polars as pl

from intake.build import files
from intake.build.lock import one_at_a_time
from intake.build.merge import Rows, less
from intake.build.typed_rows import typed_rows
from intake.identify import facts
from queries.errors import StoreError
from queries.statement import statement
from queries.store import store, versions
from queries.views import views
from safeguards.access import access
from safeguards.errors import WrittenError
from safeguards.home.home import Home
from safeguards.journal.typed_entries import NO_LINES, Written
from safeguards.keys.keys import Keys

#: Who sent the source of every typed row.
SENDER = "typed"

_TABLES = (
    *("raw_sdq", "raw_health", "raw_ehcp", "raw_pep", "raw_care_episode"),
    *("raw_action", "raw_restriction", "raw_objection"),
)
#: A load may be under way, and the entry is to show when it has ended.
_PATIENCE = 60.0

_NEXT = """
select
    (select max(source_id) + 1 from raw_source where sender <> $sender) as source_id,
    (select max(load_id) from raw_load) as load_id
"""


def publish_typed(home: Home, keys: Keys) -> None:
    """Make everything that was typed so far visible, as an amendment of the version in use.

    Nothing happens if it is already, or before the first load.  WrittenError if the log
    has lost lines that the store knows; IntakeError if a load does not come to its end.
    """
    with one_at_a_time(home, _PATIENCE):
        base = versions.current(home.store)
        if base is None:
            return
        path = amended(home, keys, base)
        if path != base:
            versions.publish(home.store, path)
            versions.prune(home.store)


def is_shown(home: Home, keys: Keys) -> bool:
    """Whether the version in use has all that was typed; true before the first load."""
    base = versions.current(home.store)
    return base is None or _head(access.opened(base, keys.store)) == Written.open(home, keys).head


def amended(home: Home, keys: Keys, base: Path) -> Path:
    """A version like `base` that has all that was typed, not yet published.

    `base` itself if it has.  The caller holds the home; errors as of `publish_typed`.
    """
    written = Written.open(home, keys)
    opened = access.opened(base, keys.store)
    head = _head(opened)
    _require_whole(written, head)
    if head == written.head:
        return base
    pupils = opened.read("select pupil_id, pupil_key from raw_pupil")
    source_id, load_id = opened.read(_NEXT, {"sender": SENDER}).row(0)
    rows = _rows(written, pupils, source_id, load_id)
    path = versions.next_amendment(base)
    with store.amend(base, path, keys.store) as connection:
        for table in (*_TABLES, "raw_source"):
            connection.execute(
                statement(
                    "delete from {name} where source_id in"
                    " (select source_id from raw_source where sender = $sender)",
                    name=table,
                ),
                {"sender": SENDER},
            )
        for table, frame in rows.items():
            store.insert(connection, table, frame)
        views.refill(connection, _TABLES)
    _verify(access.opened(path, keys.store), rows, source_id)
    return path


def without_typed(rows: Rows, written: Written) -> Rows:
    """The raw_ rows of a version less the typed ones; WrittenError if any would be lost."""
    _require_whole(written, head_in(rows))
    return untyped(rows)


def head_in(rows: Rows) -> str:
    """The head of the log of which these rows have everything."""
    sources = rows["raw_source"].filter(pl.col("sender") == SENDER)
    return str(sources["sha256"].item()) if sources.height else NO_LINES


def untyped(rows: Rows) -> Rows:
    """The raw_ rows of a version less the typed ones, whether or not the log has them."""
    sources = rows["raw_source"].filter(pl.col("sender") == SENDER)
    return less(rows, "source_id", sources["source_id"])


def with_typed(rows: Rows, written: Written) -> Rows:
    """The raw_ rows of a version, none of them typed, and those of what was typed."""
    source_id = 1 + max(rows["raw_source"]["source_id"].to_list())
    load_id = max(rows["raw_load"]["load_id"].to_list())
    coming = _rows(written, rows["raw_pupil"], source_id, load_id)
    both = {
        table: pl.concat([rows[table], frame], how="diagonal_relaxed")
        for table, frame in coming.items()
        if table in rows
    }
    return {**rows, **coming, **both}


def _rows(written: Written, pupils: pl.DataFrame, source_id: int, load_id: int) -> Rows:
    """The typed rows and their source, which holds the head of the log; none without entries."""
    if written.head == NO_LINES:
        return {}
    current = written.current()
    rows = typed_rows(current, pupils)
    source = {
        "school_key": facts.SCHOOL_KEY,
        "file_name": "written",
        "sender": SENDER,
        "sha256": written.head,
        "is_refused": False,
        "problem_count": 0,
        "rows_read": len(current),
        "rows_kept": sum(frame.height for frame in rows.values()),
        "rows_out_of_scope": 0,
        "blank_marks": 0,
        "first_date": None,
        "last_date": None,
    }
    days = {"first_date": pl.Date, "last_date": pl.Date}
    rows["raw_source"] = pl.DataFrame([source], schema_overrides=days)
    return {
        table: frame.with_columns(source_id=pl.lit(source_id), load_id=pl.lit(load_id))
        for table, frame in rows.items()
    }


def _verify(opened: store.Store, rows: Rows, source_id: int) -> None:
    """StoreError if the amendment lacks a typed row, or a check stops it."""
    for table, frame in rows.items():
        query = statement("select count(*) from {name} where source_id = $id", name=table)
        if opened.read(query, {"id": source_id}).item() != frame.height:
            raise StoreError(f"{opened.path.name} lost rows of {table}.")
    data_until = opened.read("select data_until from int_newest_load").item()
    files.refuse_stopped(opened, data_until)


def _require_whole(written: Written, head: str) -> None:
    if not written.holds(head):
        raise WrittenError(
            "Entries that people typed are gone from the folder written/. Restore a backup."
        )


def _head(opened: store.Store) -> str:
    found = opened.read("select sha256 from raw_source where sender = $s", {"s": SENDER})
    return str(found.item()) if found.height else NO_LINES
