"""Every raw_ row of the next version, from checked files and the version in use.

Pure: what must be sealed has been sealed by then, and nothing is written here.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from importlib.metadata import version as installed_version
from typing import cast

import polars as pl

from intake.check.account import Account, build_accounts
from intake.check.check import CheckResult
from intake.check.coverage import list_on_roll
from intake.identify import events, facts
from intake.identify.scope import find_scope
from intake.publish import flagged, merge
from intake.publish.files import StandingMarks
from intake.publish.retired import CARE_TABLE, RetentionCutoffs, compute_last_days, drop_expired
from intake.tables import LeftOut
from queries import reference
from queries.contract import (
    ALL_EXPORTS,
    ATTENDANCE,
    CARE_EPISODES,
    FILE_TABLES,
    NO_SCHOOL,
    ONLY_SCHOOL,
    ROLL,
    TABLE_KEYS,
)
from safeguards.vault.records import PupilRecord

_SENDER = "school office"
_EXPIRED = "the retention schedule has deleted them"
#: The columns that say when: none of them is a birthday.
_DAYS_OF_ROWS = ("date", "start", "end", "first_day", "last_day", "week_start", "entry_date")
_STAYS, _MARKS, _DAYS = "raw_enrolment", "raw_mark", "raw_calendar_day"
_WEEKS = "raw_school_week"
_NO_DAYS = pl.DataFrame(schema={"calendar_date": pl.Date, "kind": pl.String})
_NO_STAYS = pl.DataFrame(
    schema={
        "school_key": pl.Int64,
        "pupil_key": pl.Int64,
        "entry_date": pl.Date,
        "leaving_date": pl.Date,
    }
)
_STAY, _FLAG = _NO_STAYS.columns[1:], "is_on_newest_roll"
_FILES = {table: name for name, table in FILE_TABLES.items()}
_PUPIL = {
    "pupil_key": pl.Int64,
    "pupil_id": pl.String,
    "handle": pl.String,
    "source_id": pl.Int64,
    "load_id": pl.Int64,
}

#: What a sender's files hold, and the vault's records by UPN of the children in scope in them.
Found = tuple[CheckResult, Mapping[str, PupilRecord]]
#: What became of the rows of the files; by file, how many earlier rows are not in it and stay.
Outcome = tuple[tuple[Account, ...], dict[str, int]]


def build_next_rows(
    found: Mapping[int, Found],
    old: Mapping[str, pl.DataFrame],
    now: datetime,
    cutoffs: RetentionCutoffs,
    replace: Collection[str] = (),
    standing: StandingMarks | None = None,
) -> tuple[merge.Rows, dict[int, Outcome]]:
    """Build the raw_ rows of the next version by table, and the outcome for each sender.

    found: by sender, by its key; rows of others stay.  old: the raw_ rows of the version in use,
    in which nothing is past; empty before the first load.  replace: files of whose earlier rows
    none stays.  standing: marks of the version in use that are not in `old`, and that no file
    touches.
    """
    pupils = old.get("raw_pupil", pl.DataFrame(schema={**_PUPIL, _FLAG: pl.Boolean}))
    merging = _Merging(
        *merge.split_by_sender(old, found),
        pupils,
        _compute_next_number(old.get("raw_load"), "load_id"),
        _compute_next_number(old.get("raw_source"), "source_id"),
        now,
        cutoffs,
        replace,
        standing,
    )
    outcomes = {school: merging.take(school, *each) for school, each in found.items()}
    rows = merging.collect()
    key_of = dict(rows["raw_pupil"].select("pupil_id", "pupil_key").iter_rows())
    without_care = {
        key_of[child] for child, table in cutoffs if table == CARE_TABLE and child in key_of
    }
    is_of_one = ONLY_SCHOOL in merging.parts
    placed = _add_schools(rows, is_of_one=is_of_one)
    return merge.keep_in_scope(placed, without_care, needs_stay=is_of_one), outcomes


@dataclass(frozen=True, eq=False)
class _Sender:
    """What one sender's files hold, beside its earlier rows.

    old: its earlier rows, less those of files that are replaced.  pupils: `raw_pupil` with `upn`.
    elsewhere: the stays that other senders sent.
    """

    school: int
    load_id: int
    checked: CheckResult
    records: Mapping[str, PupilRecord]
    old: merge.Rows
    pupils: pl.DataFrame
    elsewhere: pl.DataFrame

    @cached_property
    def keys(self) -> pl.DataFrame:
        """Return the UPN, handle and pupil_key of every child."""
        return self.pupils.select("upn", "handle", "pupil_key")

    @cached_property
    def coverage(self) -> merge.RegisterCoverage:
        """Return the children and days that the register covers."""
        return _compute_coverage(self.checked.taken_register.children, self.keys)

    def merge_tables(self, rows: merge.Rows, tables: Collection[str]) -> merge.Rows:
        """Return the sender's rows after the load, of those of these tables that have new ones."""
        return {
            table: merge.merge_table(table, self.old.get(table), rows[table], self.coverage)
            for table in tables
            if table in rows
        }


