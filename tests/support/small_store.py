"""A store in memory for small cases: each view is a table, filled when it is asked.

DuckDB plans a question anew each time, and plans one tower of views for as long as it works.
Here each view is planned once, over the tables of those that it reads, and worked out again
only where what these hold, or the day, is another than the last time.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from queries.store import store
from queries.views import views
from queries.views.views import View
from tests.support.oracle.rules import Rules, apply
from tests.support.text_tables import AS_AT, Row, list_facts, read_rows

#: A plan is for any rows, not for those that were there when it was made; and DuckDB fails
#: where a plan with an asof join of its own kind is used twice.
_SETTINGS = ("disabled_optimizers = 'statistics_propagation'", "asof_loop_join_threshold = 1000000")
#: The day stands in a table: a variable's value would be a part of the plan.
_DAYS = """
create table day_asked (day date, register_day date);
create or replace macro as_at() as (
    select case when max(day) is null then error('as_at is not set')::date else max(day) end
    from day_asked
);
create or replace macro register_day() as (
    select case
        when max(register_day) is null then error('register_day is not set')::date
        else max(register_day)
    end
    from day_asked
);
"""
#: Tables; about a hundred megabytes.
_MOST_RENEWED = 500
_RAW = "select table_name from duckdb_tables() where starts_with(table_name, 'raw_')"
#: A view, the two days, and by table what tells what it holds from what it held.
AskElsewhere = Callable[[View, tuple[date, date], Mapping[str, object]], list[Row]]


class SmallStore:
    """Its raw_ tables hold what the last case put there.

    Its rules are those that ship, unless a case sets others.
    """

    def __init__(self) -> None:
        self.connection = duckdb.connect(config={"threads": 1})
        for setting in _SETTINGS:
            self.connection.execute(f"set {setting}")
        store.create_tables(self.connection)
        views.create_functions(self.connection)
        self.connection.execute(_DAYS)
        for name, view in views.load_views().items():
            self.connection.execute(f"create table {name} as {view.select} with no data")
        self._raw = [name for (name,) in self.connection.execute(_RAW).fetchall()]
        self._told: dict[str, list[Row]] = {}
        self._planned: set[str] = set()
        #: By table, what its rows follow from; and the same for who reads it, where it has any.
        self._marks: dict[str, object] = {}
        self._held: dict[str, object] = {}
        self._renewed = 0
        self._rules = Rules()
        self.connection.execute("begin")
        self._empty()
        #: Another engine, which answers in DuckDB's place where one is asked for.
        self.ask_elsewhere: AskElsewhere | None = None

    def set_rules(self, rules: Rules) -> None:
        """Let the thresholds be these."""
        self._rules = rules
        self._empty()

    def clear(self) -> None:
        """Forget what the last case gave."""
        self._told = {}
        if self._renewed > _MOST_RENEWED:
            self._empty()

    def _empty(self) -> None:
        """Empty every table: what was only truncated stays in memory until then."""
        self.connection.execute("rollback")
        self.connection.execute("begin")
        apply(self.connection, self._rules)
        self._marks, self._held, self._renewed = {}, {}, 0

    def given(self, **texts: str) -> None:
        """Add the rows of text tables, and what `list_facts` adds to them."""
        for name, text in texts.items():
            self._told.setdefault(name, []).extend(read_rows(text))
        self.put(list_facts(self._told))

    def answer(
        self,
        view: str,
        *,
        as_at: str | None = AS_AT,
        register_day: str | None = None,
        by: str | None = None,
        columns: str | None = None,
    ) -> Any:
        """What a view answers as of a day: {key: {column: value}}.

        The register goes up to `register_day`, by default to the day asked for.
        `by` names the columns of the key, the view's own by default (without the school's
        while there is one school); "pupil" is the child's short name.  `columns` names
        those of the answer; with one name the answer is the bare value.  Dates are text.
        """
        if not self._told:
            self.put({})
        rows = [
            {name: _plain(value) for name, value in row.items()}
            for row in self.ask(view, as_at, register_day)
        ]
        names = list(rows[0]) if rows else []
        for row in rows:
            if "pupil_key" in row:
                row["pupil"] = f"P{row['pupil_key']}"
        key = by.split() if by else _short_key(view, rows)
        wanted = columns.split() if columns else [name for name in names if name not in key]
        answers: dict[Any, Any] = {}
        for row in rows:
            parts = tuple(row[name] for name in key)
            values = {name: row[name] for name in wanted}
            place = parts[0] if len(parts) == 1 else parts
            assert place not in answers, f"{view} has two rows for {place}"
            answers[place] = values[wanted[0]] if columns and len(wanted) == 1 else values
        return answers

    def put(self, tables: Mapping[str, Iterable[Row]]) -> None:
        """Let the raw_ tables hold these rows, and no others."""
        assert tables.keys() <= {*self._raw}
        for table in self._raw:
            rows = list(tables.get(table, ()))
            columns = list(dict.fromkeys(name for row in rows for name in row))
            values = [[_to_text(row.get(name)) for row in rows] for name in columns]
            places = ", ".join(f"unnest(${n}::varchar[])" for n in range(1, len(columns) + 1))
            insert = f"insert into {table} ({', '.join(columns)}) select {places}" if rows else ""
            self._renew(table, repr((columns, values)), insert, values)

    def ask(
        self, view: str, as_at: date | str | None, register_day: date | str | None = None
    ) -> list[Row]:
        """The rows of a view as of a day, which the register reaches unless it says otherwise."""
        days = [as_at, register_day or as_at]
        self._renew("day_asked", tuple(days), "insert into day_asked values ($1, $2)", days)
        for each in views.list_dependencies([view]):
            if each.name not in self._planned:
                plan = f"prepare fill_{each.name} as insert into {each.name} {each.select}"
                self.connection.execute(plan)
                self._planned.add(each.name)
            read = [self._held.get(name) for name in sorted(each.dependencies)]
            mark = hash((*read, *(days if each.has_day else ())))
            self._renew(each.name, mark, f"execute fill_{each.name}")
        if self.ask_elsewhere and as_at is not None:
            first, second = (date.fromisoformat(str(day)) for day in days)
            return self.ask_elsewhere(views.load_views()[view], (first, second), self._marks)
        return self.read(view)

    def read(self, table: str) -> list[Row]:
        """The rows that a table holds."""
        cursor = self.connection.execute(f"from {table}")
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def _renew(self, table: str, mark: object, insert: str, values: Sequence[Any] = ()) -> None:
        """Fill a table anew, unless it was filled from the same; many stay empty."""
        if self._marks.get(table) == mark:
            return
        try:
            if self._held.get(table, mark) is not None:
                self.connection.execute(f"truncate {table}")
            found = self.connection.execute(insert, values or None).fetchone() if insert else None
        except duckdb.Error:
            self._empty()
            raise
        self._marks[table], self._held[table] = mark, mark if found and found[0] else None
        self._renewed += 1


def _to_text(value: object) -> str | None:
    return None if value is None else str(value)


def _short_key(view: str, rows: list[Row]) -> list[str]:
    key = ["pupil" if name == "pupil_key" else name for name in views.load_views()[view].key]
    one_school = len({row.get("school_key") for row in rows}) < 2
    return [name for name in key if name != "school_key" or not one_school] or key


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return str(value) if isinstance(value, date) else value
