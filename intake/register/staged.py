"""The rows of a register that are too many for memory, in a database of their own for a while.

They come as text.  Those that a quick look finds right, by what was found of the few texts that
each column has, are typed there and stay; every other row is handed out, for the checks of any
file to judge.
"""

import weakref
from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from datetime import date

import polars as pl

from intake.register.summary import CLOSURE, WORD, Summary
from queries.contract import ATTENDANCE
from queries.statement import format_sql
from queries.store import store

COLUMNS = ATTENDANCE.header

#: Texts stand as numbers, which this process alone can turn back.
_READ = """
create table read_row (
    row uinteger, upn uinteger, date uinteger, session uinteger, code uinteger
)
"""
_LINES = "from read_row where row in (select unnest($lines)) order by row"
_DELETE = "delete from read_row where row in (select unnest($lines))"
_TEXTS = "select {name} as text, count(*) as number, min(row) as row from read_row group by 1"
#: Each text that has a value, and the value's number; 0 is a blank.
_WORDS = """
create table {name} as
select text, value, if(value is null, 0, dense_rank() over (order by value nulls last)) as number
from words
"""
_VALUES = "create view {name} as select distinct number, value from {words}"
_TYPE = """
create table mark as
select
    rows.row,
    children.number::integer as child,
    days.number::integer as day,
    halves.number::utinyint as half,
    codes.number::utinyint as code
from read_row as rows
inner join word_upn as children on rows.upn = children.text
inner join word_date as days on rows.date = days.text
inner join word_session as halves on rows.session = halves.text
inner join word_code as codes on rows.code = codes.text
"""
_COUNT = "select count(*)::bigint as n from {name}"
_WRONG = "from read_row where row not in (select row from mark) order by row"
#: A child has few days, so a bit for each session tells how many are different ones.
_CHILDREN = """
with sums as (
    select
        child,
        count(*) as rows,
        count(*) filter (where code > 0) as marked,
        count(*) filter (where code > 0 and code is distinct from $closure) as marks,
        min(day) as first,
        max(day) as last,
        min(day) filter (where code > 0) as first_mark,
        max(day) filter (where code > 0) as last_mark,
        bit_count(bitstring_agg(2 * day + half, 0, {most:literal}::integer)) as sessions
    from mark
    group by child
)

select
    children.value as upn,
    sums.rows,
    sums.marked,
    sums.marks,
    first.value as first,
    last.value as last,
    first_mark.value as first_mark,
    last_mark.value as last_mark,
    sums.sessions < sums.rows as has_twice
from sums
inner join value_upn as children on sums.child = children.number
inner join value_date as first on sums.first = first.number
inner join value_date as last on sums.last = last.number
left join value_date as first_mark on sums.first_mark = first_mark.number
left join value_date as last_mark on sums.last_mark = last_mark.number
order by upn
"""
_SESSIONS = """
with sums as (
    select day, half, code, count(*) as rows, min(row) as row from mark group by all
)

select days.value as date, halves.value as session, codes.value as code, sums.rows, sums.row
from sums
inner join value_date as days on sums.day = days.number
inner join value_session as halves on sums.half = halves.number
inner join value_code as codes on sums.code = codes.number
order by all
"""
_CHOSEN = """
create or replace temp table chosen as
select days.number as day, halves.number as half, codes.number as code
from sessions
inner join value_date as days on sessions.date = days.value
inner join value_session as halves on sessions.session = halves.value
inner join value_code as codes on sessions.code is not distinct from codes.value
"""
_DOUBTFUL = """
create or replace temp table doubtful as
select row from mark
where child in (select number from value_upn where value in (select unnest($children)))
union
select unnest(list(row)) from mark
where child in (select number from value_upn where value in (select unnest($twice)))
group by child, day, half
having count(*) > 1
union
select mark.row from mark
inner join chosen on mark.day = chosen.day and mark.half = chosen.half and mark.code = chosen.code
"""
_DOUBTED = "from read_row where row in (from doubtful) order by row"
#: The typed rows, with the values of their numbers.
_ROWS = """
create view typed_row as
select
    mark.row,
    children.value as upn,
    days.value as date,
    halves.value as session,
    codes.value as code,
    mark.day as day_number,
    mark.half as half_number,
    mark.code as code_number
from mark
inner join value_upn as children on mark.child = children.number
inner join value_date as days on mark.day = days.number
inner join value_session as halves on mark.half = halves.number
inner join value_code as codes on mark.code = codes.number
"""
_ALL = "select row, upn, date, session, code from typed_row"
_OF_SESSIONS = """
semi join chosen
    on day_number = chosen.day and half_number = chosen.half and code_number = chosen.code
order by row
"""
_OF_CHILDREN = """
semi join given_key on typed_row.upn = given_key.upn and typed_row.date = given_key.date
order by row
"""
_GIVEN = "create or replace temp table given_key as from given"
_MARKS = """
select
    keys.pupil_key,
    rows.date as session_date,
    rows.session as half,
    rows.code
from typed_row as rows
inner join given_key as keys on rows.upn = keys.upn
where rows.code_number > 0
"""
_NUMBER = "select number from {name} where value = $value"