@dataclass
class _Merging:
    """The rows of each sender and of all others, the children, and the next numbers.

    now, cutoffs, replace, standing: see `build_next_rows`.
    """

    parts: dict[int, merge.Rows]
    others: merge.Rows
    pupils: pl.DataFrame
    load_id: int
    first_source: int
    now: datetime
    cutoffs: RetentionCutoffs
    replace: Collection[str]
    standing: StandingMarks | None

    def take(
        self, school: int, checked: CheckResult, records: Mapping[str, PupilRecord]
    ) -> Outcome:
        """Merge what one sender's files hold with its own rows."""
        sender = self._find_sender(school, checked, records)
        file_rows = events.build_raw_rows(checked.accepted_frames, sender.keys, checked.held)
        merged = sender.old | sender.merge_tables(file_rows, (_STAYS, _MARKS, _DAYS))
        data_until = _compute_data_until(merged, checked, self.now.date(), school, self.standing)
        new = self._drop_expired(sender, file_rows, merged.get(_STAYS, _NO_STAYS), data_until)
        expired = {
            _FILES[table]: LeftOut(_EXPIRED, rows.height - new[table].height)
            for table, rows in file_rows.items()
        }
        accounts = build_accounts(checked, find_scope(checked, list(records), expired))
        sources = _build_sources(
            checked, accounts, self.first_source, self.load_id, data_until
        ).with_columns(school_key=school)
        numbers = {account.file: account.number for account in accounts}
        reaches = flagged.compute_reaches(checked, sender.keys, numbers)
        new = new | {
            _WEEKS: facts.compute_whole_school(
                checked.accepted_frames, checked.taken_register, list(records), checked.held
            ),
            flagged.TABLE: flagged.build_flagged_rows(
                checked, sender.keys, reaches, self.now.date()
            ),
        }
        stamped = _stamp_rows(sender, new, sources)
        rows = _merge_rows(sender, stamped, reaches, merged.get(_DAYS, _NO_DAYS))
        on_roll = sender.pupils.filter("is_on_newest_roll")["pupil_key"]
        rows_left = merge.count_rows_left(sender.old, stamped, on_roll)
        self._add(sender, rows, sources, data_until)
        return accounts, rows_left

    def _find_sender(
        self, school: int, checked: CheckResult, records: Mapping[str, PupilRecord]
    ) -> _Sender:
        """Take a sender's earlier rows out of the parts, and number the children of its files."""
        before = self.parts.pop(school, {})
        stays = [part[_STAYS] for part in self._list_parts() if _STAYS in part]
        elsewhere = pl.concat([_NO_STAYS, *stays], how="diagonal_relaxed").select(_STAY)
        has_roll = ROLL.name in checked.accepted_frames
        pupils = _build_pupils(records, self.pupils, elsewhere, has_roll=has_roll)
        old = merge.drop_file_rows(before, self.replace)
        return _Sender(school, self.load_id, checked, records, old, pupils, elsewhere)

    def _drop_expired(
        self, sender: _Sender, rows: merge.Rows, stays: pl.DataFrame, data_until: date
    ) -> merge.Rows:
        """Return the rows of files with the day of each year group, less those that are past."""
        if _STAYS in rows:
            day = pl.min_horizontal("leaving_date", pl.lit(data_until))
            rows = rows | {_STAYS: rows[_STAYS].with_columns(year_group_date=day)}
        if not self.cutoffs:
            return rows
        all_stays = pl.concat([sender.elsewhere, stays.select(_STAY)], how="vertical_relaxed")
        last_days = compute_last_days(all_stays, sender.pupils, data_until)
        return drop_expired(rows, sender.pupils, last_days, self.cutoffs)

    def _add(
        self, sender: _Sender, rows: merge.Rows, sources: pl.DataFrame, data_until: date
    ) -> None:
        """Add a sender's rows, the line of its load and its sources, and count on."""
        load = pl.DataFrame(
            {
                "school_key": [sender.school],
                "load_id": [self.load_id],
                "loaded_at": [self.now.replace(tzinfo=None)],
                "data_until": [data_until],
                "lac_version": [installed_version("lac-monitor")],
            }
        )
        rows["raw_load"] = _append_rows(sender.old.get("raw_load"), load)
        rows["raw_source"] = _append_rows(sender.old.get("raw_source"), sources)
        self.parts[sender.school] = rows
        source_ids = _get_source_ids(sources)
        self.pupils = sender.pupils.drop("upn").with_columns(
            pl.col("source_id").fill_null(source_ids.get(ROLL.name, 0)),
            pl.col("load_id").fill_null(self.load_id),
        )
        self.load_id, self.first_source = self.load_id + 1, self.first_source + sources.height

    def collect(self) -> merge.Rows:
        """Join the rows of all senders."""
        found: dict[str, list[pl.DataFrame]] = {}
        for part in self._list_parts():
            for table, frame in part.items():
                found.setdefault(table, []).append(frame)
        rows = {table: pl.concat(parts, how="diagonal_relaxed") for table, parts in found.items()}
        return rows | {"raw_pupil": self.pupils}

    def _list_parts(self) -> list[merge.Rows]:
        return [self.others, *self.parts.values()]


