"""Merging of the rows of a version with those of a load.

Pure functions on raw_ frames.  Files merge by key and delete nothing by silence; marks
replace by child and the file's dates; `--replace` drops a file's earlier rows first.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from intake.check.check import CheckResult
from intake.publish.flagged import TABLE as FLAGGED_ROWS
from queries.contract import ATTENDANCE, CALENDAR, FILE_TABLES, TABLE_KEYS
from queries.school_year import build_school_year
from safeguards.vault.records import PupilRecord

Rows = dict[str, pl.DataFrame]


@dataclass(frozen=True, eq=False)
class RegisterCoverage:
    """What a register tells of: these children (pupil_key), from its first day to its last."""

    pupils: pl.Series = field(repr=False)
    first: date
    last: date


@dataclass(frozen=True)
class FileChange:
    """What a file changes, in rows: new, changed, taken away, and kept though it lacks them.

    A register or a roll takes away what it covers and does not have; see `count_rows_left`.
    """

    file: str
    new: int
    changed: int
    gone: int
    no_longer_there: int


@dataclass(frozen=True)
class Marked:
    """Of the children shown here who were on roll in the days of a register: who has a mark in it.

    number: how many have one.  without: the handles of those who have none.
    """

    number: int = 0
    without: tuple[str, ...] = ()

    def describe(self, *, has_names: bool) -> str:
        """Describe this in words, with code names if allowed; "" if there is no register."""
        if not (self.number or self.without):
            return ""
        who = f": {', '.join(self.without)}" if has_names and self.without else ""
        have, lack = (
            f"{self.number:,} with marks in this register",
            f"{len(self.without):,} without",
        )
        return f"Children on these pages: {have}, {lack}{who}."


#: What a row has beside its facts: where it came from, and of which day it tells.
ORIGIN = ("source_id", "load_id", "pupil_key", "school_key", "year_group_date")
#: Tables of which a file corrects what it covers, rather than row by row.
_CORRECTED = ("raw_mark", "raw_enrolment")
_DAYS, _DAY = "raw_calendar_day", "calendar_date"

#: What no register tells of.
NO_COVERAGE = RegisterCoverage(pl.Series(dtype=pl.Int64), date.max, date.min)


def get_data_until(rows: Mapping[str, pl.DataFrame]) -> date:
    """Return the last day of marks in the schools' newest loads, as int_newest_load does."""
    newest = rows["raw_load"].sort("load_id").group_by("school_key").last()
    until: date = newest["data_until"].to_list()[newest["data_until"].arg_max() or 0]
    return until


def find_register_days(
    registers: Iterable[CheckResult], replaced: Collection[str] = ()
) -> tuple[date, date]:
    """Return the first and last day of registers, or all days if the register is replaced.

    Without a register, both are the last possible date.
    """
    if ATTENDANCE.name in replaced:
        return date.min, date.max
    told = pl.concat(each.taken_register.children for each in registers)
    first, last = told["first"].min(), told["last"].max()
    if isinstance(first, date) and isinstance(last, date):
        return first, last
    return date.max, date.max


def split_by_sender(
    rows: Mapping[str, pl.DataFrame], senders: Collection[int]
) -> tuple[dict[int, Rows], Rows]:
    """Split the rows by sender, each with raw_pupil, from those of all others, without it.

    A file replaces rows of its sender only.  A sender without a source is left out.
    """
    if not rows:
        return {}, {}
    sources = rows["raw_source"].select("source_id", sent_by="school_key")
    own = sources.filter(pl.col("sent_by").is_in(list(senders)))
    found = own["sent_by"].unique().to_list()
    if own.height == sources.height and len(found) == 1:
        return {found[0]: dict(rows)}, {}
    loads = own.select("sent_by", school_key="sent_by").unique()
    parts: dict[int, Rows] = {each: {"raw_pupil": rows["raw_pupil"]} for each in found}
    others: Rows = {}
    for table, frame in rows.items():
        key, keys = ("school_key", loads) if table == "raw_load" else ("source_id", own)
        if table == "raw_pupil" or key not in frame.columns:
            continue
        others[table] = frame.join(keys, on=key, how="anti", maintain_order="left")
        named = frame.join(keys, on=key, maintain_order="left")
        of_each = named.partition_by("sent_by", as_dict=True, include_key=False)
        for each, part in parts.items():
            part[table] = of_each.get((each,), frame.clear())
    return parts, others


