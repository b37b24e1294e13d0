"""A version of the store as a file: its raw_ rows out, and a new one written and verified."""

from collections.abc import Collection, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import polars.selectors as cs

from intake.publish.flagged import TABLE as FLAGGED_ROWS
from intake.publish.merge import Rows
from intake.switches import SWITCHED_OFF
from intake.tables import WORD
from queries.contract import NO_SCHOOL, TABLE_KEYS, TABLES
from queries.errors import StoreError
from queries.statement import format_sql
from queries.store import store, versions
from queries.views import days, views
from safeguards.keys.heads import compute_digest
from safeguards.keys.keys import POINTER, Keys

_TABLES = ("raw_load", "raw_source", "raw_pupil", *TABLE_KEYS, FLAGGED_ROWS, SWITCHED_OFF)
_ORDERS = {
    **{name: TABLES[name].key for name in ("raw_pupil", "raw_calendar_day")},
    # so that days and halves are runs, and the codes of a session lie together: a byte a mark
    "raw_mark": ("school_key", "session_date", "half", "pupil_key"),
}
_MARKS = "raw_mark"
_TOUCHED_MARKS = """
from raw_mark
where
    session_date between $first and $last
    and source_id in (select source_id from raw_source where list_contains($senders, school_key))
"""
#: By sender and child, and by sender and day, of the marks that stand.
_STANDING = """
select
    sources.school_key as sender,
    marks.pupil_key,
    marks.session_date,
    count(*) as rows,
    count(*) filter (
        where
            marks.session_date <= $today
            and marks.code not in (select code from ref_attendance_code where kind = 'closed')
    ) as marks
from raw_mark as marks
inner join raw_source as sources on marks.source_id = sources.source_id
where
    marks.session_date not between $first and $last
    or not list_contains($senders, sources.school_key)
group by grouping sets (
    (sources.school_key, marks.pupil_key), (sources.school_key, marks.session_date)
)
"""
#: What an authority sent stands under the school of its child.
_COPY_MARKS = """
insert into raw_mark by name
select
    if(sources.school_key = $no_school, pupils.school_key, marks.school_key) as school_key,
    marks.source_id,
    marks.load_id,
    marks.pupil_key,
    marks.session_date,
    marks.half,
    marks.code
from earlier.raw_mark as marks
inner join raw_pupil as pupils on marks.pupil_key = pupils.pupil_key
inner join raw_source as sources on marks.source_id = sources.source_id
where
    if(
        list_contains($senders, sources.school_key),
        if($is_before, marks.session_date < $day, marks.session_date > $day),
        $is_before
    )
"""


@dataclass(frozen=True, eq=False)
class StandingMarks:
    """The marks of a version of which no register at hand tells: they stay, on the disk.

    senders, first, last: whose registers are at hand, and the days that they tell of.  pupils,
    days: by `sender` and `pupil_key` or `session_date` how many `rows`, and how many of these are
    `marks` by a day of today's or before, and of no closure.
    """

    path: Path
    key: str | None = field(repr=False)
    senders: tuple[int, ...]
    first: date
    last: date
    pupils: pl.DataFrame = field(repr=False)
    days: pl.DataFrame = field(repr=False)

    def count(self, pupils: pl.Series, sender: int | None = None) -> int:
        """Count the marks of some children (pupil_key); sender: of this school's files only."""
        own = self.pupils.filter(pl.col("pupil_key").is_in(pupils.implode()))
        if sender is not None:
            own = own.filter(sender=sender)
        return int(own["rows"].sum())

    def copy(self, connection: duckdb.DuckDBPyConnection, marks: pl.DataFrame) -> None:
        """Put them into a new version, in its order, with the marks of the register's days."""
        given = {"no_school": NO_SCHOOL, "senders": list(self.senders)}
        store.open_earlier(connection, self.path, self.key)
        connection.execute(_COPY_MARKS, {**given, "day": self.first, "is_before": True})
        store.insert_rows(connection, _MARKS, marks)
        connection.execute(_COPY_MARKS, {**given, "day": self.last, "is_before": False})


def open_version(path: Path, key: str | None) -> closing[store.Store]:
    """Open a version until the context ends, whichever definitions made it."""
    return closing(store.Store(path, key))


def read_rows(path: Path, key: str | None) -> Rows:
    """Return every raw_ row of a version, code lists as words so that a longer list fits."""
    with open_version(path, key) as version:
        return read_tables(version)


def read_touched_rows(
    path: Path, key: str | None, days: tuple[date, date], today: date, senders: Collection[int]
) -> tuple[Rows, StandingMarks | None]:
    """Read every raw_ row of a version that a load can touch, and the marks that it cannot.

    days: the first and last day in the registers of these senders.  If other definitions made the
    version, all its rows are read.
    """
    touched = {"first": days[0], "last": days[1], "senders": list(senders)}
    with open_version(path, key) as version:
        if not version.stamp.is_current:
            return read_tables(version), None
        sums = version.read(_STANDING, {**touched, "today": today})
        standing = (sums.drop_nulls(name) for name in ("pupil_key", "session_date"))
        stay = StandingMarks(path, key, tuple(senders), *days, *standing)
        return read_tables(version, touched=touched), stay