def _get_source_ids(sources: pl.DataFrame) -> dict[str, int]:
    return dict(sources.select("file_name", "source_id").iter_rows())


def _stamp_rows(sender: _Sender, new: merge.Rows, sources: pl.DataFrame) -> merge.Rows:
    """Return new rows with the numbers of their school, load and source."""
    source_ids = _get_source_ids(sources)
    stamped = {}
    for table, rows in new.items():
        # a week's total is from the register or from the file of totals, as it says
        source_id = (
            pl.col("file_name").replace_strict(source_ids, return_dtype=pl.Int64)
            if "file_name" in rows.columns
            else pl.lit(source_ids[_FILES[table]])
        )
        stamped[table] = rows.with_columns(
            school_key=sender.school, source_id=source_id, load_id=sender.load_id
        ).drop("file_name", strict=False)
    return stamped


def _merge_rows(
    sender: _Sender,
    stamped: merge.Rows,
    reaches: Mapping[str, flagged.FileReach],
    calendar: pl.DataFrame,
) -> merge.Rows:
    """Return all rows of a sender: its earlier ones, and the new ones in their place."""
    old, checked = sender.old, sender.checked
    by_key = [table for table in stamped if table not in {_WEEKS, flagged.TABLE}]
    rows = sender.merge_tables(stamped, by_key)
    rows[_WEEKS] = merge.merge_weeks(old.get(_WEEKS), stamped[_WEEKS], calendar)
    unanswered = None
    if flagged.TABLE in old:
        whole_files = checked.accepted_frames.keys() - checked.row_by_row_files
        unanswered = flagged.keep_unanswered(
            old[flagged.TABLE], old["raw_source"], reaches, whole_files
        )
    rows[flagged.TABLE] = _append_rows(unanswered, stamped[flagged.TABLE])
    earlier = {table: frame for table, frame in old.items() if table in TABLE_KEYS}
    return earlier | flagged.drop_answered_lines(rows)