def find_schools(stays: pl.DataFrame) -> dict[int, int]:
    """Return the school of each child's newest stay, by pupil_key."""
    newest = stays.sort("entry_date", "school_key").group_by("pupil_key").last()
    return dict(newest.select("pupil_key", "school_key").iter_rows())


def drop_file_rows(old: Mapping[str, pl.DataFrame], files: Collection[str]) -> Rows:
    """Drop the earlier rows of the tables of the named files, and their flagged rows."""
    emptied = {FILE_TABLES[name] for name in files}
    kept = {table: rows.clear() if table in emptied else rows for table, rows in old.items()}
    if FLAGGED_ROWS in kept:
        sources = old["raw_source"].filter(pl.col("file_name").is_in(list(files)))
        kept[FLAGGED_ROWS] = kept[FLAGGED_ROWS].join(sources, on="source_id", how="anti")
    return kept


def drop_matching_rows(
    rows: Mapping[str, pl.DataFrame], column: str, dropped_values: pl.Series
) -> Rows:
    """Drop the rows of every table whose `column` is one of `dropped_values`."""
    values = dropped_values.implode()
    return {
        table: frame.filter(~pl.col(column).is_in(values)) if column in frame.columns else frame
        for table, frame in rows.items()
    }


def merge_table(
    table: str, old: pl.DataFrame | None, new: pl.DataFrame, coverage: RegisterCoverage
) -> pl.DataFrame:
    """Return the rows of a table after a load; coverage: children and days of the register.

    A child whose marks are all blank is covered, so a mark that was taken back goes.
    """
    if old is None or table == "raw_school":
        return new
    if table == "raw_mark":
        replaced = pl.col("pupil_key").is_in(coverage.pupils.implode()) & pl.col(
            "session_date"
        ).is_between(coverage.first, coverage.last)
        return pl.concat([old.filter(~replaced), new], how="diagonal_relaxed")
    if table == "raw_enrolment":
        old = old.join(
            _find_overlapping_stays(old, new), on=["pupil_key", "entry_date"], how="anti"
        )
    keys = list(TABLE_KEYS[table])
    kept = old.join(new, on=keys, how="anti", nulls_equal=True)
    return pl.concat([kept, new], how="diagonal_relaxed")


def merge_weeks(
    old: pl.DataFrame | None, new: pl.DataFrame, calendar: pl.DataFrame
) -> pl.DataFrame:
    """Merge the whole school's weeks: a newer total that covers as many school days counts.

    The days that count are those of `calendar`, the merged one: a total made when a day was
    still a school day covers no more of its week than a register of the others does.
    """
    if old is None:
        return new
    opened = (
        calendar.filter(kind="school day")
        .group_by(week_start=pl.col("calendar_date").dt.truncate("1w"))
        .len("open_days")
    )
    both = pl.concat([old, new], how="diagonal_relaxed")
    covered = both.join(opened, on="week_start", how="left").with_columns(
        covered=pl.min_horizontal("school_days", "open_days")
    )
    newest = covered.sort("week_start", "covered", "load_id").unique(
        "week_start", keep="last", maintain_order=True
    )
    return newest.select(both.columns)


def count_rows_left(
    old: Mapping[str, pl.DataFrame], new: Mapping[str, pl.DataFrame], on_roll: pl.Series
) -> dict[str, int]:
    """Count by file the earlier rows of children on the roll that the file does not have.

    on_roll: their pupil_key.  The register and the roll correct their own days.
    """
    found = {}
    for name, table in FILE_TABLES.items():
        if table in _CORRECTED or "pupil_key" not in TABLE_KEYS[table]:
            continue
        if table in old and table in new:
            left = old[table].filter(pl.col("pupil_key").is_in(on_roll.implode()))
            keys = list(TABLE_KEYS[table])
            found[name] = left.join(new[table], on=keys, how="anti", nulls_equal=True).height
    return {name: number for name, number in found.items() if number}


