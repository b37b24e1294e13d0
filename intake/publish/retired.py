"""Rows that the schedule or a family took out, and that do not come back though the child is here.

Pure.  A row is past if it is dated on or before the day that the schedule went by; so is any
other, booked ahead or without an end, as long as the child is not known to be on the roll
after that day.  Who comes back has new rows again.  Of a child whom the schedule took out
whole and who was readmitted, all that is dated before the first day of the new stay is past.

So does what a family or a child has taken back: a choice that was taken back takes every row of
its kind with it, until it is given anew; a line of a child's own words takes itself.
"""

import itertools
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import polars as pl

from intake.publish.merge import Rows
from intake.publish.typed import parse_valid_date
from queries.contract import CHOICES, DAY_COLUMNS, FILE_TABLES, TABLE_KEYS, VOLUNTARY_TABLES, WORDS
from queries.store.store import Store
from safeguards.journal.ledger import Erasure, Flag, Line
from safeguards.journal.typed_entries import Entry
from safeguards.vault.records import PupilRecord

#: By child (pupil_id) and table, the last day that the schedule went by.
RetentionCutoffs = Mapping[tuple[str, str], date]
#: By child (pupil_id), the last day on which it is known to be on the roll.
LastDays = Mapping[str, date]

CARE_TABLE = "raw_care_episode"
_CHOICES, _WORDS = FILE_TABLES[CHOICES.name], FILE_TABLES[WORDS.name]
_LINE = TABLE_KEYS[_WORDS]
#: The column by which a row is dated, also of a stay, which goes with the whole child only.
_DAY_OF = {**DAY_COLUMNS, "raw_enrolment": "entry_date"}


def compute_cutoffs(lines: Iterable[Line], pupils: Iterable[PupilRecord]) -> RetentionCutoffs:
    """Compute the cut-offs in the ledger, also under the present codes of the children."""
    known_by = {look_up: each.pupil_id for each in pupils for look_up in each.look_ups}
    found: dict[tuple[str, str], date] = {}
    for line in lines:
        if isinstance(line, Erasure):
            codes = {known_by.get(look_up, line.pupil_id) for look_up in line.look_ups}
            tables, through = line.tables, line.through
        elif isinstance(line, Flag):
            continue
        else:
            codes, tables, through = set(), tuple(_DAY_OF), line.since - timedelta(1)
        if through is None:
            continue
        for key in itertools.product({line.pupil_id, *codes}, tables):
            found[key] = max(found.get(key, through), through)
    return found


def drop_expired(
    rows: Rows, pupils: pl.DataFrame, last_days: LastDays, cutoffs: RetentionCutoffs
) -> Rows:
    """Drop the raw_ rows that are past; pupils: `pupil_id` and `pupil_key`."""
    key_of = dict(pupils.select("pupil_id", "pupil_key").iter_rows())
    remaining = dict(rows)
    for (pupil_id, table), through in cutoffs.items():
        if table not in remaining or pupil_id not in key_of:
            continue
        is_row_expired = pl.col("pupil_key") == key_of[pupil_id]
        if last_days.get(pupil_id, date.min) > through:
            is_row_expired &= (pl.col(_DAY_OF[table]) <= through).fill_null(value=False)
        remaining[table] = remaining[table].filter(~is_row_expired)
    return remaining


def is_expired(entry: Entry, last_days: LastDays, cutoffs: RetentionCutoffs) -> bool:
    """Say whether an entry, or the row that a waiver is about, is past."""
    is_action, is_waiver = entry.kind in {"action", "undo"}, entry.kind == "waiver"
    file = entry.values["file_name"] if is_waiver else entry.file
    table = "raw_action" if is_action else FILE_TABLES.get(file, "")
    through = cutoffs.get((entry.pupil_id, table))
    if through is None:
        return False
    column = "day" if is_waiver else "end" if table == CARE_TABLE else "date"
    day = entry.values.get(column, "")
    is_gone = last_days.get(entry.pupil_id, date.min) <= through
    return is_gone or (day != "" and parse_valid_date(day) <= through)


def compute_last_days(stays: pl.DataFrame, pupils: pl.DataFrame, data_until: date) -> LastDays:
    """Compute the last days from raw_enrolment and raw_pupil, with data up to a day.

    What lies beyond that day is not known: a stay without an end lasts until then, unless it
    has yet to begin.
    """
    until = pl.lit(data_until)
    known = pl.max_horizontal("entry_date", pl.min_horizontal("leaving_date", until))
    ends = stays.group_by("pupil_key").agg(known.max().alias("last_day"))
    named = ends.join(pupils.select("pupil_id", "pupil_key"), on="pupil_key")
    return dict(named.select("pupil_id", "last_day").iter_rows())


def fetch_last_days(version: Store) -> LastDays:
    """Return the last day of every child of a version."""
    stays, pupils = (version.read(text) for text in ("from raw_enrolment", "from raw_pupil"))
    data_until = version.read("select max(data_until) from int_newest_load").item()
    return compute_last_days(stays, pupils, data_until)


def drop_withdrawn(rows: Mapping[str, pl.DataFrame]) -> Rows:
    """Drop the raw_ rows that were taken back; the newest choice about a kind counts."""
    kept = dict(rows)
    if _CHOICES in kept:
        given = kept[_CHOICES].sort("choice_date", "source_id")
        newest = given.unique(["pupil_key", "item"], keep="last", maintain_order=True)
        taken_back = newest.filter(pl.col("taken_back_date").is_not_null())
        for item, table in VOLUNTARY_TABLES.items():
            if table in kept:
                pupils = taken_back.filter(item=item)["pupil_key"]
                kept[table] = kept[table].filter(~pl.col("pupil_key").is_in(pupils.implode()))
    if _WORDS in kept:
        gone = kept[_WORDS].filter(pl.col("taken_out_date").is_not_null())
        kept[_WORDS] = kept[_WORDS].join(gone, on=_LINE, how="anti", maintain_order="left")
    return kept
