"""Two questions about attendance, and how other programs answer them from the same marks."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
import polars as pl

from queries.store.store import Store

#: Rows that can be compared.
Answer = list[tuple[Any, ...]]

_PERSISTENT = """
select pupil_key from pupil_attendance
where academic_year = academic_year(as_at()) and is_persistent_absentee
"""
_WEEKS = """
select week_start, sum(possible_sessions)::bigint, sum(absent_sessions)::bigint
from pupil_week_attendance group by week_start
"""
_MARKS = """
select pupil_key, session_date, half::varchar as half, code::varchar as code
from raw_mark
where session_date <= register_day()
order by all
"""
_CODES = """
select
    code::varchar as code,
    is_possible::integer as possible,
    is_absent::integer as absent,
    coalesce(valid_from, date '1900-01-01') as valid_from,
    coalesce(valid_to, date '2200-01-01') as valid_to
from ref_attendance_code
"""
_STAYS = """
select pupil_key, entry_date, coalesce(leaving_date, date '2200-01-01') as leaving_date
from raw_enrolment
"""
_LITE_TABLES = """
create table mark (child integer, day integer, half text, code text);
create table code (
    code text, possible integer, absent integer, valid_from integer, valid_to integer
);
create table stay (child integer, entry integer, leaving integer);
create view counted as
select mark.child, mark.day, code.possible, code.absent
from mark inner join code
    on mark.code = code.code and mark.day >= code.valid_from and mark.day < code.valid_to
where exists (
    select 1 from stay
    where stay.child = mark.child and mark.day between stay.entry and stay.leaving
);
"""
_LITE_ROWS = (
    "insert into mark values (?, ?, ?, ?)",
    "insert into code values (?, ?, ?, ?, ?)",
    "insert into stay values (?, ?, ?)",
)
_LITE_INDEXES = """
create index mark_by_child on mark (child, day);
create index stay_by_child on stay (child);
create index code_by_code on code (code);
"""
_LITE_PERSISTENT = """
select child from counted where day >= ? group by child
having sum(possible) > 0 and sum(absent) * 10 >= sum(possible)
"""
_LITE_WEEKS = "select day - (day - 4) % 7, sum(possible), sum(absent) from counted group by 1"
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class Question:
    """What is asked of a store."""

    query: str

    def ask(self, store: Store, day: date) -> Answer:
        """The answer of a store on a day."""
        return sorted(store.read(self.query, as_at=day).rows())


QUESTIONS = {"persistent absence": Question(_PERSISTENT), "weeks": Question(_WEEKS)}


@dataclass(frozen=True, eq=False)
class Marks:
    """The marks as the school sent them, what codes mean, and who was on roll, for each program.

    first: the first day of the school year.
    """

    rows: pl.DataFrame = field(repr=False)
    codes: pl.DataFrame = field(repr=False)
    stays: pl.DataFrame = field(repr=False)
    first: date
    lite: sqlite3.Connection


def read_marks(store: Store, day: date) -> Marks:
    """Those of a store up to a day."""
    marks, codes, stays = (store.read(each, as_at=day) for each in (_MARKS, _CODES, _STAYS))
    lite = sqlite3.connect(":memory:")
    lite.executescript(_LITE_TABLES)
    for insert, frame in zip(_LITE_ROWS, (marks, codes, stays), strict=True):
        lite.executemany(insert, frame.with_columns(pl.col(pl.Date).to_physical()).iter_rows())
    lite.executescript(_LITE_INDEXES)
    first = date(day.year if day >= date(day.year, 8, 1) else day.year - 1, 8, 1)
    return Marks(marks, codes, stays, first, lite)


def list_peers(question: str, marks: Marks) -> dict[str, Callable[[], Answer]]:
    """How each other program answers: pandas where it is installed."""
    is_weeks = question == "weeks"
    sums = _sum(marks, is_weeks=is_weeks)
    found: dict[str, Callable[[], Answer]] = {
        "polars": lambda: _choose(_sum(marks, is_weeks=is_weeks), marks, is_weeks=is_weeks),
        "polars, worked out": lambda: _choose(sums, marks, is_weeks=is_weeks),
        "SQLite": partial(_ask_lite, marks, is_weeks=is_weeks),
    }
    if find_spec("pandas"):
        found["pandas"] = _build_pandas(marks, is_weeks=is_weeks)
    return found


def _sum(marks: Marks, *, is_weeks: bool) -> pl.DataFrame:
    """Sessions by week, or by child and school year."""
    day = pl.col("session_date")
    by = [day.dt.truncate("1w").alias("key")]
    if not is_weeks:
        by = [pl.col("pupil_key").alias("key"), day.dt.offset_by("-7mo").dt.year().alias("year")]
    return (
        marks.rows.lazy()
        .join(marks.codes.lazy(), on="code")
        .filter(pl.col("valid_from") <= day, day < pl.col("valid_to"))
        .join(marks.stays.lazy(), on="pupil_key")
        .filter(day.is_between("entry_date", "leaving_date"))
        .unique(["pupil_key", "session_date", "half"])
        .group_by(by)
        .agg(pl.col("possible", "absent").cast(pl.Int64).sum())
        .collect()
    )


def _choose(sums: pl.DataFrame, marks: Marks, *, is_weeks: bool) -> Answer:
    if is_weeks:
        return sorted(sums.rows())
    of_year = sums.filter(pl.col("year") == marks.first.year, pl.col("possible") > 0)
    many = of_year.filter(pl.col("absent") * 10 >= pl.col("possible"))
    return sorted(many.select("key").rows())


def _ask_lite(marks: Marks, *, is_weeks: bool) -> Answer:
    if not is_weeks:
        first = marks.first.toordinal() - _EPOCH
        return sorted(marks.lite.execute(_LITE_PERSISTENT, (first,)))
    rows = marks.lite.execute(_LITE_WEEKS)
    return sorted((date.fromordinal(day + _EPOCH), *sums) for day, *sums in rows)


def _build_pandas(marks: Marks, *, is_weeks: bool) -> Callable[[], Answer]:
    pandas: Any = import_module("pandas")
    rows, codes, stays = (
        pandas.DataFrame({name: frame[name].to_numpy() for name in frame.columns})
        for frame in (marks.rows, marks.codes, marks.stays)
    )

    def ask() -> Answer:
        day = rows if is_weeks else rows[rows.session_date >= np.datetime64(marks.first)]
        held = day.merge(codes, on="code")
        held = held[(held.valid_from <= held.session_date) & (held.session_date < held.valid_to)]
        held = held.merge(stays, on="pupil_key")
        is_here = held.entry_date <= held.session_date
        held = held[is_here & (held.session_date <= held.leaving_date)]
        held = held.drop_duplicates(["pupil_key", "session_date", "half"])
        if not is_weeks:
            sums = held.groupby("pupil_key")[["possible", "absent"]].sum()
            many = sums[(sums.possible > 0) & (sums.absent * 10 >= sums.possible)]
            return sorted((int(key),) for key in many.index)
        weekday = pandas.to_timedelta(held.session_date.dt.day_of_week, unit="D")
        sums = held.groupby(held.session_date - weekday)[["possible", "absent"]].sum()
        return sorted((week.date(), int(p), int(a)) for week, p, a in sums.itertuples())

    return ask