def list_changes(
    files: Collection[str],
    old: Mapping[str, pl.DataFrame],
    rows: Rows,
    rows_left: Mapping[str, int],
) -> tuple[FileChange, ...]:
    """List what each of these files changes.  rows_left: see `count_rows_left`."""
    found = []
    for name, table in FILE_TABLES.items():
        if name in files and table in rows:
            new, changed, gone = (
                each.height for each in _compare(table, old.get(table), rows[table])
            )
            found.append(FileChange(name, new, changed, gone, rows_left.get(name, 0)))
    return tuple(found)


def list_changed_children(old: Mapping[str, pl.DataFrame], rows: Rows) -> tuple[str, ...]:
    """List the handles of the children of whom earlier rows change or go."""
    found: set[int] = set()
    for table in FILE_TABLES.values():
        if table in old and table in rows and "pupil_key" in rows[table].columns:
            _, changed, gone = _compare(table, old[table], rows[table])
            found |= {*changed["pupil_key"], *gone["pupil_key"]}
    pupils = rows["raw_pupil"].filter(pl.col("pupil_key").is_in(sorted(found)))
    return tuple(sorted(pupils["handle"]))


def find_marked(checked: CheckResult, rows: Rows, records: Mapping[str, PupilRecord]) -> Marked:
    """Find the children shown here who have marks in the register; records: by UPN."""
    marked = checked.taken_register.children.filter(pl.col("marks") > 0)
    if marked.is_empty():
        return Marked()
    first, last = marked["first_mark"].min(), marked["last_mark"].max()
    end = pl.col("leaving_date").fill_null(date.max)
    stays = rows["raw_enrolment"].filter(pl.col("entry_date") <= last, end >= first)
    here = rows["raw_pupil"].join(stays, on="pupil_key", how="semi")["handle"]
    with_marks = {records[upn].handle for upn in marked["upn"] if upn in records}
    without = sorted(set(here) - with_marks)
    return Marked(here.len() - len(without), tuple(without))


def list_older(old: Mapping[str, pl.DataFrame], checked: CheckResult, rows: Rows) -> Iterator[str]:
    """Yield what a person should know of files beside what is loaded: older ones, other days."""
    if CALENDAR.name in checked.accepted_frames:
        days = old.get(_DAYS, rows[_DAYS].clear())
        yield from list_day_changes(days, rows[_DAYS], checked.shown_names[CALENDAR.name])
    loads = old["raw_source"].join(old["raw_load"], on="load_id").sort("load_id")
    for name, digest in checked.digests.items():
        known = loads.filter(file_name=name)
        before = known.filter(sha256=digest)
        shown = checked.shown_names[name]
        if before.height and known["sha256"].to_list()[-1] != digest:
            day = before["loaded_at"].to_list()[-1]
            yield (
                f"{shown} was already loaded on {day.day} {day:%B %Y}, and another file after "
                "it. Loading it again may undo what the later file corrected."
            )
    until = get_data_until(old)
    last = checked.taken_register.children["last_mark"].max()
    if not isinstance(last, date) or last >= until:
        return
    if any(map(len, _compare("raw_mark", old.get("raw_mark"), rows["raw_mark"])[1:])):
        yield (
            f"{checked.shown_names[ATTENDANCE.name]} ends on {last.day} {last:%B %Y}, but the "
            f"marks here run up to {until.day} {until:%B %Y}. Is it an older file?"
        )