class Staged:
    """Rows as they were read, and those of them that are typed."""

    def __init__(self) -> None:
        """An empty place for them."""
        stack = ExitStack()
        self._connection = stack.enter_context(store.open_scratch())
        self.close = weakref.finalize(self, stack.close)
        self._connection.execute(_READ)
        self._texts = pl.Categorical(pl.Categories.random())
        self._kept = pl.Series([""], dtype=self._texts)  # without one the numbers are forgotten

    def add_rows(self, rows: pl.DataFrame) -> None:
        """Take rows: `row`, and each column as text."""
        numbers = pl.col(COLUMNS).cast(self._texts).to_physical()
        store.insert_rows(self._connection, "read_row", rows.with_columns(numbers))

    def _read_texts(
        self, query: str, values: Mapping[str, object] | None = None, names: Sequence[str] = COLUMNS
    ) -> pl.DataFrame:
        """The rows of a query, in which some columns are texts."""
        rows = store.read_rows(self._connection, query, values)
        return rows.with_columns(pl.col(names).cat.to(self._texts).cast(pl.String))

    def take_rows(self, numbers: Sequence[int]) -> pl.DataFrame:
        """The rows of these lines, which go from here."""
        lines = {"lines": list(numbers)}
        rows = self._read_texts(_LINES, lines)
        if rows.height:
            self._connection.execute(_DELETE, lines)
        return rows

    def list_texts(self, column: str) -> pl.DataFrame:
        """The texts of a column: how often each is there (`number`), and its first `row`."""
        return self._read_texts(format_sql(_TEXTS, name=column), names=["text"])

    def count(self) -> int:
        """How many rows were read."""
        return self._count("read_row")

    def _count(self, table: str) -> int:
        return int(store.read_rows(self._connection, format_sql(_COUNT, name=table)).item())

    def convert_rows(self, values: Mapping[str, Mapping[str, str | date | None]]) -> pl.DataFrame:
        """Type the rows of which every text has a value; the others are given back, as text.

        values: by column, of each text that is right.
        """
        for column in COLUMNS:
            found = values[column]
            words = pl.DataFrame(
                {"text": list(found), "value": list(found.values())},
                schema={"text": self._texts, "value": pl.Date if column == "date" else pl.String},
            ).with_columns(pl.col("text").to_physical())
            name = f"word_{column}"
            self._execute_with(words, "words", format_sql(_WORDS, name=name))
            self._connection.execute(format_sql(_VALUES, name=f"value_{column}", words=name))
        self._connection.execute(_TYPE)
        self._connection.execute(_ROWS)
        if self._count("mark") == self.count():
            return self.take_rows([])
        return self._read_texts(_WRONG)

    def sum_up(self) -> tuple[Summary, list[str]]:
        """The sums of the typed rows, and the children of whom two are of one session."""
        count = "select 2 * coalesce(max(number), 0) + 2 as n from word_date"
        most = store.read_rows(self._connection, count).item()
        closure = {"closure": self._get_number("code", CLOSURE)}
        query = format_sql(_CHILDREN, most=f"{most}")
        children = store.read_rows(self._connection, query, closure)
        sessions = store.read_rows(self._connection, _SESSIONS)
        twice = children.filter("has_twice")["upn"].to_list()
        return Summary(children.drop("has_twice"), sessions), twice

    def take_typed(
        self, children: Collection[str], twice: Collection[str], sessions: pl.DataFrame
    ) -> pl.DataFrame:
        """Typed rows as they were read, which are not among them from then on.

        Those of `children`; of children who have rows `twice`, these; and those of some `sessions`
        (`date`, `session`, `code`).
        """
        self._execute_with(sessions, "sessions", _CHOSEN)
        given = {"children": list(children), "twice": list(twice)}
        self._connection.execute(_DOUBTFUL, given)
        rows = self._read_texts(_DOUBTED)
        if rows.height:
            self._connection.execute("delete from mark where row in (from doubtful)")
        return rows

    def find_rows(self, sessions: pl.DataFrame) -> pl.DataFrame:
        """The typed rows of some sessions; see `take_typed`."""
        self._execute_with(sessions, "sessions", _CHOSEN)
        return store.read_rows(self._connection, _ALL + _OF_SESSIONS)

    def read_rows(self, days: pl.DataFrame) -> pl.DataFrame:
        """The typed rows of some children on some days (`upn`, `date`)."""
        self._execute_with(days, "given", _GIVEN)
        return store.read_rows(self._connection, _ALL + _OF_CHILDREN)

    def read_marks(self, keys: pl.DataFrame) -> pl.DataFrame:
        """The marks among the typed rows, as raw_mark has them, of some children.

        keys: `upn` and `pupil_key`.
        """
        self._execute_with(keys.drop_nulls("upn").select("upn", "pupil_key"), "given", _GIVEN)
        marks = store.read_rows(self._connection, _MARKS)
        return marks.with_columns(pl.col("half", "code").cast(WORD))

    def _get_number(self, column: str, value: str) -> int | None:
        query = format_sql(_NUMBER, name=f"value_{column}")
        found = store.read_rows(self._connection, query, {"value": value})
        return int(found.item()) if found.height else None

    def _execute_with(
        self, rows: pl.DataFrame, name: str, text: str, values: Mapping[str, object] | None = None
    ) -> None:
        """Run a statement that reads a frame under a name."""
        self._connection.register(name, rows.__arrow_c_stream__())
        self._connection.execute(text, dict(values or {}))
        self._connection.unregister(name)