def _add_schools(rows: merge.Rows, *, is_of_one: bool) -> merge.Rows:
    """Add each child's school, and put rows that no school sent under their child's school."""
    schools = merge.find_schools(rows.get(_STAYS, _NO_STAYS))
    nowhere = ONLY_SCHOOL if is_of_one else NO_SCHOOL
    of_child = pl.col("pupil_key").replace_strict(schools, default=nowhere, return_dtype=pl.Int64)
    rows["raw_pupil"] = rows["raw_pupil"].with_columns(school_key=of_child)
    if is_of_one:
        return rows
    own = rows["raw_source"].filter(school_key=NO_SCHOOL)["source_id"].implode()
    key = pl.when(pl.col("source_id").is_in(own)).then(of_child).otherwise("school_key")
    return {
        table: frame.with_columns(school_key=key)
        if table in TABLE_KEYS and "pupil_key" in frame.columns
        else frame
        for table, frame in rows.items()
    }


def _build_pupils(
    records: Mapping[str, PupilRecord],
    old: pl.DataFrame,
    elsewhere: pl.DataFrame,
    *,
    has_roll: bool,
) -> pl.DataFrame:
    """Build raw_pupil with `upn`, which is null for a child whom these files do not name.

    Who is on the newest roll is as it was where no roll is at hand, and for a child of another
    school's.  elsewhere: the stays that other senders told of.
    """
    named = pl.DataFrame(
        [(upn, record.pupil_id, record.handle) for upn, record in records.items()],
        schema={"upn": pl.String, "pupil_id": pl.String, "handle": pl.String},
        orient="row",
    )
    before = old.select(*(pl.col(name).cast(dtype) for name, dtype in _PUPIL.items()), _FLAG)
    known = before.join(
        named.select("pupil_id", "upn"), on="pupil_id", how="left", maintain_order="left"
    )
    first = _compute_next_number(old, "pupil_key")
    newcomers = named.join(before, on="pupil_id", how="anti", maintain_order="left").with_row_index(
        "pupil_key", offset=first
    )
    pupils = pl.concat([known, newcomers], how="diagonal_relaxed").cast({"pupil_key": pl.Int32})
    is_on_roll = pl.col(_FLAG).fill_null(value=False)
    if has_roll:
        is_elsewhere = pl.col("pupil_key").is_in(elsewhere["pupil_key"].implode())
        is_on_roll = pl.col("upn").is_not_null() | (is_on_roll & is_elsewhere)
    return pupils.with_columns(is_on_roll.alias(_FLAG))


def _build_sources(
    checked: CheckResult, accounts: Sequence[Account], first_id: int, load_id: int, data_until: date
) -> pl.DataFrame:
    """Build a raw_source row for each file of ours, and for each national table."""
    frames, told = checked.accepted_frames, {each.file: each for each in accounts}
    present = [export.name for export in ALL_EXPORTS if export.name in checked.digests]
    rows = []
    for source_id, name in enumerate(dict.fromkeys([*present, *told]), start=first_id):
        children, account = frames.get(name), told.get(name, Account(name, name, 0))
        named = _count_children(name, children, data_until)
        span = _find_span(children)
        if name == ATTENDANCE.name and name in frames:
            register = checked.taken_register.children
            named = register.height
            # the days of its marks: a blank ahead is no day yet
            days = register["first_mark"].min(), register["last_mark"].max()
            span = cast("tuple[date | None, date | None]", days)
        rows.append(
            {
                "source_id": source_id,
                "load_id": load_id,
                "file_name": name,
                "sender": _SENDER,
                "sha256": checked.digests.get(name, ""),
                "is_refused": name in checked.refused_files or account.refused > 0,
                "problem_count": sum(problem.file == name for problem in checked.problems),
                "rows_read": account.number,
                "rows_taken": account.taken,
                "rows_not_shown": account.not_shown,
                "rows_left_out": account.left_out,
                "rows_refused": account.refused,
                "children": named,
                "first_date": span[0],
                "last_date": span[1],
            }
        )
    types = {"children": pl.Int64, "first_date": pl.Date, "last_date": pl.Date}
    return pl.DataFrame(rows, schema_overrides=types)