def read_tables(
    version: store.Store,
    tables: Collection[str] = _TABLES,
    *,
    touched: Mapping[str, object] | None = None,
) -> Rows:
    """Read some tables as `read_rows` does; touched: the days and senders of marks, if not all."""
    rows = {
        table: version.read(_TOUCHED_MARKS, touched)
        if touched and table == _MARKS
        else version.read(format_sql("from {name}", name=table))
        for table in tables
    }
    lists = cs.enum() | cs.categorical()
    return {
        table: frame.with_columns(lists.cast(WORD if table == _MARKS else pl.String))
        for table, frame in rows.items()
    }


def count_rows(path: Path, key: str | None) -> dict[str, int]:
    """Count the rows of each table of a version, by its name."""
    with open_version(path, key) as version:
        return version.count_rows(_list_tables(version))


def _list_tables(version: store.Store) -> list[str]:
    """List the tables of a version by name, without those of its default day."""
    query = "select table_name from duckdb_tables() where schema_name = 'main' order by all"
    return version.read(query)["table_name"].to_list()


def is_current(path: Path, key: str | None, off: pl.DataFrame | None = None) -> bool:
    """Say whether the views of a version are the ones that this code defines.

    off: if given, the version must also list exactly these categories as switched off.
    """
    switches = format_sql("from {name} order by all", name=SWITCHED_OFF)
    with open_version(path, key) as version:
        is_same = version.stamp.is_current
        return is_same and (off is None or version.read(switches).equals(off))


def write_version(
    path: Path,
    key: str | None,
    rows: Mapping[str, pl.DataFrame],
    day: date | None = None,
    standing: StandingMarks | None = None,
) -> None:
    """Fill and close a new store; marks lie sorted by day, session and child.

    day: for whose tables no reader waits; the end of the data by default.  standing: marks beside
    those of `rows`.  StoreError if the disk does not take it.
    """
    try:
        number = sum(frame.height for frame in rows.values())
        if standing is not None:
            number += standing.count(rows["raw_pupil"]["pupil_key"])
        with store.create_version(path, key, rows=number) as connection:
            _insert_rows(connection, rows, standing)
            views.create_views(connection)
            days.fill_default_day(connection, day)
    except (duckdb.IOException, duckdb.FatalException) as error:
        raise StoreError(
            f"{path.name} cannot be written. Nothing was changed. Make room on the disk."
        ) from error


def _insert_rows(
    connection: duckdb.DuckDBPyConnection,
    rows: Mapping[str, pl.DataFrame],
    standing: StandingMarks | None,
) -> None:
    """Fill the raw_ tables: marks last, since those that stand are of the children who are in."""
    for table, frame in sorted(rows.items(), key=lambda each: each[0] == _MARKS):
        ordered = frame.sort(_ORDERS[table]) if table in _ORDERS else frame
        if table == _MARKS and standing is not None:
            standing.copy(connection, ordered)
        else:
            store.insert_rows(connection, table, ordered)


def verify_version(
    path: Path,
    key: str | None,
    rows: Mapping[str, pl.DataFrame],
    standing: StandingMarks | None = None,
) -> None:
    """Open the new store as a reader will; StoreError if it does not hold what was written."""
    stand = 0 if standing is None else standing.count(rows["raw_pupil"]["pupil_key"])
    with open_version(path, key) as version:
        try:
            require_rows(version, rows, stand)
        except duckdb.Error as error:
            raise StoreError(
                f"{path.name} cannot be read back. Nothing was changed. Have the disk looked at."
            ) from error


def require_rows(version: store.Store, rows: Mapping[str, pl.DataFrame], stand: int = 0) -> None:
    """Raise StoreError if a table has not so many rows; stand: the marks beside these rows."""
    counts = version.count_rows(rows)
    for table, frame in rows.items():
        if counts[table] != frame.height + (stand if table == _MARKS else 0):
            raise StoreError(f"{version.path.name} lost rows of {table}. Nothing was changed.")


def publish(keys: Keys, path: Path) -> None:
    """Make a version the one in use, and let the home's keys know; as `versions.publish`."""
    digest = compute_digest(versions.format_pointer(path))
    with keys.heads.expect(path.with_name(POINTER), digest):
        versions.publish(path.parent, path)


def publish_amendment(base: Path, keys: Keys, rows: Mapping[str, pl.DataFrame]) -> Path:
    """Write these rows as the next amendment of `base`, and make it the version in use.

    StoreError as in `write` and `verify`; the version in use is then the earlier one.
    """
    path = versions.compute_amendment_path(base)
    write_version(path, keys.store, rows)
    verify_version(path, keys.store, rows)
    publish(keys, path)
    return path