def list_day_changes(old: pl.DataFrame, rows: pl.DataFrame, name: str) -> Iterator[str]:
    """Yield what a file of days changes in the school days that are loaded, and what it leaves.

    Args:
        old: The days before the load.
        rows: The days after it.
        name: What people call the file.

    """
    before, after = (days.filter(kind="school day") for days in (old, rows))
    if text := _describe_days(before.join(after, on=_DAY, how="anti")):
        yield f"{name} now says that there is no school on {text}, where there was."
    opened = after.join(before, on=_DAY, how="anti").join(old, on=_DAY, how="semi")
    if text := _describe_days(opened):
        yield f"{name} now says that there is school on {text}, where there was none."
    year, coming = build_school_year(pl.col(_DAY)), rows.filter(load_id=rows["load_id"].max())
    years = coming.select(year.unique()).to_series()
    kept = before.join(coming, on=_DAY, how="anti").filter(year.is_in(years.implode()))
    if text := _describe_days(kept):
        yield (
            f"{name} has no row for {text}. Earlier files of the same school year say there is "
            'school, and that stays. If the school is closed then, add a row "closed".'
        )


def _describe_days(rows: pl.DataFrame) -> str:
    """Describe some days by their number, first and last; "" where there are none."""
    first, last = rows[_DAY].min(), rows[_DAY].max()
    if not isinstance(first, date) or not isinstance(last, date):
        return ""
    if rows.height == 1:
        return f"{first.day} {first:%B %Y}"
    return f"{rows.height:,} days ({first.day} {first:%B %Y} to {last.day} {last:%B %Y})"


def _compare(
    table: str, old: pl.DataFrame | None, rows: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return the rows of one table that are new, changed and gone, by its key."""
    keys = list(TABLE_KEYS[table]) or ["school_key"]
    newest = max(rows["load_id"], default=0)
    coming = rows.filter(pl.col("load_id") == newest)
    if old is None or old.is_empty():
        return coming, coming.clear(), coming.clear()
    if newest == max(old["load_id"]):
        coming = coming.clear()  # no file at hand fills it
    new = coming.join(old, on=keys, how="anti", nulls_equal=True)
    gone = old.join(rows, on=keys, how="anti", nulls_equal=True)
    return new, find_differing(coming, old, keys), gone


def find_differing(rows: pl.DataFrame, others: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Find the rows with facts that differ from those of other rows of the same key."""
    facts = [each for each in rows.columns if each not in (*keys, *ORIGIN)]
    both = rows.join(others, on=keys, nulls_equal=True, suffix="_other")
    differ = (pl.col(each).ne_missing(pl.col(f"{each}_other")) for each in facts)
    return both.filter(pl.any_horizontal(pl.lit(value=False), *differ))


def _find_overlapping_stays(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Find the earlier stays that share a day with a new one of the same child.

    A child is on one roll once a day, so the roll at hand corrects the one before.
    """
    last_day = pl.col("leaving_date").fill_null(date.max)
    stays = old.select("pupil_key", "entry_date", last_day.alias("last_day"))
    others = new.select("pupil_key", "entry_date", last_day.alias("last_day"))
    pairs = stays.join(others, on="pupil_key", suffix="_new")
    return pairs.filter(
        pl.col("entry_date") <= pl.col("last_day_new"),
        pl.col("entry_date_new") <= pl.col("last_day"),
    ).select("pupil_key", "entry_date")


def keep_in_scope(rows: Rows, also: Collection[int] = (), *, needs_stay: bool = True) -> Rows:
    """Drop the rows of children who have no care episode or no stay left.

    also: children (pupil_key) in scope whose care episodes the schedule has taken out.
    needs_stay: false of an authority, whose children may have no place at a school.
    """
    cared, enrolled = (
        set(rows[table]["pupil_key"]) if table in rows else set()
        for table in ("raw_care_episode", "raw_enrolment")
    )
    in_care = cared.union(also)
    scope = pl.Series(sorted(in_care & enrolled if needs_stay else in_care), dtype=pl.Int64)
    return {
        table: frame.filter(
            pl.col("pupil_key").is_null() | pl.col("pupil_key").is_in(scope.implode())
        )
        if "pupil_key" in frame.columns
        else frame
        for table, frame in rows.items()
    }