def _count_children(name: str, rows: pl.DataFrame | None, day: date) -> int | None:
    """Count the children in a file; for a roll, those who are on it on a day."""
    if rows is None or "upn" not in rows.columns:
        return None
    if name == ROLL.name:
        return list_on_roll(rows, pl.Series([day])).len()
    return rows["upn"].n_unique()


def _find_span(rows: pl.DataFrame | None) -> tuple[date | None, date | None]:
    """Return the first and last date in a file's rows, or None for both if it has none."""
    found = [rows[name] for name in _DAYS_OF_ROWS if name in rows] if rows is not None else []
    days = pl.concat(found).cast(pl.Date).drop_nulls() if found else pl.Series(dtype=pl.Date)
    return cast("tuple[date | None, date | None]", (days.min(), days.max()))


def _compute_coverage(children: pl.DataFrame, keys: pl.DataFrame) -> merge.RegisterCoverage:
    """Return the children in scope with a row in a register, marked or blank, and its days."""
    if children.is_empty():
        return merge.NO_COVERAGE
    span = cast("tuple[date, date]", (children["first"].min(), children["last"].max()))
    named = keys.join(children, on="upn", how="semi")
    return merge.RegisterCoverage(named["pupil_key"], *span)


def _compute_data_until(
    rows: Mapping[str, pl.DataFrame],
    checked: CheckResult,
    today: date,
    school: int,
    standing: StandingMarks | None,
) -> date:
    """Return the last full school day of the register by `today`, from the marks that are kept.

    A day is full with at least one mark, of the two of a day, for each child on roll whom the
    register tells of.  Planned closures are entered ahead and are no such marks.  Without a
    full day it is that of the newest mark; without a mark, the register's own last marked day,
    else that of the newest stay or status.
    """
    last_marked_day = checked.last_marked_day or date.max
    if last_marked_day > today:
        frames = checked.accepted_frames
        is_whole = {ROLL.name, CARE_EPISODES.name} <= frames.keys() or "raw_load" not in rows
        last_marked_day = (
            facts.compute_last_fact_date(frames, today) if is_whole else merge.get_data_until(rows)
        )
    if _MARKS not in rows:
        return last_marked_day
    closures = reference.read("attendance_code").filter(kind="closed")["code"].to_list()
    marks = rows[_MARKS].select("pupil_key", "session_date", "code")
    marks = marks.filter(pl.col("session_date") <= today, ~pl.col("code").is_in(closures))
    told, pupils = marks.group_by("session_date").len("marks"), marks.select("pupil_key")
    if standing is not None:
        open_marks = (pl.col("sender") == school) & (pl.col("marks") > 0)
        told, pupils = (
            pl.concat([own, others.filter(open_marks).select(own.columns)], how="vertical_relaxed")
            for own, others in ((told, standing.days), (pupils, standing.pupils))
        )
    newest = told["session_date"].max()
    if not isinstance(newest, date):
        return last_marked_day
    school_days = rows[_DAYS].filter(kind="school day")
    days = told.join(school_days, left_on="session_date", right_on="calendar_date", how="semi")
    stays = rows[_STAYS].join(pupils, on="pupil_key", how="semi")
    on_roll = (
        days.select("session_date")
        .join(stays.select("pupil_key", "entry_date", "leaving_date"), how="cross")
        .filter(
            pl.col("session_date").is_between(
                "entry_date", pl.col("leaving_date").fill_null(date.max)
            )
        )
        .group_by("session_date")
        .agg(children=pl.col("pupil_key").n_unique())
    )
    full = days.join(on_roll, on="session_date").filter(pl.col("marks") >= pl.col("children"))
    last = full["session_date"].max()
    return last if isinstance(last, date) else newest


def _compute_next_number(old: pl.DataFrame | None, column: str) -> int:
    """Return one more than the largest number of a column, or 1 if there is none."""
    return 1 if old is None or old.is_empty() else 1 + int(old.select(pl.col(column).max()).item())


def _append_rows(before: pl.DataFrame | None, rows: pl.DataFrame) -> pl.DataFrame:
    return rows if before is None else pl.concat([before, rows], how="diagonal_relaxed")
