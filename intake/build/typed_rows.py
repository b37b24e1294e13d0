"""From what was typed to raw_ rows: the same rows that a file's would make.  Pure."""

import json
from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from intake.build.typed import (
    AGE_BAND,
    RULES,
    check_typed_rows,
    drop_upn_column,
    parse_valid_date,
)
from intake.check.rows import check_rows
from intake.contract import FACT_EXPORTS, Export, get_category
from intake.identify import events, facts
from queries import reference
from safeguards.journal.typed_entries import Entry, find_flagged


def build_typed_rows(entries: Sequence[Entry], pupils: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The raw_ rows of entries in the order in which they were typed, by table.

    pupils: `pupil_id` and `pupil_key`; entries about any other child are left behind, and
    so are facts that the contract no longer allows.  Of facts about the same thing the
    last one counts.  A table without rows is left out.  No row has source_id or load_id.
    """
    key_of = dict(pupils.select("pupil_id", "pupil_key").iter_rows())
    there = [entry for entry in entries if entry.pupil_id in key_of]
    frames = {
        export.name: frame
        for export in FACT_EXPORTS
        if (frame := _build_file_rows(export, there)).height
    }
    # Within here the pupil_id stands where a file has the UPN.
    keys = pupils.select(pl.col("pupil_id").alias("upn"), pl.lit("").alias("handle"), "pupil_key")
    rows = events.build_raw_rows(frames, keys, None)
    if actions := [row for entry in there for row in _build_action_rows(entry, key_of)]:
        rows["raw_action"] = pl.DataFrame(
            actions, schema_overrides={"rule": pl.String, "figure": pl.Int64}
        )
    for kind in ("restriction", "objection"):
        if flags := find_flagged(there, kind):
            rows[f"raw_{kind}"] = pl.DataFrame(
                [
                    {"pupil_key": key_of[pupil_id], "since_date": entry.at.date()}
                    for pupil_id, entry in flags.items()
                ]
            )
    return {table: frame.with_columns(school_key=facts.SCHOOL_KEY) for table, frame in rows.items()}


def _build_file_rows(export: Export, entries: Iterable[Entry]) -> pl.DataFrame:
    """Rows that the contract allows, the last one of each key, under the child's code."""
    of_file = [entry for entry in entries if entry.file == export.name]
    typed = check_rows(
        check_typed_rows(drop_upn_column(export), [entry.values for entry in of_file])
    )
    beside = pl.DataFrame(
        [
            (number, entry.pupil_id, entry.values.get(AGE_BAND))
            for number, entry in enumerate(of_file)
        ],
        schema={"row": pl.UInt32, "upn": pl.String, AGE_BAND: pl.String},
        orient="row",
    )
    rows = (
        typed.drop_faulty_rows()
        .join(beside, on="row", maintain_order="left")
        .unique(export.key, keep="last", maintain_order=True)
    )
    return rows if get_category(export).has_age_band else rows.drop(AGE_BAND)


def _build_action_rows(entry: Entry, key_of: Mapping[str, int]) -> list[dict[str, object]]:
    """One row a rule that listed the child when the action was logged; one without any."""
    if entry.kind != "action":
        return []
    listed: dict[str, int] = json.loads(entry.values[RULES])
    # an entry keeps the id that a rule had when it was typed
    renamed = dict(reference.read("look").select("formerly", "rule").iter_rows())
    rules: list[tuple[str | None, int | None]] = [
        (renamed.get(rule, rule), figure) for rule, figure in listed.items()
    ] or [(None, None)]
    return [
        {
            "pupil_key": key_of[entry.pupil_id],
            "action_id": entry.entry_id,
            "action_date": parse_valid_date(entry.values["date"]),
            "kind": entry.values["kind"],
            "line": entry.values["line"],
            "rule": rule,
            "figure": figure,
        }
        for rule, figure in rules
    ]
